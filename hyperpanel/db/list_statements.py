"""The statements behind a list.

A list runs over several panels, and every index leads with the panel. So each panel (and each status or service
asked for) is an arm of its own that reads its index in the list's order and stops after a page; the arms are merged by
key, and only the rows that are shown are read whole. Indexes are pinned on SQLite, whose planner can take a page of
1 ms for a scan of a second. Statements are built once for each shape of question and kept: building one costs more
than running it.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union,
    union_all,
)

from hyperpanel.db.folding import contains, fold
from hyperpanel.db.lists import Filters, Key, Listing
from hyperpanel.db.pins import pinned
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import Moment

MOST_ARMS = 200
"""Arms in one statement: SQLite takes no more than 500."""


@dataclass(frozen=True)
class Shape:
    """All that a statement depends on but the values: two questions of one shape share a statement.

    `lead` is the filter whose index is read, in `values` arms a panel; the `rest` are looked at row by row.
    """

    listing: Listing
    sort: str
    lead: str
    values: int
    rest: frozenset[str]
    spans: frozenset[str]
    dated: bool = True
    descending: bool = True
    bounded: str = ""

    @property
    def index(self) -> str:
        return self.listing.sorts[self.sort].indexes[self.lead]

    @property
    def by(self) -> tuple[ColumnElement[Any], ...]:
        """What the rows of this part are sorted by before panel and id."""
        return self.listing.sorts[self.sort].by if self.dated else ()


def shape_of(listing: Listing, filters: Filters, sort: str) -> Shape:
    """The first filter leads that has an index in the order that is asked for."""
    given = {name for name, values in filters.items() if values}
    indexed = ("number", *listing.sorts[sort].indexes)
    lead = next((name for name in indexed if name in given), "")
    values = len(filters[lead]) if lead in listing.values else 1
    spans = frozenset(given & (listing.since.keys() | listing.until.keys()))
    return Shape(listing, sort, lead, values, frozenset(given - {lead} - spans), spans)


def parameters(shape: Shape, filters: Filters, start: Key | None) -> dict[str, Any]:
    """Each value by itself (user_0, status_0, status_1, …), and all of a filter's together (status, …)."""
    made: dict[str, Any] = {}
    for name, values in filters.items():
        if name in shape.spans:
            made[name] = values[0]
        elif name in shape.listing.parts:
            made[name] = fold(values[0])
        else:
            made |= {name: values, **{f"{name}_{n}": value for n, value in enumerate(values)}}
    if start:
        made |= {f"at_{n}": value for n, value in enumerate(start.at or ())}
        made |= {"at_panel": start.panel_id, "at_id": start.id}
    return made


@lru_cache(maxsize=1024)
def page(scope: Scope, panel_ids: tuple[int, ...], shape: Shape) -> Select[Any]:
    """Keys from the arms, merged; then the rows themselves."""
    listing, table = shape.listing, shape.listing.table
    merged = arms(scope, panel_ids, shape)
    names = [f"by_{n}" for n in range(len(shape.by))]
    merged = merged.order_by(*falling(shape, *map(literal_column, (*names, "panel_id", "id"))))
    keys = merged.limit(bindparam("rows")).subquery()
    whole = scope.select(*listing.columns).where(table.c.panel_id == keys.c.panel_id, table.c.id == keys.c.id)
    return whole.order_by(*falling(shape, *(keys.c[name] for name in names), keys.c.panel_id, keys.c.id))


@lru_cache(maxsize=512)
def skipping(scope: Scope, panel_ids: tuple[int, ...], shape: Shape) -> Select[Any] | CompoundSelect[Any]:
    """The key that stands behind so many rows: a walk along indexes, whose arms both databases merge as they go."""
    table, names = shape.listing.table, [f"by_{n}" for n in range(len(shape.by))]
    parts = walked(scope, panel_ids, shape)
    if len(parts) == 1:
        one = parts[0].order_by(*falling(shape, *shape.by, table.c.panel_id, table.c.id))
        return one.limit(1).offset(bindparam("skipped"))
    merged = union_all(*parts).order_by(*falling(shape, *map(literal_column, (*names, "panel_id", "id"))))
    return merged.limit(1).offset(bindparam("skipped")).execution_options(scoped=True)


@lru_cache(maxsize=512)
def numbering(scope: Scope, panel_ids: tuple[int, ...], shape: Shape) -> Select[Any]:
    """How many rows this part of the list has."""
    rows = union_all(*walked(scope, panel_ids, shape)).subquery()
    return select(func.count()).select_from(rows).execution_options(scoped=True)


def walked(scope: Scope, panel_ids: tuple[int, ...], shape: Shape) -> list[Select[Any]]:
    """An arm for each panel and value; where they would be too many for a statement, one that has to sort."""
    table = shape.listing.table
    if len(panel_ids) * shape.values > MOST_ARMS:
        together = replace(shape, lead="", rest=shape.rest | ({shape.lead} - {""}))
        return [pinned(narrowed(scope.narrowed(panel_ids), together), table, shape.index)]
    return [
        pinned(narrowed(scope.narrowed([panel]), shape, n), table, shape.index)
        for panel in panel_ids
        for n in range(shape.values)
    ]


