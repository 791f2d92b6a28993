"""Service tracking put together: what page, command, schedule and API show is made here, once, in the reader process.

`asked` says what is wanted; `made` reads the frames and lets reports/service_health.py judge them (one service is opened by
hyperpanel.support.service_explaining). It is as of the end of its window,
which may lie in the past (reports/service_past.py says what of then is known).
"""

from dataclasses import dataclass, field, fields
from datetime import datetime

import polars as pl

from hyperpanel.db import frames, past_frames
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.errors import BadInput
from hyperpanel.support.wanted import N_
from reports import service_health, service_past, speeds
from reports.service_health import SERVICE, Measure
from reports.windows import Window

Service = tuple[int, str]
"""Panel id, service id."""

STREAMS = ("orders",)
"""What its figures are made of: it is as old as these are. The catalogue gives it names alone."""


@dataclass(frozen=True)
class Asked:
    """`scope` names its panels one by one. `picked`: the services that are wanted; None means all of them."""

    scope: Scope
    window: Window
    measure: Measure = field(default_factory=Measure)
    picked: frozenset[Service] | None = None

    @property
    def at(self) -> datetime:
        """The moment that it is as of."""
        return self.window.until

    @property
    def stuck_before(self) -> datetime:
        """What waits and was created before is stuck."""
        return self.at - self.measure.stuck_after


@dataclass(frozen=True)
class Row:
    """A service as the report has it. `score` is unbounded (service_health.shown bounds it), None where it is set apart. `rated`: the finished
    orders that could be held against the speed; `unobserved`: those of which nobody saw when they finished. `origin` of the speed: name,
    set or none; `said`: what the name promises, in its `part`."""

    panel_id: int
    service_id: str
    name: str
    stuck: int
    oldest: datetime | None
    finished: int
    unobserved: int
    rated: int
    slow: int
    stuck_term: int
    slow_term: float
    score: float | None
    band: str
    per_day: int | None
    said: int | None
    part: str
    origin: str

    @property
    def service(self) -> Service:
        return self.panel_id, self.service_id


COLUMNS = [one.name for one in fields(Row)]


def rows(frame: pl.DataFrame) -> list[Row]:
    """Of what `made` returns, in its order. Orders that name no service are one of each panel, whose id is empty."""
    return [Row(**values) for values in frame.select(COLUMNS).iter_rows(named=True)]


def services(frame: pl.DataFrame) -> tuple[list[Row], int]:
    """The same without those, which nobody can open, snooze or mend; and how many stuck or finished orders they were."""
    every = rows(frame)
    none = [row for row in every if not row.service_id]
    return [row for row in every if row.service_id], sum(row.stuck + row.finished + row.unobserved for row in none)


def made(source: Source, asked: Asked) -> pl.DataFrame:
    """As service_health.scored, with each service's name, where its speed comes from (name, set or none), and the part of the name.

    Panels that were attached later than it is as of are left out; raises BadInput where all of them were.
    """
    waiting, finished = gathered(source, asked)
    seen = pl.concat([waiting.select(SERVICE), finished.select(SERVICE)]).unique()
    return judged(source, asked, waiting, finished, seen)


def judged(
    source: Source, asked: Asked, waiting: pl.DataFrame, finished: pl.DataFrame, seen: pl.DataFrame
) -> pl.DataFrame:
    known = promised(source, asked.scope, seen)
    found = service_health.scored(waiting, finished, known, asked.measure)
    return found.join(known.drop("per_day"), on=SERVICE, how="left")


def gathered(source: Source, asked: Asked, service: Service | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Orders that were stuck, and that had finished in the window, as of its end; of one service with all that is told of an order."""
    scope, before, window = known_then(source, asked.scope, asked.at), asked.stuck_before, asked.window
    changed = service_past.first(past_frames.changes(source, scope, asked.at, service))
    of = ("id",) if changed.height else ()
    stuck, done = (frames.TOLD_WAITING, frames.TOLD_FINISHED) if service else (of, of)
    waiting = frames.waiting(source, scope, before, *stuck, at=asked.at, service=service)
    finished = frames.finished(source, scope, window, *done, at=asked.at, service=service)
    if changed.height:
        waiting = service_past.waiting(waiting, changed, before)
        finishes = past_frames.finishes(source, scope, asked.at)
        finished = service_past.finished(finished, changed, finishes, window)
    if asked.picked is not None:
        return only(waiting, asked.picked), only(finished, asked.picked)
    return waiting, finished


def known_then(source: Source, scope: Scope, at: datetime) -> Scope:
    """The panels that were read by then: before, nobody knew of their orders."""
    attached = past_frames.attached(source, scope)
    then = attached.filter(pl.col("since") <= at)
    if attached.height and not then.height:
        first = min(attached["since"].to_list())
        raise BadInput(
            N_("Nothing was read before {first} (UTC). Choose a later moment."), "at", first=f"{first:%Y-%m-%d %H:%M}"
        )
    return scope.narrowed(then["panel_id"].to_list())


def only(frame: pl.DataFrame, picked: frozenset[Service]) -> pl.DataFrame:
    wanted = pl.DataFrame(sorted(picked), schema={"panel_id": pl.Int64, "service_id": pl.String}, orient="row")
    return frame.join(wanted, on=SERVICE, how="semi")


def promised(source: Source, scope: Scope, seen: pl.DataFrame) -> pl.DataFrame:
    """Of each service its name and minimum speed per day: what a person set goes before what its name says."""
    named = seen.join(frames.names(source, scope, seen), on=SERVICE, how="left").with_columns(
        pl.col("name").fill_null("")
    )
    said = [speeds.promise(name) for name in named["name"]]
    told = named.with_columns(
        said=pl.Series([one.per_day for one in said], dtype=pl.Int64),
        part=pl.Series([one.part for one in said], dtype=pl.String),
    )
    given = frames.speeds(source, scope).with_columns(is_set=pl.lit(value=True))
    both = told.join(given.rename({"per_day": "given"}), on=SERVICE, how="left")
    is_set = pl.col("is_set").fill_null(value=False)
    per_day = pl.when(is_set).then(pl.col("given")).otherwise(pl.col("said"))
    origin = pl.when(is_set).then(pl.lit("set")).when(pl.col("said").is_not_null()).then(pl.lit("name"))
    return both.select(*SERVICE, "name", "part", "said", per_day=per_day, origin=origin.otherwise(pl.lit("none")))
