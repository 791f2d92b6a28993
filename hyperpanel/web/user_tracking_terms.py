"""The terms behind one customer's figures: what is taken off the spend, order by order, and what was paid, payment by payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from hyperpanel.support.user_records import Row, Short, Sum
from hyperpanel.web import order_rows
from hyperpanel.web.facts import Way
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.user_tracking_rows import Line, Term, list_href
from hyperpanel.web.visits import Visit
from reports.windows import Window
from sync.money import Money

MOST = 50
KINDS = {"paid": N_("Paid"), "hand": N_("Entered by hand"), "bonus": N_("Bonuses")}


@dataclass(frozen=True)
class ShortOrder:
    """`formula`: by which `lost` comes about; "" where all of the charge is."""

    id: str
    href: str
    status_label: str
    status_tone: str
    formula: str
    lost: Money
    at: datetime


@dataclass(frozen=True)
class PaymentLine:
    id: str
    href: str
    kind: str
    amount: Money
    at: datetime


@dataclass(frozen=True)
class Shown:
    """The newest of each, and how many more there are."""

    short: Sequence[ShortOrder]
    more_short: int
    payments: Sequence[PaymentLine]
    more_payments: int
    paid: Sequence[Term]


def shown_one(visit: Visit, panel: str, currency: str, row: Row) -> tuple[list[Term], Shown]:
    short = [short_order(visit, panel, currency, one) for one in row.short[:MOST]]
    payments = [
        PaymentLine(
            shown(one.payment_id) or "",
            place("payments", panel, one.payment_id),
            visit.say(KINDS[one.kind]),
            Money(one.units, currency),
            one.at,
        )
        for one in row.payments[:MOST]
    ]
    paid = [
        term(visit, "", visit.say(KINDS[kind]), one, currency)
        for kind, one in (("paid", row.paid), ("hand", row.hand), ("bonus", row.bonus))
        if one.count or kind == "paid"
    ]
    left = Shown(short, len(row.short) - len(short), payments, len(row.payments) - len(payments), paid)
    return terms(visit, currency, row), left


def terms(visit: Visit, currency: str, row: Row) -> list[Term]:
    """The spend down to the net figure; few panels refund orders."""
    refunded = [term(visit, "−", visit.say("Refunded orders"), row.refunded, currency)] if row.refunded.count else []
    return [
        term(visit, "", visit.say("Spend: the charges of all orders"), row.spend, currency),
        term(visit, "−", visit.say("Canceled orders"), row.canceled, currency),
        *refunded,
        term(visit, "−", visit.say("Undelivered parts of partial orders"), row.partial, currency),
        Term("=", visit.say("Net"), "", Money(row.net, currency)),
    ]


def ways_of(visit: Visit, told: Line, row: Row, window: Window) -> list[Way]:
    """To the lists themselves, a link for each name that was theirs: a list knows no other way to tell customers apart."""
    found = [Way(visit.say("Their page"), told.user_href)] if told.user_href else []
    is_plain = len(row.paid_as) == 1
    for name in row.paid_as:
        word = shown(name) or ""
        orders = visit.say("Orders of this window") if is_plain else visit.say("Orders as %(name)s", name=word)
        payments = visit.say("Payments of this window") if is_plain else visit.say("Payments as %(name)s", name=word)
        if name in row.names:
            found.append(Way(orders, list_href(visit, "orders", told.panel, name, window)))
        found.append(Way(payments, list_href(visit, "payments", told.panel, name, window)))
    return found


def term(visit: Visit, sign: str, label: str, one: Sum, currency: str) -> Term:
    return Term(sign, label, visit.fmt.number(one.count), Money(one.units, currency))


def short_order(visit: Visit, panel: str, currency: str, one: Short) -> ShortOrder:
    language, number = visit.language, visit.fmt.number
    charge = Money(one.charge, currency)
    sums = {"remains": number(one.remains or 0), "quantity": number(one.quantity or 0)}
    formula = visit.say("%(charge)s × %(remains)s ÷ %(quantity)s", charge=visit.fmt.money(charge), **sums)
    return ShortOrder(
        shown(one.order_id) or "",
        place("orders", panel, one.order_id),
        order_rows.status_label(language, one.status),
        order_rows.status_tone(one.status),
        formula if one.status == "partial" else "",
        Money(one.lost, currency),
        one.at,
    )


def place(noun: str, panel: str, id: str) -> str:
    return f"/{noun}/{quote(panel, safe='')}/{quote(id, safe='')}"
