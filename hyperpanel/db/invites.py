"""Links by which somebody chooses their password, once: for who was invited, and for who is to choose anew.

A row holds only the SHA-256 of its token, so a copy of the database lets nobody in.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import staff as people
from hyperpanel.db.schema import invites, staff
from hyperpanel.db.sessions import hash_of

JOIN, RESET = "join", "reset"
LASTS = timedelta(hours=24)
KEPT = timedelta(days=30)
"""How long a link that is over is remembered: the list tells of it. Those of somebody who has no password are, until they have one: they
tell whether there was one before."""


@dataclass(frozen=True)
class Invite:
    """The last one that somebody was given."""

    id: int
    staff_id: int
    purpose: str
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True)
class Open:
    """A link that can still be taken, and whose it is."""

    id: int
    staff_id: int
    username: str
    purpose: str
    expires_at: datetime


async def make(connection: AsyncConnection, staff_id: int, purpose: str, by: str, now: datetime) -> str:
    """The token of a new link: 256 random bits that are kept nowhere else. An older link ends."""
    token = secrets.token_urlsafe(32)
    await people.end_links(connection, staff_id, now)
    waiting = select(staff.c.id).where(staff.c.password_hash == people.NO_PASSWORD)
    over = delete(invites).where(invites.c.expires_at < now - KEPT, invites.c.staff_id.not_in(waiting))
    await connection.execute(over)
    told = {"staff_id": staff_id, "purpose": purpose, "by": by, "at": now, "expires_at": now + LASTS}
    await connection.execute(insert(invites).values(token_hash=hash_of(token), **told))
    return token


def find(connection: Connection, token: str, now: datetime) -> Open | None:
    """None for a link that was used, is too old, was replaced, was never given out, or whose person is disabled."""
    asked = (
        select(invites.c.id, staff.c.id, staff.c.username, invites.c.purpose, invites.c.expires_at)
        .join(staff, staff.c.id == invites.c.staff_id)
        .where(invites.c.token_hash == hash_of(token), invites.c.used_at.is_(None), invites.c.revoked_at.is_(None))
        .where(invites.c.expires_at > now, staff.c.disabled_at.is_(None))
    )
    row = connection.execute(asked).one_or_none()
    return Open(*row) if row else None


async def claim(connection: AsyncConnection, invite_id: int, now: datetime) -> bool:
    """Of several who take one link at once, one does."""
    still = (invites.c.id == invite_id, invites.c.used_at.is_(None), invites.c.revoked_at.is_(None))
    able = select(staff.c.id).where(staff.c.id == invites.c.staff_id, staff.c.disabled_at.is_(None)).exists()
    taken = update(invites).where(*still, invites.c.expires_at > now, able).values(used_at=now)
    return (await connection.execute(taken)).rowcount == 1


def latest(connection: Connection) -> dict[int, Invite]:
    """Of each person."""
    last = select(func.max(invites.c.id)).group_by(invites.c.staff_id)
    columns = [invites.c[name] for name in Invite.__dataclass_fields__]
    return {row.staff_id: Invite(*row) for row in connection.execute(select(*columns).where(invites.c.id.in_(last)))}
