"""Answers that bend a list: what they must not hide, and where a walk must come to an end."""

from sync import pagers
from sync.connectors.base import Page
from sync.cursors import Manners, Walk
from tests.support.lists import START, must_see, upstream, walk_through


def test_a_row_with_an_odd_old_time_hides_nothing():
    for filters in (True, False):
        source = upstream(rows=3000, filters=filters)
        source.odd = {3950: 5}
        assert walk_through(source)[0] == must_see(source)


def test_one_empty_answer_at_the_top_is_not_believed():
    for manners in (Manners(), Manners(seek=False)):
        step = pagers.after(Walk(), Page([], [], [], [], more=False), 100, manners, START)
        assert step.walk is not None


def test_a_lower_cap_than_was_once_seen_does_not_end_a_walk():
    for how in ({"tells_more": False}, {"more_is": False}):
        source = upstream(rows=3000, cap=100, **how)
        assert walk_through(source, manners=Manners(cap=1000), limit=1000)[0] == must_see(source)


def test_many_rows_a_second_are_read_though_the_cap_was_lowered():
    source = upstream(rows=900, per_second=300, tells_more=False, cap=100)
    assert walk_through(source, manners=Manners(cap=1000), limit=1000)[0] == must_see(source)


def test_an_upstream_that_ignores_filters_and_offsets_is_given_up():
    source = upstream(rows=300, filters=False, tells_more=False)
    source.offsets = False
    assert walk_through(source)[2] < 10


def test_an_empty_list_comes_to_an_end():
    for manners in (Manners(), Manners(seek=False)):
        first = pagers.after(Walk(), Page([], [], [], []), 100, manners, START)
        assert first.walk is not None
        assert pagers.after(first.walk, Page([], [], [], []), 100, manners, START).walk is None


def test_a_list_in_another_order_is_read_by_offsets():
    source = upstream(rows=500)
    source.ascending = True
    assert walk_through(source)[0] == must_see(source)


def test_what_was_doubted_is_tried_again_after_a_day():
    doubted = Manners(seek=False, doubted=START)
    assert doubted.renewed(START + 3600).seek is False
    assert doubted.renewed(START + 90_000).seek is True
