"""What is told of one customer: all that is kept, the names of before, what comes to how much, and the newest orders, payments and tickets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from hyperpanel.db import user_sums
from hyperpanel.db.user_names import Borne
from hyperpanel.db.user_sums import Asked, Ordered, Paid
from hyperpanel.db.users import Rename, User
from hyperpanel.support.payment_kinds import BONUS, BY_HAND, PAID, kind_of
from hyperpanel.web import order_rows, payment_rows, ticket_rows
from hyperpanel.web.addresses import Address
from hyperpanel.web.facts import Fact, Way, known
from hyperpanel.web.languages import N_
from hyperpanel.web.order_rows import money
from hyperpanel.web.spending import amounts
from hyperpanel.web.texts import shown
from hyperpanel.web.user_rows import UserRow
from hyperpanel.web.visits import Visit
from sync.money import Money

MOST_RATES = 100
SUMMED = "completed"
KINDS = {PAID: N_("Paid"), BY_HAND: N_("Entered by hand"), BONUS: N_("Bonuses")}


@dataclass(frozen=True)
class Name:
    """One that was left for another, after `not_before` and no later than `not_after`."""

    was: str
    now: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True)
class Rate:
    """A price of the customer's own."""

    service: str
    rate: str
    percent: str


@dataclass(frozen=True)
class Figure:
    """A sum with what it is of; an amount for each currency."""

    label: str
    count: str
    amounts: Sequence[Money]


@dataclass(frozen=True)
class Share:
    """How many of the orders have a status."""

    label: str
    tone: str
    count: int
    percent: str


@dataclass(frozen=True)
class Item:
    """A record in few words."""

    id: str
    href: str
    what: str
    amount: Money | None
    status_label: str
    status_tone: str
    at: datetime


@dataclass(frozen=True)
class Part:
    """The newest of one kind. `none`: said where there are none, or where they may not be seen."""

    name: str
    label: str
    items: Sequence[Item]
    ways: Sequence[Way]
    none: str


def facts(visit: Visit, user: User, row: UserRow) -> list[Fact]:
    say, money_of = visit.say, visit.fmt.money
    return known(
        (
            Fact(say("User ID"), row.id, "id", copy=True),
            Fact(say("Username"), row.username, copy=True),
            Fact(say("E-mail"), row.email, copy=True),
            Fact(say("Balance"), money_of(row.balance) if row.balance else None, "id", copy=True),
            Fact(say("Discount"), row.discount, "id"),
            Fact(say("Status at the panel"), shown(user.status_raw)),
            *times(visit, user),
        )
    )


def times(visit: Visit, user: User) -> Iterable[Fact]:
    dated = (
        (visit.say("Created"), user.created_at),
        (visit.say("Last auth"), user.last_auth_at),
        (visit.say("First seen here"), user.first_seen_at),
        (visit.say("No longer at the panel since"), user.gone_at),
    )
    return [Fact(label, visit.fmt.exact(at) if at else None, "id") for label, at in dated]


def names(renames: Sequence[Rename]) -> list[Name]:
    """The latest first."""
    told = ((shown(one.was) or "", shown(one.now) or "", one.not_before, one.not_after) for one in reversed(renames))
    return [Name(*one) for one in told]


def rates(user: User) -> list[Rate]:
    found = msgspec.json.decode(user.custom_rates) if user.custom_rates else []
    return [rate(one) for one in found[:MOST_RATES] if isinstance(one, Mapping)] if isinstance(found, list) else []


def rate(told: Mapping[str, Any]) -> Rate:
    def word(name: str) -> str:
        return shown(str(told[name])) or "" if told.get(name) is not None else ""

    return Rate(f"{word('service_id')} {word('service_name')}".strip(), word("rate"), word("percent"))


def figures(visit: Visit, row: UserRow, ordered: Sequence[Ordered] | None, paid: Sequence[Paid] | None) -> list[Figure]:
    """What the panel tells, what the orders held here come to, and what was paid; each by itself."""
    found = [Figure(visit.say("Spent, as the panel tells it"), "", [row.spent])] if row.spent else []
    if ordered is not None:
        found.append(figure(visit, visit.say("Orders held here"), ordered))
    if paid is not None:
        done = [one for one in paid if one.status == SUMMED]
        by_kind = {kind: [one for one in done if kind_of(one) == kind] for kind in KINDS}
        found += [figure(visit, visit.say(KINDS[kind]), some) for kind, some in by_kind.items() if some or kind == PAID]
        others = [one for one in paid if one.status != SUMMED]
        found += [figure(visit, visit.say("Payments not completed"), others)] if others else []
    return found


