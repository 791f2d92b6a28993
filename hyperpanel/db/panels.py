"""Panels: added with their keys sealed, paused and resumed as rows, removed with all that was read from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, delete, func, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import troubles
from hyperpanel.db.engine import Database
from hyperpanel.db.schema import (
    budgets,
    feeds,
    metadata,
    order_flips,
    orders,
    panel_secrets,
    panels,
    pauses,
    plans,
    runs,
    services,
    set_aside,
    staff_panels,
)
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Conflict, Missing
from hyperpanel.vault import Vault
from sync.connectors.base import Access, Stream
from sync.verdicts import Trouble

REMOVED_AT_ONCE = 5000


@dataclass(frozen=True)
class Panel:
    """An upstream installation. `rate`: calls a second that its owner allows us."""

    id: int
    name: str
    kind: str
    url: str
    currency: str
    time_zone: str
    rate: float
    private: bool


@dataclass(frozen=True)
class Pause:
    """Why a panel (or one of its streams) is not read."""

    panel_id: int
    stream: str | None
    by: str
    why: str
    trouble: Trouble | None
    at: datetime


def folded(name: str) -> str:
    """Names that differ in case alone are one name."""
    return " ".join(name.split()).casefold()


def all_of(connection: Connection, scope: Scope) -> list[Panel]:
    return [Panel(*row) for row in connection.execute(listing(scope))]


@lru_cache(maxsize=256)
def listing(scope: Scope) -> Select[Any]:
    """Built once for each scope: every page asks this, and building costs more than asking."""
    return scope.select(*(panels.c[name] for name in Panel.__dataclass_fields__)).order_by(panels.c.name)


def named(connection: Connection, scope: Scope, names: Iterable[str]) -> list[Panel]:
    """The panels of these names, in their order; raises Missing for the first that is none of this scope's."""
    by_name = {folded(panel.name): panel for panel in all_of(connection, scope)}
    found = []
    for name in names:
        if folded(name) not in by_name:
            known = ", ".join(panel.name for panel in by_name.values()) or "none yet"
            raise Missing(f"There is no panel {name!r}. Panels: {known}.")
        found.append(by_name[folded(name)])
    return found


def running_pauses(connection: Connection, scope: Scope) -> list[Pause]:
    rows = connection.execute(pausing(scope))
    return [Pause(row.panel_id, row.stream, row.by, row.why, troubles.load(row.trouble), row.at) for row in rows]


@lru_cache(maxsize=256)
def pausing(scope: Scope) -> Select[Any]:
    kept = (pauses.c.panel_id, pauses.c.stream, pauses.c.by, pauses.c.why, pauses.c.trouble, pauses.c.at)
    return scope.select(*kept).where(pauses.c.ended_at.is_(None)).order_by(pauses.c.at)


async def add(
    connection: AsyncConnection,
    panel: Panel,
    secrets: Mapping[str, str],
    streams: Sequence[Stream],
    vault: Vault,
    now: datetime,
) -> int:
    """A panel with its keys, its budget and its feeds, due at once. Raises Conflict for a name in use. `panel.id` is not read."""
    values = {name: getattr(panel, name) for name in Panel.__dataclass_fields__ if name != "id"}
    try:
        made = await connection.execute(
            insert(panels).values(**values, folded=folded(panel.name), created_at=now).returning(panels.c.id)
        )
    except IntegrityError:
        raise Conflict(
            f"A panel named {panel.name!r} is there already. Choose another name, or remove that one first."
        ) from None
    panel_id = int(made.scalar_one())
    await set_secrets(connection, panel_id, secrets, vault)
    await connection.execute(insert(budgets).values(panel_id=panel_id, pace=panel.rate, free_at=now, number=0))
    await add_feeds(connection, panel_id, streams, now)
    return panel_id


async def set_secrets(connection: AsyncConnection, panel_id: int, secrets: Mapping[str, str], vault: Vault) -> None:
    for name, secret in secrets.items():
        sealed = vault.seal(secret, place(panel_id, name))
        await connection.execute(
            delete(panel_secrets).where(panel_secrets.c.panel_id == panel_id, panel_secrets.c.name == name)
        )
        await connection.execute(insert(panel_secrets).values(panel_id=panel_id, name=name, sealed=sealed))


