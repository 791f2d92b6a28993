"""What pacing is judged by: the fleets are what they say, the play keeps the budget and counts delays, the rivals do what they are named for."""

from collections import Counter, deque
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from random import Random

import pytest

from tests.support import pacing_fleets, pacing_rivals
from tests.support.pacing_fleets import DAY, FEEDS, FLEETS, HOUR, MINUTE, NAMED, PANELS, Fleet, World, panel_of
from tests.support.pacing_play import Agenda, Played, age, play
from tests.support.pacing_rivals import KNOWING, RIVALS

SHORT = Fleet("short", "", 12, learning=10 * MINUTE, measured=20 * MINUTE)
NEVER: list[list[float]] = [[]] * FEEDS


def rates(fleet: Fleet, seed: int = 1) -> list[tuple[float, ...]]:
    return pacing_fleets.by_minute(fleet, pacing_fleets.usually(fleet, Random(str(seed))), seed)


def traced(changes: dict[int, list[float]], *polls: float) -> Played:
    """Feed 0 was polled at these times; the others never."""
    world = World(SHORT, 0, [], [changes.get(feed, []) for feed in range(FEEDS)])
    return Played(world, [list(polls), *NEVER[1:]])


# --- Fleets --------------------------------------------------------------------------------------------------------


def test_the_fleets_are_frozen():
    """Whoever turns one judges the method by another measure: take the figures of all policies anew, and say so."""
    assert sha256(repr(FLEETS).encode()).hexdigest()[:16] == "ec035399bc57060f"
    made = pacing_fleets.world(replace(NAMED["market"], learning=HOUR, measured=HOUR), 1)
    assert sum(map(len, made.changes)) == 32912


@pytest.mark.parametrize("fleet", FLEETS, ids=lambda fleet: fleet.name)
def test_a_quiet_day_has_the_changes_that_the_fleet_says(fleet):
    days = rates(replace(fleet, bursts=None, learning=DAY, measured=0))
    assert sum(map(sum, days[:1440])) / 1440 * MINUTE == pytest.approx(fleet.a_minute)


def test_changes_come_at_their_rates():
    made = pacing_fleets.world(replace(NAMED["daily"], learning=HOUR, measured=23 * HOUR), 1)
    for hour in (2, 14):
        expected = sum(map(sum, made.rates[hour * 60 : hour * 60 + 60])) * MINUTE
        counted = sum(hour * HOUR <= at < (hour + 1) * HOUR for changes in made.changes for at in changes)
        assert counted == pytest.approx(expected, rel=0.05)


def test_changes_are_in_order():
    made = pacing_fleets.world(replace(NAMED["market"], learning=HOUR, measured=HOUR), 1)
    assert all(first < second for changes in made.changes for first, second in pairwise(changes))


def test_a_seed_says_it_all():
    fleet = replace(NAMED["market"], learning=HOUR, measured=HOUR)
    assert pacing_fleets.world(fleet, 1) == pacing_fleets.world(fleet, 1)
    assert pacing_fleets.world(fleet, 1).changes != pacing_fleets.world(fleet, 2).changes


@pytest.mark.parametrize("name", ["equal", "equal-few"])
def test_equal_is_equal(name):
    assert len({rate for minute in rates(NAMED[name]) for rate in minute}) == 1


