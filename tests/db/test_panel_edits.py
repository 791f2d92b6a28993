"""A stored panel changed, on both systems."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from hyperpanel.db import audit, claims, panel_edits, panels
from hyperpanel.db.panels import NameTaken
from hyperpanel.db.schema import pauses, plans
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.errors import Conflict
from sync.store import FeedKey
from tests.support.staged import NOON, VAULT

ORDERS = FeedKey(1, "orders")


async def eu(database) -> panels.Panel:
    known: list[panels.Panel] = await database.read(lambda c: panels.named(c, EVERYTHING, ["eu-1"]))
    return known[0]


async def change(database, **changes) -> None:
    before = await eu(database)
    async with database.write() as connection:
        await panel_edits.change(connection, before, replace(before, **changes))


async def test_every_setting_is_changed(database):
    await change(database, name="eu-one", url="https://new.example", rate=2.0, group_name="Europe", private=True)
    found = await database.read(lambda c: panels.named(c, EVERYTHING, ["EU-ONE"]))
    assert (found[0].id, found[0].url, found[0].rate, found[0].group_name) == (1, "https://new.example", 2.0, "Europe")


async def test_a_name_in_use_changes_nothing(database):
    with pytest.raises(NameTaken):
        await change(database, name="US-2")
    assert (await eu(database)).name == "eu-1"


async def test_what_somebody_else_has_moved_meanwhile_is_left_alone(database):
    before = await eu(database)
    await change(database, url="https://new.example")
    with pytest.raises(Conflict):
        async with database.write() as connection:
            await panel_edits.change(connection, before, replace(before, rate=1.0))


async def test_whoever_was_reading_writes_nothing_more(database):
    until = NOON + timedelta(minutes=1)
    claim = await database.commit(lambda c: claims.take(c, ORDERS, "head", "h", NOON, until))
    assert await database.commit(lambda c: claims.holds(c, claim))
    async with database.write() as connection:
        await panel_edits.interrupt(connection, 1, NOON)
    assert not await database.commit(lambda c: claims.holds(c, claim))
    assert await database.commit(lambda c: claims.take(c, ORDERS, "head", "h", NOON, until))


async def test_read_anew_begins_every_plan_of_this_panel_alone(database):
    async with database.write() as connection:
        await panel_edits.read_anew(connection, 1, NOON)
    rows = database.read_now(lambda c: c.execute(select(plans.c.panel_id, plans.c.cursor)).all())
    assert {row.panel_id for row in rows if row.cursor is None} == {1}


@pytest.mark.parametrize(("services", "ended"), [(False, {"key"}), (True, {"second"})])
async def test_only_what_is_cured_ends(database, services, ended):
    shown = {"key": ("auth", None), "second": ("auth", "services"), "other": ("redirect", None), "person": (None, None)}
    async with database.write() as connection:
        for name, (code, stream) in shown.items():
            trouble = code and json.dumps({"code": code, "details": {"panel": "x"}})
            values = {"panel_id": 1, "id": name, "stream": stream, "by": "b", "why": "", "at": NOON, "trouble": trouble}
            await connection.execute(insert(pauses).values(**values))
        assert await panel_edits.end_pauses(connection, 1, {"auth"}, services, "ana", NOON) == 1
    rows = database.read_now(lambda c: c.execute(select(pauses.c.id).where(pauses.c.ended_by == "ana")).all())
    assert {row.id for row in rows} == ended


async def test_which_keys_there_are_is_told_within_a_scope(database):
    async with database.write() as connection:
        await panels.set_secrets(connection, 1, {"admin_key": "a", "services_key": "b"}, VAULT)
        await panel_edits.forget_secret(connection, 1, "services_key")
    assert database.read_now(lambda c: panel_edits.secret_names(c, EVERYTHING, 1)) == {"admin_key"}
    assert database.read_now(lambda c: panel_edits.secret_names(c, Scope(frozenset({2})), 1)) == frozenset()


async def test_when_a_key_was_entered_is_read_from_the_audit_of_this_panel(database):
    """Ids were given twice once: what is told before the panel was added is of another one."""
    acts: tuple[tuple[str, list[str] | None], ...] = (
        ("panel-edit", ["services_key"]),
        ("panel-add", ["admin_key"]),
        ("panel-edit", []),
        ("panel-edit", ["admin_key"]),
        ("panel-pause", None),
    )
    async with database.write() as connection:
        for hours, (action, keys) in enumerate(acts):
            details = {} if keys is None else {"keys": keys}
            act = audit.Act("ana", action, "eu-1", 1, details)
            await audit.write(connection, act, NOON + timedelta(hours=hours))
    entered = database.read_now(lambda c: panel_edits.keys_entered(c, 1))
    assert entered == {"admin_key": NOON + timedelta(hours=3)}
