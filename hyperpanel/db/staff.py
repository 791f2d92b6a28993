"""The people who may sign in: their role, and the panels they are allowed.

Whoever was invited has no password until they took their link: an empty hash, which none matches.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import invites, sessions, sign_ins, staff, staff_panels
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Conflict

NO_PASSWORD = ""
LARGEST_ID = 2**31 - 1
ADVISORY_LOCK = 0x68_70_73_74
JOINERS = "\u200c\u200d"
"""They keep letters apart or together in Persian and Indian names, and nobody sees them."""

WITHOUT_JOINERS = dict.fromkeys(map(ord, JOINERS))


@dataclass(frozen=True)
class Person:
    """`panel_ids` None means every panel, those added later too. Unset preferences follow the browser or the
    settings."""

    id: int
    username: str
    role: str
    panel_ids: frozenset[int] | None
    language: str | None
    time_zone: str | None
    theme: str
    density: str
    created_at: datetime
    disabled_at: datetime | None
    translates_to: str | None = None

    @property
    def scope(self) -> Scope:
        return Scope(self.panel_ids)


COLUMNS = [staff.c[name] for name in Person.__dataclass_fields__ if name != "panel_ids"]


def folded(username: str) -> str:
    """Names that differ in case, spaces, joiners or the way an accent was typed are one name."""
    return " ".join(unicodedata.normalize("NFC", username).translate(WITHOUT_JOINERS).split()).casefold()


def person(connection: Connection, row: Any) -> Person:
    """From a row that holds COLUMNS and all_panels."""
    return made(row, None if row.all_panels else allowed_panels(connection, row.id))


def made(row: Any, panel_ids: frozenset[int] | None) -> Person:
    return Person(panel_ids=panel_ids, **{column.name: getattr(row, column.name) for column in COLUMNS})


def allowed_panels(connection: Connection, staff_id: int) -> frozenset[int]:
    return frozenset(
        connection.scalars(select(staff_panels.c.panel_id).where(staff_panels.c.staff_id == staff_id)).all()
    )


def named(connection: Connection, username: str) -> Person | None:
    row = connection.execute(
        select(*COLUMNS, staff.c.all_panels).where(staff.c.folded == folded(username))
    ).one_or_none()
    return person(connection, row) if row else None


def by_id(connection: Connection, staff_id: int) -> Person | None:
    """An address may name any number, and a column holds only so many."""
    if abs(staff_id) > LARGEST_ID:
        return None
    row = connection.execute(select(*COLUMNS, staff.c.all_panels).where(staff.c.id == staff_id)).one_or_none()
    return person(connection, row) if row else None


def all_of(connection: Connection) -> list[Person]:
    rows = connection.execute(select(*COLUMNS, staff.c.all_panels).order_by(staff.c.folded)).all()
    allowed: dict[int, set[int]] = defaultdict(set)
    for staff_id, panel_id in connection.execute(select(staff_panels.c.staff_id, staff_panels.c.panel_id)):
        allowed[staff_id].add(panel_id)
    return [made(row, None if row.all_panels else frozenset(allowed[row.id])) for row in rows]


def with_password(connection: Connection) -> frozenset[int]:
    """Those who could sign in, were they not disabled."""
    return frozenset(connection.scalars(select(staff.c.id).where(staff.c.password_hash != NO_PASSWORD)))


def last_seen(connection: Connection) -> dict[int, datetime]:
    """In a session there still is, else as they signed in, for as long as that is kept."""
    seen = select(func.max(sessions.c.seen_at)).where(sessions.c.staff_id == staff.c.id).scalar_subquery()
    came = select(func.max(sign_ins.c.at)).where(sign_ins.c.folded == staff.c.folded, sign_ins.c.succeeded)
    rows = connection.execute(select(staff.c.id, seen, came.scalar_subquery()))
    both = {row[0]: [moment for moment in row[1:] if moment] for row in rows}
    return {staff_id: max(moments) for staff_id, moments in both.items() if moments}


def able(connection: Connection, roles: Collection[str]) -> list[Person]:
    """Who has one of these roles and can sign in."""
    known = with_password(connection)
    return [one for one in all_of(connection) if one.role in roles and one.id in known and not one.disabled_at]


def password_hash(connection: Connection, username: str) -> str | None:
    return connection.scalar(select(staff.c.password_hash).where(staff.c.folded == folded(username)))


def anyone(connection: Connection) -> bool:
    """Whether somebody can sign in at all."""
    able = select(staff.c.id).where(staff.c.disabled_at.is_(None), staff.c.password_hash != NO_PASSWORD)
    return connection.scalar(able.limit(1)) is not None


async def in_turn(connection: AsyncConnection) -> None:
    """To the end of the transaction nobody else changes anybody: two who disable each other at once cannot both be in time."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


