"""Sweeps: which part of a list each page proves to be whole."""

from typing import Any

import pytest

from sync.connectors.base import Page
from sync.cursors import OVERLAP_ROWS, Manners, Sweep, Walk
from sync.pagers import after
from sync.sweeping import framed

T = 1_000_000
FLOOR = 5


def page(*stamps: int | None, first: int = 100, **how: Any) -> Page:
    """Rows with these times; their ids count up from `first`."""
    keys = [str(first + place) for place in range(len(stamps))]
    return Page(keys, list(stamps), [], [], **how)


def down(top: int, rows: int = 100, first: int = 100) -> Page:
    return page(*(top - place for place in range(rows)), first=first, more=True)


class Compared:
    """A sweep that is given one page after another. `bounds` is the part of the list that the last one ended."""

    def __init__(self, *pages: Page, seek: bool = False, walk: Walk | None = None) -> None:
        self.manners, self.cursor = Manners(seek=seek), Sweep(number=1)
        self.walk: Any = walk or Walk(floor=FLOOR)
        self.window: Any = None
        for one in pages:
            self.read(one)

    def read(self, answer: Page) -> None:
        step = after(self.walk, answer, 1000, self.manners, T * 10)
        self.cursor, self.window = framed(self.cursor, self.walk, answer, step, self.manners)
        self.walk = step.walk

    @property
    def bounds(self) -> tuple[int | None, int | None] | None:
        return None if self.window is None else (self.window.low, self.window.high)

    @property
    def proven(self) -> bool:
        return self.cursor.proven


def to_the_end(found: Compared, answer: Page) -> None:
    """This page, and its last rows over again until they are believed to be the list's last."""
    while found.walk is not None:
        found.read(answer)
        answer = Page(answer.keys[-OVERLAP_ROWS:], answer.created[-OVERLAP_ROWS:], [], [], more=False)


def test_the_first_page_is_whole_down_to_its_fifth_row_from_the_end():
    found = Compared(down(T))
    assert (found.bounds, found.cursor.edge, found.cursor.ascends) == ((T - 95 + 1, None), T - 95, False)


def test_the_next_one_begins_where_that_ended_and_excuses_the_ties():
    found = Compared(down(T))
    tail, ties = found.walk.tail, found.cursor.ties
    found.read(down(T - 80, first=180))
    assert (found.bounds, found.cursor.edge, ties) == ((T - 175 + 1, T - 95 + 1), T - 175, ("195",))
    assert {*found.window.excused} >= {*tail, *ties}


def test_the_last_page_is_whole_down_to_the_floor():
    found = Compared(down(T))
    to_the_end(found, down(T - 80, 40, first=180))
    assert (found.bounds, found.proven) == ((FLOOR, T - 115 + 1), True)


def test_where_the_upstream_filters_by_time_a_page_is_whole_down_to_what_is_asked_for_next():
    found = Compared(down(T), seek=True)
    assert (found.walk.to, found.cursor.edge, found.bounds) == (T - 95, T - 95, (T - 95 + 1, None))
    found.read(down(T - 95, first=195))
    assert found.bounds == (T - 190 + 1, T - 95 + 1)


def up(low: int, rows: int = 100, first: int = 100) -> Page:
    return page(*(low + place for place in range(rows)), first=first, more=True)


def test_a_list_that_ends_with_its_newest_rows_is_compared_upwards():
    found = Compared(up(T))
    assert (found.bounds, found.cursor.edge, found.cursor.ascends, found.proven) == ((None, T + 95), T + 95, True, True)
    to_the_end(found, up(T + 80, 30, first=180))
    assert (found.bounds, found.proven) == ((T + 105, None), True)


def test_a_page_of_ties_does_not_turn_a_list_around():
    found = Compared(up(T), page(*[T + 97] * 99, T + 98, first=180, more=True))
    assert (found.cursor.ascends, found.proven, found.bounds) == (True, True, (T + 95, T + 97))


def test_a_list_whose_first_page_is_all_ties_may_ascend():
    found = Compared(page(*[T] * 100, more=True), up(T, first=180))
    assert (found.cursor.ascends, found.proven, found.cursor.edge) == (True, True, T + 95)


def mixed(first: int = 100) -> Page:
    return page(*(T - 37 * place % 100 for place in range(100)), first=first, more=True)


@pytest.mark.parametrize("pages", [[mixed()], [down(T), mixed(180)], [up(T), down(T + 200, first=180)]])
def test_a_list_without_an_order_is_not_compared_and_not_proven(pages):
    found = Compared(*pages)
    assert (found.proven, found.window) == (False, None)
    found.read(down(T - 200, first=int(found.walk.tail[0])))
    assert (found.proven, found.window) == (False, None)


def test_a_page_that_does_not_join_the_one_before_is_not_compared():
    found = Compared(down(T))
    edge, offset = found.cursor.edge, found.walk.offset
    found.read(down(T - 150, first=250))
    assert (found.window, found.cursor.edge, found.proven, found.walk.offset < offset) == (None, edge, True, True)


def test_an_empty_page_at_the_end_proves_nothing():
    found = Compared(down(T), page(), seek=True)
    assert (found.walk.asked_again, found.window) == (True, None)
    found.read(page())
    assert (found.walk, found.window, found.proven) == (None, None, False)


def test_a_list_that_is_empty_from_the_first_page_on_proves_nothing_either():
    found = Compared(page(), page())
    assert (found.walk, found.window, found.proven) == (None, None, False)


@pytest.mark.parametrize("walk", [Walk(floor=FLOOR, to=T), Walk(floor=FLOOR, offset=300)])
@pytest.mark.parametrize("rows", [0, 1])
def test_a_walk_that_begins_in_the_middle_proves_nothing(walk, rows):
    found = Compared(seek=walk.to is not None, walk=walk)
    while found.walk is not None:
        found.read(page(*[T] * rows, more=False))
        assert (found.window, found.proven) == (None, False)


def test_rows_without_times_prove_nothing():
    found = Compared(page(*[None] * 100, more=True))
    assert (found.window, found.proven) == (None, False)


def test_more_rows_in_a_second_than_a_page_holds_are_not_proven():
    found = Compared(page(*[T] * 100, more=True), page(*[T] * 100, more=True), seek=True)
    assert (found.proven, found.walk.offset > 0) == (False, True)


def test_all_ties_of_an_edge_are_excused_where_they_do_not_come_again():
    ties = page(*(T for _ in range(300)), *(T - 1 for _ in range(200)), more=True)
    assert (Compared(ties).bounds, len(Compared(ties).cursor.ties)) == ((T, None), 200)
    assert Compared(ties, seek=True).cursor.ties == ()