def figure(visit: Visit, label: str, summed: Sequence[Ordered] | Sequence[Paid]) -> Figure:
    count = visit.fmt.number(sum(one.count for one in summed))
    return Figure(label, count, amounts((one.units, one.currency) for one in summed))


def shares(visit: Visit, ordered: Sequence[Ordered]) -> list[Share]:
    """The most frequent status first."""
    counts: dict[str, int] = {}
    for one in ordered:
        counts[one.status] = counts.get(one.status, 0) + one.count
    whole = sum(counts.values())
    return [
        Share(
            order_rows.status_label(visit.language, status),
            order_rows.status_tone(status),
            counts[status],
            percent(visit, counts[status], whole),
        )
        for status in sorted(counts, key=lambda status: (-counts[status], status))
    ]


def percent(visit: Visit, part: int, whole: int) -> str:
    share = 100 * part / whole
    return visit.say("%(share)s%%", share=visit.fmt.number(round(share, 1) if share < 10 else round(share)))


def orders_part(visit: Visit, panel: str, found: Sequence[user_sums.Order], ways: Sequence[Way]) -> Part:
    items = [
        Item(
            shown(one.id) or "",
            place("orders", panel, one.id),
            shown(" ".join(filter(None, (one.service_id, one.service_name)))) or "",
            money(one.charge, one.charge_currency),
            order_rows.status_label(visit.language, one.status),
            order_rows.status_tone(one.status),
            one.created_at,
        )
        for one in found
    ]
    return Part("orders", visit.say("Orders"), items, ways, visit.say("No order of this customer is held."))


def payments_part(visit: Visit, panel: str, found: Sequence[user_sums.Payment], ways: Sequence[Way]) -> Part:
    items = [
        Item(
            shown(one.id) or "",
            place("payments", panel, one.id),
            shown(one.method) or "",
            money(one.amount, one.amount_currency),
            payment_rows.status_label(visit.language, one.status),
            payment_rows.STATUSES.get(one.status, ("", "unknown"))[1],
            one.created_at,
        )
        for one in found
    ]
    return Part("payments", visit.say("Payments"), items, ways, visit.say("No payment of this customer is held."))


def tickets_part(visit: Visit, panel: str, found: Sequence[user_sums.Ticket], ways: Sequence[Way]) -> Part:
    items = [
        Item(
            shown(one.id) or "",
            place("tickets", panel, one.id),
            shown(one.subject) or visit.say("(no subject)"),
            None,
            ticket_rows.status_label(visit.language, one.status),
            ticket_rows.status_tone(one.status),
            one.created_at,
        )
        for one in found
    ]
    return Part("tickets", visit.say("Tickets"), items, ways, visit.say("No ticket of this customer is held."))


def withheld(visit: Visit, name: str, label: str) -> Part:
    return Part(name, visit.say(label), (), (), visit.say("Your role does not show these."))


def ways(
    visit: Visit, noun: str, panel: str, borne: Sequence[Borne], found: Sequence[Ordered | Paid | Asked]
) -> list[Way]:
    """To the lists, narrowed to each name that has something: a list knows no other way to tell customers apart."""
    counts: dict[str, int] = {}
    for one in found:
        name = borne[one.name].name
        counts[name] = counts.get(name, 0) + one.count
    told = {name: visit.fmt.number(held) for name, held in counts.items()}
    here = Address(f"/{noun}").having(panel=panel)
    if len(told) == 1:
        [(name, number)] = told.items()
        return [Way(visit.say("All %(number)s", number=number), str(here.having(user=name)))]
    return [
        Way(visit.say("%(number)s as %(name)s", number=number, name=shown(name)), str(here.having(user=name)))
        for name, number in told.items()
    ]


def place(noun: str, panel: str, id: str) -> str:
    return f"/{noun}/{quote(panel, safe='')}/{quote(id, safe='')}"
