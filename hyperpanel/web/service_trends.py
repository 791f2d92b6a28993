"""Scores of the past as lines: 48 hours beside a row, a fortnight as a chart. They are kept by the hour, by the usual measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hyperpanel.db.service_scores import HOUR, SPARKLINE, Point, hour
from hyperpanel.web import charts
from hyperpanel.web.charts import Lines
from hyperpanel.web.visits import Visit
from reports import service_health
from reports.service_health import WHOLE

LONG = timedelta(days=14)
"""For so long every hour is kept."""

STEP = timedelta(hours=6)


@dataclass(frozen=True)
class Trend:
    """A line without axes: `path` where points follow on each other, `dots` where one stands alone. `told`: the same in words."""

    path: str
    dots: str
    told: str


def trend(visit: Visit, points: Sequence[Point], at: datetime) -> Trend | None:
    """Up to a moment; None where there was no score in all that time."""
    known = {point.at: bounded(point) for point in points if point.score is not None}
    if not known:
        return None
    first, hours = hour(at) - SPARKLINE + HOUR, SPARKLINE // HOUR
    values = [known.get(first + n * HOUR) for n in range(hours)]
    seen = [value for value in values if value is not None]
    if not seen:
        return None
    number = visit.fmt.number
    told = visit.say(
        "Score over 48 hours: from %(first)s to %(last)s, %(least)s at the lowest",
        first=number(round(seen[0])),
        last=number(round(seen[-1])),
        least=number(round(min(seen))),
    )
    return Trend(*charts.path(values, 0, WHOLE), told)


def bounded(point: Point) -> float:
    return service_health.shown(point.score or 0.0)


def chart(visit: Visit, points: Sequence[Point], at: datetime) -> Lines | None:
    """Every sixth hour of the fortnight up to the hour of a moment, with that one: of each span the last score. None where there is none."""
    if not any(point.score is not None for point in points):
        return None
    first = hour(at) + HOUR - LONG
    steps = LONG // STEP
    by_step = {(point.at - first) // STEP: bounded(point) for point in points if point.score is not None}
    labels = [visit.fmt.exact(min(first + (n + 1) * STEP, at)) for n in range(steps)]
    return charts.lines(
        "score",
        visit.say("Score in time"),
        visit.say("By the usual measure over 24 hours, whatever is chosen above."),
        labels,
        [(visit.say("Score"), [by_step.get(n) for n in range(steps)])],
        lambda value: visit.fmt.number(round(value, 1)),
        visit.say("Up to"),
        WHOLE,
    )
