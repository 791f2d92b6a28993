"""The audit's chain followed by the clock: each look goes on from the last, and looks at some older rows again, round and round."""

from datetime import datetime

from hyperpanel.db import audit_checks
from hyperpanel.db.audit_checks import Checked
from hyperpanel.db.engine import Database

AT_ONCE = 20_000
"""Rows of one look, which takes about half a second of a core."""


async def look(database: Database, now: datetime) -> int:
    """How many rows were followed."""
    before = await database.read(audit_checks.standing)
    begun, found = before.rows if before else 0, await further(database, before, now)
    while found.broken is None and found.rows - (before.rows if before else 0) == AT_ONCE:
        before, found = found, await further(database, found, now)
    if found.broken is None:
        await keep(
            database, await database.read(lambda connection: audit_checks.again(connection, found, now, AT_ONCE))
        )
    return found.rows - begun


async def further(database: Database, before: Checked | None, now: datetime) -> Checked:
    found = await database.read(lambda connection: audit_checks.check(connection, before, now, AT_ONCE))
    await keep(database, found)
    return found


async def keep(database: Database, found: Checked) -> None:
    async with database.write() as transaction:
        await audit_checks.keep(transaction, found)


async def all_of(database: Database, now: datetime) -> Checked:
    """From the first row on; where it holds, looks by the clock go on from its end."""
    before = await database.read(audit_checks.standing)
    found = await database.read(lambda connection: audit_checks.whole(connection, before, now))
    if found.broken is None:
        await keep(database, found)
    return found
