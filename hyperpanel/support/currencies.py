"""How many decimals a currency is written with, and an exact amount as text: no float, no sign of a language."""

from functools import lru_cache

from babel.numbers import get_currency_precision, get_currency_symbol, list_currencies

from sync.money import scale

ISO_CURRENCIES = frozenset(list_currencies())
WITHOUT_DECIMALS = frozenset({"IRT"})
"""Currencies that ISO 4217 does not list."""

SIGNS = {"TRY": "₺"}
"""What English writes with three letters, and panels with a sign."""


@lru_cache(maxsize=256)
def decimals(currency: str) -> int:
    if currency in WITHOUT_DECIMALS:
        return 0
    return get_currency_precision(currency) if currency in ISO_CURRENCIES else 2


def exact(units: int, currency: str) -> str:
    """All digits that are kept, and at least those that the currency is written with."""
    places = scale(currency)
    whole, fraction = divmod(abs(units), int(10**places))
    digits = f"{fraction:0{places}}".rstrip("0").ljust(decimals(currency), "0")
    return f"{'-' if units < 0 else ''}{whole}{'.' if digits else ''}{digits}"


@lru_cache(maxsize=256)
def sign(currency: str) -> str:
    """One letter, or nothing."""
    if currency not in ISO_CURRENCIES:
        return ""
    found = SIGNS.get(currency) or str(get_currency_symbol(currency, "en_US"))
    return found if len(found) == 1 else ""


def formatted(text: str, currency: str) -> str:
    """As panels write it beside the number: $0.03, -$0.03, 12 IRT."""
    mark = sign(currency)
    if not mark:
        return f"{text} {currency}".strip()
    return f"-{mark}{text[1:]}" if text.startswith("-") else f"{mark}{text}"
