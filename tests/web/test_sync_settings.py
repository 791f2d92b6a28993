"""Settings → Sync → Settings: for all panels or for one, judged beside the field, in force at once; an erasure is asked first."""

import json
from datetime import timedelta

from sqlalchemy import select

from hyperpanel.db import staff
from hyperpanel.db.schema import audit, erasures, sync_defaults, sync_overrides
from hyperpanel.db.types import micros
from tests.support.staged import NOON, PASSWORD_HASH, order

HERE = "/settings/sync/settings"
OWN = f"{HERE}?panel=eu-1"


async def defaults(staged):
    rows = await staged.rows(select(sync_defaults))
    return {(row.stream, row.name): row.value for row in rows}


async def overrides(staged):
    rows = await staged.rows(select(sync_overrides).execution_options(scoped=True))
    return {(row.panel_id, row.stream, row.name): row.value for row in rows}


def field(page: str, key: str) -> str:
    return page.split(f'id="f-{key}"')[1].split("</td>", maxsplit=1)[0]


async def test_edit_shows_in_grey_what_an_empty_field_takes(ana):
    page = (await ana.get(HERE)).text
    assert 'placeholder="30"' in field(page, "orders-head_seconds")
    assert 'placeholder="120"' in field(page, "orders-head_longest")
    assert "users-retention_days" not in page
    assert "messages-head_seconds" in page


async def test_what_is_set_for_all_panels_stands_in_grey_for_one(staged, ana):
    assert (await ana.post(HERE, data={"tickets-head_seconds": "20"})).status_code == 303
    assert await defaults(staged) == {("tickets", "head_seconds"): 20}
    assert 'placeholder="20"' in field((await ana.get(OWN)).text, "tickets-head_seconds")
    await ana.post(OWN, data={"tickets-head_seconds": "10"})
    assert await overrides(staged) == {(1, "tickets", "head_seconds"): 10}
    every = (await ana.get(HERE)).text
    assert f'href="{OWN}"' in every
    assert 'value="20"' in field(every, "tickets-head_seconds")


async def test_an_emptied_field_inherits_again(staged, ana):
    await ana.post(OWN, data={"orders-head_seconds": "10"})
    await ana.post(OWN, data={"orders-head_seconds": ""})
    assert await overrides(staged) == {}


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(staged, ana):
    answer = await ana.post(HERE, data={"orders-head_seconds": "1", "orders-per_fetch": "50"})
    assert answer.status_code == 422
    assert "Write seconds from 5 to 604800." in field(answer.text, "orders-head_seconds")
    assert 'value="50"' in field(answer.text, "orders-per_fetch")
    assert await defaults(staged) == {}


async def test_a_change_is_in_the_audit_as_it_was_and_is(staged, ana):
    await ana.post(OWN, data={"orders-head_seconds": "10"})
    await ana.post(OWN, data={"orders-head_seconds": "15"})
    told = (await staged.rows(select(audit)))[-1]
    assert (told.action, told.target, told.panel_id) == ("sync-settings", "eu-1", 1)
    assert json.loads(told.details)["changed"] == {"orders.head_seconds": {"before": 10.0, "after": 15.0}}


async def test_to_save_the_same_changes_nothing(staged, ana):
    answer = await ana.post(HERE, data={"orders-head_seconds": ""})
    assert answer.headers["location"] == f"{HERE}?done=same"
    assert not await staged.rows(select(audit))


async def aged(staged, number: int, panel: str = "eu-1") -> None:
    old = {"created_at": NOON - timedelta(days=60), "status": "completed"}
    await staged.keep(*(order(f"{panel}{id}", panel, **old) for id in range(number)), order("new", panel))


async def test_a_shorter_time_names_what_goes_and_asks(staged, ana):
    await aged(staged, 3)
    await aged(staged, 2, "us-2")
    answer = await ana.post(HERE, data={"orders-retention_days": "30"})
    assert answer.status_code == 200
    assert "Save and erase 5 rows" in answer.text
    assert await defaults(staged) == {}
    asked = dict(part.split('" value="') for part in hidden(answer.text))
    assert (asked["rows"], asked["orders-retention_days"]) == ("5", "30")
    agreed = await ana.post(HERE, data=asked)
    assert agreed.headers["location"] == "/settings/sync"
    assert await defaults(staged) == {("orders", "retention_days"): 30}
    rows = await staged.rows(select(erasures).execution_options(scoped=True))
    assert {(row.panel_id, row.stream, row.rows, row.by) for row in rows} == {
        (1, "orders", 3, "ana"),
        (2, "orders", 2, "ana"),
    }
    page = (await ana.get("/settings/sync")).text
    assert "0 of 3 rows erased" in page
    assert "asked by ana" in page


def hidden(page: str) -> list[str]:
    form = page.split('<form class="sheet"')[1]
    parts = [part.split('">', maxsplit=1)[0] for part in form.split('<input type="hidden" name="')[1:]]
    return [part for part in parts if not part.startswith("csrf")]


async def test_more_than_was_agreed_to_is_asked_again(staged, ana):
    await aged(staged, 3)
    wanted = {"orders-retention_days": "30", "asked": str(micros(NOON)), "rows": "2"}
    assert (await ana.post(OWN, data=wanted)).status_code == 200
    long_ago = {**wanted, "asked": str(micros(NOON - timedelta(hours=2))), "rows": "3"}
    assert (await ana.post(OWN, data=long_ago)).status_code == 200
    assert await overrides(staged) == {}


async def test_a_longer_time_says_that_the_past_is_read_by_itself(staged, ana):
    answer = await ana.post(HERE, data={"orders-retention_days": "120"})
    page = (await ana.get(answer.headers["location"])).text
    assert "The older past is read by itself now" in page


async def test_who_sees_some_panels_sets_nothing_for_all(staged):
    async with staged.database.write() as connection:
        await staff.add(connection, "leo", PASSWORD_HASH, "admin", [1], NOON)
    leo = await staged.signed_in("leo")
    assert "is set by who sees all of them" in (await leo.get(HERE)).text
    assert (await leo.post(HERE, data={"orders-head_seconds": "10"})).status_code == 422
    assert (await leo.post(OWN, data={"orders-head_seconds": "10"})).status_code == 303
    assert await defaults(staged) == {}


async def test_settings_are_for_one_panel_or_all(ana):
    assert "Choose one panel above, or all of them." in (await ana.get(f"{HERE}?panel=eu-1&panel=us-2")).text


async def test_a_manager_looks_after_reading_but_does_not_set_it(staged):
    manager = await staged.signed_in("max")
    assert (await manager.get(HERE)).status_code == 403
    assert HERE not in (await manager.get("/settings/sync")).text
