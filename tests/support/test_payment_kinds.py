"""What a customer paid, apart from what staff entered and from bonuses."""

import pytest

from hyperpanel.support.payment_kinds import BONUS, BY_HAND, PAID, kind


@pytest.mark.parametrize(
    ("method", "mode", "told"),
    [
        ("PayPal", "auto", PAID),
        (None, None, PAID),
        ("USDT +5% BONUS", "auto", PAID),
        ("PayPal", "manual", BY_HAND),
        (" Manual ", None, BY_HAND),
        ("BONUS", "manual", BONUS),
        ("bonuses", None, BONUS),
    ],
)
def test_what_nobody_paid_is_told_by_its_method_or_mode(method, mode, told):
    assert kind(method, mode) == told
