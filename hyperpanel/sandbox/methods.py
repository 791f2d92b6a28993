"""The ways to pay that a panel offers, under the names its owner typed: odd cases and stray spaces are part of them."""

from random import Random
from typing import NamedTuple

MANUAL, BONUS = "manual", "bonus"


class Method(NamedTuple):
    name: str
    kind: str
    label: str  # as a ticket's subject has it: `Payment - PayPal`


OFFERED = (
    Method("PayPal", "card", "PayPal"),
    Method("Stripe - Credit / Debit Card", "card", "Credit Card"),
    Method("credit card  (3D secure)", "card", "Credit Card"),
    Method("CoinPayments BTC, LTC, USDT ", "crypto", "Crypto"),
    Method("Cryptomus", "crypto", "Crypto"),
    Method("USDT (TRC20) +5% BONUS 🎁", "crypto", "Crypto"),
    Method("Binance Pay ID", "bank", "Binance"),
    Method("perfect money USD", "card", "Perfect Money"),
    Method("PAYEER", "card", "Payeer"),
    Method("Havale / EFT", "bank", "Havale"),
    Method(" Papara", "bank", "Papara"),
    Method("PIX  Automático", "card", "PIX"),
    Method("زرین پال", "card", "زرین پال"),
    Method("Карта РФ / СБП", "bank", "Карта"),
)
BY_HAND = (Method("Manual", MANUAL, "Other"), Method("Bonus", BONUS, "Other"))


def offered(random: Random) -> tuple[Method, ...]:
    """What one panel has, the most used first; what staff enter by hand stands last, wherever that is."""
    return (*random.sample(OFFERED, random.randrange(5, 9)), *BY_HAND)
