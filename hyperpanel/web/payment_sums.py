"""What the payments on a page come to: completed ones alone, by currency, and what staff entered apart from what customers paid."""

from collections.abc import Sequence
from dataclasses import dataclass

from hyperpanel.support.payment_kinds import BONUS, BY_HAND, PAID
from hyperpanel.web.languages import N_
from hyperpanel.web.payment_rows import PaymentRow
from hyperpanel.web.visits import Visit
from sync.money import Money

LABELS = {PAID: N_("Paid on this page:"), BY_HAND: N_("By hand:"), BONUS: N_("Bonuses:")}
COUNTED = "completed"


@dataclass(frozen=True)
class Sum:
    """One amount for each currency: they are never added up across."""

    label: str
    amounts: Sequence[Money]


def sums(visit: Visit, rows: Sequence[PaymentRow]) -> list[Sum]:
    found: dict[str, dict[str, int]] = {kind: {} for kind in LABELS}
    for row in rows:
        if row.status == COUNTED and row.amount is not None:
            of_kind = found[row.kind]
            of_kind[row.amount.currency] = of_kind.get(row.amount.currency, 0) + row.amount.units
    return [
        Sum(visit.say(LABELS[kind]), [Money(units, currency) for currency, units in sorted(amounts.items())])
        for kind, amounts in found.items()
        if amounts
    ]
