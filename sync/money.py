"""Money as upstreams write it ("0.03", 0.03, "1e-3") to a whole number of small units, never through a float.

Scale: 8 decimals, and 4 for currencies whose amounts are large (a rial balance would not leave room for sums).
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

DEFAULT_SCALE = 8
SCALES = {"IRR": 4, "IRT": 4, "IDR": 4, "VND": 4}
LARGEST = 2**63 - 1


class UnreadableAmount(ValueError):
    """The text is no amount, or has more digits than are kept: nothing is rounded in silence."""


@dataclass(frozen=True, slots=True)
class Money:
    """`units` of 10^-scale(currency); the currency is an ISO 4217 code or the upstream's own (IRT is the toman)."""

    units: int
    currency: str

    @property
    def amount(self) -> Decimal:
        return Decimal(self.units).scaleb(-scale(self.currency))


def scale(currency: str) -> int:
    """Decimals kept for a currency."""
    return SCALES.get(currency, DEFAULT_SCALE)


def units(text: str, currency: str) -> int:
    """The amount in units of 10^-scale; raises UnreadableAmount. The first way is for the plain form, which nearly all have."""
    decimals = scale(currency)
    whole, _, fraction = text.partition(".")
    if len(fraction) <= decimals and len(whole) <= 9 and whole.isdecimal() and text.isascii():
        if not fraction:
            return int(whole) * int(10**decimals)
        if fraction.isdecimal():
            return int(whole + fraction) * int(10 ** (decimals - len(fraction)))
    return exact_units(text, decimals)


def exact_units(text: str, decimals: int) -> int:
    """Signs, exponents and long numbers, by Decimal."""
    if len(text) > 64 or not text.isascii() or "_" in text:
        raise UnreadableAmount(f"{text[:64]!r} is not an amount")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise UnreadableAmount(f"{text!r} is not an amount") from None
    if not amount.is_finite() or abs(amount.adjusted()) > 40:
        raise UnreadableAmount(f"{text!r} is not an amount")
    scaled = amount.scaleb(decimals)
    if scaled != scaled.to_integral_value():
        raise UnreadableAmount(f"{text!r} has more than {decimals} decimals")
    if abs(scaled) > LARGEST:
        raise UnreadableAmount(f"{text!r} is too large")
    return int(scaled)
