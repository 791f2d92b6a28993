"""How a panel writes a number, an amount and a time."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from hyperpanel.api.wording import local, money, number
from hyperpanel.client.records import Money

ZONES = ("UTC", "Europe/Berlin", "Asia/Kathmandu", "Asia/Tehran", "America/St_Johns", "Australia/Lord_Howe")


@pytest.mark.parametrize("zone", ZONES)
def test_a_time_is_what_the_panel_s_clock_showed(zone):
    chance, panel = Random(4), ZoneInfo(zone)
    for _ in range(500):
        moment = datetime(2019, 1, 1, tzinfo=UTC) + timedelta(
            seconds=chance.randrange(9 * 365 * 86_400), microseconds=7
        )
        shown = moment.astimezone(panel).replace(tzinfo=None, microsecond=0).isoformat(" ")
        assert local(moment, panel) == (shown, int(moment.timestamp()))


def test_a_time_before_1970_is_one_too():
    assert local(datetime(1969, 12, 31, 23, 59, 58, 500_000, tzinfo=UTC), ZoneInfo("UTC")) == (
        "1969-12-31 23:59:58",
        -2,
    )
    assert local(None, ZoneInfo("UTC")) == (None, None)


@pytest.mark.parametrize(
    ("units", "currency", "told"),
    [
        (3_000_000, "USD", ("0.03", "$0.03")),
        (-250_000_000, "EUR", ("-2.50", "-€2.50")),
        (1, "USD", ("0.00000001", "$0.00000001")),
        (10_000 * 10**4, "IRT", ("10000", "10000 IRT")),
        (5 * 10**8, "TRY", ("5.00", "₺5.00")),
        (5 * 10**8, "CAD", ("5.00", "5.00 CAD")),
        (7 * 10**8, "COINS", ("7.00", "7.00 COINS")),
    ],
)
def test_an_amount_is_exact_and_has_the_currency_s_sign(units, currency, told):
    assert money(units, currency) == Money(told[0], currency, told[1])


def test_an_amount_that_is_not_known_is_none():
    assert money(None, "USD") is None
    assert money(1, None) is None


@pytest.mark.parametrize("text", ["", "-1", "01", "1.0", "²", "٣", "1" * 16, " 1"])
def test_what_may_be_no_number_stays_as_it_is(text):
    assert number(text) == text


@pytest.mark.parametrize("zone", ["America/St_Johns", "America/Goose_Bay", "Antarctica/Casey"])
@pytest.mark.parametrize(
    "day", [datetime(2010, 3, 14, tzinfo=UTC), datetime(2010, 11, 7, tzinfo=UTC), datetime(2020, 10, 3, tzinfo=UTC)]
)
def test_clocks_may_change_a_minute_after_midnight(zone, day):
    for minutes in range(24 * 60):
        moment = day + timedelta(minutes=minutes)
        assert local(moment, ZoneInfo(zone))[0] == moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(" ")
