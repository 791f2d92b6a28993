"""Turning the pages of the list of orders: from the place in the address to rows, and to the places before and after.

`after` and `before` lead on from a row; `at` holds the first page still while newer orders wait above it, so that a
page that asks for itself again gets the same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from hyperpanel.db import orders
from hyperpanel.db.order_lists import Filters, Place
from hyperpanel.db.orders import COUNTED_TO, PAGE, Count, Line
from hyperpanel.errors import BadInput
from hyperpanel.web import cursors
from hyperpanel.web.addresses import Address
from hyperpanel.web.cursors import Cursor
from hyperpanel.web.frame import POSITION
from hyperpanel.web.visits import Visit

NEWER_TO = 100
SORTS = {"-created": True, "created": False}


@dataclass(frozen=True)
class Wanted:
    """Which part of the list; `number` is the counted place of the row it leads on from, 0 where unknown."""

    place: Place
    number: int = 0

    @property
    def is_top(self) -> bool:
        return self.place.key is None or self.place.inclusive


@dataclass(frozen=True)
class Turned:
    """A page. `first`: the number of its first row, 0 where unknown; `newer`: how many came above it since."""

    rows: Sequence[Line] = ()
    first: int = 0
    is_top: bool = True
    has_more: bool = False
    newest_first: bool = True
    newer: int = 0
    count: Count = field(default_factory=lambda: Count(0, True))


def wanted(address: Address) -> Wanted:
    """Raises BadInput for a place or an order of rows that no page of ours leads to."""
    given = {name: value for name, value in address.pairs if name in (*POSITION, "sort") and value}
    sort = given.pop("sort", "-created")
    if sort not in SORTS or len(given) > 1:
        raise BadInput("no such order of rows, or two places at once")
    for name, value in given.items():
        cursor = cursors.read(value)
        return Wanted(Place(SORTS[sort], cursor.key, name == "at", name == "before"), cursor.number)
    return Wanted(Place(SORTS[sort]))


def turn(connection: Connection, visit: Visit, panel_ids: Sequence[int], filters: Filters, held: int) -> Turned:
    """`held`: how many these panels have in all, as their feeds count them."""
    asked = wanted(visit.url)
    rows = orders.page(connection, visit.scope, panel_ids, filters, asked.place, PAGE + 1)
    if asked.place.backwards and len(rows) <= PAGE:
        asked = Wanted(Place(asked.place.newest_first))
        rows = orders.page(connection, visit.scope, panel_ids, filters, asked.place, PAGE + 1)
    place, has_more = asked.place, len(rows) > PAGE
    rows = rows[-PAGE:] if place.backwards else rows[:PAGE]
    newer = 0
    if place.inclusive and place.key and place.newest_first:
        newer = orders.newer(connection, visit.scope, panel_ids, filters, place.key, NEWER_TO + 1)
    if asked.is_top and not has_more and newer <= NEWER_TO:
        count = Count(len(rows) + newer, True)
    elif filters == Filters() and held > COUNTED_TO:
        count = Count(COUNTED_TO, False)
    else:
        count = orders.count(connection, visit.scope, panel_ids, filters)
    return Turned(
        rows=rows,
        first=first_number(asked, len(rows)),
        is_top=asked.is_top,
        has_more=has_more or place.backwards,
        newest_first=place.newest_first,
        newer=newer,
        count=count,
    )


def first_number(asked: Wanted, rows: int) -> int:
    if asked.is_top:
        return 1 if rows else 0
    if not asked.number:
        return 0
    return max(1, asked.number - rows) if asked.place.backwards else asked.number + 1


def older(address: Address, page: Turned) -> str | None:
    if not page.has_more or not page.rows:
        return None
    number = page.first + len(page.rows) - 1 if page.first else 0
    return str(address.without(*POSITION).having(after=str(Cursor(page.rows[-1].key, number))))


def newer(address: Address, page: Turned) -> str | None:
    top = address.without(*POSITION)
    if page.is_top:
        return str(top) if page.newer else None
    return str(top.having(before=str(Cursor(page.rows[0].key, page.first)))) if page.rows else str(top)


def live(address: Address, page: Turned) -> str:
    """The same rows again. A list that begins with the oldest does not move."""
    if page.is_top and page.rows and page.newest_first:
        return str(address.without(*POSITION).having(at=str(Cursor(page.rows[0].key))))
    return str(address)
