"""Numbers, amounts and times as each language writes them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.numbers import format_decimal

from hyperpanel.web.formats import Formats, Signs
from hyperpanel.web.languages import load
from sync.money import Money

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LANGUAGES = load(pseudo_rtl=True)


def fmt(code: str = "en", zone: str = "UTC") -> Formats:
    return Formats(Signs(LANGUAGES[code]), ZoneInfo(zone), NOW)


@pytest.mark.parametrize("code", ["en", "tr"])
@pytest.mark.parametrize("value", [0, 7, 999, 1000, 1_234_567, -12_345, 0.5, 1234.25, 3.0])
def test_numbers_are_written_as_babel_would(code, value):
    assert fmt(code).number(value) == format_decimal(value, locale=code)


AMOUNTS = {
    ("en", 3_000_000, "USD"): "0.03\u00a0USD",
    ("tr", 3_000_000, "USD"): "0,03\u00a0USD",
    ("en", 120_400_000_000, "USD"): "1,204.00\u00a0USD",
    ("tr", 120_400_000_000, "TRY"): "1.204,00\u00a0TRY",
    ("en", 125_000, "USD"): "0.00125\u00a0USD",
    ("en", 1, "EUR"): "0.00000001\u00a0EUR",
    ("en", -150_000_000, "USD"): "-1.50\u00a0USD",
    ("en", 12_345_000, "IRT"): "1,234.5\u00a0IRT",
    ("en", 500_000_000, "JPY"): "5\u00a0JPY",
    ("en", 100_000_000, "XXQ"): "1.00\u00a0XXQ",
}


@pytest.mark.parametrize(("given", "written"), AMOUNTS.items())
def test_no_digit_of_an_amount_is_lost_and_none_is_added(given, written):
    code, units, currency = given
    assert fmt(code).money(Money(units, currency)) == written


@pytest.mark.parametrize(
    ("age", "told"), [(5, "5 s"), (59, "59 s"), (60, "1 min"), (3599, "59 min"), (7200, "2 h"), (172_800, "2 d")]
)
def test_an_age_is_told_in_its_largest_unit(age, told):
    assert fmt().ago(NOW - timedelta(seconds=age)) == told
    assert fmt().seconds(age) == told


def test_what_is_long_ago_is_told_by_its_day():
    assert fmt().ago(NOW - timedelta(days=200)) == "Aug 13, 2025"
    assert fmt("tr").ago(NOW - timedelta(days=200)) == "13 Ağu 2025"


def test_an_exact_time_is_told_in_the_persons_zone():
    assert fmt(zone="Asia/Tehran").exact(NOW) == "Mar 1, 2026 15:30:00"
    assert fmt("tr", "Europe/Istanbul").exact(NOW) == "1 Mar 2026 15:00:00"


def test_a_machine_reads_the_time_in_utc():
    assert fmt(zone="Asia/Tehran").iso(NOW) == "2026-03-01T12:00:00+00:00"
