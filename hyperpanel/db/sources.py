"""Where frames are read from: a database through ADBC, which hands a million rows to polars as they are, without a Python object for each.

ADBC's driver for SQLite brings a SQLite of its own, and two in one process break each other's file locks: nothing but the reader process
(hyperpanel.db.reader) may open a Source. Statements are built as everywhere, through a Scope, and compiled with their values in them: they are
numbers and times of our own; text that somebody typed does not belong in one. It infers the type of a SQLite column from its first rows, so
a text that may be missing is asked for as `text_of(column)`.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import adbc_driver_postgresql
import adbc_driver_sqlite
import polars as pl
from adbc_driver_manager import AdbcConnection, AdbcDatabase, AdbcStatement, Error
from sqlalchemy import BigInteger, Boolean, ColumnElement, Integer, Numeric, Select, Text, func, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.sql.selectable import CompoundSelect

from hyperpanel.db.pins import PinningCompiler
from hyperpanel.db.reader import PATIENCE
from hyperpanel.db.types import Moment

TIME = pl.Datetime("us", "UTC")
ROWS = "65536"
BEGIN = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}
KINDS: tuple[tuple[type[Any], pl.DataType], ...] = (
    (Moment, TIME),
    (Boolean, pl.Boolean()),
    (Text, pl.String()),
    (BigInteger, pl.Int64()),
    (Integer, pl.Int64()),
    (Numeric, pl.Float64()),
)


def text_of(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A text that may be missing, as "" then."""
    return func.coalesce(column, "").label(column.key)


def given(place: int) -> ColumnElement[Any]:
    """A value of `Source.each`, counted from 1 in the order in which the statement names them."""
    return literal_column(f"${place}")


class Source:
    """One connection that reads. Everything within `snapshot` sees the database as of one moment."""

    def __init__(self, url: URL) -> None:
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.dialect = dialect_of(self.is_sqlite)
        self.database = AdbcDatabase(**opening(url))
        self.connection = AdbcConnection(self.database)
        if not self.is_sqlite:
            self.bound()

    def bound(self) -> None:
        """Nothing goes on in the server that nobody waits for: where it can tell (not on every system), it looks whether we are there still."""
        most = int(PATIENCE.total_seconds() * 1000)
        self.run(f"SET statement_timeout = {most}")
        self.run(f"SET idle_in_transaction_session_timeout = {most}")
        with suppress(Error):
            self.run("SET client_connection_check_interval = 500")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        self.run(BEGIN[self.dialect.name])
        try:
            yield
        finally:
            self.run("ROLLBACK")

    def is_alive(self) -> bool:
        """A server may have been started anew since the last question; a file is always there."""
        try:
            return self.is_sqlite or self.fetched("SELECT 1").height == 1
        except Error:
            return False

    def frame(self, statement: Select[Any] | CompoundSelect[Any], values: pl.DataFrame | None = None) -> pl.DataFrame:
        """The rows with the types that the statement's columns have: times as Datetime in UTC, numbers as Int64."""
        compiled = statement.compile(dialect=self.dialect, compile_kwargs={"literal_binds": True})
        found = self.fetched(str(compiled), values)
        columns = statement.selected_columns
        return found.select(cast(found, n, column.key or "", column.type) for n, column in enumerate(columns))

    def each(self, statement: Select[Any] | CompoundSelect[Any], values: pl.DataFrame) -> pl.DataFrame:
        """The same for each row of `values`, one after another: its columns are the statement's `given(1)`, `given(2)`, … So text that
        somebody typed comes to the database, and never into a statement."""
        if values.is_empty():
            return pl.DataFrame(schema={str(column.key): kind_of(column.type) for column in statement.selected_columns})
        return self.frame(statement, values)

    def fetched(self, sql: str, values: pl.DataFrame | None = None) -> pl.DataFrame:
        statement = AdbcStatement(self.connection)
        try:
            if self.is_sqlite:
                statement.set_options(**{"adbc.sqlite.query.batch_rows": ROWS})
            statement.set_sql_query(sql)
            if values is not None:
                statement.bind_stream(values)
            return pl.DataFrame(statement.execute_query()[0])
        finally:
            statement.close()

    def run(self, sql: str) -> None:
        statement = AdbcStatement(self.connection)
        try:
            statement.set_sql_query(sql)
            statement.execute_update()
        finally:
            statement.close()

    def close(self) -> None:
        self.connection.close()
        self.database.close()


def opening(url: URL) -> dict[str, str]:
    """What the driver is told. SQLite's file is opened for reading alone."""
    if url.get_backend_name() == "sqlite":
        place = (url.database or "").replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        return {"driver": adbc_driver_sqlite._driver_path(), "uri": f"file:{place}?mode=ro"}
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return {"driver": adbc_driver_postgresql._driver_path(), "uri": plain}


def dialect_of(is_sqlite: bool) -> Dialect:
    if not is_sqlite:
        return postgresql.dialect()  # type: ignore[no-untyped-call]
    made = sqlite.dialect()
    made.statement_compiler = PinningCompiler
    return made


def cast(found: pl.DataFrame, place: int, name: str, kind: Any) -> pl.Series:
    column, wanted = found.to_series(place), kind_of(kind)
    return (column if wanted is None or column.dtype == wanted else column.cast(wanted)).rename(name)


def kind_of(kind: Any) -> pl.DataType | None:
    return next((known for type_, known in KINDS if isinstance(kind, type_)), None)
