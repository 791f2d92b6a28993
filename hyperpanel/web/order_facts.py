"""What is told of one order beside the list: each fact with its name, and its changes of status."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db import orders
from hyperpanel.db.orders import Order
from hyperpanel.web.languages import Language
from hyperpanel.web.order_rows import OrderRow, money, source_label, status_label, status_tone
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from hyperpanel.web.words import readable

Told = tuple[str, str | None, str, bool]
"""Label, value if known, kind, and whether it is offered for copying."""


@dataclass(frozen=True)
class Fact:
    """`kind`: text, id, link or time."""

    label: str
    value: str
    kind: str
    href: str | None
    copy: bool


@dataclass(frozen=True)
class Flip:
    """A change of status; `was` None: how it was first seen."""

    was: str | None
    now: str
    was_tone: str
    now_tone: str
    was_label: str
    now_label: str
    not_before: datetime | None
    not_after: datetime


def facts(visit: Visit, order: Order, row: OrderRow, sees_provider: bool) -> list[Fact]:
    """Those that are known. What the provider asks is told only to those who may see it."""
    say = visit.say
    told: list[Told] = [
        (say("Order ID"), row.id, "id", True),
        (say("Provider’s ID"), row.provider_order_id, "id", True),
        (say("User"), row.user, "text", True),
        (say("Link"), row.link, "link", True),
        (say("Service"), " ".join(filter(None, (row.service_id, row.service_name))), "text", False),
        (say("Service type"), readable(order.service_type) if order.service_type else None, "text", False),
        (say("Charge"), visit.fmt.money(row.charge) if row.charge else None, "id", False),
        *(provider(visit, order) if sees_provider else ()),
        *amounts(visit, order),
        (say("Status at the panel"), shown(order.status_raw), "text", False),
        (
            say("Source"),
            source_label(visit.language, order.creation_type) if order.creation_type else None,
            "text",
            False,
        ),
        (say("Mode"), row.mode, "text", False),
        *times(visit, order),
    ]
    return [
        Fact(label, value, kind, row.link_href if kind == "link" else None, copy)
        for label, value, kind, copy in told
        if value
    ]


def provider(visit: Visit, order: Order) -> Iterable[Told]:
    charge = money(order.provider_charge, order.provider_charge_currency)
    return (
        (visit.say("Provider"), shown(order.provider), "text", False),
        (visit.say("Provider’s charge"), visit.fmt.money(charge) if charge else None, "id", False),
    )


def amounts(visit: Visit, order: Order) -> Iterable[Told]:
    """A missing remains counts as nothing known, not as nothing left."""
    number = visit.fmt.number
    known = order.quantity is not None and order.remains is not None
    delivered = max(0, (order.quantity or 0) - (order.remains or 0)) if known else None
    counted = (
        (visit.say("Quantity"), order.quantity),
        (visit.say("Delivered"), delivered),
        (visit.say("Remains"), order.remains),
        (visit.say("Start count"), order.start_count),
    )
    return [(label, None if value is None else number(value), "id", False) for label, value in counted]


def times(visit: Visit, order: Order) -> Iterable[Told]:
    known = (
        (visit.say("Created"), order.created_at),
        (visit.say("Last update at the panel"), order.last_update_at),
        (visit.say("First seen here"), order.first_seen_at),
        (visit.say("No longer at the panel since"), order.gone_at),
    )
    return [(label, visit.fmt.exact(at) if at else None, "time", False) for label, at in known]


def flips(language: Language, order: Order, kept: Sequence[orders.Flip]) -> list[Flip]:
    """The newest first, and last how the order was when it was first seen."""
    first = kept[-1].was if kept else order.status
    return [
        *(flip(language, one.was, one.now, one.not_before, one.not_after) for one in kept),
        flip(language, None, first, None, order.first_seen_at),
    ]


def flip(language: Language, was: str | None, now: str, not_before: datetime | None, not_after: datetime) -> Flip:
    return Flip(
        was=was,
        now=now,
        was_tone=status_tone(was) if was else "",
        now_tone=status_tone(now),
        was_label=status_label(language, was) if was else "",
        now_label=status_label(language, now),
        not_before=not_before,
        not_after=not_after,
    )