async def add_feeds(connection: AsyncConnection, panel_id: int, streams: Sequence[Stream], now: datetime) -> None:
    for stream in streams:
        await connection.execute(insert(feeds).values(panel_id=panel_id, stream=stream.name))
        for plan in stream.plans:
            await connection.execute(insert(plans).values(panel_id=panel_id, stream=stream.name, plan=plan, due_at=now))


async def pause(
    connection: AsyncConnection, panel_id: int, stream: str | None, by: str, why: str, now: datetime
) -> None:
    """A second pause of the same feed changes nothing."""
    running = select(pauses.c.id).where(
        pauses.c.panel_id == panel_id, pauses.c.stream.is_not_distinct_from(stream), pauses.c.ended_at.is_(None)
    )
    if (await connection.execute(running)).first() is None:
        await connection.execute(
            insert(pauses).values(panel_id=panel_id, id=uuid4().hex, stream=stream, by=by, why=why, at=now)
        )


async def resume(connection: AsyncConnection, panel_id: int, stream: str | None, by: str, now: datetime) -> int:
    """End the pauses of a feed, or with stream None those of the whole panel and all its streams; its plans are due at once."""
    ended = update(pauses).where(pauses.c.panel_id == panel_id, pauses.c.ended_at.is_(None))
    due = update(plans).where(plans.c.panel_id == panel_id)
    if stream is not None:
        ended = ended.where(pauses.c.stream == stream)
        due = due.where(plans.c.stream == stream)
    count = (await connection.execute(ended.values(ended_at=now, ended_by=by))).rowcount
    if count:
        await connection.execute(due.values(due_at=now))
    return count


async def run_now(connection: AsyncConnection, panel_id: int, stream: str, now: datetime) -> None:
    await connection.execute(
        update(plans).where(plans.c.panel_id == panel_id, plans.c.stream == stream).values(due_at=now)
    )


def holdings(connection: Connection, panel: Panel) -> dict[str, int]:
    """What goes with a panel: rows by table."""
    tables = {"orders": orders, "services": services}
    return {
        name: connection.scalar(
            Scope(frozenset({panel.id})).select(func.count()).select_from(table).where(table.c.panel_id == panel.id)
        )
        or 0
        for name, table in tables.items()
    }


async def remove(database: Database, panel: Panel) -> None:
    """All of a panel, in small transactions so that nobody waits long; the panel's own row goes last."""
    for table in (order_flips, orders, services, set_aside, runs):
        while await removed_some(database, table.name, panel.id):
            pass
    async with database.write() as connection:
        for table in (plans, feeds, pauses, budgets, panel_secrets, staff_panels):
            await connection.execute(delete(table).where(table.c.panel_id == panel.id))
        await connection.execute(delete(panels).where(panels.c.id == panel.id))


async def removed_some(database: Database, name: str, panel_id: int) -> bool:
    keys = list(metadata.tables[name].primary_key.columns)
    some = select(*keys).where(keys[0] == panel_id).limit(REMOVED_AT_ONCE)
    async with database.write() as connection:
        gone = await connection.execute(delete(metadata.tables[name]).where(tuple_(*keys).in_(some)))
    return gone.rowcount > 0


def access(connection: Connection, vault: Vault, panel_id: int) -> Access:
    """How to reach a panel, with its keys opened. Raises Unusable under another master key."""
    row = connection.execute(select(panels).where(panels.c.id == panel_id)).mappings().one()
    sealed = connection.execute(
        select(panel_secrets.c.name, panel_secrets.c.sealed).where(panel_secrets.c.panel_id == panel_id)
    )
    opened = {name: vault.open(bytes(blob), place(panel_id, name)) for name, blob in sealed}
    return Access(
        panel=row["name"],
        url=row["url"],
        currency=row["currency"],
        zone=ZoneInfo(row["time_zone"]),
        admin_key=opened.get("admin_key", ""),
        services_key=opened.get("services_key"),
        private=row["private"],
    )


def kind(connection: Connection, panel_id: int) -> str:
    return str(connection.scalar(select(panels.c.kind).where(panels.c.id == panel_id)))


def place(panel_id: int, name: str) -> str:
    return f"panel_secrets|{panel_id}|{name}"
