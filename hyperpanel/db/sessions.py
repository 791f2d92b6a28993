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
class Seat:
    """One of somebody's sessions, as they are shown it."""

    token_hash: bytes
    address: str
    device: str
    created_at: datetime
    seen_at: datetime

    @property
    def id(self) -> str:
        """By this it is named on a page: of the hash by which it is found, it tells nothing."""
        return hashlib.sha256(b"seat" + self.token_hash).hexdigest()[:24]


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


SEATED = (
    select(*(sessions.c[name] for name in Seat.__dataclass_fields__))
    .where(sessions.c.staff_id == bindparam("whose"), sessions.c.ends_at > bindparam("now"))
    .where(sessions.c.seen_at > bindparam("idle_since"))
    .order_by(sessions.c.seen_at.desc(), sessions.c.created_at.desc())
)


def seats(connection: Connection, staff_id: int, idle: timedelta, now: datetime) -> list[Seat]:
    """Where somebody is signed in, the last used first."""
    rows = connection.execute(SEATED, {"whose": staff_id, "now": now, "idle_since": now - idle})
    return [Seat(bytes(token), *rest) for token, *rest in rows]


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


async def end_seat(connection: AsyncConnection, staff_id: int, token_hash: bytes) -> bool:
    """Whether it was still there."""
    one = delete(sessions).where(sessions.c.staff_id == staff_id, sessions.c.token_hash == token_hash)
    return (await connection.execute(one)).rowcount > 0


async def end_others(connection: AsyncConnection, staff_id: int, token_hash: bytes) -> int:
    """All of somebody's but this one."""
    others = delete(sessions).where(sessions.c.staff_id == staff_id, sessions.c.token_hash != token_hash)
    return (await connection.execute(others)).rowcount
