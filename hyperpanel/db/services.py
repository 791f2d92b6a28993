"""The catalogue: what a list of services can be asked for, one of them with its changes, and a few to choose from.

A rate is in its panel's currency, which the row does not say: rates stand by panel first, so that no currency is ranked among another's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Select, Text, bindparam, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from hyperpanel.db.lists import Listing, Sort
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import descriptions, orders, panel_secrets, plans, service_changes, services
from hyperpanel.db.scope import EVERYTHING, Scope

SERVICES_KEY = "services_key"
LOOKED_AT = 20_000
"""Services that are looked through for their types and categories."""

COUNTED = 1_000
"""Orders of a service, the newest, that are counted by status."""

MOST_CHANGES = 100
BY_NUMBER = {"": "ix_services_number"}
"""No other order of rows has an index: a panel's catalogue is short enough to be put in order."""


class start_of(FunctionElement[str]):
    """By which names are sorted: a place in the list has to fit into an address. Sign by sign on both systems, as Python merges what several
    statements found: a collation of PostgreSQL's would lose rows between two pages."""

    inherit_cache = True
    type = Text()

    def __init__(self, name: ColumnElement[str]) -> None:
        super().__init__(name)


@compiles(start_of)
def _sqlite(element: start_of, compiler: Any, **how: Any) -> str:
    [name] = element.clauses
    return f"lower(substr({compiler.process(name, **how)}, 1, 64))"


@compiles(start_of, "postgresql")
def _postgresql(element: start_of, compiler: Any, **how: Any) -> str:
    [name] = element.clauses
    return f'(lower(substr({compiler.process(name, **how)}, 1, 64)) COLLATE "C")'


START = start_of(services.c.name)
SIGNS = 200
"""Of a description, as many as a list can show."""

BEGINNING = func.substr(descriptions.c.body, 1, SIGNS)
OF_THE_SERVICE = (descriptions.c.panel_id == services.c.panel_id, descriptions.c.service_id == services.c.id)
DESCRIPTION = EVERYTHING.select(BEGINNING).where(*OF_THE_SERVICE).correlate(services).scalar_subquery()
DESCRIBED = EVERYTHING.select(descriptions.c.service_id).where(*OF_THE_SERVICE).correlate(services).exists()
"""Both are of a row of the services, which a scope has let through."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """A service as a list shows it; `panel_id` and `id` name it. `rate` is per 1000, in units of the panel's currency."""

    panel_id: int
    id: str
    name: str
    start: str
    type: str | None
    category: str | None
    rate: int | None
    min: int | None
    max: int | None
    refill: bool | None
    cancel: bool | None
    description: str | None


class Service(Line, frozen=True, gc=False):
    """All that is kept of one."""

    first_seen_at: datetime
    seen_at: datetime
    gone_at: datetime | None


FIGURES: dict[str, ColumnElement[Any]] = {"start": START, "description": DESCRIPTION}
COLUMNS = tuple(FIGURES.get(name, services.c.get(name)) for name in Service.__struct_fields__)
LISTING = Listing(
    table=services,
    line=Line,
    sorts={
        "id": Sort((func.length(services.c.id, type_=BigInteger),), BY_NUMBER, rising=True),
        "name": Sort((START,), BY_NUMBER, rising=True),
        "rate": Sort((services.c.panel_id, services.c.rate), BY_NUMBER, rising=True),
        "min": Sort((services.c.min,), BY_NUMBER, rising=True),
        "max": Sort((services.c.max,), BY_NUMBER),
    },
    values={
        "type": services.c.type,
        "refill": services.c.refill,
        "cancel": services.c.cancel,
        "described": DESCRIBED,
    },
    parts={"name": (services.c.name,), "category": (services.c.category,)},
    numbers=((services.c.id, None),),
    figures=FIGURES,
)


@dataclass(frozen=True)
class Change:
    """Of a name, a rate or both: it happened after `not_before` and no later than `not_after`."""

    name_was: str
    name_now: str
    rate_was: int | None
    rate_now: int | None
    not_before: datetime
    not_after: datetime


