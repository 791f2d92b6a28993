"""What one export is of: a list as its address says, for one person. Read step by step, and at each step only if that person still may.

A step reads, makes the cells and writes them down as bytes or hands them on, all in the thread that reads the database: a thousand rows are
some 20 ms of work, which the loop must not wait for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from hyperpanel.db import audit, exports, list_pages, panels
from hyperpanel.db.exports import Export
from hyperpanel.db.list_walks import Walk
from hyperpanel.db.panels import Panel
from hyperpanel.db.staff import Person
from hyperpanel.errors import BadInput, Missing, Refused
from hyperpanel.support import roles
from hyperpanel.support.sheet_files import Cell
from hyperpanel.web import columns, list_cells, list_filters
from hyperpanel.web.every_list import LISTS
from hyperpanel.web.frame import POSITION
from hyperpanel.web.languages import N_
from hyperpanel.web.list_filters import Asked, Field
from hyperpanel.web.list_kinds import Column, ListKind
from hyperpanel.web.list_pages import sorting
from hyperpanel.web.panel_choice import chosen
from hyperpanel.web.visits import Visit

MAY = "exports:make"
MOST_ROWS = 1_000_000
AT_ONCE = 10_000
"""Up to so many rows are answered at once; more are made in the background."""

OPEN_KINDS = frozenset({"moment", "some", "one"})
"""Filters whose values say nothing about a customer."""

PLAIN = frozenset({"panel", "group", "sort", columns.NAME})


class Lost(Refused):
    """Its person may no longer have it."""


@dataclass(frozen=True, eq=False)
class Plan:
    """`permissions` and `panels`: what must stay allowed until the end."""

    noun: str
    visit: Visit
    panels: Mapping[int, Panel]
    columns: Sequence[Column]
    permissions: frozenset[str]
    walk: Walk

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def label(self) -> str:
        return self.visit.say(LISTS[self.noun].kind.label)

    def heads(self, format: str) -> list[str]:
        return list_cells.heads(self.visit, self.noun, self.columns, names_zone=format == "xlsx")

    def step(self, connection: Connection) -> list[list[Cell]]:
        """The next rows. Raises Lost."""
        scope = refuse_lost(connection, self.visit, self.permissions, self.panels.keys()).scope
        lines = self.walk.step(connection, scope)
        return list_cells.cells(connection, self.visit.language, scope, self.noun, self.names, self.panels, lines)


def refuse_lost(connection: Connection, visit: Visit, permissions: frozenset[str], panel_ids: Any) -> Person:
    """The person as they are now: who was disabled, or lost a permission or a panel meanwhile, gets nothing more. Raises Lost."""
    person = exports.person(connection, visit.person.id) if visit.person else None
    if person is None or not may_have(person, permissions, panel_ids):
        raise Lost("export")
    return person


def may_have(person: Person, permissions: frozenset[str], panel_ids: Any) -> bool:
    may = all(roles.may(person.role, permission) for permission in permissions)
    return may and all(person.scope.holds(panel_id) for panel_id in panel_ids)


def needed(kind: ListKind, asked: Asked, shown: Sequence[Column]) -> frozenset[str]:
    """The list's own permission, and those of its columns and filters."""
    guarded = {permission for name, permission in kind.guarded.items() if asked.text(name)}
    return frozenset({MAY, kind.permission, *guarded, *(one.permission for one in shown if one.permission)})


def kind_of(noun: str) -> ListKind:
    """Raises Missing."""
    if noun not in LISTS:
        raise Missing("list")
    return LISTS[noun]


def plan(connection: Connection, visit: Visit, noun: str) -> Plan:
    """Of the list that the visit's address asks for, wherever in it that page stands. Raises BadInput, Missing."""
    kind = kind_of(noun)
    asked = list_filters.read(visit, kind.fields)
    if asked.errors:
        raise BadInput(N_("A filter of this list cannot be understood. Correct it first."))
    some = chosen(visit, panels.all_of(connection, visit.scope))
    ids = [panel.id for panel in some]
    shown = columns.shown(visit, kind.kind, len(some) > 1)
    sort, falling = sorting(visit.url, kind.listing)
    filters = kind.filters(connection, visit, ids, asked.filters)
    walk = Walk(kind.listing, ids, filters, sort, falling, MOST_ROWS)
    held = {panel.id: panel for panel in some}
    return Plan(noun, visit, held, shown, needed(kind, asked, shown), walk)


def again(connection: Connection, visit: Visit, export: Export) -> Plan:
    """The plan of an export that was put down: of the panels and with the columns of then, whatever else its person may see by now. Raises
    Lost."""
    refuse_lost(connection, visit, export.permissions, export.panel_ids)
    made = plan(connection, visit, export.noun)
    held = {id: panel for id, panel in made.panels.items() if id in export.panel_ids}
    if len(held) < len(export.panel_ids):
        raise Lost("export")
    shown = columns.shown(visit, LISTS[export.noun].kind, len(held) > 1)
    shown = [one for one in shown if not one.permission or one.permission in export.permissions]
    walk = replace(made.walk, panel_ids=list(held))
    return replace(made, panels=held, columns=shown, permissions=export.permissions, walk=walk)


def few(connection: Connection, made: Plan) -> int | None:
    """How many rows there are, where they are few enough to be answered at once."""
    walk = made.walk
    if not walk.panel_ids:
        return 0
    count = list_pages.count(connection, made.visit.scope, walk.panel_ids, walk.listing, walk.filters, walk.sort)
    return count.number if count.is_whole and count.number <= AT_ONCE else None


def of_list(visit: Visit, noun: str) -> Visit:
    """The visit as if it asked for the list itself, from its top."""
    kind = kind_of(noun)
    return replace(visit, url=replace(visit.url, path=kind.path).without(*POSITION))


def told(visit: Visit, fields: Sequence[Field]) -> dict[str, list[str]]:
    """What was asked, for the audit: what anybody typed to find a customer is not repeated there."""
    plain = PLAIN | {one.name for one in fields if one.kind in OPEN_KINDS}
    known = plain | {one.name for one in fields}
    found: dict[str, list[str]] = {}
    for name, value in visit.url.pairs:
        if name in known and value:
            found.setdefault(name, []).append(value[:100] if name in plain else audit.MASK)
    return found
