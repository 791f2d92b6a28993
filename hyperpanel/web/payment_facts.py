"""What is told of one payment beside the list, and where its customer's other doings are."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from hyperpanel.db.payments import Payment
from hyperpanel.web.addresses import Address
from hyperpanel.web.facts import Fact, Way, known
from hyperpanel.web.payment_rows import PaymentRow
from hyperpanel.web.texts import LONGEST_LINK, shown
from hyperpanel.web.visits import Visit

AROUND = timedelta(days=1)
"""Before and after a payment: what it was made for was mostly ordered then."""


def facts(visit: Visit, payment: Payment, row: PaymentRow) -> list[Fact]:
    say, money = visit.say, visit.fmt.money
    return known(
        (
            Fact(say("Payment ID"), row.id, "id", copy=True),
            Fact(say("User"), row.user, "page", row.user_href if visit.may("users:read") else None, copy=True),
            Fact(say("Amount"), money(row.amount) if row.amount else None, "id", copy=True),
            Fact(say("Balance"), money(row.balance) if row.balance else None, "id", copy=True),
            Fact(say("Method"), row.method, copy=True),
            Fact(say("Memo"), shown(payment.memo, LONGEST_LINK), copy=True),
            Fact(say("Fraud risk"), shown(payment.fraud_risk)),
            Fact(say("Status at the panel"), shown(payment.status_raw)),
            Fact(say("Mode"), row.mode),
            *times(visit, payment),
        )
    )


def times(visit: Visit, payment: Payment) -> Iterable[Fact]:
    dated = (
        (visit.say("Created"), payment.created_at),
        (visit.say("Updated"), payment.updated_at),
        (visit.say("First seen here"), payment.first_seen_at),
        (visit.say("No longer at the panel since"), payment.gone_at),
    )
    return [Fact(label, visit.fmt.exact(at) if at else None, "id") for label, at in dated]


def ways(visit: Visit, payment: Payment, panel: str) -> list[Way]:
    """To what else the same customer ordered and paid."""
    if not payment.user:
        return []
    here = {"panel": panel, "user": payment.user}
    found = [
        ("orders:read", visit.say("Their orders around then"), "/orders", around(visit, payment.created_at)),
        ("payments:read", visit.say("Their payments"), "/payments", {}),
    ]
    return [
        Way(label, str(Address(path).having(**here, **span)))
        for permission, label, path, span in found
        if span is not None and visit.may(permission)
    ]


def around(visit: Visit, at: datetime | None) -> dict[str, str] | None:
    """As the filters read it, in this person's zone."""
    if at is None:
        return None
    ends = {"created_from": at - AROUND, "created_to": at + AROUND}
    return {name: end.astimezone(visit.zone).strftime("%Y-%m-%d %H:%M") for name, end in ends.items()}