@pytest.mark.parametrize("name", ["skewed-dense", "skewed-mixed", "skewed-sparse"])
def test_a_quarter_of_the_feeds_carries_most_of_a_skewed_fleet(name):
    usual = sorted(rates(NAMED[name])[0], reverse=True)
    assert sum(usual[: FEEDS // 4]) > 0.7 * sum(usual)


def test_sparse_is_mild():
    usual = sorted(rates(NAMED["sparse"])[0], reverse=True)
    assert 0.4 < sum(usual[: FEEDS // 4]) / sum(usual) < 0.7


def test_bursts_come_as_often_and_last_as_long_as_they_say():
    bursts, minutes = NAMED["bursty"].bursts, 400 * 1440
    factors = pacing_fleets.heights(bursts, minutes, Random("bursts"))
    begun = sum(before == 1 < now for before, now in pairwise(factors))
    woken = [factor for factor in factors if factor > 1]
    assert begun / 400 == pytest.approx(1.5, rel=0.1)
    assert len(woken) / begun == pytest.approx(61, rel=0.1)  # the mean of 5 to 240 minutes, drawn on a scale of ratios
    assert (round(min(woken)), round(max(woken))) == (20, 200)


def test_evenings_have_twenty_times_the_changes_of_nights():
    day = [minute[0] for minute in rates(NAMED["daily"])[:1440]]
    assert max(day) / min(day) == pytest.approx(20, rel=0.05)


def test_panels_have_evenings_of_their_own():
    minutes = rates(NAMED["daily"])[:1440]
    peaks = [day.index(max(day)) for day in zip(*minutes, strict=True)]
    assert len(set(peaks)) >= 5
    assert all(peaks[feed] == peaks[panel_of(feed)] for feed in range(FEEDS))


# --- Delays --------------------------------------------------------------------------------------------------------


def test_the_delay_is_the_time_until_the_poll_that_sees_it():
    assert traced({0: [10.0]}, 8.0, 15.0, 30.0).seen.rows() == [(10.0, 5.0)]


def test_a_poll_sees_all_changes_since_the_last():
    assert traced({0: [10.0, 12.0, 15.0]}, 9.0, 15.0).seen["delay"].to_list() == [5.0, 3.0, 0.0]


def test_what_nobody_saw_waits_until_the_end():
    assert traced({1: [100.0]}, 200.0).seen["delay"].to_list() == [SHORT.end - 100.0]


def test_only_what_changed_after_learning_is_measured():
    played = traced({0: [599.0, 600.0, 1799.0, 1800.0]}, 1000.0, 1810.0)
    assert played.measured.to_list() == [400.0, 11.0]
    assert played.mean == 205.5
    assert played.cold == pytest.approx((401 + 400 + 11 + 10) / 4)


def test_the_late_are_the_last_twentieth():
    played = traced({0: [float(at) for at in range(600, 701)]}, 700.0)
    assert played.late == 95.0


def test_calls_are_those_of_the_time_measured():
    assert traced({}, 100.0, 700.0, 701.0, 1800.0).calls == 2 / 20


def test_an_age_spans_the_edges_of_what_is_measured():
    assert age([100.0, 700.0], 600, 1800) == 1100
    assert age([100.0, 700.0, 1790.0], 600, 800) == 600
    assert age([], 600, 1800) == 1800


# --- The play ------------------------------------------------------------------------------------------------------


class Told:
    """Polls feed 0 at these times and writes down what it hears."""

    def __init__(self, *polls: float) -> None:
        self.polls, self.heard = polls, list[tuple[float, ...]]()

    def next_poll(self, at, resting):
        return 0 if at in self.polls else None

    def polled(self, feed, at, news, since):
        self.heard.append((feed, at, news, since))


def test_a_policy_hears_how_many_changes_there_were_since():
    told = Told(9, 15, 30)
    play(World(SHORT, 0, [], [[10.0, 12.0, 15.0, 16.0], *NEVER[1:]]), told)
    assert told.heard == [(0, 9.0, 0, 0.0), (0, 15.0, 3, 9.0), (0, 30.0, 1, 15.0)]


def test_nobody_polls_a_panel_that_rests():
    world = World(SHORT, 0, [], NEVER)
    assert play(world, Told(10, 16)).polls[0] == [10.0, 16.0]
    with pytest.raises(ValueError, match="rested"):
        play(world, Told(10, 15))


@pytest.mark.parametrize("name", [*RIVALS, *KNOWING])
def test_budgets_are_kept(name):
    world = pacing_fleets.world(replace(NAMED["market"], learning=HOUR, measured=HOUR), 3)
    played = play(world, {**RIVALS, **KNOWING}[name](world))
    calls = sorted((at, panel_of(feed)) for feed, polls in enumerate(played.polls) for at in polls)
    window: deque[tuple[float, int]] = deque()
    for call in calls:
        window.append(call)
        while window[0][0] <= call[0] - MINUTE:
            window.popleft()
        assert len(window) <= 60
        assert max(Counter(panel for _, panel in window).values()) <= 10
    assert all(played.polls)


def test_an_agenda_gives_whoever_is_due_longest_and_may_be_called():
    agenda = Agenda([5.0, 3.0, 4.0])
    assert agenda.due(2, ()) is None
    assert agenda.due(5, ()) == 1
    assert agenda.due(5, (1,)) == 2
    agenda.plan(1, 9.0)
    assert agenda.due(5, (2,)) == 0
    assert agenda.due(9, (0, 2)) == 1


# --- Rivals --------------------------------------------------------------------------------------------------------


def test_equal_turns_are_equal():
    world = World(SHORT, 0, [], NEVER)
    played = play(world, pacing_rivals.equal(world))
    assert all(second - first == 120 for polls in played.polls for first, second in pairwise(polls))
    assert played.calls == 60


def test_the_interval_adapts():
    rule = pacing_rivals.Halving(World(SHORT, 0, [], NEVER))
    rule.polled(0, 0.0, 2, 0.0)
    assert rule.agenda.dues[0] == 60
    rule.polled(0, 60.0, 0, 0.0)
    assert rule.agenda.dues[0] == 150
    for _ in range(20):
        rule.polled(0, 150.0, 0, 0.0)
    assert rule.agenda.dues[0] == 150 + HOUR


def test_a_class_has_an_interval_by_the_root_of_what_it_does():
    world = World(SHORT, 0, [[4.0] * PANELS + [1.0] * (FEEDS - PANELS)], NEVER)
    rule = pacing_rivals.by_class(world)
    assert isinstance(rule, pacing_rivals.Fixed)
    assert rule.intervals[0] == 75
    assert set(rule.intervals[PANELS:]) == {150}


def test_known_roots_share_the_budget_and_leave_no_panel_above_its_own():
    gaps = pacing_rivals.intervals([100.0 if panel_of(feed) == 0 else 0.01 for feed in range(FEEDS)])
    assert sum(1 / gap for gap in gaps) == pytest.approx(1)
    assert sum(1 / gap for gap in gaps[::PANELS]) == pytest.approx(1 / 6)


def test_the_greatest_index_goes_first():
    rule = pacing_rivals.KnownIndex(World(SHORT, 0, [[9.0, *[1.0] * (FEEDS - 1)]] * 9, NEVER), summed=False)
    assert rule.next_poll(60.0, (0,)) != 0
    assert rule.next_poll(60.0, ()) == 0
    rule.polled(0, 60.0, 5, 0.0)
    assert rule.next_poll(61.0, ()) != 0


@pytest.mark.parametrize("summed", [False, True])
def test_looking_at_the_feeds_above_a_level_alone_finds_the_greatest(summed):
    world = pacing_fleets.world(replace(NAMED["market"], learning=HOUR, measured=0), 1)
    rule = pacing_rivals.KnownIndex(world, summed)
    for second in range(HOUR):
        feed = rule.next_poll(float(second), ())
        assert feed is not None
        assert rule.index(feed, second) == max(rule.index(other, second) for other in range(FEEDS))
        rule.polled(feed, float(second), 0, 0.0)


def test_a_summed_index_counts_each_rate_for_its_own_time():
    rule = pacing_rivals.KnownIndex(World(SHORT, 0, [[9.0] * FEEDS, [1.0] * FEEDS], NEVER), summed=True)
    rule.next_poll(0.0, ())
    rule.next_poll(60.0, ())
    assert rule.index(0, 120.0) == 9 * 60**2 + (120**2 - 60**2)
