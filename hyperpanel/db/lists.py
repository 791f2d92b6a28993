"""What can be asked of a list: filters, an order of rows, and a place in it. The statements are in list_statements.py.

A Listing is told once for each table; its pages, counts and statements are the same code for all. A place names a row by its key, never by
its number, so it holds wherever rows come and go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Column, ColumnElement, Integer, Table, Text
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeEngine

from hyperpanel.db.types import Moment

Value = datetime | int | str
Filters = Mapping[str, tuple[Any, ...]]
"""By name the values that are asked for; a name that is not there means any."""

ANY: Filters = {}
PYTHON: dict[type[TypeEngine[Any]], type[Value]] = {Moment: datetime, Text: str, BigInteger: int, Integer: int}
SMALL = 2**31
"""PostgreSQL refuses a statement that compares an Integer with this or more."""


@dataclass(frozen=True)
class Key:
    """A row's place in the order that a list has: its sorted values, or None where it has none, then panel and id."""

    at: tuple[Value, ...] | None
    panel_id: int
    id: str


@dataclass(frozen=True, eq=False)
class Sort:
    """Rows stand by the values of `by`, then by panel and id; those that lack the last value stand behind all others, in either direction.
    `indexes`: the index in this order, by the filter that it begins with ("" for none). `rising`: the smallest come first unless asked."""

    by: tuple[ColumnElement[Any], ...]
    indexes: Mapping[str, str]
    rising: bool = False

    @property
    def has_gaps(self) -> bool:
        return any(isinstance(part, Column) and bool(part.nullable) for part in iterate(self.by[-1]))

    def fits(self, key: Key) -> bool:
        """Whether a place could be one of this list: anybody may write one into an address."""
        if key.at is None:
            return self.has_gaps
        kinds = [type(column.type) for column in self.by]
        if [type(value) for value in key.at] != [PYTHON[kind] for kind in kinds]:
            return False
        small = [value for kind, value in zip(kinds, key.at, strict=True) if kind is Integer]
        return all(isinstance(value, int) and abs(value) < SMALL for value in small)


@dataclass(frozen=True, eq=False)
class Elsewhere:
    """Text of a row that another table keeps, under the row's panel and its id in `of`: a name that it had before."""

    text: Column[str]
    of: Column[str]


@dataclass(frozen=True, eq=False)
class Listing:
    """A table's list. `line`: the struct of a row, whose fields are columns of the table, or made of them as `figures` says.

    Filters by name: `values` (a column that is one of several values), `spans` (a time from or up to), `parts` (a text that is contained,
    letters and digits folded; `elsewhere` too), and `number`, the ids: `numbers` has their columns, each with its index if it needs one.
    `sorts`: the first is the usual one.
    """

    table: Table
    line: type[msgspec.Struct]
    sorts: Mapping[str, Sort]
    values: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    since: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    until: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    parts: Mapping[str, tuple[ColumnElement[Any], ...]] = field(default_factory=dict)
    elsewhere: Mapping[str, tuple[Elsewhere, ...]] = field(default_factory=dict)
    numbers: Sequence[tuple[Column[str], str | None]] = ()
    figures: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[ColumnElement[Any], ...]:
        made: dict[str, ColumnElement[Any]] = {**self.table.c, **self.figures}
        return tuple(made[name] for name in self.line.__struct_fields__)

    def key(self, row: Any, sort: str) -> Key:
        """The place of a row that was read with `columns`."""
        values = tuple(self.value_of(row, column) for column in self.sorts[sort].by)
        return Key(None if values[-1] is None else values, row.panel_id, row.id)

    def value_of(self, row: Any, by: ColumnElement[Any]) -> Any:
        """Of a column itself or a figure; the length of a text is known without asking for it."""
        for name, figure in self.figures.items():
            if figure is by:
                return getattr(row, name)
        if isinstance(by, Column):
            return getattr(row, by.key)
        [column] = [part for part in iterate(by) if isinstance(part, Column)]
        return len(getattr(row, column.key))


@dataclass(frozen=True)
class Place:
    """Which part of a list: from `key` on (itself too, if `inclusive`), or `backwards` towards the list's start."""

    sort: str
    falling: bool = True
    key: Key | None = None
    inclusive: bool = False
    backwards: bool = False


@dataclass(frozen=True)
class Count:
    """`is_whole` is False where there are more, or where not every row was looked at."""

    number: int
    is_whole: bool
