"""Days of somebody's calendar, counted by the database: its rows have times in UTC, and a day begins at another hour for each person.

How far local time is ahead changes with summer time, so it is given for each part of the span that is asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Integer, bindparam, case
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from hyperpanel.db.types import Moment

EPOCH = date(1970, 1, 1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ahead:
    """Until this moment local time is so many seconds ahead of UTC."""

    until: datetime
    seconds: int


def ahead(zone: ZoneInfo, since: datetime, until: datetime) -> list[Ahead]:
    """Of a whole span, the earliest part first. No zone changes its clocks twice within a day."""
    found: list[Ahead] = []
    at = since
    while at < until:
        seconds, following = seconds_ahead(zone, at), at + DAY
        while following < until and seconds_ahead(zone, following) == seconds:
            following += DAY
        at = min(until, change(zone, following - DAY, following))
        found.append(Ahead(at, seconds))
    return found


def change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second with another offset than `before`; `after` if there is none."""
    seconds = seconds_ahead(zone, before)
    if seconds_ahead(zone, after) == seconds:
        return after
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if seconds_ahead(zone, middle) == seconds else (before, middle)
    return after


def seconds_ahead(zone: ZoneInfo, at: datetime) -> int:
    return int((at.astimezone(zone).utcoffset() or timedelta(0)).total_seconds())


class local_day(FunctionElement[int]):
    """The number of days since 1970 of a moment's local date."""

    inherit_cache = True
    type = BigInteger()

    def __init__(self, at: ColumnElement[Any], seconds: ColumnElement[int]) -> None:
        super().__init__(at, seconds)


@compiles(local_day)
def _sqlite(element: local_day, compiler: Any, **how: Any) -> str:
    at, seconds = (compiler.process(part, **how) for part in element.clauses)
    return f"(({at} + {seconds} * 1000000) / 86400000000)"


@compiles(local_day, "postgresql")
def _postgresql(element: local_day, compiler: Any, **how: Any) -> str:
    at, seconds = (compiler.process(part, **how) for part in element.clauses)
    return f"CAST(floor((extract(epoch from {at}) + {seconds}) / 86400) AS bigint)"


def day_of(at: ColumnElement[Any], parts: int) -> ColumnElement[int]:
    """With values for so many parts of the span, which `values` gives."""
    parted = [(at < bindparam(f"until_{n}", type_=Moment), seconds(n)) for n in range(parts - 1)]
    return local_day(at, case(*parted, else_=seconds(parts - 1)) if parted else seconds(0))


def seconds(part: int) -> ColumnElement[int]:
    return bindparam(f"ahead_{part}", type_=Integer)


def values(parts: Sequence[Ahead]) -> dict[str, Any]:
    given = {f"until_{n}": part.until for n, part in enumerate(parts[:-1])}
    return given | {f"ahead_{n}": part.seconds for n, part in enumerate(parts)}


def dated(number: int) -> date:
    return EPOCH + number * DAY
