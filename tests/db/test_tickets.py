"""Pages of tickets on both systems: every row once, in order, by an index; and one with how its thread stands."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert

from hyperpanel.db import list_pages, statuses, tickets
from hyperpanel.db.lists import ANY, Count, Place
from hyperpanel.db.schema import threads
from hyperpanel.db.schema import tickets as table
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.tickets import LISTING
from tests.support.conversations import heard
from tests.support.staged import NOON, PANELS, mirrored
from tests.support.turning import ALL, turned

pytestmark = pytest.mark.usefixtures("only_scoped")
SINCE, UNTIL = NOON - timedelta(hours=100), NOON
FILTERS = {
    "none": (ANY, lambda row: True),
    "status": ({"status": ("pending", "open")}, lambda row: row.status in ("pending", "open")),
    "user": ({"user": ("kadir",)}, lambda row: row.user == "kadir"),
    "user and status": (
        {"user": ("kadir",), "status": ("closed",)},
        lambda row: row.user == "kadir" and row.status == "closed",
    ),
    "subject": ({"subject": ("İPTAL",)}, lambda row: "iptal" in (row.subject or "")),
    "assignee": ({"assignee": ("ana",)}, lambda row: row.assignee == "ana"),
    "nobody's": ({"assigned": ("no",)}, lambda row: row.assignee is None),
    "unread": ({"read": ("no",)}, lambda row: row.is_read is False),
    "numbers": ({"number": ("7", "299", "no")}, lambda row: row.id in ("7", "299")),
    "updated": (
        {"updated_from": (SINCE,), "updated_to": (UNTIL,)},
        lambda row: row.last_update_at and SINCE <= row.last_update_at < UNTIL,
    ),
    "created": ({"created_from": (SINCE,)}, lambda row: row.created_at and row.created_at >= SINCE),
}


@pytest.fixture
async def filled(database):
    """Three hundred tickets: equal dates, none, and words and names that are seldom."""
    chance = random.Random(3)
    rows = []
    for number in range(300):
        at = chance.choice([None, NOON, NOON - timedelta(hours=number)])
        changes: dict[str, Any] = {"status": chance.choice(["pending", "open", "answered", "closed", "on_hold"])}
        changes |= {"user": chance.choice(["kadir", "ayşe", None]), "assignee": chance.choice(["ana", "ben", None])}
        changes |= {
            "subject": chance.choice(["Orders - Refill", "iptal", None]),
            "is_read": chance.choice([True, False, None]),
        }
        changes |= {"created_at": chance.choice([None, NOON - timedelta(hours=number * 2)]), "last_update_at": at}
        rows.append(mirrored("tickets", str(number), chance.choice(list(PANELS)), **changes))
    async with database.write() as connection:
        await connection.execute(insert(table), rows)
    return database


def place_of(row) -> tuple[int, str]:
    return row.panel_id, row.id


@pytest.mark.parametrize("falling", [True, False], ids=["newest", "oldest"])
@pytest.mark.parametrize("sort", LISTING.sorts)
async def test_every_ticket_stands_on_exactly_one_page_whatever_is_asked(filled, sort, falling):
    everything = turned(filled, LISTING, ANY, sort, falling, limit=1000)
    assert len(everything) == 300
    for asked, is_wanted in FILTERS.values():
        rows = turned(filled, LISTING, asked, sort, falling, limit=40)
        assert [place_of(row) for row in rows] == [place_of(row) for row in everything if is_wanted(row)]


async def test_a_count_is_true_as_far_as_it_goes(filled):
    everything = turned(filled, LISTING, limit=1000)
    for asked, is_wanted in FILTERS.values():
        found = filled.read_now(lambda c, asked=asked: list_pages.count(c, EVERYTHING, ALL, LISTING, asked, "updated"))
        assert found == Count(sum(bool(is_wanted(row)) for row in everything), True)


async def test_every_status_there_is_is_found(filled):
    known = ["answered", "closed", "on_hold", "open", "pending"]
    assert filled.read_now(lambda c: statuses.present(c, EVERYTHING, ALL, table)) == known


def plan_of(database, work) -> list[str]:
    """SQLite's plan of each statement that `work` runs."""
    ran: list[tuple[str, Any]] = []
    event.listen(database.reading, "before_cursor_execute", lambda c, cursor, sql, given, *_: ran.append((sql, given)))
    database.read_now(work)
    return [
        str(row[3])
        for sql, given in list(ran)
        for row in database.read_now(lambda c, s=sql, g=given: c.exec_driver_sql(f"EXPLAIN QUERY PLAN {s}", g).all())
    ]


@pytest.mark.parametrize("sort", LISTING.sorts)
@pytest.mark.parametrize("filters", [asked for asked, _ in FILTERS.values()], ids=FILTERS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_reads_a_page_by_an_index(filled, filters, sort):
    for falling in (True, False):
        steps = plan_of(
            filled, lambda c, f=falling: list_pages.page(c, EVERYTHING, ALL, LISTING, filters, Place(sort, f), 20)
        )
        reads = [step for step in steps if "tickets" in step]
        assert reads
        assert [step for step in reads if not step.startswith("SEARCH tickets USING ")] == []


@pytest.fixture
async def one(database):
    async with database.write() as connection:
        await connection.execute(insert(table), [mirrored("tickets", "255"), mirrored("tickets", "255", "us-2")])
    return database


async def test_a_thread_tells_for_which_state_of_its_ticket_it_was_read(one):
    assert one.read_now(lambda c: tickets.reading(c, EVERYTHING, 1, "255")) is None
    async with one.write() as connection:
        await connection.execute(insert(threads).values(**heard(11)))
    found = one.read_now(lambda c: tickets.reading(c, EVERYTHING, 1, "255"))
    assert (found.read_for, found.read_at) == (11, NOON - timedelta(minutes=3))
    assert one.read_now(lambda c: tickets.reading(c, EVERYTHING, 2, "255")) is None
    assert one.read_now(lambda c: tickets.reading(c, Scope(frozenset({2})), 1, "255")) is None


async def test_a_ticket_of_a_foreign_panel_is_not_there(one):
    assert one.read_now(lambda c: tickets.one(c, Scope(frozenset({2})), 1, "255")) is None
    assert one.read_now(lambda c: tickets.one(c, EVERYTHING, 1, "no")) is None


async def test_what_else_a_customer_waits_for_is_what_may_still_change(database):
    rows = [
        mirrored("tickets", id, panel, user=user, status=status, last_update_at=NOON - timedelta(hours=int(id)))
        for id, panel, user, status in (
            ("1", "eu-1", "kadir", "pending"),
            ("2", "eu-1", "kadir", "closed"),
            ("3", "eu-1", "kadir", "on_hold"),
            ("4", "eu-1", "ayşe", "pending"),
            ("5", "us-2", "kadir", "pending"),
            ("6", "eu-1", "kadir", "answered"),
        )
    ]
    rows.append(mirrored("tickets", "7", "eu-1", user="kadir", status="open", last_update_at=None))
    async with database.write() as connection:
        await connection.execute(insert(table), rows)
    found = database.read_now(lambda c: tickets.others_open(c, EVERYTHING, 1, "kadir", "1", 5))
    assert [line.id for line in found] == ["3", "6", "7"]
    assert database.read_now(lambda c: tickets.others_open(c, Scope(frozenset()), 1, "kadir", "1", 5)) == []
