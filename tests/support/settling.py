"""Waits until rows of `changes` may be told that are committed already.

On PostgreSQL they are told once every transaction of the server that began before them has ended. Tests share one server, so those of another
test, in a database of its own, hold them back for some milliseconds.
"""

import asyncio

from sqlalchemy import Connection, text

from hyperpanel.db.engine import Database

OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname IS DISTINCT FROM current_database()"
    " AND backend_xid::text::bigint < :before"
).execution_options(scoped=True)
NEXT = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").execution_options(scoped=True)


async def settle(database: Database) -> None:
    """Transactions of this database are not waited for. Raises TimeoutError after ten seconds."""
    if not await database.read(is_postgres):
        return
    before = await database.read(lambda connection: int(connection.scalar(NEXT) or 0))
    for _ in range(1000):
        if not await database.read(lambda connection: others(connection, before)):
            return
        await asyncio.sleep(0.01)
    raise TimeoutError("a transaction of another database does not end")


def is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def others(connection: Connection, before: int) -> int:
    return int(connection.scalar(OTHERS, {"before": before}) or 0)
