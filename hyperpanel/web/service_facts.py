"""What is told of one service beside the list: its facts, how its name and rate changed, and its orders by status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db import services
from hyperpanel.db.services import COUNTED, Service
from hyperpanel.web.facts import Fact, Way, known
from hyperpanel.web.order_rows import money, status_label, status_tone
from hyperpanel.web.service_rows import ServiceRow
from hyperpanel.web.texts import LONGEST_LINK, shown
from hyperpanel.web.visits import Visit
from sync.money import Money


@dataclass(frozen=True)
class Change:
    """`names` and `rates`: what it was and what it became, where that changed. It happened between the two moments."""

    names: tuple[str, str] | None
    rates: tuple[Money | None, Money | None] | None
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class Counted:
    """Orders of one status; `href` is their list."""

    label: str
    tone: str
    number: int
    href: str


@dataclass(frozen=True)
class Orders:
    """Those of a service. `bound`: said where only the newest were counted."""

    statuses: Sequence[Counted]
    bound: str
    ways: Sequence[Way]


def facts(visit: Visit, service: Service, row: ServiceRow) -> list[Fact]:
    say, fmt = visit.say, visit.fmt
    return known(
        (
            Fact(say("Service ID"), row.id, "id", copy=True),
            Fact(say("Name"), row.name, copy=True),
            Fact(say("Category"), row.category, copy=True),
            Fact(say("Type"), row.type),
            Fact(say("Rate per 1000"), fmt.money(row.rate) if row.rate else None, "id", copy=True),
            Fact(say("Min"), None if row.min is None else fmt.number(row.min), "id"),
            Fact(say("Max"), None if row.max is None else fmt.number(row.max), "id"),
            Fact(say("Refill"), row.refill_label),
            Fact(say("Cancelable"), row.cancel_label),
            Fact(say("First seen here"), fmt.exact(service.first_seen_at), "id"),
            Fact(say("No longer at the panel since"), fmt.exact(service.gone_at) if service.gone_at else None, "id"),
        )
    )


def changes(found: Sequence[services.Change], currency: str) -> list[Change]:
    return [change(one, currency) for one in found]


def change(one: services.Change, currency: str) -> Change:
    names = shown(one.name_was, LONGEST_LINK) or "", shown(one.name_now, LONGEST_LINK) or ""
    return Change(
        names=names if one.name_was != one.name_now else None,
        rates=(money(one.rate_was, currency), money(one.rate_now, currency)) if one.rate_was != one.rate_now else None,
        not_before=one.not_before,
        not_after=one.not_after,
    )


def orders(visit: Visit, by_status: Mapping[str, int], row: ServiceRow) -> Orders:
    counted = [
        Counted(status_label(visit.language, status), status_tone(status), number, f"{row.orders_href}&status={status}")
        for status, number in by_status.items()
    ]
    is_cut = sum(by_status.values()) >= COUNTED
    bound = visit.say("Of the newest %(number)s orders.", number=visit.fmt.number(COUNTED)) if is_cut else ""
    return Orders(counted, bound, [Way(visit.say("All of its orders"), row.orders_href)])
