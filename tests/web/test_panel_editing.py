"""Settings → Panels → one panel: what a change asks for again, what it ends and begins, and that keys stay unseen."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from hyperpanel.db import panel_edits
from hyperpanel.db import panels as stored
from hyperpanel.db.schema import audit, budgets, feeds, panel_secrets, panels, pauses, plans, runs
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.errors import Conflict
from tests.support.staged import NOON, VAULT

EU = "/settings/panels/eu-1"
SAME = {
    "name": "eu-1",
    "url": "https://eu-1.example",
    "kind": "perfect_panel",
    "currency": "USD",
    "time_zone": "UTC",
    "rate": "4",
}
KEYS = {"admin_key": "planted-admin-4711", "services_key": "planted-second-4711"}


@pytest.fixture
async def keyed(staged):
    """eu-1 with both keys."""
    async with staged.database.write() as connection:
        await stored.set_secrets(connection, 1, KEYS, VAULT)
    return staged


async def pause(staged, code=None, **changes) -> None:
    trouble = json.dumps({"code": code, "details": {"panel": "The panel"}}) if code else None
    values = {"panel_id": 1, "id": "p", "stream": None, "by": "engine", "why": "", "at": NOON, "trouble": trouble}
    async with staged.database.write() as connection:
        await connection.execute(insert(pauses).values({**values, **changes}))


async def running(staged) -> list[str]:
    found = select(pauses.c.id).where(pauses.c.ended_at.is_(None)).execution_options(scoped=True)
    return [row.id for row in await staged.rows(found)]


def opened(staged):
    found = staged.database.read_now(lambda connection: stored.access(connection, VAULT, 1))
    return {"admin_key": found.admin_key, "services_key": found.services_key}


async def panel(staged) -> stored.Panel:
    known: list[stored.Panel] = await staged.database.read(lambda connection: stored.all_of(connection, EVERYTHING))
    return known[1]


def field_error(page: str, name: str) -> str:
    found = page.split(f'id="e-{name}">')
    return found[1].split("</p>")[0] if len(found) > 1 else ""


async def test_a_rename_keeps_the_history_and_leads_back_to_the_list(staged, ana):
    answer = await ana.post(EU, data=SAME | {"name": "eu-one", "group": "Europe", "rate": "2"})
    assert answer.headers["location"] == "/settings/panels?done=saved&of=eu-one"
    found = await panel(staged)
    assert (found.id, found.name, found.group_name, found.rate) == (1, "eu-one", "Europe", 2.0)


async def test_a_name_in_use_is_refused_beside_its_field(ana):
    answer = await ana.post(EU, data=SAME | {"name": "US-2"})
    assert (answer.status_code, field_error(answer.text, "name")) == (422, "A panel of this name is there already.")


async def test_a_new_rate_holds_at_once(staged, ana):
    await staged.change(budgets, {"pace": 0.2, "slowed_at": NOON}, panel_id=1)
    await ana.post(EU, data=SAME | {"rate": "3"})
    [row] = await staged.rows(select(budgets.c.pace).where(budgets.c.panel_id == 1).execution_options(scoped=True))
    assert row.pace == 3.0


async def test_how_short_an_order_number_is_can_be_told_and_taken_back(staged, ana):
    await ana.post(EU, data=SAME | {"order_digits": "4"})
    assert (await panel(staged)).order_digits == 4
    assert 'value="4"' in (await ana.get(EU)).text.partition('id="f-order_digits"')[2][:120]
    wrong = await ana.post(EU, data=SAME | {"order_digits": "40"})
    assert "3 to 10 digits" in field_error(wrong.text, "order_digits")
    await ana.post(EU, data=SAME)
    assert (await panel(staged)).order_digits is None


async def test_empty_keys_are_kept(keyed, ana):
    await ana.post(EU, data=SAME | {"admin_key": "", "services_key": ""})
    assert opened(keyed) == KEYS


async def test_a_key_that_is_entered_takes_the_place_of_the_old_one(keyed, ana):
    await ana.post(EU, data=SAME | {"admin_key": "fresh"})
    assert opened(keyed) == KEYS | {"admin_key": "fresh"}


async def test_the_services_key_can_be_forgotten(keyed, ana):
    await ana.post(EU, data=SAME | {"forget": "yes"})
    assert opened(keyed) == KEYS | {"services_key": None}


MOVES = {
    "another host": "https://evil.example",
    "another port": "https://eu-1.example:8443",
    "another path": "https://eu-1.example/shop",
    "another scheme": "http://eu-1.example",
}


@pytest.mark.parametrize("url", MOVES.values(), ids=MOVES)
async def test_a_new_address_asks_for_both_keys_again(keyed, ana, url):
    """Else whoever may edit could send keys that he never saw to a host of his own."""
    answer = await ana.post(EU, data=SAME | {"url": url, "private": "yes"})
    assert answer.status_code == 422
    assert all("enter this key again" in field_error(answer.text, name) for name in KEYS)
    assert (await panel(keyed)).url == "https://eu-1.example"


async def test_one_of_two_keys_is_not_enough_for_a_new_address(keyed, ana):
    answer = await ana.post(EU, data=SAME | {"url": "https://new.example", "admin_key": "fresh"})
    assert "enter this key again" in field_error(answer.text, "services_key")
    assert opened(keyed) == KEYS


async def test_a_panel_moves_with_its_history_once_both_keys_are_entered(keyed, ana):
    await ana.post(EU, data=SAME | {"url": "https://new.example", "admin_key": "a", "services_key": "b"})
    assert ((await panel(keyed)).url, opened(keyed)) == ("https://new.example", {"admin_key": "a", "services_key": "b"})


async def test_a_services_key_that_is_forgotten_need_not_be_entered(keyed, ana):
    await ana.post(EU, data=SAME | {"url": "https://new.example", "admin_key": "a", "forget": "yes"})
    assert opened(keyed) == {"admin_key": "a", "services_key": None}


@pytest.mark.parametrize("url", ["https://EU-1.example:443/", "https://eu-1.example/adminapi/v2"])
async def test_another_spelling_is_no_other_address(keyed, ana, url):
    assert (await ana.post(EU, data=SAME | {"url": url})).status_code == 303
    assert opened(keyed) == KEYS


@pytest.mark.parametrize("url", ["https://evil.example", "http://127.0.0.1:9"])
async def test_a_test_never_sends_stored_keys_to_another_address(keyed, ana, url):
    answer = await ana.post(f"{EU}/test", data=SAME | {"url": url, "private": "yes"})
    assert answer.status_code == 422
    assert "enter this key again" in answer.text


async def test_an_address_that_somebody_else_has_changed_meanwhile_is_not_written_over(keyed, ana):
    """The key typed for one address must not end up at another."""
    before = await panel(keyed)
    await keyed.change(panels, {"url": "https://evil.example"}, id=1)
    with pytest.raises(Conflict):
        async with keyed.database.write() as connection:
            await panel_edits.change(connection, before, before)


@pytest.mark.parametrize("change", [{"currency": "EUR"}, {"time_zone": "Asia/Tehran"}])
async def test_a_new_currency_or_zone_reads_everything_again(staged, ana, change):
    answer = await ana.post(EU, data=SAME | change)
    assert "done=anew" in answer.headers["location"]
    rows = await staged.rows(
        select(plans.c.cursor, plans.c.due_at).where(plans.c.panel_id == 1).execution_options(scoped=True)
    )
    assert {(row.cursor, row.due_at) for row in rows} == {(None, NOON)}


async def test_other_changes_read_nothing_again(staged, ana):
    await ana.post(EU, data=SAME | {"name": "eu-one", "rate": "2"})
    rows = await staged.rows(
        select(plans.c.cursor, plans.c.due_at).where(plans.c.panel_id == 1).execution_options(scoped=True)
    )
    assert None not in {row.cursor for row in rows}
    assert NOON not in {row.due_at for row in rows}


async def test_a_run_under_the_old_key_is_broken_off(keyed, ana):
    held = {"holder": "h", "fence": 7, "leased_until": NOON + timedelta(minutes=1)}
    await keyed.change(feeds, held, panel_id=1, stream="orders")
    async with keyed.database.write() as connection:
        run = {"panel_id": 1, "number": 5, "stream": "orders", "plan": "head", "holder": "h", "started_at": NOON}
        await connection.execute(insert(runs).values(**run))
    await ana.post(EU, data=SAME | {"admin_key": "fresh"})
    [feed] = await keyed.rows(
        select(feeds).where(feeds.c.panel_id == 1, feeds.c.stream == "orders").execution_options(scoped=True)
    )
    [run] = await keyed.rows(select(runs.c.ended_at, runs.c.done).execution_options(scoped=True))
    assert (feed.fence, feed.holder, feed.leased_until) == (8, None, None)
    assert (run.ended_at, run.done) == (NOON, False)


async def test_a_new_key_ends_the_pause_that_asked_for_it_and_reads_at_once(keyed, ana):
    await pause(keyed, "auth")
    await ana.post(EU, data=SAME | {"admin_key": "fresh"})
    [row] = await keyed.rows(select(pauses).execution_options(scoped=True))
    due = await keyed.rows(select(plans.c.due_at).where(plans.c.panel_id == 1).execution_options(scoped=True))
    assert (row.ended_by, row.ended_at, {one.due_at for one in due}) == ("ana", NOON, {NOON})


async def test_a_new_key_ends_no_pause_of_another_cause(keyed, ana):
    await pause(keyed, "auth")
    await pause(keyed, None, id="q", by="max")
    await pause(keyed, "redirect", id="r")
    await ana.post(EU, data=SAME | {"admin_key": "fresh"})
    assert sorted(await running(keyed)) == ["q", "r"]


async def test_each_key_ends_its_own_pauses(keyed, ana):
    await pause(keyed, "auth", stream="services")
    await ana.post(EU, data=SAME | {"admin_key": "fresh"})
    assert await running(keyed) == ["p"]
    await ana.post(EU, data=SAME | {"services_key": "fresh"})
    assert await running(keyed) == []


async def test_a_new_address_ends_what_the_engine_began_and_nothing_else(keyed, ana):
    await pause(keyed, "redirect")
    await pause(keyed, "no_services_key", id="q", stream="services")
    await pause(keyed, None, id="r", by="max")
    await ana.post(EU, data=SAME | {"url": "https://new.example"} | KEYS)
    assert await running(keyed) == ["r"]


async def test_a_second_key_begins_the_catalogue(staged, ana):
    async with staged.database.write() as connection:
        await connection.execute(plans.delete().where(plans.c.stream == "services"))
        await connection.execute(feeds.delete().where(feeds.c.stream == "services"))
    await ana.post(EU, data=SAME | {"services_key": "fresh"})
    found = await staged.rows(select(feeds.c.stream).where(feeds.c.panel_id == 1).execution_options(scoped=True))
    assert "services" in {row.stream for row in found}


async def test_the_audit_says_what_was_changed_from_what_to_what_and_no_key(keyed, ana):
    await ana.post(EU, data=SAME | {"rate": "2", "name": "eu-one", "admin_key": "fresh-4711"})
    [told] = await keyed.rows(select(audit))
    details = json.loads(told.details)
    assert (told.action, told.target, told.panel_id) == ("panel-edit", "eu-one", 1)
    assert details == {
        "before": {"name": "eu-1", "rate": 4.0},
        "after": {"name": "eu-one", "rate": 2.0},
        "keys": ["admin_key"],
    }


async def test_the_page_says_when_a_key_was_entered(keyed, ana):
    assert "Stored. Leave it empty to keep it." in (await ana.get(EU)).text
    await ana.post(EU, data=SAME | {"admin_key": "fresh"})
    keyed.clock.time += timedelta(days=3)
    ana = await keyed.signed_in("ana")
    page = " ".join((await ana.get(EU)).text.split())
    assert "Stored; entered <time" in page
    assert ">3 d</time> ago." in page


async def test_no_key_is_ever_in_the_page(keyed, ana):
    for answer in (await ana.get(EU), await ana.post(EU, data=SAME | {"rate": "99", "admin_key": "typed-4711"})):
        assert "4711" not in answer.text


async def test_the_page_says_why_it_is_paused(keyed, ana):
    await pause(keyed, None, by="max", why="It moves.", at=NOON - timedelta(hours=1))
    page = (await ana.get(EU)).text
    assert "eu-1 was paused by max 1 h ago. It moves." in page
    assert "Pause this panel" not in page


async def test_a_panel_that_is_being_removed_cannot_be_changed(keyed, ana):
    await pause(keyed, "removing", id="removal")
    assert (await ana.get(EU)).headers["location"] == f"{EU}/remove"
    assert (await ana.post(EU, data=SAME)).status_code == 409


async def test_stored_secrets_of_other_panels_are_not_touched(keyed, ana):
    await ana.post(
        "/settings/panels/us-2", data=SAME | {"name": "us-2", "url": "https://us-2.example", "admin_key": "x"}
    )
    rows = await keyed.rows(select(panel_secrets.c.panel_id).execution_options(scoped=True))
    assert sorted(row.panel_id for row in rows) == [1, 1, 2]
