"""What was no payment by a customer, though it stands among the payments: what staff entered by hand, and bonuses (SPEC G-A9, G-A27)."""

from typing import Protocol

from hyperpanel.db.folding import fold

PAID, BY_HAND, BONUS = "", "hand", "bonus"
BONUSES, CREDITS = frozenset({"bonus", "bonuses"}), frozenset({"manual"})
"""Methods under which panels enter what nobody paid. A bonus named beside a way to pay ("USDT +5% BONUS") is an advertisement."""


class Entered(Protocol):
    """What tells whether somebody paid."""

    @property
    def method(self) -> str | None: ...

    @property
    def mode(self) -> str | None: ...


def kind_of(payment: Entered) -> str:
    return kind(payment.method, payment.mode)


def kind(method: str | None, mode: str | None) -> str:
    folded = fold(method or "").strip()
    if folded in BONUSES:
        return BONUS
    return BY_HAND if mode == "manual" or folded in CREDITS else PAID
