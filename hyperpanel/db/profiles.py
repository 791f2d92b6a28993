"""Profiles of reports: ways of looking that everybody shares. `settings` is text here; hyperpanel.support.profiles knows what it says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.panels import folded
from hyperpanel.db.schema import profiles
from hyperpanel.errors import Conflict


@dataclass(frozen=True)
class Kept:
    """A profile as it is stored."""

    id: str
    kind: str
    name: str
    settings: str
    created_at: datetime
    created_by: str


class NameTaken(Conflict):
    """Two profiles of one kind cannot have one name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"A profile named {name!r} is there already. Choose another name.")


COLUMNS = tuple(profiles.c[name] for name in Kept.__dataclass_fields__)


def all_of(connection: Connection, kind: str) -> list[Kept]:
    """By name."""
    asked = select(*COLUMNS).where(profiles.c.kind == kind).order_by(profiles.c.folded)
    return [Kept(*row) for row in connection.execute(asked)]


def one(connection: Connection, profile_id: str) -> Kept | None:
    row = connection.execute(select(*COLUMNS).where(profiles.c.id == profile_id)).one_or_none()
    return Kept(*row) if row else None


async def held(connection: AsyncConnection, profile_id: str) -> Kept | None:
    """The same, which nobody else changes until the transaction ends."""
    asked = select(*COLUMNS).where(profiles.c.id == profile_id).with_for_update()
    row = (await connection.execute(asked)).one_or_none()
    return Kept(*row) if row else None


async def add(connection: AsyncConnection, kind: str, name: str, settings: str, by: str, now: datetime) -> str:
    """Its id. Raises NameTaken."""
    made = {"id": uuid4().hex, "kind": kind, "name": name, "folded": folded(name), "settings": settings}
    try:
        await connection.execute(insert(profiles).values(**made, created_at=now, created_by=by))
    except IntegrityError:
        raise NameTaken(name) from None
    return made["id"]


async def change(connection: AsyncConnection, profile_id: str, name: str, settings: str) -> None:
    """Raises NameTaken."""
    values = {"name": name, "folded": folded(name), "settings": settings}
    try:
        await connection.execute(update(profiles).where(profiles.c.id == profile_id).values(**values))
    except IntegrityError:
        raise NameTaken(name) from None


async def remove(connection: AsyncConnection, profile_id: str) -> None:
    await connection.execute(delete(profiles).where(profiles.c.id == profile_id))
