"""What may be typed of a key."""

from datetime import timedelta

import pytest

from hyperpanel.errors import BadInput
from hyperpanel.support import api_key_fields as rules


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ()),
        ("192.0.2.7", ("192.0.2.7",)),
        (" 192.0.2.9/24,2001:DB8::/32  192.0.2.0/24", ("192.0.2.0/24", "2001:db8::/32")),
        ("2001:db8::1/128", ("2001:db8::1",)),
    ],
)
def test_addresses_are_kept_as_they_are_compared(typed, kept):
    assert rules.addresses(typed) == kept


@pytest.mark.parametrize("typed", ["here", "192.0.2", "192.0.2.7/33", "192.0.2.7-9", "1.1.1.1 " * 51, "\x00"])
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(BadInput):
        rules.addresses(typed)


@pytest.mark.parametrize(("typed", "days"), [("30", 30), ("90d", 90), (" 1 ", 1), ("365d", 365)])
def test_a_key_lasts_some_days(typed, days):
    assert rules.lasts(typed) == timedelta(days=days)


@pytest.mark.parametrize("typed", ["", "0", "366", "-1", "1.5", "d", "٣", "1y", "9999"])
def test_a_key_lasts_a_year_at_most(typed):
    with pytest.raises(BadInput, match="1 to 365"):
        rules.lasts(typed)


@pytest.mark.parametrize("typed", ["", "0", "-1", "1.5", "600001", "1e3", "²"])
def test_a_limit_is_a_whole_number(typed):
    with pytest.raises(BadInput):
        rules.per_minute(typed)


def test_a_limit_may_have_spaces():
    assert rules.per_minute("6 000") == 6000


@pytest.mark.parametrize("typed", ["", "   ", "x" * 65, "a\u202eb", "a\x00b"])
def test_a_name_is_something_that_can_be_seen(typed):
    with pytest.raises(BadInput):
        rules.name(typed)
    assert rules.name(" the   nightly  run ") == "the nightly run"


def test_unknown_scopes_are_named_with_those_there_are():
    with pytest.raises(BadInput, match=r"orders:write.*orders:read"):
        rules.scopes(["orders:write"], ["orders:read"])
    with pytest.raises(BadInput, match="at least one"):
        rules.scopes([], ["orders:read"])
