"""A list that moves while it is read: newest first, with rows that appear, vanish and change places between two pages."""

import random
from dataclasses import dataclass, field

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
    more_is: bool | None = None
    offsets: bool = True
    ascending: bool = False
    odd: dict[int, int] = field(default_factory=dict)
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
        if self.ascending:
            found.reverse()
        first = ask.offset if self.offsets else 0
        part = found[first : first + size]
        more = len(found) > first + size if self.tells_more else None
        more = self.more_is if self.more_is is not None else more
        stamps: list[int | None] = [self.odd.get(key, self.rows[key]) for key in part]
        answer = Page([str(key) for key in part], stamps, [], [], more=more)
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
