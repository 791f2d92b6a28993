"""Saved views: the filters, sort, columns and panels of a list under a name, private or shared.

Callers write the audit. One that is deleted is only marked, so that it can be taken back with the number that links have; whoever saves the
next one takes away what was marked a day ago.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.panels import folded
from hyperpanel.db.schema import staff, views
from hyperpanel.errors import Conflict, HyperpanelError, Missing

MOST = 50
MOST_OFFERED = 500
LONGEST_NAME = 64
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class View:
    """`noun`: which list; `query`: as hyperpanel.web.view_addresses writes it; `owner`: a username."""

    id: int
    staff_id: int
    noun: str
    name: str
    query: str
    shared: bool
    updated_at: datetime
    owner: str


class NameTaken(Conflict):
    """One person's views of one list have names of their own."""


class TooMany(HyperpanelError):
    """A person has no more than MOST."""


COLUMNS = (*(views.c[name] for name in View.__dataclass_fields__ if name != "owner"), staff.c.username.label("owner"))
BOTH = select(*COLUMNS).join(staff, staff.c.id == views.c.staff_id)
OFFERED = (
    BOTH.where(
        or_(views.c.staff_id == bindparam("staff"), and_(views.c.shared.is_(True), staff.c.disabled_at.is_(None))),
        views.c.deleted_at.is_(None),
    )
    .order_by(views.c.staff_id != bindparam("staff"), views.c.noun, views.c.folded, views.c.id)
    .limit(MOST_OFFERED)
)
"""Built once: every whole page asks it."""


def offered(connection: Connection, staff_id: int) -> list[View]:
    """Their own, which no number of others' keeps out, and those that others share, each list's by name. Who was disabled shares nothing."""
    found = [View(*row) for row in connection.execute(OFFERED, {"staff": staff_id})]
    return sorted(found, key=lambda view: (view.noun, folded(view.name), view.id))


def deleted(connection: Connection, staff_id: int, view_id: int) -> View | None:
    asked = BOTH.where(views.c.id == view_id, views.c.staff_id == staff_id, views.c.deleted_at.is_not(None))
    row = connection.execute(asked).one_or_none()
    return View(*row) if row else None


async def add(
    connection: AsyncConnection, staff_id: int, noun: str, name: str, query: str, shared: bool, now: datetime
) -> int:
    """Its id. Raises NameTaken and TooMany."""
    await forget(connection, staff_id, noun, name, now)
    await room(connection, staff_id)
    values = {"staff_id": staff_id, "noun": noun, "name": name, "folded": folded(name), "query": query}
    try:
        made = await connection.execute(
            insert(views).values(**values, shared=shared, created_at=now, updated_at=now).returning(views.c.id)
        )
    except IntegrityError:
        raise NameTaken(name) from None
    return int(made.scalar_one())


async def forget(connection: AsyncConnection, staff_id: int, noun: str, name: str, now: datetime) -> None:
    """What was deleted long ago, and what was deleted under this name."""
    named = (views.c.noun == noun) & (views.c.folded == folded(name))
    gone = (views.c.staff_id == staff_id) & views.c.deleted_at.is_not(None)
    await connection.execute(delete(views).where(gone, or_(named, views.c.deleted_at < now - KEPT)))


async def room(connection: AsyncConnection, staff_id: int) -> None:
    mine = (views.c.staff_id == staff_id) & views.c.deleted_at.is_(None)
    if (await connection.scalar(select(func.count(views.c.id)).where(mine)) or 0) >= MOST:
        raise TooMany


async def held(connection: AsyncConnection, staff_id: int, view_id: int) -> View:
    """One of this person's own, which nobody else changes until the transaction ends. Raises Missing."""
    asked = BOTH.where(views.c.id == view_id, views.c.staff_id == staff_id, views.c.deleted_at.is_(None))
    row = (await connection.execute(asked.with_for_update(of=views))).one_or_none()
    if row is None:
        raise Missing("view")
    return View(*row)


async def change(connection: AsyncConnection, view_id: int, now: datetime, **values: Any) -> None:
    """`name`, `query` or `shared`. Raises NameTaken."""
    if "name" in values:
        values["folded"] = folded(values["name"])
    try:
        await connection.execute(update(views).where(views.c.id == view_id).values(**values, updated_at=now))
    except IntegrityError:
        raise NameTaken(values.get("name", "")) from None


async def remove(connection: AsyncConnection, view_id: int, now: datetime) -> None:
    await connection.execute(update(views).where(views.c.id == view_id).values(deleted_at=now))


async def restore(connection: AsyncConnection, staff_id: int, view_id: int) -> None:
    """Raises Missing, and TooMany where others took its place."""
    await room(connection, staff_id)
    mine = (views.c.id == view_id) & (views.c.staff_id == staff_id) & views.c.deleted_at.is_not(None)
    made = await connection.execute(update(views).where(mine).values(deleted_at=None))
    if not made.rowcount:
        raise Missing("view")
