"""What a model is told of a ticket: its orders as facts in figures, and its conversation, each as text that says the same for the same rows.

Nothing is told that some of a panel's staff may not see (the provider, what it charges), since all of them see the answer.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from reports import speeds
from reports.speeds import Promise
from reports.statuses import FINISHED, RUNNING
from sync.money import Money

MOST_CHARACTERS, MOST_OF_ONE, MOST_OF_HEAD = 24_000, 4_000, 80
"""Of a whole conversation, of one message, and of what stands before it."""

STATUSES = {
    "pending": "waits to be started",
    "awaiting": "waits to be started",
    "in_progress": "is running",
    "processing": "is running",
    "completed": "has been delivered in full",
    "partial": "has ended with a part delivered",
    "canceled": "has been canceled",
    "refunded": "has been refunded",
    "error": "has failed",
    "fail": "has failed",
}


@dataclass(frozen=True)
class Line:
    """A message, in one line of plain text. `is_cut`: only its beginning."""

    is_staff: bool
    text: str
    at: datetime | None
    is_edited: bool = False
    is_cut: bool = False
    has_files: bool = False


@dataclass(frozen=True)
class OrderFacts:
    """An order of the ticket's customer. It finished after `finished_from` and no later than `finished_at`, as far as that is known."""

    id: str
    status: str
    service: str | None
    quantity: int | None
    remains: int | None
    created_at: datetime | None
    start_count: int | None = None
    charge: Money | None = None
    finished_from: datetime | None = None
    finished_at: datetime | None = None

    @property
    def delivered(self) -> int | None:
        """None where it is not known. A partial order's remains never came."""
        if self.quantity is None or (self.remains is None and self.status != "completed"):
            return None
        return max(0, self.quantity - (self.remains or 0))


@dataclass(frozen=True)
class Material:
    """Of one ticket. `lines`: the latest messages, the oldest of them first; `strangers`: numbers of which nothing may be told; `more_orders`:
    how many of the customer's are left out."""

    subject: str
    customer: str
    status: str
    lines: Sequence[Line]
    orders: Sequence[OrderFacts] = ()
    strangers: Sequence[str] = ()
    has_earlier: bool = False
    more_orders: int = 0


def fitting(material: Material) -> Material:
    """With the newest messages that there is room for, each cut to what one may take."""
    kept, room = list[Line](), MOST_CHARACTERS
    for line in reversed(material.lines):
        text = " ".join(line.text.split())
        kept.append(replace(line, text=text[:MOST_OF_ONE], is_cut=line.is_cut or len(text) > MOST_OF_ONE))
        room -= len(kept[-1].text) + MOST_OF_HEAD
        if room < 0 and len(kept) > 1:
            kept.pop()
            break
    is_short = material.has_earlier or len(kept) < len(material.lines)
    return replace(material, lines=kept[::-1], has_earlier=is_short)


def conversation(material: Material, now: datetime) -> str:
    """Each message begins a line, and nobody's text has another one."""
    head = ["(Earlier messages are left out.)"] if material.has_earlier else []
    return "\n".join([*head, *(said(line, now) for line in material.lines)])


def said(line: Line, now: datetime) -> str:
    notes = ["edited later"] * line.is_edited + ["with files"] * line.has_files
    who = ", ".join(["Staff" if line.is_staff else "Customer", *when(line.at, now), *notes])
    text = " ".join(line.text.split())
    return f"{who}: {text}{' … (the rest is left out)' if line.is_cut else ''}"