def one(connection: Connection, scope: Scope, panel_id: int, service_id: str) -> Service | None:
    row = connection.execute(
        scope.select(*COLUMNS).where(services.c.panel_id == panel_id, services.c.id == service_id)
    ).one_or_none()
    return Service(*row) if row else None


def changes(connection: Connection, scope: Scope, panel_id: int, service_id: str) -> list[Change]:
    """The newest first."""
    kept = [service_changes.c[name] for name in Change.__dataclass_fields__]
    asked = scope.select(*kept).where(
        service_changes.c.panel_id == panel_id, service_changes.c.service_id == service_id
    )
    newest = asked.order_by(service_changes.c.number.desc()).limit(MOST_CHANGES)
    return [Change(*row) for row in connection.execute(newest)]


def as_of(connection: Connection, scope: Scope, service: Service) -> datetime:
    """A catalogue comes whole each time: what is still in it was so when it was last read."""
    if service.gone_at:
        return service.gone_at
    asked = scope.select(plans.c.as_of).where(
        plans.c.panel_id == service.panel_id, plans.c.stream == "services", plans.c.plan == "head"
    )
    read = connection.scalar(asked)
    return max(service.seen_at, read) if read else service.seen_at


def orders_by_status(connection: Connection, scope: Scope, panel_id: int, service_id: str) -> dict[str, int]:
    """Of the newest orders of a service, at most COUNTED of them."""
    asked = scope.select(orders.c.status).where(
        orders.c.panel_id == panel_id, orders.c.service_id == service_id, orders.c.gone_at.is_(None)
    )
    by_time = pinned(asked, orders, "ix_orders_panel_id_service_id_created_at_id_gone_at")
    newest = by_time.order_by(orders.c.created_at.desc()).limit(COUNTED).subquery()
    counted = select(newest.c.status, func.count()).group_by(newest.c.status).order_by(func.count().desc())
    rows = connection.execute(counted.order_by(newest.c.status).execution_options(scoped=True))
    return {str(row[0]): int(row[1]) for row in rows}


def keyed(connection: Connection, scope: Scope) -> frozenset[int]:
    """The panels that have the key of an ordinary account, without which no catalogue is read; what it is, nobody is shown."""
    return frozenset(
        connection.scalars(scope.select(panel_secrets.c.panel_id).where(panel_secrets.c.name == SERVICES_KEY))
    )


def types(connection: Connection, scope: Scope, panel_ids: Sequence[int], most: int) -> list[str]:
    return list(connection.scalars(distinct(scope.narrowed(panel_ids), services.c.type), {"most": most}))


def categories(connection: Connection, scope: Scope, panel_ids: Sequence[int], most: int) -> list[str]:
    return list(connection.scalars(distinct(scope.narrowed(panel_ids), services.c.category), {"most": most}))


@lru_cache(maxsize=256)
def distinct(scope: Scope, column: Column[str]) -> Select[Any]:
    """What a column has now, as far as LOOKED_AT reaches."""
    some = scope.select(column.label("value")).where(services.c.gone_at.is_(None)).limit(LOOKED_AT).subquery()
    asked = select(some.c.value).where(some.c.value.is_not(None)).distinct().order_by(some.c.value)
    return asked.limit(bindparam("most")).execution_options(scoped=True)


def names(connection: Connection, scope: Scope, panel_ids: Sequence[int], most: int) -> dict[str, str]:
    """Some services by their number. Panels number theirs alike: the first one's name is told."""
    found: dict[str, str] = {}
    for number, name in connection.execute(naming(scope.narrowed(panel_ids)), {"most": most}):
        found.setdefault(number, name)
    return found


@lru_cache(maxsize=256)
def naming(scope: Scope) -> Select[Any]:
    asked = scope.select(services.c.id, services.c.name).where(services.c.gone_at.is_(None))
    return asked.order_by(services.c.panel_id, services.c.id).limit(bindparam("most"))
