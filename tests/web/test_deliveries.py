"""Delivery ranges and audited promises in words, and nobody else's orders in them."""

from zoneinfo import ZoneInfo

import pytest

from hyperpanel.support.deliveries import Audit, Made, Range
from hyperpanel.web import deliveries
from hyperpanel.web.addresses import Address
from hyperpanel.web.visits import Visit
from tests.support.staged import NOON


@pytest.fixture
def visit(staged):
    """Of somebody who may see no panel."""
    console = staged.console
    return Visit(console, NOON, Address("/"), "", "", "", False, None, console.languages["en"], ZoneInfo("UTC"))


def audit(**changes) -> Audit:
    usual = {"band": 1, "per_day": 5000, "n": 40, "half_low": 2511.0, "half_high": 2777.7, "most_low": 904.0}
    return Audit(**{**usual, "most_high": 904.0, "kept": 11, "times": 1.8, "verdict": "short", **changes})


def test_a_range_is_told_with_its_quantity_and_what_it_rests_on(visit):
    made = Made([Range(0, 720.0, 7300.0, 31, 2), Range(3, 86_400.0, 90_000.0, 20, 9, is_endless=True)], [])
    first, last = deliveries.delivered(visit, made).ranges
    assert (first.quantity, first.span, first.n, first.open) == ("1–100", "12 min to 2 h", 31, 2)
    assert (last.quantity, last.span) == ("over 10,000", "24 h to more than 25 h")


def test_a_promise_is_told_with_what_was_measured(visit):
    told = deliveries.delivered(visit, Made([], [audit()]))
    [line] = told.audits
    assert told.promise == "5,000 a day"
    assert (line.quantity, line.half, line.most) == ("101–1,000", "2,500–2,800", "900")
    assert (line.kept, line.verdict, line.tone) == ("11 of 40", "falls short, ×1.8", "warn")


def test_only_a_short_one_is_told_by_how_much(visit):
    words = [deliveries.audit_line(visit, audit(verdict=one)).verdict for one in ("keeps", "faster", "few")]
    assert words == ["keeps its promise", "far faster than promised", "too few to judge"]


async def test_of_a_panel_that_one_may_not_see_nothing_is_told(visit):
    assert await deliveries.delivery_of(visit, (1, "170"), None) == deliveries.Delivered([], [], "", "20")
