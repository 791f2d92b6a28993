"""Positions as they are kept: what cannot be one begins anew."""

import pytest

from sync.cursors import Again, Backfill, Head, Manners, Refresh, Sweep, Walk, dump, load, manners, newest, under_way

WALK = Walk(floor=5, to=9, offset=3, tail=("7",), top=12, longest=100, proven=False)


@pytest.mark.parametrize(
    ("plan", "cursor"),
    [
        ("head", Head(mark=1_772_366_400, walk=WALK)),
        ("backfill", Backfill(reached=5, floor=3, walk=WALK)),
        ("backfill", Backfill(again=Again(since=5, begun=1_772_366_400.5, by="ana", walk=WALK, after="7"))),
        ("refresh", Refresh(after="7", started=1_772_366_400.5, whole=False, covered=3.0)),
        ("sweep", Sweep(number=7, started=5.5, walk=WALK, edge=9, ties=("8",), ascends=False, asking=True, after="3")),
    ],
)
def test_a_position_is_read_as_it_was_written(plan, cursor):
    assert load(plan, dump(cursor)) == cursor


@pytest.mark.parametrize(
    ("plan", "text"),
    [
        ("head", None),
        ("head", ""),
        ("head", "not json"),
        ("head", "[]"),
        ("head", '{"mark": "yesterday"}'),
        ("head", '{"mark": 1e300}'),
        ("head", '{"mark": 99999999999999}'),
        ("head", '{"mark": -99999999999999}'),
        ("head", '{"walk": {"to": 99999999999999}}'),
        ("backfill", '{"reached": 99999999999999}'),
        ("backfill", '{"walk": {"offset": -1}}'),
        ("backfill", '{"again": {"begun": 5}}'),
        ("refresh", '{"started": 1e300}'),
        ("sweep", '{"number": 1, "started": 1e300}'),
        ("sweep", '{"number": -1}'),
        ("sweep", '{"number": 1, "edge": 99999999999999}'),
    ],
)
def test_what_is_no_position_begins_anew(plan, text):
    assert load(plan, text) == load(plan, "{}")


@pytest.mark.parametrize("text", [None, "", "not json", "[]", '{"cap": "many"}'])
def test_manners_that_cannot_be_read_are_learned_anew(text):
    assert manners(text) == Manners()


@pytest.mark.parametrize("doubted", [1_000_000 - 86_400, 1_000_000 + 86_400, 32_503_680_000])
def test_what_was_doubted_a_day_ago_or_in_another_time_is_tried_again(doubted):
    assert Manners(by_ids=False, doubted=doubted).renewed(1_000_000).by_ids


@pytest.mark.parametrize("doubted", [999_999, 1_003_600])
def test_what_was_doubted_lately_is_not(doubted):
    assert not Manners(by_ids=False, doubted=doubted).renewed(1_000_000).by_ids


def test_what_is_dated_later_than_the_panels_clock_is_no_mark():
    assert newest(None, [500, 2_000, 900], now=1_000) == 900
    assert newest(950, [10**9], now=1_000) == 950
    assert newest(None, [10**9], now=1_000) is None


@pytest.mark.parametrize(
    ("cursor", "is_under_way"),
    [
        (Head(mark=5), False),
        (Head(walk=WALK), True),
        (Refresh(covered=5.0), False),
        (Refresh(started=5.0), True),
        (Sweep(), False),
        (Sweep(number=5, asking=True), True),
    ],
)
def test_a_plan_that_stopped_in_the_middle_is_known(cursor, is_under_way):
    assert under_way(cursor) is is_under_way


def test_a_past_that_is_read_again_is_under_way():
    asked = Backfill(done=True, again=Again(since=5, begun=9.0))
    assert not under_way(asked)
    assert under_way(Backfill(done=True, again=Again(since=5, begun=9.0, walk=WALK)))


def test_a_position_of_before_is_read_as_it_was():
    told = '{"reached":5,"floor":5,"walk":null,"done":true,"after":null}'
    assert load("backfill", told) == Backfill(reached=5, floor=5, done=True)