def when(at: datetime | None, now: datetime) -> list[str]:
    return [f"{moment(at)} ({span(now - at)} ago)"] if at else []


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def span(length: timedelta) -> str:
    """Whole units, rounded down: nobody is said to be later than he is."""
    hours = max(0, int(length.total_seconds())) // 3600
    if hours < 2:
        return counted(max(0, int(length.total_seconds())) // 60, "minute")
    return f"{counted(hours // 24, 'day')} = {hours} hours" if hours >= 48 else f"{hours} hours"


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def orders(material: Material, now: datetime) -> str:
    """Every order number that the ticket names, and of the customer's own what is known."""
    if not material.orders and not material.strangers:
        return "The ticket names no order number."
    blocks = [block(order, now) for order in material.orders]
    strangers = [f"Number {number}: not an order of this customer" for number in material.strangers]
    more = f"; {material.more_orders} more are left out" if material.more_orders else ""
    count = f"Orders of this customer that the ticket names: {len(material.orders)}{more}"
    return "\n\n".join([count, *blocks, *(["\n".join(strangers)] if strangers else [])])


def block(order: OrderFacts, now: datetime) -> str:
    told = [(label, value) for label, value in facts(order, now) if value]
    widest = max(len(label) for label, _ in told)
    return "\n".join([f"Order {order.id}", *(f"  {label + ':':<{widest + 1}} {value}" for label, value in told)])


def facts(order: OrderFacts, now: datetime) -> Iterator[tuple[str, str]]:
    promise = speeds.promise(order.service or "")
    yield "status", in_words(order.status)
    yield "service", " ".join((order.service or "").split())
    yield "quantity", number(order.quantity)
    yield "delivered", share(order)
    yield "remaining", number(order.remains)
    yield "start count", number(order.start_count)
    yield "charge", price(order.charge)
    yield "created", f"{moment(order.created_at)}, {span(now - order.created_at)} ago" if order.created_at else ""
    yield "finished", finished(order)
    yield "promised speed", f"at least {promise.per_day} in a day" if promise.per_day else "not told"
    yield "by that speed", pace(order, promise, now)
    yield "refill", refill(order, promise, now)


def in_words(status: str) -> str:
    plain = " ".join(status.replace("_", " ").split())
    return f"{plain} (it {STATUSES[status]})" if status in STATUSES else plain


def number(value: int | None) -> str:
    return "" if value is None else str(value)


def share(order: OrderFacts) -> str:
    came = order.delivered
    if came is None or not order.quantity:
        return number(came)
    return f"{came} of {order.quantity} ({100 * came // order.quantity}%)"


def price(charge: Money | None) -> str:
    if charge is None:
        return ""
    amount = charge.amount.normalize()
    return f"{max(amount, amount.quantize(Decimal('0.01')), key=lambda one: -int(one.as_tuple().exponent)):f} {charge.currency}"


def finished(order: OrderFacts) -> str:
    if order.status not in FINISHED:
        return ""
    if order.finished_from is None or order.finished_at is None:
        return "not known when"
    if order.finished_from == order.finished_at:
        return moment(order.finished_at)
    return f"between {moment(order.finished_from)} and {moment(order.finished_at)}"


def pace(order: OrderFacts, promise: Promise, now: datetime) -> str:
    """Late, within, or unknown. An order that has finished is late only if it is so at its earliest possible finish."""
    units = order.delivered if order.status in FINISHED else order.quantity
    if not promise.per_day or units is None or order.created_at is None:
        return "unknown whether it is late"
    allowed = timedelta(seconds=math.ceil(units * 86_400 / promise.per_day))
    at_most = f"{units} may take {span(allowed)}"
    if order.status in RUNNING:
        late = now - order.created_at - allowed
        return f"{at_most}; late by {span(late)}" if late > timedelta(0) else f"{at_most}; within, {span(-late)} left"
    if order.finished_from is None or order.finished_at is None or order.status not in FINISHED:
        return f"{at_most}; unknown whether it was late"
    if order.finished_from - order.created_at > allowed:
        return f"{at_most}; it was late"
    is_within = order.finished_at - order.created_at <= allowed
    return f"{at_most}; it was within" if is_within else f"{at_most}; unknown whether it was late"


def refill(order: OrderFacts, promise: Promise, now: datetime) -> str:
    """The window that the service's name tells. Where nobody knows when an order finished, it is counted from its creation."""
    if promise.refill_forever:
        return "for ever"
    if promise.refill is None:
        return ""
    begun = order.finished_at if order.status in FINISHED and order.finished_from else order.created_at
    told = f"within {counted(promise.refill, 'day')}"
    if order.status not in FINISHED or begun is None:
        return f"{told} after it has finished"
    left = begun + timedelta(days=promise.refill) - now
    source = "finish" if begun is order.finished_at else "creation, since its finish is not known"
    ended = f"{counted(left.days, 'day')} left" if left > timedelta(0) else "over"
    return f"{told}, counted from its {source}: {ended}"
