"""Holds: who is asked what, that a decision is made once, and what follows from it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from hyperpanel.db import holds
from hyperpanel.db.schema import absences, pauses, plans
from hyperpanel.db.schema import holds as table
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.staged import NOON

pytestmark = pytest.mark.usefixtures("only_scoped")
MINE = Scope(frozenset({1}))
LATER = NOON + timedelta(hours=9)
VANISHED = json.dumps({"code": "vanished", "details": {"panel": "The panel", "field": "charge", "rows": 998}})


def asked(**changes: Any) -> dict[str, Any]:
    plain = {"panel_id": 1, "id": "a", "stream": "orders", "kind": "deletes", "what": ""}
    return {**plain, "rows": 1204, "of_rows": 20_013, "at": NOON, **changes}


async def put(database, where, *rows) -> None:
    async with database.write() as connection:
        await connection.execute(insert(where), list(rows))


def waiting(database, scope=EVERYTHING) -> list[str]:
    return [hold.id for hold in database.read_now(lambda c: holds.waiting(c, scope))]


async def decided(database, decision: str, hold_id: str = "a") -> bool:
    hold = database.read_now(lambda c: holds.one(c, EVERYTHING, 1, hold_id))
    async with database.write() as connection:
        return await holds.decide(connection, hold, decision, "ana", NOON)


def column(database, which, *conditions) -> list[Any]:
    return list(database.read_now(lambda c: c.scalars(EVERYTHING.select(which).where(*conditions)).all()))


async def test_those_that_nobody_decided_wait_the_oldest_first(database):
    before = NOON - timedelta(hours=1)
    await put(database, table, asked(), asked(id="b", at=before), asked(id="d", panel_id=2))
    await put(database, table, asked(id="c", decision="accept", decided_by="ben", decided_at=NOON))
    assert waiting(database) == ["b", "a", "d"]
    assert waiting(database, MINE) == ["b", "a"]
    assert database.read_now(lambda c: holds.one(c, MINE, 2, "d")) is None


async def test_the_samples_are_records_that_two_sweeps_did_not_find(database):
    await put(database, table, asked())
    missed = {"panel_id": 1, "stream": "orders", "sweep": 5, "first_at": NOON}
    rows = [{**missed, "record_id": str(number), "times": times} for number, times in ((1, 1), (2, 2), (3, 3), (4, 2))]
    await put(database, absences, *rows, {**missed, "panel_id": 2, "record_id": "9", "times": 2})
    assert database.read_now(lambda c: holds.samples(c, EVERYTHING, 2)) == {(1, "orders"): ["2", "3"]}
    assert await decided(database, "accept")
    assert database.read_now(lambda c: holds.samples(c, EVERYTHING, 2)) == {}


async def test_a_decision_is_made_once(database):
    await put(database, table, asked())
    assert await decided(database, "refuse")
    assert not await decided(database, "accept")
    hold = database.read_now(lambda c: holds.one(c, EVERYTHING, 1, "a"))
    assert (hold.decision, hold.decided_by, hold.decided_at) == ("refuse", "ana", NOON)


async def test_deletes_believed_are_swept_for_at_once(database):
    await put(database, table, asked())
    await put(database, plans, {"panel_id": 1, "stream": "orders", "plan": "sweep", "due_at": LATER})
    await decided(database, "accept")
    assert column(database, plans.c.due_at, plans.c.plan == "sweep") == [NOON]


async def test_deletes_not_believed_accuse_nobody_any_more(database):
    missed = {"record_id": "7", "sweep": 5, "times": 2, "first_at": NOON}
    feeds = ((1, "orders"), (1, "users"), (2, "orders"))
    await put(database, absences, *({"panel_id": panel, "stream": stream, **missed} for panel, stream in feeds))
    await put(database, table, asked())
    await decided(database, "refuse")
    left = database.read_now(lambda c: c.execute(EVERYTHING.select(absences.c.panel_id, absences.c.stream)).all())
    assert sorted(map(tuple, left)) == [(1, "users"), (2, "orders")]


async def test_a_change_that_is_meant_ends_the_engines_pause_and_no_other(database):
    pause = {"panel_id": 1, "stream": "orders", "by": "engine", "why": "", "at": NOON}
    await put(database, pauses, {**pause, "id": "v", "trouble": VANISHED}, {**pause, "id": "p", "trouble": None})
    await put(database, pauses, {**pause, "id": "u", "stream": "users", "trouble": VANISHED})
    await put(database, table, asked(kind="fields", what="charge"))
    await decided(database, "accept")
    assert column(database, pauses.c.id, pauses.c.ended_by == "ana") == ["v"]
    assert set(column(database, plans.c.due_at, plans.c.stream == "orders", plans.c.panel_id == 1)) == {NOON}


async def test_the_pause_lasts_while_another_field_is_asked_about(database):
    pause = {"panel_id": 1, "stream": "orders", "by": "engine", "why": "", "at": NOON, "id": "v", "trouble": VANISHED}
    await put(database, pauses, pause)
    await put(database, table, *(asked(id=name, kind="fields", what=name) for name in ("charge", "link")))
    await decided(database, "accept", "charge")
    assert column(database, pauses.c.id, pauses.c.ended_at.is_not(None)) == []
    await decided(database, "accept", "link")
    assert column(database, pauses.c.id, pauses.c.ended_at.is_not(None)) == ["v"]


async def test_a_change_that_is_not_meant_leaves_the_pause(database):
    pause = {"panel_id": 1, "stream": "orders", "by": "engine", "why": "", "at": NOON, "id": "v", "trouble": VANISHED}
    await put(database, pauses, pause)
    await put(database, table, asked(kind="fields", what="charge"))
    await decided(database, "refuse")
    assert waiting(database) == []
    assert column(database, pauses.c.id, pauses.c.ended_at.is_not(None)) == []
