"""How one service delivers, as its detail shows it: how long nine in ten coming orders take, by quantity, and the audit of its promise.

`delivered` makes what templates/parts/delivery.html draws out of what hyperpanel/support/deliveries.py has made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.support import deliveries
from hyperpanel.support.deliveries import Asked, Audit, Made, Range
from hyperpanel.support.service_tracking import Service
from hyperpanel.web.languages import N_
from hyperpanel.web.visits import Visit
from reports.delivery import BANDS, LEAST
from reports.promises import FASTER, FEW, KEEPS, SHORT

VERDICTS = {
    KEEPS: (N_("keeps its promise"), "ok"),
    SHORT: (N_("falls short"), "warn"),
    FASTER: (N_("far faster than promised"), "ok"),
    FEW: (N_("too few to judge"), "unknown"),
}


@dataclass(frozen=True)
class RangeLine:
    """`quantity`: from and to. `span`: how long nine in ten take. `n`: finished orders that it rests on; `open`: orders allowed for that
    still wait."""

    quantity: str
    span: str
    n: int
    open: int


@dataclass(frozen=True)
class AuditLine:
    """`half` and `most`: units a day that half of the orders, and nine in ten, reached. `kept` of `n` kept the promise."""

    quantity: str
    half: str
    most: str
    kept: str
    tone: str
    verdict: str


@dataclass(frozen=True)
class Delivered:
    """`promise`: what the name says, or a person set. `least`: finished orders that a range needs."""

    ranges: Sequence[RangeLine]
    audits: Sequence[AuditLine]
    promise: str
    least: str


async def delivery_of(visit: Visit, service: Service, read: datetime | None) -> Delivered:
    """`read`: up to when the panel's orders are known. The service's panel must be one that the person may see."""
    asked = Asked(visit.scope.narrowed([service[0]]), service, visit.now, read)
    return delivered(visit, await visit.console.database.reader.ask(deliveries.made, asked))


def delivered(visit: Visit, made: Made) -> Delivered:
    per_day = made.audits[0].per_day if made.audits else None
    promise = visit.say("%(number)s a day", number=visit.fmt.number(per_day)) if per_day else ""
    return Delivered(
        ranges=[range_line(visit, one) for one in made.ranges],
        audits=[audit_line(visit, one) for one in made.audits],
        promise=promise,
        least=visit.fmt.number(LEAST),
    )


def range_line(visit: Visit, one: Range) -> RangeLine:
    low, high = visit.fmt.seconds(one.low), visit.fmt.seconds(one.high)
    span = high if low == high else visit.say("%(low)s to %(high)s", low=low, high=high)
    if one.is_endless:
        span = visit.say("%(low)s to more than %(high)s", low=low, high=high)
    return RangeLine(quantity(visit, one.band), span, one.n, one.open)


def audit_line(visit: Visit, one: Audit) -> AuditLine:
    word, tone = VERDICTS[one.verdict]
    times = visit.fmt.number(round(one.times, 1))
    verdict = visit.say("%(verdict)s, ×%(times)s", verdict=visit.say(word), times=times)
    return AuditLine(
        quantity=quantity(visit, one.band),
        half=speed(visit, one.half_low, one.half_high),
        most=speed(visit, one.most_low, one.most_high),
        kept=visit.say("%(part)s of %(whole)s", part=visit.fmt.number(one.kept), whole=visit.fmt.number(one.n)),
        tone=tone,
        verdict=verdict if one.verdict == SHORT else visit.say(word),
    )


def quantity(visit: Visit, band: int) -> str:
    """The last band has no end."""
    low, high = (BANDS[band - 1] or 0) + 1 if band else 1, BANDS[band]
    number = visit.fmt.number
    return f"{number(low)}–{number(high)}" if high else visit.say("over %(number)s", number=number(low - 1))


def speed(visit: Visit, low: float, high: float) -> str:
    """Between its bounds, in two digits that mean something."""
    least, most = (visit.fmt.number(plain(value)) for value in (low, high))
    return least if least == most else f"{least}–{most}"


def plain(value: float) -> int:
    whole = round(value)
    step = 10 ** max(len(str(whole)) - 2, 0)
    return int(round(whole / step) * step)
