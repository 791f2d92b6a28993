"""A chart's figures: heights of one axis, that ends at a round number, and what is there can be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperpanel.web.charts import between, chart, lines, rounded_up


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


def lined(*values: float | None, **more):
    names = [f"hour {n}" for n in range(len(values))]
    return lines("score", "Score", "", names, [("Score", values)], lambda value: f"{value:g}", "Hour", **more)


def test_a_line_goes_through_what_is_known():
    assert lined(0, 50, 100, most=100).strokes[0].path == "M16.67 100.00L50.00 50.00L83.33 0.00"


def test_a_line_breaks_where_nothing_is_known_and_what_stands_alone_is_a_dot():
    [stroke] = lined(10, 20, None, 30, None, 40, 50).strokes
    assert (stroke.path.count("M"), stroke.dots.count("M")) == (2, 1)


def test_what_is_not_known_is_no_zero_in_words_either():
    assert [stop.values for stop in lined(0, None).stops] == [["0"], ["–"]]


def test_what_lies_beyond_a_given_axis_stands_on_its_end():
    assert lined(-60, 40, most=100).strokes[0].path.startswith("M25.00 100.00")


@pytest.mark.parametrize(
    ("least", "most", "ticks"),
    [
        (0, 0, [0, 1]),
        (0, 0.4, [0, 1]),
        (0, 7, [0, 2, 4, 6, 8]),
        (-3, 9, [-5, 0, 5, 10]),
        (-900, 0, [-1000, -500, 0]),
        (-1, 10**18, [-5 * 10**17, 0, 5 * 10**17, 10**18]),
    ],
)
def test_an_axis_has_whole_steps_and_holds_nothing_too(least, most, ticks):
    assert between(least, most) == ticks


@given(st.integers(-(10**20), 0), st.integers(0, 10**20))
def test_an_axis_holds_all_with_few_ticks(least, most):
    ticks = between(least, most)
    assert ticks[0] <= least <= 0 <= most <= ticks[-1]
    assert 2 <= len(ticks) <= 5


def test_several_lines_share_an_axis_and_a_table():
    found = lines("m", "", "", ["a", "b"], [("Revenue", [10, 20]), ("Cost", [5, None])], str, "Day")
    assert found.heads == ["Day", "Revenue", "Cost"]
    assert found.stops[1].values == ["20", "–"]
    assert found.zero is None


def test_nothing_is_marked_where_some_of_it_is_below():
    assert lined(-5, 5).zero == 50
