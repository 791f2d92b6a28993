"""Panels: listed, added with their keys sealed, paused and resumed as rows, and opened for whoever reads them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import panel_ids, troubles
from hyperpanel.db.schema import budgets, feeds, panel_secrets, panels, pauses, plans
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.errors import Conflict, Missing
from hyperpanel.vault import Vault
from sync.connectors.base import Access, Stream
from sync.pacing import FIRST_SWEEP
from sync.verdicts import Trouble

REMOVAL = "removal"
"""The id of the pause that marks a panel which is being removed."""


@dataclass(frozen=True)
class Panel:
    """An upstream installation. `rate`: calls a second that its owner allows us; `order_digits`: of its shortest order number, where that is
    not six."""

    id: int
    name: str
    kind: str
    url: str
    currency: str
    time_zone: str
    rate: float
    private: bool
    group_name: str | None = None
    order_digits: int | None = None


class NameTaken(Conflict):
    """Two panels cannot have one name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"A panel named {name!r} is there already. Choose another name, or remove that one first.")


class New(NamedTuple):
    """A panel that is not stored yet, with its keys and the streams to be read. `panel.id` is not read."""

    panel: Panel
    secrets: Mapping[str, str]
    streams: Sequence[Stream]


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
    """A panel with its keys, its budget and its feeds, due at once. Raises Conflict for a name in use."""
    [panel_id] = await add_all(connection, [New(panel, secrets, streams)], vault, now)
    return panel_id


async def add_all(connection: AsyncConnection, new: Sequence[New], vault: Vault, now: datetime) -> Sequence[int]:
    """A thousand panels are added with as many statements as one. Raises NameTaken for the first name in use."""
    if not new:
        return []
    by_name = {folded(one.panel.name): one.panel.name for one in new}
    taken = await connection.scalar(select(panels.c.folded).where(panels.c.folded.in_(by_name)).limit(1))
    if taken is not None:
        raise NameTaken(by_name[taken])
    try:
        made = insert(panels).returning(panels.c.id, sort_by_parameter_order=True)
        numbers = await panel_ids.given(connection, len(new))
        rows = [stored(one.panel, now) | number for one, number in zip(new, numbers, strict=True)]
        ids = list(await connection.scalars(made, rows))
    except IntegrityError:
        raise NameTaken(new[0].panel.name) from None
    both = list(zip(ids, new, strict=True))
    await put(connection, panel_secrets, [row for id, one in both for row in sealed(id, one.secrets, vault)])
    await put(connection, budgets, [{"panel_id": id, "pace": one.panel.rate, "free_at": now} for id, one in both])
    await add_feeds(connection, [(id, stream) for id, one in both for stream in one.streams], now)
    return ids


def stored(panel: Panel, now: datetime) -> dict[str, Any]:
    values = {name: getattr(panel, name) for name in Panel.__dataclass_fields__ if name != "id"}
    return {**values, "folded": folded(panel.name), "created_at": now}


async def put(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await connection.execute(insert(table), rows)


async def set_secrets(connection: AsyncConnection, panel_id: int, secrets: Mapping[str, str], vault: Vault) -> None:
    """Those that are named; others stay."""
    await connection.execute(
        delete(panel_secrets).where(panel_secrets.c.panel_id == panel_id, panel_secrets.c.name.in_(secrets))
    )
    await put(connection, panel_secrets, sealed(panel_id, secrets, vault))


def sealed(panel_id: int, secrets: Mapping[str, str], vault: Vault) -> list[dict[str, Any]]:
    return [
        {"panel_id": panel_id, "name": name, "sealed": vault.seal(secret, place(panel_id, name))}
        for name, secret in secrets.items()
    ]


async def add_feeds(connection: AsyncConnection, streams: Sequence[tuple[int, Stream]], now: datetime) -> None:
    """By panel; due at once but for the sweep, which compares what is held with what is there: first something has to be held."""
    await put(connection, feeds, [{"panel_id": panel_id, "stream": stream.name} for panel_id, stream in streams])
    planned = [(panel_id, stream.name, plan) for panel_id, stream in streams for plan in stream.plans]
    await put(
        connection,
        plans,
        [
            {"panel_id": panel_id, "stream": name, "plan": plan, "due_at": now + first_wait(plan)}
            for panel_id, name, plan in planned
        ],
    )


def first_wait(plan: str) -> timedelta:
    return FIRST_SWEEP if plan == "sweep" else timedelta(0)


async def pause(
    connection: AsyncConnection, panel_id: int, stream: str | None, by: str, why: str, now: datetime
) -> int:
    """How many were begun: a second pause of the same feed changes nothing."""
    running = select(pauses.c.id).where(
        pauses.c.panel_id == panel_id, pauses.c.stream.is_not_distinct_from(stream), pauses.c.ended_at.is_(None)
    )
    if (await connection.execute(running)).first() is not None:
        return 0
    begun = insert(pauses).values(panel_id=panel_id, id=uuid4().hex, stream=stream, by=by, why=why, at=now)
    return (await connection.execute(begun)).rowcount


async def resume(connection: AsyncConnection, panel_id: int, stream: str | None, by: str, now: datetime) -> int:
    """End the pauses of a feed, or with stream None those of the whole panel and all its streams; its plans are due at once.

    A removal is not called off: part of the rows may be gone.
    """
    ended = update(pauses).where(pauses.c.panel_id == panel_id, pauses.c.ended_at.is_(None), pauses.c.id != REMOVAL)
    due = update(plans).where(plans.c.panel_id == panel_id)
    if stream is not None:
        ended = ended.where(pauses.c.stream == stream)
        due = due.where(plans.c.stream == stream)
    count = (await connection.execute(ended.values(ended_at=now, ended_by=by))).rowcount
    if count:
        await lock_plans(connection, panel_id, stream)
        await connection.execute(due.values(due_at=now))
    return count


async def lock_plans(connection: AsyncConnection, panel_id: int, stream: str | None) -> None:
    """In the order that all keep to: on PostgreSQL two that move several plans could else each wait for the other."""
    mine = select(plans.c.plan).where(plans.c.panel_id == panel_id).order_by(plans.c.stream, plans.c.plan)
    await connection.execute((mine if stream is None else mine.where(plans.c.stream == stream)).with_for_update())


async def run_now(
    connection: AsyncConnection, panel_id: int, stream: str, now: datetime, plan: str | None = None
) -> None:
    """A person waits for it, or for one of its plans: it goes before all else, and where the panel is down, one call looks whether it still
    is."""
    asked = update(plans).where(plans.c.panel_id == panel_id, plans.c.stream == stream)
    if plan is not None:
        asked = asked.where(plans.c.plan == plan)
    await lock_plans(connection, panel_id, stream)
    await connection.execute(asked.values(due_at=now, asked_at=now))
    down = update(budgets).where(budgets.c.panel_id == panel_id, budgets.c.down_since.is_not(None))
    await connection.execute(down.values(probe_at=now))


def access(connection: Connection, vault: Vault, panel_id: int, scope: Scope = EVERYTHING) -> Access:
    """How to reach a panel, with its keys opened: for the engine, and for a person's `scope`. Raises Unusable under another master key."""
    row = connection.execute(scope.select(panels).where(panels.c.id == panel_id)).mappings().one()
    sealed = connection.execute(
        scope.select(panel_secrets.c.name, panel_secrets.c.sealed).where(panel_secrets.c.panel_id == panel_id)
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
    return str(connection.scalar(EVERYTHING.select(panels.c.kind).where(panels.c.id == panel_id)))


def place(panel_id: int, name: str) -> str:
    return f"panel_secrets|{panel_id}|{name}"
