"""Lists that move while they are read: the pagers against a list that inserts, deletes and shuffles between two pages."""

import pytest

from sync import pagers
from sync.connectors.base import Ask, Page
from sync.cursors import Manners, Walk
from tests.support.lists import START, must_see, upstream, walk_through


@pytest.mark.parametrize(
    "mix", [{}, {"inserts": 3}, {"deletes": 1}, {"inserts": 3, "deletes": 5}, {"shuffled_ties": True, "inserts": 2}]
)
@pytest.mark.parametrize("filters", [True, False])
@pytest.mark.parametrize("tells_more", [True, False])
def test_no_row_is_missed_however_the_list_moves(mix, filters, tells_more):
    for seed in range(5):
        source = upstream(seed=seed, filters=filters, tells_more=tells_more, **mix)
        there = must_see(source)
        seen, _, _ = walk_through(source)
        assert there & must_see(source) <= seen


def test_a_naive_pager_misses_rows_on_the_same_list():
    missed = 0
    for seed in range(10):
        source = upstream(seed=seed, deletes=5)
        there, seen, offset = must_see(source), set(), 0
        while part := source.page(Ask("orders", limit=100, offset=offset)).keys:
            seen.update(part)
            offset += 100
        missed += not (there & must_see(source) <= seen)
    assert missed > 5


def test_seeking_costs_about_as_much_as_offsets():
    _, _, pages = walk_through(upstream(rows=3000))
    assert pages <= 32


def test_a_server_that_caps_pages_in_silence_is_read_to_the_end():
    source = upstream(rows=500, cap=50, tells_more=False)
    assert walk_through(source, limit=1000)[0] == must_see(source)


def test_more_rows_in_a_second_than_a_page_holds_are_read_but_not_proven():
    source = upstream(rows=900, per_second=300)
    seen, proven, _ = walk_through(source)
    assert (seen, proven) == (must_see(source), False)


def test_a_floor_bounds_the_walk():
    source = upstream(rows=3000)
    seen, proven, _ = walk_through(source, Walk(floor=START + 2500))
    assert (min(seen), proven) == (str(1000 + 2500), True)


def test_a_filter_that_is_ignored_turns_to_overlapping_offsets():
    source = upstream(rows=300, filters=False)
    page = source.page(pagers.ask(Walk(to=START + 10), "orders", 100, Manners()))
    step = pagers.after(Walk(to=START + 10), page, 100, Manners(), START + 1000)
    assert step.manners.seek is False
    assert step.walk == Walk(top=START + 299, pages=1)


def test_a_record_from_the_future_does_not_raise_the_mark():
    page = Page(["1", "2"], [START + 10**6, START], [], [], more=False)
    assert pagers.after(Walk(), page, 100, Manners(), now=START + 60).top == START


def test_an_empty_page_in_the_middle_is_asked_for_again():
    step = pagers.after(Walk(to=START), Page([], [], [], [], more=False), 100, Manners(cap=100), START)
    assert step.walk is not None
    assert pagers.after(step.walk, Page([], [], [], [], more=False), 100, step.manners, START).walk is None
