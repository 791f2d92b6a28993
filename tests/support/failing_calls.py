"""The Nth call of a database fails: in its statement, at its commit, or because the connection is gone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Dialect

from hyperpanel.db.engine import Database
from hyperpanel.db.schema import metadata

KINDS = ("fails", "breaks")
"""A call that the database answers with an error; one under which the connection goes away."""

WHOLE = {
    table.name: table.select().order_by(*table.primary_key.columns)
    for table in metadata.sorted_tables
    if "panel_id" in table.c
}
Dump = Sequence[tuple[str, Sequence[Any]]]


class FailingCalls:
    """Of all connections that write. `left`: how many calls go well before the one that does not; None: all."""

    def __init__(self, database: Database) -> None:
        self.left: int | None = None
        self.kind = KINDS[0]
        for engine in (database.committing, database.writing.sync_engine):
            self.listen(engine)

    def listen(self, engine: Engine) -> None:
        for name in ("do_execute", "do_executemany"):
            event.listen(engine, name, lambda cursor, statement, values, context: self.call(context.root_connection))
        event.listen(
            engine, "do_execute_no_params", lambda cursor, statement, context: self.call(context.root_connection)
        )
        dialect, commit = engine.dialect, engine.dialect.do_commit

        def committing(pooled: Any) -> None:
            self.count(dialect, pooled)
            commit(pooled)

        dialect.do_commit = committing  # type: ignore[assignment, method-assign]

    @property
    def is_set(self) -> bool:
        return self.left is not None

    def call(self, connection: Connection) -> None:
        self.count(connection.dialect, connection.connection)

    def count(self, dialect: Dialect, pooled: Any) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left = None
            self.fail(dialect, pooled)

    def fail(self, dialect: Dialect, pooled: Any) -> None:
        drivers = dialect.loaded_dbapi
        if self.kind == "fails":
            raise drivers.OperationalError("disk I/O error")
        pooled.dbapi_connection.close()
        if dialect.name == "sqlite":
            raise drivers.ProgrammingError("Cannot operate on a closed database.")
        raise drivers.OperationalError("the connection is closed")


def dump(connection: Connection) -> Dump:
    """All that is held of panels."""
    return [(name, connection.execute(statement).all()) for name, statement in WHOLE.items()]
