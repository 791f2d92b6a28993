"""A customer as a row of user tracking, with links to what each figure is made of; and what all of them come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from hyperpanel.support.user_records import Row, Used
from hyperpanel.support.user_tracking import Report
from hyperpanel.web.addresses import Address
from hyperpanel.web.texts import shown
from hyperpanel.web.typed_moments import typed
from hyperpanel.web.visits import Visit
from reports.windows import Window
from sync.money import Money


@dataclass(frozen=True)
class Counted:
    """How many, and what they come to; None where there are none."""

    count: int
    amount: Money | None


@dataclass(frozen=True)
class Service:
    """One of the most used. `label`: number and name."""

    id: str
    name: str
    count: str
    href: str


@dataclass(frozen=True)
class Line:
    """`href`: to its terms; None where nobody can tell whose orders these are, or nobody held has the number. The lists are those of this
    window; where a customer has more than one name in it, they lead to the terms too, and None where there are neither."""

    panel: str
    id: str
    name: str
    email: str
    is_new: bool
    created_at: datetime | None
    payments: Counted
    hand: Counted
    bonus: Counted
    orders: int
    spend: Money
    net: Money
    lifetime: Money | None
    services: Sequence[Service]
    href: str | None
    user_href: str | None
    orders_href: str | None
    payments_href: str | None


@dataclass(frozen=True)
class Term:
    """A line of a sum. `sign`: "", "−" or "=". `count`: how many records it adds up."""

    sign: str
    label: str
    count: str
    amount: Money


@dataclass(frozen=True)
class Tab:
    label: str
    count: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Total:
    label: str
    count: str
    amount: Money | None


def line(visit: Visit, names: Mapping[int, str], currency: str, kept: Address, window: Window, row: Row) -> Line:
    panel = names[row.panel_id]
    place = f"{quote(panel, safe='')}/{quote(row.user_id, safe='')}"
    href = str(Address(f"/tracking/users/{place}", kept.having(currency=currency).pairs)) if row.is_held else None
    return Line(
        panel=panel,
        id=shown(row.user_id) or "",
        name=shown(row.name) or "",
        email=shown(row.email) or "",
        is_new=row.is_new,
        created_at=row.created_at,
        payments=counted(row.paid.count, row.paid.units, currency),
        hand=counted(row.hand.count, row.hand.units, currency),
        bonus=counted(row.bonus.count, row.bonus.units, currency),
        orders=row.spend.count,
        spend=Money(row.spend.units, currency),
        net=Money(row.net, currency),
        lifetime=row.lifetime,
        services=[service(visit, panel, one) for one in row.services],
        href=href,
        user_href=f"/users/{place}" if row.is_held else None,
        orders_href=list_href(visit, "orders", panel, row.names[0], window) if is_one(row.names) else href,
        payments_href=list_href(visit, "payments", panel, row.paid_as[0], window) if is_one(row.paid_as) else href,
    )


def is_one(names: Sequence[str]) -> bool:
    """Whether a list of one name has it all; no name at all would be a list of everybody."""
    return len(names) == 1 and names[0] != ""


def counted(count: int, units: int, currency: str) -> Counted:
    return Counted(count, Money(units, currency) if count else None)


def service(visit: Visit, panel: str, used: Used) -> Service:
    href = f"/services/{quote(panel, safe='')}/{quote(used.service_id, safe='')}"
    return Service(shown(used.service_id) or "", shown(used.name) or "", visit.fmt.number(used.count), href)


def list_href(visit: Visit, noun: str, panel: str, name: str, window: Window) -> str:
    """The list of orders or payments, narrowed to one name and the window."""
    within = {"created_from": typed(window.since, visit.zone), "created_to": typed(window.until, visit.zone)}
    return str(Address(f"/{noun}").having(panel=panel, user=name, **within))


def tabs(visit: Visit, kept: Address, report: Report) -> list[Tab]:
    """A tab for each currency; one that is asked for and not there is among them, so that it can be left."""
    known = list(report.currencies)
    if report.currency and report.currency not in dict(known):
        known.append((report.currency, 0))
    return [
        Tab(shown(code) or "", visit.fmt.number(count), str(kept.having(currency=code)), code == report.currency)
        for code, count in known
    ]


def totals(visit: Visit, report: Report) -> list[Total]:
    """Of all customers of the report, shown on this page or not."""
    number, currency = visit.fmt.number, report.currency
    found = [
        Total(visit.say("Customers"), number(report.count), None),
        Total(visit.say("Spend"), number(report.spend.count), Money(report.spend.units, currency)),
        Total(visit.say("Payments"), number(report.paid.count), Money(report.paid.units, currency)),
    ]
    apart = ((visit.say("Entered by hand"), report.hand), (visit.say("Bonuses"), report.bonus))
    return found + [Total(label, number(one.count), Money(one.units, currency)) for label, one in apart if one.count]
