"""Lists that move while they are read: the pagers against a list that inserts, deletes and shuffles between two pages."""

import random
from dataclasses import dataclass, field

import pytest

from sync import pagers
from sync.connectors.base import Ask, Page
from sync.cursors import Manners, Walk

START = 1_700_000_000


@dataclass
class Upstream:
    """A newest-first list with the filters of the orders call; `mutate` happens between two pages."""

    rows: dict[int, int]
    seed: int
    inserts: int = 0
    deletes: int = 0
    filters: bool = True
    cap: int = 1000
    tells_more: bool = True
    shuffled_ties: bool = False
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.top = max(self.rows)

    def page(self, ask: Ask) -> Page:
        low = ask.created_from.timestamp() if ask.created_from and self.filters else 0
        high = ask.created_to.timestamp() if ask.created_to and self.filters else 2**62
        tie = (lambda key: self.chance.random()) if self.shuffled_ties else (lambda key: -key)
        found = sorted(
            (key for key, at in self.rows.items() if low <= at <= high), key=lambda key: (-self.rows[key], tie(key))
        )
        size = min(ask.limit, self.cap)
        part = found[ask.offset : ask.offset + size]
        more = len(found) > ask.offset + size if self.tells_more else None
        answer = Page([str(key) for key in part], [self.rows[key] for key in part], [], [], more=more)
        self.mutate()
        return answer

    def mutate(self) -> None:
        for _ in range(self.inserts):
            self.top += 1
            self.rows[self.top] = max(self.rows.values()) + self.chance.randrange(3)
        for key in self.chance.sample(sorted(self.rows), min(self.deletes, len(self.rows))):
            del self.rows[key]


def upstream(rows=3000, per_second=1, **how) -> Upstream:
    seed = how.pop("seed", 1)
    return Upstream({1000 + n: START + n // per_second for n in range(rows)}, seed, **how)


def walk_through(
    source: Upstream, walk: Walk | None = None, manners: Manners | None = None, limit=100
) -> tuple[set[str], bool, int]:
    """The ids seen, whether the walk is proven, and the pages it took."""
    walk, manners, seen, pages = walk or Walk(), manners or Manners(), set(), 0
    while True:
        page = source.page(pagers.ask(walk, "orders", limit, manners))
        seen.update(page.keys)
        pages += 1
        step = pagers.after(walk, page, limit, manners, START + 10**7)
        manners = step.manners
        if step.walk is None:
            return seen, step.proven, pages
        assert pages < 2000
        walk = step.walk


def must_see(source: Upstream) -> set[str]:
    """Rows there from beginning to end; taken before and after."""
    return {str(key) for key in source.rows}


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
    assert step.walk == Walk(top=START + 299)


def test_a_record_from_the_future_does_not_raise_the_mark():
    page = Page(["1", "2"], [START + 10**6, START], [], [], more=False)
    assert pagers.after(Walk(), page, 100, Manners(), now=START + 60).top == START


def test_an_empty_page_in_the_middle_is_asked_for_again():
    step = pagers.after(Walk(to=START), Page([], [], [], [], more=False), 100, Manners(cap=100), START)
    assert step.walk is not None
    assert pagers.after(step.walk, Page([], [], [], [], more=False), 100, step.manners, START).walk is None
