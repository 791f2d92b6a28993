"""A guard over what is read: a statement that touches rows of panels without a scope fails the test that ran it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

from sqlalchemy import Connection, Engine, Select, Table, event
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.visitors import iterate

from hyperpanel.db.schema import PANEL_OWNED

COMMITTING: WeakSet[Engine] = WeakSet()
"""Engines by which the sync engine commits, and a look at a panel takes its turns."""


class Unscoped(AssertionError):
    """Everybody's rows were read for somebody."""


def touched(statement: ClauseElement) -> set[str]:
    return {part.name for part in iterate(statement) if isinstance(part, Table) and part in PANEL_OWNED}


@contextmanager
def only_scoped_reads() -> Iterator[None]:
    """Over every engine for reading: those that write, and that are told to, look at the panel they were given."""

    def judge(connection: Connection, statement: Any, _many: Any, _one: Any, options: Any) -> None:
        reads = (
            isinstance(statement, Select) and not connection.dialect.is_async and connection.engine not in COMMITTING
        )
        if reads and not options.get("scoped") and (names := touched(statement)):
            raise Unscoped(f"read without a scope: {', '.join(sorted(names))}")

    event.listen(Engine, "before_execute", judge)
    try:
        yield
    finally:
        event.remove(Engine, "before_execute", judge)
