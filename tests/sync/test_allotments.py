"""Calls go where they save the most waiting, within bounds and caps."""

from dataclasses import replace
from math import inf, isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.allotments import STEADY, Bidder, Caps, intervals, targets, usual_caps

rates = st.one_of(st.just(0.0), st.floats(1e-7, 100.0))


@st.composite
def plans(draw, key=0):
    shortest = draw(st.floats(1, 60))
    longest = shortest * draw(st.floats(1, 500))
    return Bidder(
        key=key,
        panel=draw(st.integers(1, 3)),
        rate=draw(rates),
        usual=draw(st.floats(shortest, longest)),
        shortest=shortest,
        longest=longest,
        weight=draw(st.floats(0.1, 10)),
        cost=draw(st.floats(1, 20)),
        held=draw(st.none() | st.floats(0.5, 50_000)),
    )


@st.composite
def fleets(draw):
    bidders = [replace(one, key=place) for place, one in enumerate(draw(st.lists(plans(), min_size=1, max_size=12)))]
    ceilings = sum(one.cost / one.longest for one in bidders)
    room = st.floats(0.5, 20)
    return bidders, Caps(ceilings * draw(room), {panel: ceilings * draw(room) for panel in (1, 2)})


def plain(key, rate, panel=1, **also):
    return Bidder(key=key, panel=panel, rate=rate, usual=60.0, shortest=1.0, longest=7200.0, **also)


def spent(bidders, allotted):
    return sum(one.cost / allotted[one.key].seconds for one in bidders)


def delay(bidders, seconds):
    return sum(one.weight * one.rate * wait / 2 for one, wait in zip(bidders, seconds, strict=True))


@given(fleets())
def test_caps_hold_unless_the_ceilings_cost_more(fleet):
    bidders, caps = fleet
    allotted = intervals(bidders, caps)
    for panel in (1, 2, 3):
        own = [one for one in bidders if one.panel == panel]
        ceilings = sum(one.cost / one.longest for one in own)
        assert spent(own, allotted) <= max(caps.panels.get(panel, inf), ceilings) * 1.000001
    if not any(one.beyond for one in allotted.values()):
        assert spent(bidders, allotted) <= caps.total * 1.000001


@given(fleets())
def test_no_plan_leaves_its_bounds(fleet):
    bidders, caps = fleet
    allotted = intervals(bidders, caps)
    assert all(one.shortest <= allotted[one.key].seconds <= one.longest for one in bidders)


@given(fleets())
def test_caps_that_are_exceeded_are_told(fleet):
    bidders, caps = fleet
    allotted = intervals(bidders, caps)
    if sum(one.cost / one.longest for one in bidders) > caps.total * 1.000001:
        assert all(one.beyond for one in allotted.values())


@given(fleets(), st.integers(0, 11), st.floats(1, 100))
def test_who_changes_more_is_not_read_more_rarely(fleet, place, times):
    bidders, caps = fleet
    place %= len(bidders)
    busier = [replace(one, rate=one.rate * times) if one.key == place else one for one in bidders]
    assert targets(busier, caps)[place] <= targets(bidders, caps)[place] * 1.000001


@given(fleets(), st.data())
def test_no_other_intervals_within_the_caps_let_changes_wait_less(fleet, data):
    bidders, caps = fleet
    best = targets(bidders, caps)
    factors = st.floats(0.5, 2)
    other = [
        min(one.longest, max(one.shortest, wait * data.draw(factors))) for one, wait in zip(bidders, best, strict=True)
    ]
    costs = {
        panel: sum(one.cost / wait for one, wait in zip(bidders, other, strict=True) if one.panel == panel)
        for panel in (1, 2, 3)
    }
    if sum(costs.values()) <= caps.total and all(costs[panel] <= cap for panel, cap in caps.panels.items()):
        assert delay(bidders, best) <= delay(bidders, other) * 1.000001 + 1e-12


def test_equal_plans_are_read_equally_often():
    allotted = intervals([plain(key, 0.01, panel=key % 3) for key in range(9)], Caps(0.09, {}))
    assert {round(one.seconds, 6) for one in allotted.values()} == {100.0}


def test_four_times_the_changes_halve_the_interval():
    often, seldom = targets([plain("often", 0.04), plain("seldom", 0.01)], Caps(0.03, {}))
    assert isclose(seldom, 2 * often)


def test_a_weight_counts_as_so_many_more_changes_and_a_cost_as_so_many_fewer():
    caps = Caps(0.05, {})
    assert targets([plain(1, 0.01, weight=4), plain(2, 0.01)], caps) == targets([plain(1, 0.04), plain(2, 0.01)], caps)
    dear, cheap = targets([plain(1, 0.01, cost=4), plain(2, 0.01)], caps)
    assert isclose(dear, 2 * cheap)


def test_what_a_panel_may_not_spend_goes_to_the_others():
    busy, other = plain("busy", 1.0), plain("other", 0.01, panel=2)
    allotted = intervals([busy, other], Caps(0.1, {1: 0.02}))
    assert isclose(allotted["busy"].seconds, 50)
    assert isclose(allotted["other"].seconds, 12.5)


def test_where_nothing_ever_changes_all_wait_for_their_ceilings():
    allotted = intervals([plain(1, 0.0), plain(2, 0.0)], Caps(1.0, {}))
    assert {one.reason for one in allotted.values()} == {"longest"}


@pytest.mark.parametrize(
    ("rate", "longest", "reason"),
    [(1e9, 7200.0, "shortest"), (0.01, 7200.0, "paced"), (0.0, 7200.0, "longest"), (0.01, 1.0, "fixed")],
)
def test_an_interval_says_why(rate, longest, reason):
    others = [plain(key, 0.01) for key in range(5)]
    allotted = intervals([replace(plain("this", rate), longest=longest), *others], Caps(1.2, {}))
    assert allotted["this"].reason == reason


def test_an_interval_is_kept_while_it_is_near_the_best():
    allotted = intervals([plain(1, 0.01, held=104.0), plain(2, 0.01, held=97.0)], Caps(0.02, {}))
    assert [allotted[key].seconds for key in (1, 2)] == [104.0, 97.0]


def test_an_interval_far_from_the_best_moves_to_it():
    allotted = intervals([plain(1, 0.01, held=100.0 * STEADY * 1.01), plain(2, 0.01)], Caps(0.02, {}))
    assert isclose(allotted[1].seconds, 100)


@given(fleets())
def test_what_was_allotted_once_is_allotted_again(fleet):
    bidders, caps = fleet
    first = intervals(bidders, caps)
    again = intervals([replace(one, held=first[one.key].seconds) for one in bidders], caps)
    assert again == first


def test_intervals_do_not_flap_while_rates_waver():
    wavering, caps, moves = Random(1), Caps(0.2, {}), 0
    held = dict.fromkeys(range(20), 100.0)
    for _ in range(60):
        fleet = [plain(key, 0.01 * wavering.uniform(0.95, 1.05), held=wait) for key, wait in held.items()]
        told = intervals(fleet, caps)
        new = {key: told[key].seconds for key in held}
        moves, held = moves + sum(new[key] != held[key] for key in held), new
    assert moves < 60


def test_the_usual_intervals_calls_are_the_cap():
    caps = usual_caps([plain(1, 0.0), plain(2, 0.0, cost=3.0), plain(3, 0.0, panel=2)], {1: 10.0, 2: 0.02})
    assert isclose(caps.total, 5 / 60)
    assert isclose(caps.panels[1], 4 * 4 / 60)
    assert isclose(caps.panels[2], 0.015)
