"""Reports on complaints in the database: who may see which, who makes one, how it is taken up, and how it goes with a panel; on both systems."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hyperpanel.db import ai_report_services, ai_report_tickets, ai_reports
from hyperpanel.db import ai_report_services as parts
from hyperpanel.db.ai_report_services import Planned, Progress, Theme
from hyperpanel.db.schema import ai_report_services as services
from hyperpanel.db.schema import ai_reports as reports
from hyperpanel.db.schema import messages, tickets
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.ai_complaints import looked, report
from tests.support.conversations import said, ticket
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
EU, US = Scope(frozenset({1})), Scope(frozenset({2}))
NEW = {"by": "max", "since": NOON - timedelta(hours=24), "until": NOON, "least": 3, "language": "en", "at": NOON}
BUILT_IN = {"prompt_id": None, "prompt_version": 0, "prompt_title": ""}


async def keep(database, table, *rows):
    async with database.write() as connection:
        await connection.execute(table.insert(), list(rows))


async def added(database, panel_ids=(1, 2), **changes):
    async with database.write() as connection:
        return await ai_reports.add(connection, 2, panel_ids, **{**NEW, **BUILT_IN, **changes})


async def claimed(database, holder="one", now=NOON):
    async with database.write() as connection:
        return await ai_reports.claim(connection, holder, now)


async def state(database):
    found = await database.read(lambda connection: connection.execute(select(reports.c.state, reports.c.problem)).all())
    return [tuple(row) for row in found]


async def test_a_report_is_for_those_who_may_see_every_panel_of_it(database):
    await keep(database, reports, report(), report(id="mine", panels="[1]"), report(id="none", panels="[]"))
    seen = [
        database.read_now(lambda connection, scope=scope: [one.id for one in ai_reports.of(connection, scope)])
        for scope in (EVERYTHING, EU, US)
    ]
    assert seen == [["mine", "the-report"], ["mine"], []]
    assert database.read_now(lambda connection: ai_reports.one(connection, EU, "the-report")) is None


async def test_reports_are_found_behind_those_of_other_panels_and_people(database, monkeypatch):
    monkeypatch.setattr(ai_reports, "LOOKED_AT", 2)
    monkeypatch.setattr(ai_reports, "SHOWN", 2)
    made: list[dict[str, Any]] = [
        {"id": f"{panel}{number}", "panels": f"[{panel}]", "staff_id": 1, "at": ended, "ended_at": ended}
        for panel, first in ((2, 0), (1, 5))
        for number in range(5)
        for ended in [NOON - timedelta(minutes=first + number // 3)]
    ]
    mine = {"panels": "[1]", "staff_id": 2, "at": NOON - timedelta(days=2), "state": "running", "ended_at": None}
    await keep(database, reports, *(report(**one) for one in [*made, {"id": "mine", **mine}]))
    found = database.read_now(lambda connection: ai_reports.of(connection, EU, 2))
    assert [one.id for one in found] == ["10", "11", "mine"]
    near = database.read_now(
        lambda connection: ai_reports.covering(connection, EU, (1,), made[0]["at"] - timedelta(hours=9), NOON)
    )
    assert near.id == "10"


async def test_no_more_than_two_of_one_person_are_under_way(database):
    assert [bool(await added(database)) for _ in range(3)] == [True, True, False]
    await claimed(database)
    assert await added(database) is None


async def test_a_report_is_made_by_one_until_it_falls_silent(database):
    made = await added(database)
    assert (await claimed(database)).id == made
    assert await claimed(database, "two") is None
    assert (await claimed(database, "two", NOON + timedelta(seconds=61))).id == made
    async with database.write() as connection:
        assert not await ai_reports.go_on(connection, made, "one", NOON)
        assert not await ai_reports.end(connection, made, "one", "done", None, NOON)
        assert await ai_reports.end(connection, made, "two", "done", None, NOON)
    assert await state(database) == [("done", None)]


async def test_one_that_ends_its_makers_is_given_up(database):
    await added(database)
    for minute in range(3):
        assert await claimed(database, now=NOON + timedelta(minutes=2 * minute))
    assert await claimed(database, now=NOON + timedelta(minutes=7)) is None
    assert await state(database) == [("failed", "broken")]


async def test_what_was_given_back_or_is_gone_on_with_waits_again(database):
    made = await added(database)
    await claimed(database)
    async with database.write() as connection:
        await ai_reports.give_back(connection, made, "one")
        assert not await ai_reports.resume(connection, made)
        assert await ai_reports.stop(connection, made, NOON)
        assert not await ai_reports.stop(connection, made, NOON)
        assert await ai_reports.resume(connection, made)
    assert await state(database) == [("waiting", None)]


async def test_services_are_planned_once_and_keep_what_was_found(database):
    made = await added(database)
    await claimed(database)
    some = [Planned(1, "7", "Likes", 4, "Refill", 3, ("2550", "2551")), Planned(2, None, "", 3, "", 0, ("2580",))]
    async with database.write() as connection:
        await parts.plan(connection, made, some)
    first, second = database.read_now(lambda connection: parts.of(connection, EVERYTHING, made))
    assert (first.given, second.service_id, second.place) == (("2550", "2551"), None, 1)
    themes = (Theme("Drops", "They drop.", ("2551",)),)
    async with database.write() as connection:
        assert await parts.keep(connection, "one", first, "done", NOON, **parts.kept(themes))
        assert not await parts.keep(connection, "two", second, "done", NOON)
    first, second = database.read_now(lambda connection: parts.of(connection, EVERYTHING, made))
    assert (first.themes, first.apart, second.state) == (themes, ("2550",), "waiting")
    told = database.read_now(lambda connection: parts.progress(connection, EVERYTHING, [made]))
    assert told == {made: Progress(1, 0, 2, 1)}


async def test_services_of_foreign_panels_are_not_read(database):
    await keep(database, reports, report())
    await keep(database, services, looked(), looked(1, "us-2"))
    found = database.read_now(lambda connection: ai_report_services.of(connection, EU, "the-report"))
    assert [one.panel_id for one in found] == [1]


async def test_a_report_covers_a_window_that_it_shares_half_of(database):
    await keep(database, reports, report(panels="[1]"))

    def found(hours, panel_ids=(1, 3), scope=EVERYTHING):
        until = NOON + timedelta(hours=hours)
        return database.read_now(
            lambda connection: ai_reports.covering(connection, scope, panel_ids, until - timedelta(hours=24), until)
        )

    assert [bool(found(hours)) for hours in (-13, -12, 0, 12, 13)] == [False, True, True, True, False]
    assert found(0, panel_ids=(2,)) is None
    assert found(0, scope=US) is None


async def test_what_ended_long_ago_is_forgotten_with_its_services(database):
    await keep(database, reports, report(), report(id="new", ended_at=NOON + timedelta(days=1)))
    await keep(database, services, looked())
    async with database.write() as connection:
        assert await ai_reports.forget(connection, NOON + timedelta(days=180, hours=1)) == 1
    assert [one.id for one in database.read_now(lambda connection: ai_reports.of(connection, EVERYTHING))] == ["new"]


async def test_a_panel_that_is_removed_leaves_the_reports(database):
    await keep(database, reports, report(), report(id="alone", panels="[1]"), report(id="open", state="running"))
    async with database.write() as connection:
        await ai_reports.forget_panel(connection, 1)
    found = database.read_now(lambda connection: ai_reports.of(connection, EVERYTHING))
    assert {one.id: (one.panel_ids, one.state) for one in found} == {
        "the-report": ((2,), "done"),
        "open": ((2,), "stopped"),
    }


async def test_of_a_ticket_is_read_what_its_customer_wrote_first_on_this_panel(database):
    wrote = [said(place, f"<p>word {place} &amp; more</p>", is_staff=place == 2) for place in range(1, 9)]
    await keep(database, tickets, ticket(subject="Refill", user="kadir"), ticket(panel="us-2", subject="Foreign"))
    await keep(database, messages, *wrote, said(1, "foreign", panel="us-2", is_staff=False))
    [found] = database.read_now(lambda connection: ai_report_tickets.given(connection, EU, 1, ["255", "none"]))
    assert (found.subject, found.user) == ("Refill", "kadir")
    assert found.said == " ".join(f"word {place} & more" for place in (1, 3, 4, 5, 6))
    assert database.read_now(lambda connection: ai_report_tickets.given(connection, EU, 2, ["255"])) == []
