"""A panel's budget as a bar and in words: what is called, what may be called just now, and why that is less than what was set."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hyperpanel.db.gauges import Gauge
from hyperpanel.web.visits import Visit

WIDE = 100


@dataclass(frozen=True)
class Note:
    tone: str
    text: str


@dataclass(frozen=True)
class Bar:
    """`used` and `pace` are shares of what was set, in hundredths; `tone` that of what is used; `notes`: what is wrong, the worst first;
    `doings`: what goes on, in one line."""

    used: float
    pace: float
    tone: str
    told: str
    notes: Sequence[Note]
    doings: str


def bar(visit: Visit, gauge: Gauge | None) -> Bar | None:
    if gauge is None or gauge.rate <= 0:
        return None
    notes = list(troubles(visit, gauge))
    return Bar(
        used=share(gauge.calls_a_minute / 60, gauge.rate),
        pace=share(gauge.pace, gauge.rate),
        tone=notes[0].tone if notes else "ok",
        told=told(visit, gauge),
        notes=notes,
        doings=" · ".join(doings(visit, gauge)),
    )


def share(part: float, whole: float) -> float:
    return round(min(part / whole, 1) * WIDE, 1)


def told(visit: Visit, gauge: Gauge) -> str:
    number = visit.fmt.number
    return visit.say(
        "%(used)s of %(rate)s calls a minute",
        used=number(round(gauge.calls_a_minute)),
        rate=number(round(gauge.rate * 60)),
    )


def troubles(visit: Visit, gauge: Gauge) -> Iterator[Note]:
    say, fmt = visit.say, visit.fmt
    if gauge.down_since is not None:
        ago = fmt.ago(gauge.down_since)
        again = fmt.until(gauge.probe_at or visit.now)
        yield Note("bad", say("has not answered for %(ago)s; tried again in %(again)s", ago=ago, again=again))
    if gauge.told_until is not None:
        yield Note("warn", say("asked not to be called for another %(wait)s", wait=fmt.until(gauge.told_until)))
    if gauge.pace < gauge.rate:
        pace, rate = fmt.number(round(gauge.pace, 2)), fmt.number(gauge.rate)
        ago = fmt.ago(gauge.slowed_at) if gauge.slowed_at else ""
        slowed = say("slowed down %(ago)s ago to %(pace)s of %(rate)s calls a second", ago=ago, pace=pace, rate=rate)
        plain = say("%(pace)s of %(rate)s calls a second for now", pace=pace, rate=rate)
        yield Note("warn", slowed if ago else plain)


def doings(visit: Visit, gauge: Gauge) -> Iterator[str]:
    number = visit.fmt.number
    if gauge.in_flight:
        yield visit.say("%(number)s under way", number=number(gauge.in_flight))
    if gauge.waiting:
        yield visit.say("%(number)s waiting for their turn", number=number(gauge.waiting))
    if gauge.latency_seconds is not None and gauge.down_since is None:
        milliseconds = number(round(gauge.latency_seconds * 1000))
        yield visit.say("answers within %(milliseconds)s ms", milliseconds=milliseconds)
