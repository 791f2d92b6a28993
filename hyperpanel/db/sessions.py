"""Who is signed in. A row holds only the SHA-256 of its token, so a copy of the database signs nobody in."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import sessions, staff, staff_panels
from hyperpanel.db.staff import COLUMNS, Person, person

SLIDES_AFTER = timedelta(minutes=1)
"""`seen_at` is written at most this often: reading a page should write nothing."""


@dataclass(frozen=True)
class Session:
    """A signed-in person in one browser. `csrf` is repeated by each of its forms."""

    token_hash: bytes
    person: Person
    csrf: str
    seen_at: datetime
    ends_at: datetime

    def slides(self, now: datetime) -> bool:
        return now - self.seen_at >= SLIDES_AFTER


@dataclass(frozen=True)
class Rights:
    """What a signed-in person may see; `panel_ids` None is every panel."""

    role: str
    panel_ids: frozenset[int] | None


def hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


FINDING = (
    select(*(sessions.c[name] for name in ("token_hash", "csrf", "seen_at", "ends_at")), *COLUMNS, staff.c.all_panels)
    .join(staff, staff.c.id == sessions.c.staff_id)
    .where(sessions.c.token_hash == bindparam("token"), staff.c.disabled_at.is_(None))
    .where(sessions.c.ends_at > bindparam("now"), sessions.c.seen_at > bindparam("idle_since"))
)
"""Built once: every request asks it."""


def find(connection: Connection, token: str, idle: timedelta, now: datetime) -> Session | None:
    """None for a token that was never given out, one that ended, and one whose person was disabled."""
    row = connection.execute(FINDING, {"token": hash_of(token), "now": now, "idle_since": now - idle}).one_or_none()
    if row is None:
        return None
    return Session(bytes(row.token_hash), person(connection, row), row.csrf, row.seen_at, row.ends_at)


STANDING = (
    select(sessions.c.token_hash, staff.c.id, staff.c.role, staff.c.all_panels)
    .join(staff, staff.c.id == sessions.c.staff_id)
    .where(sessions.c.token_hash.in_(bindparam("tokens", expanding=True)), staff.c.disabled_at.is_(None))
    .where(sessions.c.ends_at > bindparam("now"), sessions.c.seen_at > bindparam("idle_since"))
)


def rights(connection: Connection, tokens: Collection[bytes], idle: timedelta, now: datetime) -> dict[bytes, Rights]:
    """Of many sessions at once, by the hash of their token; those that are over are left out."""
    rows = connection.execute(STANDING, {"tokens": list(tokens), "now": now, "idle_since": now - idle}).all()
    panels: dict[int, set[int]] = {row.id: set() for row in rows if not row.all_panels}
    allowed = select(staff_panels.c.staff_id, staff_panels.c.panel_id).where(staff_panels.c.staff_id.in_(panels))
    for staff_id, panel_id in connection.execute(allowed) if panels else ():
        panels[staff_id].add(panel_id)
    return {
        bytes(row.token_hash): Rights(row.role, None if row.all_panels else frozenset(panels[row.id])) for row in rows
    }


async def begin(
    connection: AsyncConnection, staff_id: int, lasts: timedelta, now: datetime, address: str, device: str
) -> str:
    """The token of a new session: 256 random bits that are kept nowhere else. Also forgets sessions that ended by
    themselves."""
    token = secrets.token_urlsafe(32)
    await connection.execute(delete(sessions).where(sessions.c.ends_at <= now))
    await connection.execute(
        insert(sessions).values(
            token_hash=hash_of(token),
            staff_id=staff_id,
            csrf=secrets.token_urlsafe(24),
            created_at=now,
            seen_at=now,
            ends_at=now + lasts,
            address=address,
            device=device,
        )
    )
    return token


async def slide(connection: AsyncConnection, session: Session, now: datetime) -> None:
    await connection.execute(
        update(sessions)
        .where(sessions.c.token_hash == session.token_hash, sessions.c.seen_at < now)
        .values(seen_at=now)
    )


async def end(connection: AsyncConnection, token: str) -> None:
    await connection.execute(delete(sessions).where(sessions.c.token_hash == hash_of(token)))
