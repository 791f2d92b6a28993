"""Snooze until worse (M2): when a service that was put aside has to be looked at again, and why.

A snooze is judged by the report that it was set in: that one's window, hours until stuck, multiplier and least orders. What cannot be
computed wakes nothing, and neither does what an overdue panel said last: only time passes without it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from hyperpanel.config import Sync
from hyperpanel.db import snoozes
from hyperpanel.db.engine import Database
from hyperpanel.db.reader import ReaderFailed
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.snoozes import RECOVERED, TIME, WORSE, New, Snooze
from hyperpanel.errors import BadInput, HyperpanelError
from hyperpanel.support import feed_ages, service_tracking
from hyperpanel.support.service_tracking import Asked, Row
from hyperpanel.support.wanted import N_
from reports import freshness, service_health, windows
from reports.service_health import Measure

log = structlog.get_logger()
SCORE_WORSE, STUCK_WORSE = 15, 2
LATELY = timedelta(days=7)
"""For so long it is told what woke, and why."""

LONGEST = timedelta(days=90)


@dataclass(frozen=True)
class State:
    """Asleep while `why` is None; else it woke because of time, recovered or worse, and the report said this."""

    why: str | None = None
    score: float | None = None
    stuck: int | None = None

    @property
    def is_asleep(self) -> bool:
        return self.why is None


ASLEEP = State()


def state(snooze: Snooze, row: Row | None, now: datetime) -> State:
    """`row`: what the snooze's own report says of the service now; None where that is not known."""
    told = (row.score, row.stuck) if row else (None, None)
    if snooze.until is not None and now >= snooze.until:
        return State(TIME, *told)
    if row is not None and snooze.wakes == RECOVERED and row.band == service_health.HEALTHY:
        return State(RECOVERED, *told)
    return State(WORSE, *told) if row is not None and snooze.wakes == WORSE and is_worse(snooze, row) else ASLEEP


def is_worse(snooze: Snooze, row: Row) -> bool:
    """By the score as it is, not as it is shown: what stands at nought can still fall. What had none is worse once it is urgent."""
    if row.stuck >= max(1, STUCK_WORSE * snooze.stuck):
        return True
    if snooze.score is None or row.score is None:
        return snooze.score is None and row.band in service_health.URGENT
    return row.score <= snooze.score - SCORE_WORSE


@dataclass(frozen=True)
class Wish:
    """How a person wants to snooze. Raises BadInput where that can never end, or ends too late."""

    by: str
    now: datetime
    wakes: str = TIME
    until: datetime | None = None
    why: str = ""
    measure: Measure = field(default_factory=Measure)
    hours: float = float(windows.USUAL)

    def __post_init__(self) -> None:
        if self.wakes not in snoozes.WAKES:
            raise BadInput(N_("Choose what ends the snooze."), "wakes")
        if self.wakes == TIME and self.until is None:
            raise BadInput(N_("Say until when."), "until")
        if self.until is not None and not self.now < self.until <= self.now + LONGEST:
            raise BadInput(N_("Choose a time within the next 90 days."), "until")


def new(row: Row, wish: Wish) -> New:
    """For snoozes.put."""
    return New(
        panel_id=row.panel_id,
        service_id=row.service_id,
        by=wish.by,
        why=wish.why,
        until=wish.until,
        wakes=wish.wakes,
        hours=wish.hours,
        stuck_after=wish.measure.stuck_after / timedelta(hours=1),
        multiplier=wish.measure.multiplier,
        min_orders=wish.measure.min_orders,
        score=row.score,
        stuck=row.stuck,
    )


async def wake_up(database: Database, settings: Sync, now: datetime) -> int:
    """Every snooze that runs is looked at, and ends where it is time: how many did. Time passes without a report."""
    asleep = await database.read(lambda connection: snoozes.running(connection, EVERYTHING))
    over = [(one, state(one, None, now)) for one in asleep]
    woken = await end(database, [(one, found) for one, found in over if not found.is_asleep], now)
    fresh = await database.read(lambda connection: on_time(connection, asleep, settings, now))
    left = [one for one, found in over if found.is_asleep and one.wakes != TIME and one.panel_id in fresh]
    for asked, alike in by_report(left, now):
        try:
            frame = await database.watcher.ask(service_tracking.made, asked)
        except (HyperpanelError, ReaderFailed) as problem:
            log.error("snoozes could not be judged; they are looked at again", count=len(alike), problem=str(problem))
            continue
        rows = {row.service: row for row in service_tracking.rows(frame)}
        states = [(one, state(one, rows.get(one.service), now)) for one in alike]
        woken += await end(database, [(one, found) for one, found in states if not found.is_asleep], now)
    return woken


def on_time(connection: Connection, asleep: Sequence[Snooze], settings: Sync, now: datetime) -> set[int]:
    """The panels whose figures can be believed."""
    scope = EVERYTHING.narrowed({one.panel_id for one in asleep})
    standings = feed_ages.standings(connection, scope, ("orders",), settings, now)
    return {panel_id for panel_id, one in standings.items() if one.state == freshness.ON_TIME}


def by_report(asleep: Iterable[Snooze], now: datetime) -> list[tuple[Asked, list[Snooze]]]:
    """Those that were set in the same report are judged by one."""
    found: dict[tuple[float, float, float, int], list[Snooze]] = {}
    for one in asleep:
        found.setdefault((one.hours, one.stuck_after, one.multiplier, one.min_orders), []).append(one)
    return [(asked(alike, now), alike) for alike in found.values()]


def asked(alike: Sequence[Snooze], now: datetime) -> Asked:
    one = alike[0]
    measure = Measure(timedelta(hours=one.stuck_after), one.multiplier, one.min_orders)
    scope = EVERYTHING.narrowed({each.panel_id for each in alike})
    return Asked(scope, windows.of_hours(one.hours, now), measure, frozenset(each.service for each in alike))


async def end(database: Database, woken: Sequence[tuple[Snooze, State]], now: datetime) -> int:
    ended = 0
    if not woken:
        return 0
    async with database.write() as connection:
        for snooze, found in woken:
            ended += await snoozes.wake(connection, snooze, found.why or "", found.score, found.stuck, now)
    return ended
