"""A payment as a row of the list: its words in the person's language, and what was no payment by a customer marked as such."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

from hyperpanel.db.folding import fold
from hyperpanel.db.payments import Line
from hyperpanel.support.payment_kinds import BONUS, BY_HAND, kind_of
from hyperpanel.web.languages import N_, Language
from hyperpanel.web.order_rows import money
from hyperpanel.web.texts import shown
from hyperpanel.web.words import known_or_readable, readable
from sync.money import Money

STATUSES = {
    "waiting": (N_("Waiting"), "idle"),
    "pending": (N_("Pending"), "busy"),
    "completed": (N_("Completed"), "ok"),
    "hold": (N_("On hold"), "warn"),
    "underpaid": (N_("Underpaid"), "warn"),
    "fail": (N_("Failed"), "bad"),
    "failed": (N_("Failed"), "bad"),
    "expired": (N_("Expired"), "idle"),
    "canceled": (N_("Canceled"), "idle"),
    "refunded": (N_("Refunded"), "idle"),
}
RISKS = {
    "normal": (N_("Normal"), "quiet"),
    "low": (N_("Low"), "quiet"),
    "elevated": (N_("Elevated"), "warn"),
    "medium": (N_("Medium"), "warn"),
    "high": (N_("High"), "bad"),
    "highest": (N_("Highest"), "bad"),
}
"""Words of the payment services behind a panel. A score without a word is shown as it is: each service counts on a scale of its own."""

MODES = {"auto": N_("Auto"), "manual": N_("Manual")}
KEPT = 10_000
KINDS = {BY_HAND: N_("By hand"), BONUS: N_("Bonus")}


@dataclass(frozen=True, slots=True, eq=False)
class PaymentRow:
    """`kind`: "" for what a customer paid, hand for what staff entered, bonus. One that was not changed makes the very same row again."""

    panel: str
    id: str
    user: str | None
    user_href: str | None
    balance: Money | None
    amount: Money | None
    kind: str
    kind_label: str
    method: str | None
    status: str
    status_label: str
    status_tone: str
    risk: str | None
    risk_tone: str
    memo: str | None
    created_at: datetime | None
    updated_at: datetime | None
    mode: str | None
    href: str


@lru_cache(maxsize=KEPT)
def row(payment: Line, panel: str, user_id: str | None, language: Language) -> PaymentRow:
    """`user_id`: the customer's, where known."""
    kind = kind_of(payment)
    return PaymentRow(
        panel=panel,
        id=shown(payment.id) or "",
        user=shown(payment.user),
        user_href=place("users", panel, user_id) if user_id else None,
        balance=money(payment.balance, payment.balance_currency),
        amount=money(payment.amount, payment.amount_currency),
        kind=kind,
        kind_label=language.say(KINDS[kind]) if kind else "",
        method=shown(payment.method),
        status=payment.status,
        status_label=status_label(language, payment.status),
        status_tone=STATUSES[payment.status][1] if payment.status in STATUSES else "unknown",
        risk=risk_label(language, payment.fraud_risk) if payment.fraud_risk else None,
        risk_tone=risk_tone(payment.fraud_risk) if payment.fraud_risk else "",
        memo=shown(payment.memo),
        created_at=payment.created_at,
        updated_at=payment.updated_at,
        mode=known_or_readable(language, MODES, payment.mode) if payment.mode else None,
        href=place("payments", panel, payment.id),
    )


def place(noun: str, panel: str, id: str) -> str:
    return f"/{noun}/{quote(panel, safe='')}/{quote(id, safe='')}"


def status_label(language: Language, status: str) -> str:
    """A word that nobody knows is shown as it is, made readable."""
    return language.say(STATUSES[status][0]) if status in STATUSES else readable(status)


def risk_label(language: Language, risk: str) -> str:
    known = fold(risk).strip()
    return language.say(RISKS[known][0]) if known in RISKS else readable(risk)


def risk_tone(risk: str) -> str:
    """By its first word: panels write "Low (3)" too."""
    first = fold(risk).split()[:1]
    return RISKS[first[0]][1] if first and first[0] in RISKS else "unknown"
