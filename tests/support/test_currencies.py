"""Amounts as text: never rounded, never in exponents."""

from decimal import Decimal
from random import Random

import pytest

from hyperpanel.support.currencies import decimals, exact, formatted
from sync.money import Money, units


@pytest.mark.parametrize("currency", ["USD", "IRT", "JPY", "KWD", "POINTS"])
def test_an_amount_is_read_again_as_it_was(currency):
    chance = Random(2)
    for _ in range(200):
        amount = chance.randrange(-(10 ** chance.randrange(1, 18)), 10 ** chance.randrange(1, 18))
        text = exact(amount, currency)
        assert units(text, currency) == amount
        assert Decimal(text) == Money(amount, currency).amount
        assert len(text.partition(".")[2]) >= decimals(currency)


@pytest.mark.parametrize(("text", "currency", "told"), [("-1.50", "GBP", "-£1.50"), ("3", "", "3")])
def test_a_sign_stands_before_the_number_and_a_code_behind_it(text, currency, told):
    assert formatted(text, currency) == told
