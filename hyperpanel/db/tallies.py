"""How many records of each status are held, and what they come to by currency: kept with every page that is written, in its transaction.

To count ten million orders takes seconds, and a page changes a hundred of them. What is gone is not held. A sum stands in two columns, how
often UNIT goes into it and the rest: SQLite makes a float, in silence, of what outgrows 64 bits.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Select

from hyperpanel.db.pages import COUNTED, Live
from hyperpanel.db.schema import tallies
from hyperpanel.db.scope import Scope
from sync.store import FeedKey, Fresh

UNIT = 100_000_000
COLUMNS = ("panel_id", "stream", "status", "currency", "held", "whole", "parts")
Moves = dict[tuple[str, str], tuple[int, int]]
"""By status and currency how many more are held, and how many units more they come to."""


@dataclass(frozen=True, slots=True)
class Held:
    """Of one status in one currency, which is empty for records without an amount. `units`: as in sync.money."""

    panel_id: int
    stream: str
    status: str
    currency: str
    held: int
    units: int


def moves(stream: str, fresh: Sequence[Fresh], live: Mapping[str, Live]) -> Moves:
    """What a page changes: what its records were is taken off, and what they are is added."""
    found: Moves = {}
    if stream not in COUNTED:
        return found
    told = teller(stream)
    for item in fresh:
        was, now = live.get(item.record.id), told(item.record)
        if was is None or was.is_gone:
            move(found, now, 1)
        elif was.counted != now:
            move(found, was.counted, -1)
            move(found, now, 1)
    return found


@cache
def teller(stream: str) -> Callable[[Any], tuple[Any, ...]]:
    """Of one name alone, attrgetter makes no tuple."""
    names = COUNTED[stream]
    return attrgetter(*names) if len(names) > 1 else lambda record: (getattr(record, names[0]),)


def move(found: Moves, counted: Sequence[Any], by: int) -> None:
    status, units, currency = counted if len(counted) > 1 else (*counted, None, None)
    key = (status, "" if units is None else currency or "")
    held, sum_of_units = found.get(key, (0, 0))
    found[key] = held + by, sum_of_units + by * (units or 0)


def lost(stream: str, rows: Iterable[Sequence[Any]]) -> Moves:
    """What goes with rows that are gone, read as COUNTED says."""
    found: Moves = {}
    for row in rows if stream in COUNTED else ():
        move(found, row, -1)
    return found


def keep(connection: Connection, feed: FeedKey, made: Moves) -> None:
    """In the order of the key, and only what moved."""
    rows = [
        (feed.panel_id, feed.stream, status, currency, held, *divmod(units, UNIT))
        for (status, currency), (held, units) in sorted(made.items())
        if held or units
    ]
    if rows:
        connection.exec_driver_sql(adding(connection.dialect.name), rows)


@cache
def adding(dialect: str) -> str:
    mark = "?" if dialect == "sqlite" else "%s"
    sums = ", ".join(f"{name} = tallies.{name} + excluded.{name}" for name in ("held", "whole", "parts"))
    return (
        f"INSERT INTO tallies ({', '.join(COLUMNS)}) VALUES ({', '.join([mark] * len(COLUMNS))}) "  # noqa: S608
        f"ON CONFLICT (panel_id, stream, status, currency) DO UPDATE SET {sums}"
    )


def all_of(connection: Connection, scope: Scope) -> list[Held]:
    return [
        Held(panel_id, stream, status, currency, held, whole * UNIT + parts)
        for panel_id, stream, status, currency, held, whole, parts in connection.execute(standing(scope))
    ]


@lru_cache(maxsize=256)
def standing(scope: Scope) -> Select[Any]:
    asked = scope.select(*(tallies.c[name] for name in COLUMNS)).where(tallies.c.held > 0)
    return asked.order_by(tallies.c.panel_id, tallies.c.stream, tallies.c.status, tallies.c.currency)
