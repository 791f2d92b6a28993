"""What is told of one order beside the list: each fact with its name, and its changes of status."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from hyperpanel.db import orders
from hyperpanel.db.orders import Order
from hyperpanel.web.addresses import Address
from hyperpanel.web.facts import Fact, Way, known
from hyperpanel.web.languages import N_, Language
from hyperpanel.web.order_rows import OrderRow, money, source_label, status_label, status_tone
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from hyperpanel.web.words import readable


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


def facts(visit: Visit, order: Order, row: OrderRow, sees_provider: bool, customer: str | None) -> list[Fact]:
    """What the provider asks is told only to those who may see it. `customer`: the page of who ordered, where it is known."""
    say = visit.say
    service = " ".join(filter(None, (row.service_id, row.service_name)))
    return known(
        (
            Fact(say("Order ID"), row.id, "id", copy=True),
            Fact(say("Provider’s ID"), row.provider_order_id, "id", copy=True),
            Fact(say("User"), row.user, "page", customer, copy=True),
            Fact(say("Link"), row.link, "link", row.link_href, copy=True),
            Fact(say("Service"), service, "page", service_page(visit, order, row)),
            Fact(say("Service type"), readable(order.service_type) if order.service_type else None),
            Fact(say("Charge"), visit.fmt.money(row.charge) if row.charge else None, "id"),
            *(provider(visit, order) if sees_provider else ()),
            *amounts(visit, order),
            Fact(say("Status at the panel"), shown(order.status_raw)),
            Fact(say("Source"), source_label(visit.language, order.creation_type) if order.creation_type else None),
            Fact(say("Mode"), row.mode),
            *times(visit, order),
        )
    )


def service_page(visit: Visit, order: Order, row: OrderRow) -> str | None:
    if not order.service_id or not visit.may("services:read"):
        return None
    return f"/services/{quote(row.panel, safe='')}/{quote(order.service_id, safe='')}"


def provider(visit: Visit, order: Order) -> Iterable[Fact]:
    charge = money(order.provider_charge, order.provider_charge_currency)
    return (
        Fact(visit.say("Provider"), shown(order.provider)),
        Fact(visit.say("Provider’s charge"), visit.fmt.money(charge) if charge else None, "id"),
    )


def amounts(visit: Visit, order: Order) -> Iterable[Fact]:
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
    return [Fact(label, None if value is None else number(value), "id") for label, value in counted]


def times(visit: Visit, order: Order) -> Iterable[Fact]:
    dated = (
        (visit.say("Created"), order.created_at),
        (visit.say("Last update at the panel"), order.last_update_at),
        (visit.say("First seen here"), order.first_seen_at),
        (visit.say("No longer at the panel since"), order.gone_at),
    )
    return [Fact(label, visit.fmt.exact(at) if at else None, "id") for label, at in dated]


WAYS = (
    ("orders:read", N_("Their orders"), "/orders"),
    ("tickets:read", N_("Their tickets"), "/tickets"),
    ("payments:read", N_("Their payments"), "/payments"),
)


def ways(visit: Visit, panel: str, user: str | None) -> list[Way]:
    """From a record to all that its customer has on that panel."""
    return [
        Way(visit.say(label), str(Address(path, (("panel", panel), ("user", user)))))
        for permission, label, path in WAYS
        if user and visit.may(permission)
    ]


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
