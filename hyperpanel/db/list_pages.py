"""Pages of a list and bounded counts: what is asked becomes statements, and their rows become lines."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from hyperpanel.db.list_statements import MOST_ARMS, Shape, counting, numbering, parameters, shape_of, skipping
from hyperpanel.db.list_statements import page as page_of
from hyperpanel.db.lists import Count, Filters, Key, Listing, Place
from hyperpanel.db.scope import Scope

PAGE = 100
COUNTED_TO = 10_000
EXAMINED = 30_000
"""Rows looked at to count where a filter has no index: a count is not worth a scan of a million."""

NUMBERED_TO = 1_000
ARMS = MOST_ARMS
"""Panels beyond are asked for in further statements."""


def page(
    connection: Connection,
    scope: Scope,
    panel_ids: Sequence[int],
    listing: Listing,
    filters: Filters,
    place: Place,
    limit: int = PAGE,
) -> list[Any]:
    """Up to `limit` lines in the order in which they are shown. Ask for one more to know whether there are any
    beyond."""
    found: list[Any] = []
    for shape in segments(listing, filters, place):
        values = parameters(shape, filters, place.key)
        found += segment(connection, scope, panel_ids, shape, values, limit - len(found))
        if len(found) >= limit:
            break
    return found[::-1] if place.backwards else found


def segments(listing: Listing, filters: Filters, place: Place) -> list[Shape]:
    """The part of the list that has values to sort by, and the part behind it that lacks them, as far as they lie in the way."""
    shape = replace(shape_of(listing, filters, place.sort), descending=place.falling != place.backwards)
    bounded = "" if place.key is None else "from" if place.inclusive else "beyond"
    at_undated = place.key is not None and place.key.at is None
    dated, undated = replace(shape, dated=True), replace(shape, dated=False)
    first = replace(undated if at_undated else dated, bounded=bounded)
    further = dated if at_undated else undated
    has_further = place.backwards == at_undated and listing.sorts[place.sort].has_gaps
    return [first, further] if has_further and not (further is undated and never_undated(shape)) else [first]


def passed(
    connection: Connection,
    scope: Scope,
    panel_ids: Sequence[int],
    listing: Listing,
    filters: Filters,
    place: Place,
    offset: int,
) -> Key | None:
    """The row that so many of the list's first end with; None where it has fewer. Ids that are named are few: their page is read instead."""
    left, panels = offset, tuple(panel_ids)
    if shape_of(listing, filters, place.sort).lead == "number":
        found = page(connection, scope, panel_ids, listing, filters, place, offset)
        return listing.key(found[-1], place.sort) if len(found) == offset else None
    parts = segments(listing, filters, place) if panels else []
    for part in parts:
        values = parameters(part, filters, None)
        row = connection.execute(skipping(scope, panels, part), values | {"skipped": left - 1}).one_or_none()
        if row:
            by = tuple(row[1:-1])
            return Key(by if part.dated else None, row[0], row[-1])
        if part is not parts[-1]:
            left -= int(connection.execute(numbering(scope, panels, part), values).scalar_one())
    return None


def never_undated(shape: Shape) -> bool:
    """A span of the very time that rows are sorted by leaves no row without it."""
    listing, last = shape.listing, shape.listing.sorts[shape.sort].by[-1]
    return any((listing.since | listing.until)[name] is last for name in shape.spans)  # type: ignore[operator]


def segment(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], shape: Shape, values: dict[str, Any], limit: int
) -> list[Any]:
    at_once = max(1, ARMS // max(1, shape.values)) if shape.lead != "number" else max(1, len(panel_ids))
    found: list[Any] = []
    for first in range(0, len(panel_ids), at_once):
        statement = page_of(scope, tuple(panel_ids[first : first + at_once]), shape)
        read = connection.execute(statement, values | {"rows": limit}).all()
        found += [shape.listing.line(*row) for row in read]
    if len(panel_ids) > at_once:
        found.sort(key=lambda row: order_of(shape, row), reverse=shape.descending)
    return found[:limit]


def order_of(shape: Shape, row: Any) -> tuple[Any, ...]:
    """Without the id: rows of one panel come from one statement, in the order of its database, which for letters need not be ours."""
    key = shape.listing.key(row, shape.sort)
    return (key.at if shape.dated else None) or (), key.panel_id


def count(
    connection: Connection, scope: Scope, panel_ids: Sequence[int], listing: Listing, filters: Filters, sort: str
) -> Count:
    shape = shape_of(listing, filters, sort)
    if shape.lead == "number":
        found = page(connection, scope, panel_ids, listing, filters, Place(sort), NUMBERED_TO + 1)
        return Count(min(len(found), NUMBERED_TO), len(found) <= NUMBERED_TO)
    most = EXAMINED if shape.rest else COUNTED_TO
    number, looked_at = counted(connection, scope.narrowed(panel_ids), filters, shape, None, most + 1)
    return Count(min(number, COUNTED_TO), number <= COUNTED_TO and looked_at <= most)


def newer(
    connection: Connection,
    scope: Scope,
    panel_ids: Sequence[int],
    listing: Listing,
    filters: Filters,
    sort: str,
    than: Key,
    most: int,
) -> int:
    """How many stand before this one in a list that begins with the newest; at most `most`. Numbers find what is
    there."""
    shape = replace(shape_of(listing, filters, sort), bounded="beyond", descending=False)
    if than.at is None or shape.lead == "number":
        return 0
    examined = EXAMINED if shape.rest else most
    return min(most, counted(connection, scope.narrowed(panel_ids), filters, shape, than, examined)[0])


def counted(
    connection: Connection, scope: Scope, filters: Filters, shape: Shape, start: Key | None, rows: int
) -> tuple[int, int]:
    values = parameters(shape, filters, start) | {"rows": rows}
    row = connection.execute(counting(scope, shape), values).one()
    return int(row[0]), int(row[1])
