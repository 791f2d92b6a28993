"""Turning the pages of a list: from the place in the address to rows, and to the places before and after.

`after` and `before` lead on from a row; `at` holds the first page still while newer rows wait above it, so that a
page that asks for itself again gets the same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from hyperpanel.db import list_pages, news
from hyperpanel.db.list_pages import COUNTED_TO, PAGE
from hyperpanel.db.lists import Count, Filters, Listing, Place
from hyperpanel.errors import BadInput
from hyperpanel.support import cursors
from hyperpanel.support.cursors import Cursor
from hyperpanel.web.addresses import Address
from hyperpanel.web.frame import POSITION
from hyperpanel.web.visits import Visit

NEWER_TO = 100


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
    """A page. `first`: the number of its first row, 0 where unknown; `newer`: how many came above it since. `first_place` and
    `last_place`: where its first and last row stand. `since`: the number of the news that it is as of."""

    sort: str = ""
    rows: Sequence[Any] = ()
    first: int = 0
    is_top: bool = True
    has_more: bool = False
    falling: bool = True
    is_usual: bool = True
    newer: int = 0
    count: Count = field(default_factory=lambda: Count(0, True))
    first_place: str = ""
    last_place: str = ""
    since: int = 0


def sorting(address: Address, listing: Listing) -> tuple[str, bool]:
    """The order that is asked for, and whether its largest come first; `sort=-created` is written with a minus for that. Raises
    BadInput."""
    usual = next(iter(listing.sorts))
    asked = next((value for name, value in address.pairs if name == "sort" and value), None)
    if asked is None:
        return usual, not listing.sorts[usual].rising
    if asked.removeprefix("-") not in listing.sorts:
        raise BadInput("no such order of rows")
    return asked.removeprefix("-"), asked.startswith("-")


def wanted(address: Address, listing: Listing) -> Wanted:
    """Raises BadInput for a place or an order of rows that no page of ours leads to."""
    sort, falling = sorting(address, listing)
    given = {name: value for name, value in address.pairs if name in POSITION and value}
    if len(given) > 1:
        raise BadInput("two places at once")
    for name, value in given.items():
        cursor = cursors.read(value)
        if not listing.sorts[sort].fits(cursor.key):
            raise BadInput("a place in another list")
        return Wanted(Place(sort, falling, cursor.key, name == "at", name == "before"), cursor.number)
    return Wanted(Place(sort, falling))


def turn(
    connection: Connection, visit: Visit, panel_ids: Sequence[int], listing: Listing, filters: Filters, held: int
) -> Turned:
    """`held`: how many these panels have in all, as their feeds count them."""
    asked = wanted(visit.url, listing)
    rows = list_pages.page(connection, visit.scope, panel_ids, listing, filters, asked.place, PAGE + 1)
    if asked.place.backwards and len(rows) <= PAGE:
        asked = Wanted(Place(asked.place.sort, asked.place.falling))
        rows = list_pages.page(connection, visit.scope, panel_ids, listing, filters, asked.place, PAGE + 1)
    place, has_more = asked.place, len(rows) > PAGE
    rows = rows[-PAGE:] if place.backwards else rows[:PAGE]
    newer, is_usual = 0, place.sort == next(iter(listing.sorts))
    if place.inclusive and place.key and place.falling and is_usual:
        newer = list_pages.newer(
            connection, visit.scope, panel_ids, listing, filters, place.sort, place.key, NEWER_TO + 1
        )
    if asked.is_top and not has_more and newer <= NEWER_TO:
        count = Count(len(rows) + newer, True)
    elif not filters and held > COUNTED_TO:
        count = Count(COUNTED_TO, False)
    else:
        count = list_pages.count(connection, visit.scope, panel_ids, listing, filters, place.sort)
    first = first_number(asked, len(rows))
    return Turned(
        sort=place.sort,
        rows=rows,
        since=news.last(connection),
        first=first,
        is_top=asked.is_top,
        has_more=has_more or place.backwards,
        falling=place.falling,
        is_usual=is_usual,
        newer=newer,
        count=count,
        first_place=str(Cursor(listing.key(rows[0], place.sort))) if rows else "",
        last_place=str(Cursor(listing.key(rows[-1], place.sort), first + len(rows) - 1 if first else 0))
        if rows
        else "",
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
    return str(address.without(*POSITION).having(after=page.last_place))


def newer(address: Address, page: Turned) -> str | None:
    top = address.without(*POSITION)
    if page.is_top:
        return str(top) if page.newer else None
    if not page.rows:
        return str(top)
    before = cursors.read(page.first_place)
    return str(top.having(before=str(Cursor(before.key, page.first))))


def live(address: Address, page: Turned) -> str:
    """The same rows again. Of all orders of rows, only that with the newest first moves by what arrives."""
    if page.is_top and page.rows and page.falling and page.is_usual:
        return str(address.without(*POSITION).having(at=page.first_place))
    return str(address)
