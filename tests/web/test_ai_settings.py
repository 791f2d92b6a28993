"""Settings → AI: keys go in and never come out, who saves later is told, nobody switches a panel that they do not see."""

import json
import re
from typing import Any

import pytest
from sqlalchemy import select

from hyperpanel.db import ai_providers, staff
from hyperpanel.db.ai_providers import Chosen, PanelUse
from hyperpanel.db.schema import audit
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support import ai_keys
from tests.support.staged import NOON, PASSWORD_HASH, VAULT

HERE = "/settings/ai"
KEY = "sk-canary-9e1f-in-the-mine-7788"
FILLED = {"openai_key": KEY, "openai_model": "m-1", "main": "openai", "day_tokens": "200 000"}


async def stored(staged):
    return await staged.database.read(ai_providers.all_of)


async def chosen(staged):
    return await staged.database.read(ai_providers.chosen)


async def uses(staged):
    return await staged.database.read(lambda connection: ai_providers.panels(connection, EVERYTHING))


async def on(staged) -> set[int]:
    return {panel_id for panel_id, use in (await uses(staged)).items() if use.is_on}


def field(page: str, name: str) -> str:
    """A field with what is said beside it."""
    return page.split(f'id="f-{name}"')[1].partition("</div>")[0]


async def seen(browser) -> str:
    found = re.search(r'name="seen" value="(\d*)"', (await browser.get(HERE)).text)
    assert found
    return found[1]


async def save(browser, **typed: str):
    return await browser.post(HERE, data={"seen": await seen(browser), **typed})


async def told(staged) -> list[tuple[str, str, dict[str, Any]]]:
    rows = await staged.rows(select(audit).where(audit.c.action.startswith("ai-")).order_by(audit.c.id))
    return [(row.action, row.target, json.loads(row.details)) for row in rows]


async def test_edit_says_that_nothing_leaves_before_it_is_set_up(ana):
    page = (await ana.get(HERE)).text
    assert "No provider is set up, so nothing leaves this machine." in page
    assert page.count("not set up") == 3
    assert 'href="https://platform.openai.com/api-keys"' in page
    assert 'href="https://platform.claude.com/settings/keys"' in page


async def test_a_key_is_kept_sealed_and_shown_by_its_last_four(staged, ana):
    assert (await save(ana, **FILLED)).headers["location"] == f"{HERE}?done=saved"
    provider = (await stored(staged))["openai"]
    assert ai_keys.opened(VAULT, provider) == KEY
    assert await chosen(staged) == Chosen(main="openai", day_tokens=200_000)
    page = (await ana.get(HERE)).text
    assert 'placeholder="…7788"' in field(page, "openai_key")
    assert "OpenAI (api.openai.com) is asked, with its model m-1." in page


async def test_blank_keeps_the_key_and_a_hyphen_forgets_it(staged, ana):
    await save(ana, **FILLED)
    await save(ana, openai_key="", openai_model="m-2")
    assert ai_keys.opened(VAULT, (await stored(staged))["openai"]) == KEY
    assert (await save(ana, openai_key="-")).status_code == 422
    assert (await save(ana, openai_key="-", openai_model="", main="")).status_code == 303
    assert await stored(staged) == {}


async def test_a_typed_key_is_nowhere_but_sealed(staged, ana, caplog):
    caplog.set_level("DEBUG")
    answers = [
        await save(ana, **FILLED),
        await save(ana, **FILLED, openai_price_in="x"),
        await ana.post(HERE, data={**FILLED, "seen": "1"}),
        await ana.post(f"{HERE}/test", data={**FILLED, "openai_price_in": "x", "test": "openai"}),
        await ana.get(HERE),
        await ana.get("/settings/activity"),
    ]
    assert [answer.status_code for answer in answers] == [303, 422, 409, 422, 200, 200]
    assert all(KEY not in answer.text and KEY not in str(answer.headers) for answer in answers)
    assert KEY not in caplog.text
    assert KEY not in str(await told(staged))


async def test_a_new_address_asks_for_the_key_again(staged, ana):
    own = {"compatible_address": "https://one.example/v1", "compatible_model": "m"}
    await save(ana, **own, compatible_key=KEY)
    answer = await save(ana, **own | {"compatible_address": "https://two.example/v1"})
    assert answer.status_code == 422
    assert "enter this key again" in field(answer.text, "compatible_key")
    assert "autofocus" in field(answer.text, "compatible_key")
    assert (await stored(staged))["compatible"].address == "https://one.example/v1"


async def test_what_is_wrong_is_said_beside_its_field_and_all_that_was_typed_stays(staged, ana):
    answer = await save(ana, **FILLED, day_cost="5", person_tokens="many")
    assert answer.status_code == 422
    assert "cannot be kept without prices" in field(answer.text, "day_cost")
    assert "Write a whole number of tokens" in field(answer.text, "person_tokens")
    assert 'value="m-1"' in field(answer.text, "openai_model")
    assert "Enter it again" in field(answer.text, "openai_key")
    assert await stored(staged) == {}


