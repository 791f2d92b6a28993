"""The page of an AI prompt in a browser: the unsaved text and the one in use answer beside each other, and a score comes in by itself."""

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from hyperpanel.db import ai_prompts
from hyperpanel.db.ai_prompts import Wording
from hyperpanel.db.schema import ai_prompt_versions
from hyperpanel.sandbox.ai_behaviours import Behaviour
from tests.support.accessibility import violations
from tests.support.analysed import model, set_up
from tests.support.staged import NOON

OVER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def canned():
    with model() as made:
        yield made


async def test_an_unsaved_text_is_tried_and_scored_beside_the_one_in_use(site, ana, canned):
    await set_up(site, canned, "eu-1")
    async with site.database.write() as connection:
        made = await ai_prompts.add(connection, "intent", "Ours", Wording("", "", "Be slow.", ""), "max", NOON)
    canned.bench.queue.waiting[:] = [Behaviour("drip", each=0.01)]
    await ana.goto(f"{site.url}/settings/ai/prompts/edit?prompt={made}")
    await ana.get_by_role("textbox", name="System prompt").fill("Be quick.")
    await ana.get_by_role("button", name="Try", exact=True).focus()
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#trial")).to_contain_text("tokens in")
    await ana.get_by_role("button", name="Try the one in use").click()
    await expect(ana.locator("#trial-used")).to_contain_text("In use: Built-in")
    await ana.locator("#trial summary").click()
    await expect(ana.locator("#trial")).to_contain_text("Be quick.")

    await ana.get_by_role("button", name="Score this text").click()
    await expect(ana.locator("#scores")).to_contain_text("Right intent", timeout=30_000)
    assert await ana.get_by_role("textbox", name="System prompt").input_value() == "Be quick."
    kept = await site.database.read(lambda found: found.scalars(select(ai_prompt_versions.c.system)).all())
    assert kept == ["Be slow."]

    await ana.set_viewport_size({"width": 360, "height": 800})
    assert await violations(ana) == []
    assert await ana.evaluate(OVER) == 0
