"""The services of a report on complaints: which tickets of each a model is given, and the themes that it found in them.

They are planned once, when the report is begun to be made, and are done one by one; what is done stays done, whoever goes on with the rest.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import ai_reports
from hyperpanel.db.schema import ai_report_services as services
from hyperpanel.db.scope import Scope

WAITING, DONE, FAILED = "waiting", "done", "failed"


@dataclass(frozen=True)
class Theme:
    """`tickets`: those that were given and are about it, in the order in which they were given."""

    title: str
    detail: str
    tickets: tuple[str, ...]


@dataclass(frozen=True)
class Planned:
    """`tickets`: how many there are about it in the window; `given`: those that a model is given; `complaint`: what most subjects say,
    by rule. `service_id` None: tickets in which no order was found."""

    panel_id: int
    service_id: str | None
    name: str
    tickets: int
    complaint: str
    complaint_tickets: int
    given: tuple[str, ...]


@dataclass(frozen=True)
class Service(Planned):
    """`problem`: a kind of hyperpanel.ai.asks.KINDS."""

    report_id: str
    place: int
    state: str
    themes: tuple[Theme, ...]
    invented: int
    problem: str | None
    provider: str | None
    model: str | None
    at: datetime | None

    @property
    def apart(self) -> tuple[str, ...]:
        """Tickets that are in no theme."""
        inside = {id for theme in self.themes for id in theme.tickets}
        return tuple(id for id in self.given if id not in inside)


@dataclass(frozen=True)
class Progress:
    """Services: how many are done, how many could not be, and all of them; and the themes that were found."""

    done: int = 0
    failed: int = 0
    all: int = 0
    themes: int = 0


NAMED = [services.c[name] for name in Service.__dataclass_fields__]


def service(row: Any) -> Service:
    told = dict(zip(Service.__dataclass_fields__, row, strict=True))
    themes = [Theme(one["title"], one["detail"], tuple(one["tickets"])) for one in json.loads(told["themes"] or "[]")]
    return Service(**told | {"given": tuple(json.loads(told["given"])), "themes": tuple(themes)})


def of(connection: Connection, scope: Scope, report_id: str) -> list[Service]:
    """In their order: the most asked about first, those without an order last."""
    asked = scope.select(*NAMED).where(services.c.report_id == report_id).order_by(services.c.place)
    return [service(row) for row in connection.execute(asked)]


def progress(connection: Connection, scope: Scope, report_ids: Sequence[str]) -> dict[str, Progress]:
    number, found = func.count(services.c.place), func.sum(services.c.found)
    asked = scope.select(services.c.report_id, services.c.state, number.label("number"), found.label("found"))
    some = asked.where(services.c.report_id.in_(report_ids)).group_by(services.c.report_id, services.c.state)
    told: dict[str, Progress] = {}
    for row in connection.execute(some):
        was = told.get(row.report_id, Progress())
        done, failed = (row.number if row.state == state else 0 for state in (DONE, FAILED))
        made = Progress(was.done + done, was.failed + failed, was.all + row.number, was.themes + int(row.found))
        told[row.report_id] = made
    return told


async def plan(connection: AsyncConnection, report_id: str, planned: Sequence[Planned]) -> None:
    rows = [
        {**asdict(one), "given": json.dumps(one.given), "report_id": report_id, "place": place, "state": WAITING}
        for place, one in enumerate(planned)
    ]
    if rows:
        await connection.execute(insert(services), rows)


async def keep(
    connection: AsyncConnection, holder: str, one: Service, state: str, now: datetime, **values: Any
) -> bool:
    """What came of it. Whether the report is still this holder's to make."""
    if not await ai_reports.go_on(connection, one.report_id, holder, now):
        return False
    mine = (services.c.panel_id == one.panel_id, services.c.report_id == one.report_id, services.c.place == one.place)
    await connection.execute(update(services).where(*mine).values(state=state, at=now, **values))
    return True


def kept(themes: Sequence[Theme]) -> dict[str, Any]:
    """As columns."""
    return {"themes": json.dumps([asdict(one) for one in themes], ensure_ascii=False), "found": len(themes)}
