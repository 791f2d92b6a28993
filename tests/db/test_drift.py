"""What sweeps found, and how many threads are held: by feed, for the panels of a scope."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from hyperpanel.db import drift
from hyperpanel.db.drift import Coverage
from hyperpanel.db.schema import sweeps, threads, tickets
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
MINE = Scope(frozenset({1}))


def sweep(number: int, **changes: Any) -> dict[str, Any]:
    at = NOON + timedelta(hours=number)
    plain = {"panel_id": 1, "stream": "orders", "number": number, "started_at": at, "ended_at": at, "proven": True}
    return {**plain, "read": number, "missed": 0, "differed": 0, "absent": 0, "gone": 0, **changes}


def ticket(id: str, **changes: Any) -> dict[str, Any]:
    seen = {"observed": 1, "digest": 7, "fields": 7, "first_seen_at": NOON, "seen_at": NOON}
    return {"panel_id": 1, "id": id, "status": "pending", "status_raw": "pending", **seen, **changes}


def thread(ticket_id: str, **changes: Any) -> dict[str, Any]:
    plain = {"panel_id": 1, "ticket_id": ticket_id, "read_for": 7, "digest": 1, "observed": 1, "messages": 2}
    return {**plain, "read_at": NOON, **changes}


async def put(database, where, *rows) -> None:
    async with database.write() as connection:
        for row in rows:
            await connection.execute(insert(where).values(**row))


async def test_the_last_sweep_of_each_feed_and_the_last_proven_one(database):
    await put(database, sweeps, sweep(1), sweep(2), sweep(3, proven=False), sweep(4, panel_id=2))
    last = database.read_now(lambda c: drift.last_sweeps(c, EVERYTHING))
    proven = database.read_now(lambda c: drift.last_sweeps(c, EVERYTHING, proven=True))
    assert {key: found.read for key, found in last.items()} == {(1, "orders"): 3, (2, "orders"): 4}
    assert {key: found.read for key, found in proven.items()} == {(1, "orders"): 2, (2, "orders"): 4}
    assert set(database.read_now(lambda c: drift.last_sweeps(c, MINE))) == {(1, "orders")}


async def test_threads_are_counted_against_the_tickets_that_are_there(database):
    await put(database, tickets, *map(ticket, "abc"), ticket("d", gone_at=NOON), ticket("e", panel_id=2))
    await put(database, threads, thread("a"), thread("b", read_for=6), thread("d"))
    found = database.read_now(lambda c: drift.coverage(c, EVERYTHING))
    assert found == {1: Coverage(tickets=3, threads=2, outdated=1), 2: Coverage(tickets=1, threads=0, outdated=0)}
    assert set(database.read_now(lambda c: drift.coverage(c, MINE))) == {1}
