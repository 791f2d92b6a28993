"""What makes a list of the console a list: told once for each by its page, and used wherever that list is counted, kept or written to a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from hyperpanel.db.lists import Filters, Listing
from hyperpanel.db.panels import Panel
from hyperpanel.web.list_filters import Field
from hyperpanel.web.visits import Visit


@dataclass(frozen=True)
class Column:
    """`sort`: the order of rows by this column, if the list has it. `permission`: who gets the column, if not everybody does."""

    name: str
    label: str
    is_number: bool = False
    sort: str = ""
    permission: str = ""
    many_panels: bool = False


@dataclass(frozen=True)
class Kind:
    """What is listed. `label` is a marked text, `counted` one that counts: "%(total)s order", "%(total)s orders"."""

    name: str
    stream: str
    label: str
    counted: tuple[str, str]
    columns: Sequence[Column]


@dataclass(frozen=True, eq=False)
class ListKind:
    """`filters` makes of what was asked what the database is asked for; `rows` makes of lines of the listing the rows that are shown, in
    their order, of panels among these. Both run where the database is read."""

    kind: Kind
    listing: Listing
    fields: Sequence[Field]
    path: str
    permission: str
    filters: Callable[[Connection, Visit, Sequence[int], Filters], Filters]
    rows: Callable[[Connection, Visit, Sequence[Panel], Sequence[Any]], list[Any]]
    guarded: Mapping[str, str] = field(default_factory=dict)
    """Filters that not everybody may use, each with the permission that it takes."""
