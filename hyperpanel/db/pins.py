"""Indexes named in a statement, for SQLite, whose planner can choose a scan of a second over an index of a millisecond.

SQLAlchemy drops `with_hint` on SQLite without a word; with this compiler `INDEXED BY …` stands behind its table as
written.
"""

from typing import Any

from sqlalchemy import Engine, Select, Table
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler


class PinningCompiler(SQLiteCompiler):
    def get_from_hint_text(self, table: Any, text: str | None) -> str | None:
        return text


def honour_pins(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        engine.dialect.statement_compiler = PinningCompiler


def pinned(statement: Select[Any], table: Table, index: str) -> Select[Any]:
    """Only this index may be used: SQLite refuses the statement where it cannot be."""
    return statement.with_hint(table, f"INDEXED BY {index}", "sqlite")
