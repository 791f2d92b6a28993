"""A chart's figures: heights of one axis, that ends at a round number, and what is there can be seen."""

import pytest

from hyperpanel.web.charts import chart, rounded_up


@pytest.mark.parametrize(
    ("value", "top"), [(0, 1), (1, 1), (3, 5), (7, 10), (64, 100), (100, 100), (210, 500), (10**20 + 1, 2 * 10**20)]
)
def test_an_axis_ends_at_a_round_number(value, top):
    assert rounded_up(value) == top


def drawn(*values: int):
    return chart("USD", "Spent", "", [(f"day {n}", value) for n, value in enumerate(values)], str, ("Day", "Charge"))


def test_bars_stand_by_their_share_of_the_axis():
    assert [bar.height for bar in drawn(0, 25, 50, 1, -5).bars] == [0, 50, 100, 2, 0]


def test_the_least_there_is_can_be_seen():
    assert drawn(1, 10**9).bars[0].height == 1


def test_the_axis_and_the_edges_have_words():
    found = drawn(10, 20, 40)
    assert found.ticks == ["50", "25", "0"]
    assert found.edges == ["day 0", "day 1", "day 2"]


def test_nothing_has_a_chart_too():
    assert drawn(0).ticks == ["1", "0"]
