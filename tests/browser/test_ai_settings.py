"""Settings → AI as an administrator uses it: a server is tried out as it is typed, chosen, and saved by Enter; the key stays out of the page."""

from collections.abc import Iterator

import pytest
from playwright.async_api import Page, expect

from hyperpanel.db import ai_providers
from hyperpanel.sandbox import ai_server
from hyperpanel.support import ai_keys
from tests.support.accessibility import violations
from tests.support.staged import VAULT

HERE = "/settings/ai"
KEY = "sandbox-ai-key"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ai_server.alone() as base:
        yield f"{base}/_ai/openai/v1"


async def test_a_server_is_tried_out_as_it_is_typed_and_saved_by_enter(site, server, ana: Page, watch):
    watch.allow("422")
    await ana.goto(f"{site.url}{HERE}")
    told, test = ana.locator("#tested_compatible"), ana.get_by_role("button", name="Test Compatible server")
    await ana.locator("#f-compatible_address").fill(server)
    await ana.locator("#f-compatible_key").fill(KEY)
    await test.click()
    await expect(told).to_contain_text("Nobody was asked yet. The address begins with http://")
    await ana.locator("#f-compatible_private").check()
    await test.click()
    await expect(told).to_contain_text("Choose one of the 2 models")
    await expect(ana.locator("#o-compatible_model option").first).to_have_attribute("value", "canned")
    await ana.locator("#f-compatible_model").fill("canned")
    await test.click()
    await expect(told).to_contain_text("by the model canned.")
    await expect(ana.locator("#f-compatible_key")).to_have_value(KEY)
    await ana.locator("#f-main").select_option("compatible")
    await ana.locator("#f-day_tokens").fill("200 000")
    assert await violations(ana) == []
    await ana.locator("#f-day_tokens").press("Enter")
    await expect(ana.get_by_text("Saved. It holds from now on.")).to_be_visible()
    await expect(ana.get_by_text("its answers are canned")).to_be_visible()
    await expect(ana.locator("#f-compatible_key")).to_have_value("")
    assert KEY not in await ana.content()
    provider = site.database.read_now(ai_providers.all_of)["compatible"]
    assert ai_keys.opened(VAULT, provider) == KEY
    assert site.database.read_now(ai_providers.chosen).day_tokens == 200_000
