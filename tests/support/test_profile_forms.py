"""What a profile's form takes and refuses, of that which is easily misread."""

import pytest

from hyperpanel.errors import BadInput
from hyperpanel.support import profile_forms as forms
from sync import money


@pytest.mark.parametrize("name", ["سرویس\u200cها", "\U0001f469\u200d\U0001f4bb", "Night shift"])
def test_a_name_may_hold_joiners(name):
    assert forms.named(f" {name}\u200c ") == name


@pytest.mark.parametrize("name", ["\u200c", "\u200d \u200c", "a\u202eb", "a\u200bb", ""])
def test_a_name_of_nothing_that_shows_or_that_turns_the_text_is_refused(name):
    with pytest.raises(BadInput, match="1 to 60 characters"):
        forms.named(name)


@pytest.mark.parametrize(("text", "kept"), [("0.1", 0.1), ("6,5", 6.5), ("744", 744.0)])
def test_a_window_is_some_minutes_at_least(text, kept):
    assert forms.window(text) == kept


@pytest.mark.parametrize("text", ["0.0000000001", "0.09", "0", "-1", "745", "nan"])
def test_a_window_that_holds_nothing_or_too_much_is_refused(text):
    with pytest.raises(BadInput):
        forms.window(text)


@pytest.mark.parametrize("text", ["1,000", "1.000", "2.0", "1e2", "-1", "9" * 5000])
def test_a_count_has_digits_alone(text):
    with pytest.raises(BadInput, match="whole number"):
        forms.count("min_orders", text)


@pytest.mark.parametrize(("text", "kept"), [("12.50", 12_500_000), ("1000", 1_000_000_000), ("0,125", 125_000)])
def test_an_amount_is_read_with_either_point(text, kept):
    assert forms.spend(text, "USD") * 1_000_000 == kept * money.units("1", "USD")


@pytest.mark.parametrize("text", ["1,000", "1.000", "12,500", "1,500.50", "-1"])
def test_an_amount_that_may_be_a_thousand_or_one_is_refused(text):
    with pytest.raises(BadInput, match="such as 250"):
        forms.spend(text, "USD")
