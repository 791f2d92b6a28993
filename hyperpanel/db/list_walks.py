"""A list read to its end, some rows at a time, while it changes.

Each step is a short read of its own and goes on behind the last row's key. One snapshot from beginning to end would be simpler to explain,
but it keeps SQLite's write-ahead log from being folded back for as long as the slowest download lasts, and PostgreSQL from clearing away old
rows. So a row that keeps its place is there exactly once; one that arrives behind the reader is there too; one that moves meanwhile is never
there twice, and is missed where it moved from what is to come to what is read.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from hyperpanel.db import list_pages, list_statements
from hyperpanel.db.lists import Filters, Key, Listing, Place
from hyperpanel.db.scope import Scope

AT_ONCE = 1000
LARGEST = 2**64 - 1


class Seen:
    """Which rows were given out: eight bytes of each, in a table of its own that is at most half full. A set of a million would take a hundred
    megabytes. Two rows of a million are taken for one with a chance of 1 to 40 million."""

    def __init__(self) -> None:
        self.slots = array("Q", bytes(8 * 1024))
        self.used = 0

    def add(self, panel_id: int, id: str) -> bool:
        """Whether it was not there."""
        mark = hash((panel_id, id)) & LARGEST or 1
        place = self.place(self.slots, mark)
        if self.slots[place]:
            return False
        self.slots[place] = mark
        self.used += 1
        if self.used * 2 > len(self.slots):
            self.grow()
        return True

    def place(self, slots: "array[int]", mark: int) -> int:
        """Where the mark stands, or would."""
        last = len(slots) - 1
        place = mark & last
        while slots[place] not in (0, mark):
            place = place + 1 & last
        return place

    def grow(self) -> None:
        larger = array("Q", bytes(16 * len(self.slots)))
        for mark in self.slots:
            if mark:
                larger[self.place(larger, mark)] = mark
        self.slots = larger


@dataclass(eq=False)
class Walk:
    """Through the rows of these panels. `most`: it ends there even if there are more, which `is_cut` says then."""

    listing: Listing
    panel_ids: Sequence[int]
    filters: Filters
    sort: str
    falling: bool
    most: int
    at_once: int = AT_ONCE
    rows: int = 0
    ended: bool = False
    is_cut: bool = False
    key: Key | None = None
    seen: Seen = field(default_factory=Seen, repr=False)

    def step(self, connection: Connection, scope: Scope) -> list[Any]:
        place = Place(self.sort, self.falling, self.key)
        found = list_pages.page(connection, scope, self.panel_ids, self.listing, self.filters, place, self.at_once)
        self.ended = len(found) < self.at_once
        if found:
            self.key = self.listing.key(found[-1], self.sort)
        fresh = [row for row in found if self.seen.add(row.panel_id, row.id)]
        return self.cut(fresh)

    def cut(self, fresh: list[Any]) -> list[Any]:
        room = self.most - self.rows
        if len(fresh) > room or (len(fresh) == room and not self.ended):
            self.ended = self.is_cut = True
        self.rows += min(room, len(fresh))
        return fresh[:room]

    def expected(self, connection: Connection, scope: Scope) -> int | None:
        """About how many there are, where an index can tell without looking at each row."""
        shape = list_statements.shape_of(self.listing, self.filters, self.sort)
        if shape.rest or shape.lead == "number":
            return None
        narrow = scope.narrowed(self.panel_ids)
        return list_pages.counted(connection, narrow, self.filters, shape, None, self.most)[0]
