"""The people who may sign in: their role, and the panels they are allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import sessions, staff, staff_panels
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Conflict


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

    @property
    def scope(self) -> Scope:
        return Scope(self.panel_ids)


COLUMNS = [staff.c[name] for name in Person.__dataclass_fields__ if name != "panel_ids"]


def folded(username: str) -> str:
    """Names that differ in case or spaces alone are one name."""
    return " ".join(username.split()).casefold()


def person(connection: Connection, row: Any) -> Person:
    """From a row that holds COLUMNS and all_panels."""
    panel_ids = None if row.all_panels else allowed_panels(connection, row.id)
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


def all_of(connection: Connection) -> list[Person]:
    rows = connection.execute(select(*COLUMNS, staff.c.all_panels).order_by(staff.c.folded))
    return [person(connection, row) for row in rows.all()]


def password_hash(connection: Connection, username: str) -> str | None:
    return connection.scalar(select(staff.c.password_hash).where(staff.c.folded == folded(username)))


def anyone(connection: Connection) -> bool:
    """Whether somebody can sign in at all."""
    return connection.scalar(select(staff.c.id).where(staff.c.disabled_at.is_(None)).limit(1)) is not None


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
        made = await connection.execute(
            insert(staff).values(**values, all_panels=panel_ids is None, created_at=now).returning(staff.c.id)
        )
    except IntegrityError:
        raise Conflict(f"There is somebody named {shown!r} already. Choose another name.") from None
    staff_id = int(made.scalar_one())
    for panel_id in sorted(set(panel_ids or ())):
        await connection.execute(insert(staff_panels).values(staff_id=staff_id, panel_id=panel_id))
    return staff_id


async def allow(connection: AsyncConnection, staff_id: int, panel_ids: Sequence[int]) -> None:
    """These panels too, for somebody who does not see every one."""
    for panel_id in panel_ids:
        await connection.execute(insert(staff_panels).values(staff_id=staff_id, panel_id=panel_id))


async def disable(connection: AsyncConnection, staff_id: int, now: datetime) -> None:
    """Their sessions end in the same transaction."""
    still_may = update(staff).where(staff.c.id == staff_id, staff.c.disabled_at.is_(None))
    await connection.execute(still_may.values(disabled_at=now))
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
    """Any of language, time_zone, theme, density."""
    await connection.execute(update(staff).where(staff.c.id == staff_id).values(**preferences))


async def rehash(connection: AsyncConnection, staff_id: int, password_hash: str) -> None:
    """The same password under today's parameters: sessions stay."""
    await connection.execute(update(staff).where(staff.c.id == staff_id).values(password_hash=password_hash))


async def end_sessions(connection: AsyncConnection, staff_id: int) -> None:
    await connection.execute(delete(sessions).where(sessions.c.staff_id == staff_id))