async def add(
    connection: AsyncConnection,
    username: str,
    password_hash: str,
    role: str,
    panel_ids: Sequence[int] | None,
    now: datetime,
) -> int:
    """`panel_ids` None allows every panel. Raises Conflict for a name in use."""
    shown = " ".join(username.split())
    values = {"username": shown, "folded": folded(username), "password_hash": password_hash, "role": role}
    try:
        added = await connection.execute(
            insert(staff).values(**values, all_panels=panel_ids is None, created_at=now).returning(staff.c.id)
        )
    except IntegrityError:
        raise Conflict(f"There is somebody named {shown!r} already. Choose another name.") from None
    staff_id = int(added.scalar_one())
    for panel_id in sorted(set(panel_ids or ())):
        await connection.execute(insert(staff_panels).values(staff_id=staff_id, panel_id=panel_id))
    return staff_id


async def allow(connection: AsyncConnection, staff_id: int, panel_ids: Sequence[int]) -> None:
    """These panels too, for somebody who does not see every one."""
    for panel_id in panel_ids:
        await connection.execute(insert(staff_panels).values(staff_id=staff_id, panel_id=panel_id))


async def disable(connection: AsyncConnection, staff_id: int, now: datetime) -> None:
    """Their sessions end in the same transaction, and a link that they were sent does too."""
    still_may = update(staff).where(staff.c.id == staff_id, staff.c.disabled_at.is_(None))
    await connection.execute(still_may.values(disabled_at=now))
    await end_links(connection, staff_id, now)
    await end_sessions(connection, staff_id)


async def enable(connection: AsyncConnection, staff_id: int) -> None:
    await connection.execute(update(staff).where(staff.c.id == staff_id).values(disabled_at=None))


async def set_password(connection: AsyncConnection, staff_id: int, password_hash: str) -> None:
    """A new password ends every session that the old one opened."""
    await connection.execute(update(staff).where(staff.c.id == staff_id).values(password_hash=password_hash))
    await end_sessions(connection, staff_id)


async def set_role(connection: AsyncConnection, staff_id: int, role: str, panel_ids: Sequence[int] | None) -> None:
    """Other rights begin with another sign-in."""
    await connection.execute(
        update(staff).where(staff.c.id == staff_id).values(role=role, all_panels=panel_ids is None)
    )
    await connection.execute(delete(staff_panels).where(staff_panels.c.staff_id == staff_id))
    for panel_id in sorted(set(panel_ids or ())):
        await connection.execute(insert(staff_panels).values(staff_id=staff_id, panel_id=panel_id))
    await end_sessions(connection, staff_id)


async def prefer(connection: AsyncConnection, staff_id: int, preferences: Mapping[str, str | None]) -> None:
    """Any of language, time_zone, theme, density, translates_to."""
    await connection.execute(update(staff).where(staff.c.id == staff_id).values(**preferences))


async def confirm(connection: AsyncConnection, staff_id: int, verified: str, password_hash: str) -> bool:
    """Whether that is still the hash of somebody who may sign in: looking at a password takes time, in which they may have been disabled, or
    told to choose another. `password_hash` takes its place: the same, or the same password under today's parameters. Sessions stay."""
    same = (staff.c.id == staff_id, staff.c.password_hash == verified, staff.c.disabled_at.is_(None))
    return (await connection.execute(update(staff).where(*same).values(password_hash=password_hash))).rowcount == 1


async def end_links(connection: AsyncConnection, staff_id: int, now: datetime) -> None:
    """Those that were not used: from now on they are like any that was never given out."""
    mine = update(invites).where(invites.c.staff_id == staff_id, invites.c.used_at.is_(None))
    await connection.execute(mine.where(invites.c.revoked_at.is_(None)).values(revoked_at=now))


async def end_sessions(connection: AsyncConnection, staff_id: int) -> None:
    await connection.execute(delete(sessions).where(sessions.c.staff_id == staff_id))
