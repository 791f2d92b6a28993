"""Who is at work: one row a process, renewed while it lives, so that a page can say whether anyone reads the panels."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import leases

KEPT = timedelta(days=1)


async def renew(connection: AsyncConnection, name: str, holder: str, now: datetime, lasts: timedelta) -> None:
    """Also forgets those that ended long ago."""
    await connection.execute(delete(leases).where(leases.c.expires_at < now - KEPT))
    held = await connection.execute(
        update(leases).where(leases.c.name == name).values(seen_at=now, expires_at=now + lasts)
    )
    if held.rowcount == 0:
        await connection.execute(
            insert(leases).values(name=name, holder=holder, fence=1, seen_at=now, expires_at=now + lasts)
        )


async def end(connection: AsyncConnection, name: str) -> None:
    await connection.execute(delete(leases).where(leases.c.name == name))


async def claim(connection: AsyncConnection, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
    """Whether this holder got it: nobody else has it until it expires."""
    taken = await connection.execute(
        update(leases)
        .where(leases.c.name == name, leases.c.expires_at <= now)
        .values(holder=holder, fence=leases.c.fence + 1, seen_at=now, expires_at=now + lasts)
    )
    if taken.rowcount:
        return True
    first = {"name": name, "holder": holder, "fence": 1, "seen_at": now, "expires_at": now + lasts}
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    made = dialect.insert(leases).values(**first).on_conflict_do_nothing().returning(leases.c.name)
    return (await connection.execute(made)).first() is not None
