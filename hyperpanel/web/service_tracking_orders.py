"""The orders behind the terms of a score: those that are stuck, the slow ones, and those that came in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from hyperpanel.support.service_explaining import LONGEST, Explained, RatedOrder, StuckOrder
from hyperpanel.web.formats import Formats
from hyperpanel.web.order_rows import money, status_label, status_tone
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from sync.money import Money


@dataclass(frozen=True)
class Stuck:
    """`left`: of its quantity; empty where the panel tells none. `waited`: at a past moment; empty for now, when it still does."""

    id: str
    href: str
    created_at: datetime
    waited: str
    label: str
    tone: str
    left: str
    charge: Money | None
    provider: str


@dataclass(frozen=True)
class Rated:
    """`taken` at the least, `allowed` by the speed, `times` that it took as long; it finished after `since` and no later than `until`."""

    id: str
    href: str
    delivered: int
    taken: str
    allowed: str
    times: str
    since: datetime
    until: datetime
    provider: str


@dataclass(frozen=True)
class Behind:
    """`rest`: how many more there are than are shown, of each kind, in words."""

    stuck: Sequence[Stuck]
    stuck_rest: str
    slow: Sequence[Rated]
    slow_rest: str
    in_time: Sequence[Rated]
    in_time_rest: str


def behind(visit: Visit, panel: str, found: Explained, past: Formats | None = None) -> Behind:
    """`past`: as ages were told at a moment that has passed."""
    row = found.row
    return Behind(
        stuck=[stuck(visit, panel, order, past) for order in found.stuck],
        stuck_rest=rest(visit, row.stuck - len(found.stuck)),
        slow=[rated(visit, panel, order) for order in found.slow],
        slow_rest=rest(visit, row.slow - len(found.slow)),
        in_time=[rated(visit, panel, order) for order in found.in_time],
        in_time_rest=rest(visit, row.rated - row.slow - len(found.in_time)),
    )


def rest(visit: Visit, more: int) -> str:
    return visit.say("And %(number)s more.", number=visit.fmt.number(more)) if more > 0 else ""


def href(panel: str, order_id: str) -> str:
    return f"/orders/{quote(panel, safe='')}/{quote(order_id, safe='')}"


def provider(visit: Visit, name: str) -> str:
    return shown(name) or "" if visit.may("provider:see") else ""


def stuck(visit: Visit, panel: str, order: StuckOrder, past: Formats | None) -> Stuck:
    number = visit.fmt.number
    left = order.quantity if order.remains is None else order.remains
    of = visit.say("%(left)s of %(all)s", left=number(left or 0), all=number(order.quantity or 0))
    return Stuck(
        id=shown(order.id) or "",
        href=href(panel, order.id),
        created_at=order.created_at,
        waited=past.ago(order.created_at) if past else "",
        label=status_label(visit.language, order.status),
        tone=status_tone(order.status),
        left=of if order.quantity is not None else number(left) if left is not None else "",
        charge=money(order.charge, order.charge_currency or None),
        provider=provider(visit, order.provider),
    )


def rated(visit: Visit, panel: str, order: RatedOrder) -> Rated:
    ratio = order.taken / order.allowed if order.allowed else 0.0
    return Rated(
        id=shown(order.id) or "",
        href=href(panel, order.id),
        delivered=order.delivered,
        taken=at_most(visit, order.taken),
        allowed=at_most(visit, order.allowed),
        times=f"×{visit.fmt.number(round(ratio, 1))}",
        since=order.finished_from,
        until=order.finished_at,
        provider=provider(visit, order.provider),
    )


def at_most(visit: Visit, span: timedelta) -> str:
    told = visit.fmt.seconds(span)
    return told if span < LONGEST else visit.say("more than %(span)s", span=told)