def falling(shape: Shape, *columns: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    return [column.desc() if shape.descending else column.asc() for column in columns]


def arms(scope: Scope, panel_ids: tuple[int, ...], shape: Shape) -> CompoundSelect[Any]:
    table = shape.listing.table
    if shape.lead == "number":
        return union(*(cut(part, shape) for part in numbered(scope.narrowed(panel_ids), shape)))
    return union_all(
        *(
            cut(pinned(narrowed(scope.narrowed([panel]), shape, n), table, shape.index), shape)
            for panel in panel_ids
            for n in range(shape.values)
        )
    )


def numbered(scope: Scope, shape: Shape) -> list[Select[Any]]:
    """By the panel's own numbers, which are the primary key, and by others that have an index."""
    found = []
    for column, index in shape.listing.numbers:
        part = narrowed(scope, shape).where(column.in_(bindparam("number", expanding=True)))
        found.append(pinned(part, shape.listing.table, index) if index else part)
    return found


def cut(part: Select[Any], shape: Shape) -> Select[Any]:
    """The first of an arm in the list's order, as a select that may stand in a union."""
    table = shape.listing.table
    last = (table.c.panel_id, table.c.id) if shape.lead == "number" else (table.c.id,)
    first = part.order_by(*falling(shape, *shape.by, *last)).limit(bindparam("rows")).subquery()
    return select(*first.c)


def narrowed(scope: Scope, shape: Shape, n: int = 0) -> Select[Any]:
    """The keys of an arm: what every filter lets through, with the n-th value of the one that leads."""
    listing, table = shape.listing, shape.listing.table
    sorted_by = [column.label(f"by_{place}") for place, column in enumerate(shape.by)]
    made = scope.select(table.c.panel_id, *sorted_by, table.c.id).where(table.c.gone_at.is_(None))
    if shape.lead in listing.values:
        made = made.where(listing.values[shape.lead] == bindparam(f"{shape.lead}_{n}", type_=Text))
    return made.where(*dated(shape), *spans(shape), *rest(scope, shape), *beyond(shape))


def dated(shape: Shape) -> list[ColumnElement[bool]]:
    sort = shape.listing.sorts[shape.sort]
    if not sort.has_gaps:
        return []
    return [sort.by[-1].is_not(None) if shape.dated else sort.by[-1].is_(None)]


def rest(scope: Scope, shape: Shape) -> list[ColumnElement[bool]]:
    return [condition(scope, shape.listing, name) for name in sorted(shape.rest)]


def condition(scope: Scope, listing: Listing, name: str) -> ColumnElement[bool]:
    if name not in listing.parts:
        return listing.values[name].in_(bindparam(name, expanding=True))
    sought = bindparam(name, type_=Text)
    found: list[ColumnElement[bool]] = [contains(column, sought) for column in listing.parts[name]]
    for other in listing.elsewhere.get(name, ()):
        rows = scope.select(other.text.table.c.panel_id, other.of).where(contains(other.text, sought))
        found.append(tuple_(listing.table.c.panel_id, listing.table.c.id).in_(rows))
    return or_(*found)


def spans(shape: Shape) -> list[ColumnElement[bool]]:
    """From a time on, and before one: half-open."""
    listing = shape.listing
    since = [column >= moment(name) for name, column in listing.since.items() if name in shape.spans]
    return since + [column < moment(name) for name, column in listing.until.items() if name in shape.spans]


def moment(name: str) -> BindParameter[Any]:
    return bindparam(name, type_=Moment)


def beyond(shape: Shape) -> list[ColumnElement[bool]]:
    """Further on in the list than the place that was named, or from there on."""
    if not shape.bounded:
        return []
    table = shape.listing.table
    here: list[Any] = [*shape.by, table.c.panel_id, table.c.id]
    there: list[Any] = [bindparam(f"at_{n}", type_=column.type) for n, column in enumerate(shape.by)]
    one, other = tuple_(*here), tuple_(*there, bindparam("at_panel"), bindparam("at_id", type_=Text))
    if shape.bounded == "from":
        return [one <= other if shape.descending else one >= other]
    return [one < other if shape.descending else one > other]


@lru_cache(maxsize=512)
def counting(scope: Scope, shape: Shape) -> Select[Any]:
    """How many match, and how many rows were looked at to find that: neither goes beyond the bound it is given."""
    listing, table = shape.listing, shape.listing.table
    matches = case((and_(*rest(scope, shape)), 1), else_=0) if shape.rest else literal_column("1")
    looked_at = scope.select(matches.label("matches")).select_from(table)
    looked_at = looked_at.where(table.c.gone_at.is_(None), *spans(shape), *beyond(shape))
    if shape.lead:
        looked_at = looked_at.where(listing.values[shape.lead].in_(bindparam(shape.lead, expanding=True)))
    matching = pinned(looked_at.where(scope.allows(table)), table, shape.index).limit(bindparam("rows")).subquery()
    counted = select(func.coalesce(func.sum(matching.c.matches), 0), func.count())
    return counted.select_from(matching).execution_options(scoped=True)