async def test_who_saves_later_is_told_and_loses_nothing(staged, ana):
    early = await seen(ana)
    await save(ana, **FILLED)
    answer = await ana.post(HERE, data={"seen": early, "anthropic_model": "mine", "day_tokens": "7"})
    assert answer.status_code == 409
    assert "Somebody else saved these settings meanwhile." in answer.text
    assert re.search(r"Tokens a day in all</dt>\s*<dd>\s*<bdi>200000", answer.text)
    assert 'value="mine"' in field(answer.text, "anthropic_model")
    assert (await chosen(staged)).day_tokens == 200_000
    late = re.search(r'name="seen" value="(\d+)"', answer.text)
    assert late
    again = await ana.post(HERE, data={"seen": late[1], "anthropic_model": "mine", "day_tokens": "7", "main": ""})
    assert again.status_code == 303
    assert (await chosen(staged)).day_tokens == 7


async def test_a_change_is_in_the_audit_without_the_key(staged, ana):
    await save(ana, **FILLED)
    [(action, _, details)] = await told(staged)
    assert (action, details["entered"]) == ("ai-settings-changed", ["openai_key"])
    assert details["after"] == {"openai_model": "m-1", "main": "openai", "day_tokens": 200_000, "openai_key": True}
    page = (await ana.get("/settings/activity")).text
    assert "Changed the settings of AI" in page


async def test_to_save_the_same_changes_nothing(staged, ana):
    await save(ana, **FILLED)
    assert (await save(ana)).headers["location"] == f"{HERE}?done=same"
    assert len(await told(staged)) == 1


async def test_panels_are_switched_one_by_one_and_all_at_once(staged, ana):
    ticked = {"seen-1": "00", "seen-2": "00", "seen-3": "00", "on-1": "yes", "hide-1": "yes"}
    assert (await ana.post(f"{HERE}/panels", data=ticked)).headers["location"] == f"{HERE}?done=switched"
    assert (await uses(staged))[1] == PanelUse(is_on=True, hides_personal=True)
    await ana.post(f"{HERE}/panels", data={"seen-1": "11", "on-1": "yes"})
    assert (await uses(staged))[1] == PanelUse(is_on=True)
    await ana.post(f"{HERE}/panels", data={"all": "on"})
    assert await on(staged) == {1, 2, 3}
    await ana.post(f"{HERE}/panels", data={"all": "off"})
    assert await on(staged) == set()
    acts = [(action, target) for action, target, _ in await told(staged)]
    assert acts[:2] == [("ai-panel-on", "eu-1"), ("ai-panel-personal", "eu-1")]
    assert sorted(acts[2:4]) == [("ai-panel-on", "dark"), ("ai-panel-on", "us-2")]
    assert {action for action, _ in acts[4:]} == {"ai-panel-off"}


async def test_what_somebody_else_switched_meanwhile_stays(staged, ana):
    await ana.post(f"{HERE}/panels", data={"seen-2": "00", "on-2": "yes"})
    await ana.post(f"{HERE}/panels", data={"seen-1": "00", "seen-2": "00", "on-1": "yes"})
    assert await on(staged) == {1, 2}


@pytest.fixture
async def ola(staged):
    """An admin who sees eu-1 alone."""
    async with staged.database.write() as connection:
        await staff.add(connection, "ola", PASSWORD_HASH, "admin", [1], NOON)
    return await staged.signed_in("ola")


async def test_who_sees_some_panels_alone_switches_those_and_sets_nothing_for_others(staged, ola):
    page = (await ola.get(HERE)).text
    assert "eu-1" in page
    assert "us-2" not in page
    assert "openai_key" not in page
    assert (await ola.post(HERE, data={"seen": "", **FILLED})).status_code == 403
    assert (await ola.post(f"{HERE}/test", data={"test": "openai", **FILLED})).status_code == 403
    foreign = await ola.post(f"{HERE}/panels", data={"seen-2": "00", "on-2": "yes"})
    missing = await ola.post(f"{HERE}/panels", data={"seen-9": "00", "on-9": "yes"})
    assert (foreign.status_code, missing.status_code) == (400, 400)
    assert (await ola.post(f"{HERE}/panels", data={"all": "on"})).status_code == 303
    assert await on(staged) == {1}
    assert await stored(staged) == {}


async def test_the_test_of_what_cannot_be_right_asks_nobody(ana):
    answer = await ana.post(
        f"{HERE}/test",
        data={"test": "compatible", "compatible_model": "m"},
        headers={"hx-request": "true", "hx-target": "tested_compatible"},
    )
    assert answer.status_code == 422
    assert "Nobody was asked yet. Write the address of the server." in answer.text
    assert "<form" not in answer.text


@pytest.mark.parametrize("name", ["", "test", "gemini"])
async def test_the_test_knows_no_other_providers(ana, name):
    assert (await ana.post(f"{HERE}/test", data={"test": name})).status_code == 400
