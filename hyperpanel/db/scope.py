"""The one place through which panel-owned rows are read for a person, a key or a command.

A Scope is the panels that may be seen. Statements over panel-owned tables are built with `scope.select`, which narrows every such
table that they touch; hyperpanel/db/store.py and the other writers act for the engine on a panel they were given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, literal, select

from hyperpanel.db.schema import PANEL_OWNED, panels


@dataclass(frozen=True)
class Scope:
    """`panel_ids` None means every panel: the owner's, and the machine's own work."""

    panel_ids: frozenset[int] | None = None

    def select(self, *what: Any) -> Select[Any]:
        """A select whose panel-owned tables hold this scope's panels only. Further tables join through panel_id."""
        statement = select(*what)
        for table in touched(statement):
            statement = statement.where(self.allows(table))
        return statement.execution_options(scoped=True)

    def allows(self, table: Table) -> ColumnElement[bool]:
        """The condition itself, for tables that a statement joins later."""
        column = panel_column(table)
        if self.panel_ids is None:
            return column.is_not(None)
        # One by one: what is given as a list, SQLAlchemy writes into the statement's text again for each time that it runs.
        return column.in_([literal(panel) for panel in sorted(self.panel_ids)])

    def narrowed(self, panel_ids: Iterable[int] | None) -> "Scope":
        """Those of the wanted panels that are allowed; None wants all."""
        if panel_ids is None:
            return self
        wanted = frozenset(panel_ids)
        return Scope(wanted if self.panel_ids is None else wanted & self.panel_ids)

    def holds(self, panel_id: int) -> bool:
        return self.panel_ids is None or panel_id in self.panel_ids


EVERYTHING = Scope()


def touched(statement: Select[Any]) -> list[Table]:
    found = [table for table in statement.get_final_froms() if isinstance(table, Table)]
    return [table for table in found if table in PANEL_OWNED]


def panel_column(table: Table) -> Column[int]:
    return table.c.id if table is panels else table.c.panel_id
