"""The audit: a chain that shows where it was broken."""

import asyncio

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from hyperpanel.db import audit
from hyperpanel.db.audit import FIRST, Act, seal
from hyperpanel.db.schema import audit as table
from tests.support.staged import NOON


@pytest.fixture
async def told(database):
    for number in range(6):
        async with database.write() as connection:
            act = Act("ana", "pause", f"eu-{number}", 1, {"why": "ağ"}, "192.0.2.1", "a browser")
            await audit.write(connection, act, NOON)
    return database


@pytest.fixture
async def tampered_with(told):
    """By somebody who owns the database, and takes off what keeps its rows from being changed."""
    taken_off = (
        ["DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"]
        if told.is_sqlite
        else ["ALTER TABLE audit DISABLE TRIGGER USER"]
    )
    async with told.write() as connection:
        for statement in taken_off:
            await connection.exec_driver_sql(statement)
    return told


def broken(database):
    return database.read_now(audit.verify)


async def test_an_untouched_chain_holds(told):
    assert broken(told) is None


@pytest.mark.parametrize("change", [update(table).values(actor="another"), delete(table)], ids=["change", "removal"])
async def test_the_database_itself_only_ever_adds(told, change):
    with pytest.raises(DBAPIError, match="append-only"):
        async with told.write() as connection:
            await connection.execute(change)


async def test_nor_does_it_let_go_of_all_rows_at_once(told):
    """SQLite has no statement for that but DELETE."""
    emptying = "DELETE FROM audit" if told.is_sqlite else "TRUNCATE audit"
    with pytest.raises(DBAPIError, match="append-only"):
        async with told.write() as connection:
            await connection.exec_driver_sql(emptying)


@pytest.mark.parametrize("name", ["actor", "details", "panel_id", "at"])
async def test_a_changed_row_is_found(tampered_with, name):
    other = {"panel_id": 2, "at": NOON.replace(hour=1), "details": "{}"}.get(name, "another")
    async with tampered_with.write() as connection:
        await connection.execute(update(table).where(table.c.id == 3).values({name: other}))
    assert broken(tampered_with) == 3


async def test_a_removed_row_is_found_at_the_one_after(tampered_with):
    async with tampered_with.write() as connection:
        await connection.execute(delete(table).where(table.c.id == 3))
    assert broken(tampered_with) == 4


@pytest.mark.parametrize("name", Act.__dataclass_fields__)
def test_a_hash_is_over_every_field(name):
    values = {**Act("a", "b", "c", 1, {}, "d", "e").__dict__, "details": "{}", "at": NOON}
    assert seal(FIRST, values) != seal(FIRST, {**values, name: 2 if name == "panel_id" else "other"})


async def test_an_added_row_is_found(told):
    row = {"at": NOON, "actor": "x", "action": "y", "target": "", "details": "{}", "address": "", "device": ""}
    async with told.write() as connection:
        await connection.execute(insert(table).values(**row, hash=b"0" * 32))
    assert broken(told) == 7


async def test_rows_that_changed_places_are_found(tampered_with):
    rows = tampered_with.read_now(
        lambda c: c.execute(select(table).where(table.c.id.in_([2, 3])).order_by(table.c.id)).all()
    )
    async with tampered_with.write() as connection:
        for row, other in zip(rows, reversed(rows), strict=True):
            await connection.execute(update(table).where(table.c.id == row.id).values(target=other.target))
    assert broken(tampered_with) == 2


async def test_a_row_and_its_act_stand_or_fall_together(told):
    with pytest.raises(RuntimeError):
        await fail_after_writing(told)
    assert len(told.read_now(lambda c: c.execute(select(table.c.id)).all())) == 6


async def fail_after_writing(database) -> None:
    async with database.write() as connection:
        await audit.write(connection, Act("ana", "pause"), NOON)
        raise RuntimeError("the act failed")


async def test_many_at_once_make_one_chain(told):
    async def one(number: int) -> None:
        async with told.write() as connection:
            await audit.write(connection, Act(f"somebody {number}", "sign-in"), NOON)

    await asyncio.gather(*(one(number) for number in range(20)))
    assert broken(told) is None
    assert len(told.read_now(lambda c: c.execute(select(table.c.id)).all())) == 26


CANARY = "canary-hunter2"
LONG = "f00dfacef00dfacef00dfacef00dface"


@pytest.mark.parametrize(
    "details",
    [
        {"password": CANARY},
        {"admin_key": CANARY},
        {"keys": {"admin_key": CANARY}},
        {"keys": ["admin_key", CANARY]},
        {"before": {"new_password": CANARY}, "after": {"Api-Token": [CANARY]}},
        {"csrf": {"deep": {"er": CANARY}}},
        {"secret": (CANARY,)},
        {"session_cookie": CANARY},
        {"why": f"the key is {LONG}, they said"},
        {"url": LONG},
        *({name: CANARY} for name in ("apikey", "api-key", "x-api-key", "adminKey", "accesskey", "authorization")),
        *({name: CANARY} for name in ("pwd", "otp", "otp_code", "password2", "Keys", "passwd")),
        {"url": f"https://panel.example/adminapi/v2?action=x&key={CANARY}&page=2"},
        {"query": f"token={CANARY}&status=pending"},
        {"why": f"it asks https://panel.example/?api_key={CANARY} now"},
        {"asked": {"token": CANARY}},
    ],
    ids=str,
)
async def test_a_secret_never_reaches_the_table(told, details):
    async with told.write() as connection:
        await audit.write(connection, Act("ana", "edit", "x", 1, details), NOON)
    [kept] = told.read_now(lambda c: c.scalars(select(table.c.details).where(table.c.action == "edit")).all())
    assert CANARY not in kept
    assert LONG not in kept
    assert audit.MASK in kept
    assert broken(told) is None


@pytest.mark.parametrize(
    "details",
    [
        {"keys": ["admin_key", "services_key"], "forgotten": ["services_key"]},
        {"why": "the password was typed wrongly", "rate": 4.0, "private": False, "group_name": None},
        {"url": "https://panel.example/a/long/path/that/goes/on/and/on/2026"},
        {"records": 3, "ended": 0, "streams": ["orders", "tickets"]},
        {"after": {"query": f"status=pending&user={LONG}", "shared": True}},
        {"asked": {"service": [LONG], "status": ["pending"]}, "author": "ana", "option": "monkeys=3 keyed"},
    ],
    ids=str,
)
def test_what_is_no_secret_is_told_as_it_is(details):
    assert audit.masked(details) == details
