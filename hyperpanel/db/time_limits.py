"""A read that may take only so long: what a script asks for must not keep a connection that pages wait for.

SQLite is asked between its own steps whether it is to go on; PostgreSQL bounds each statement by itself.
"""

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from hyperpanel.errors import HyperpanelError

T = TypeVar("T")
STEPS = 100_000
"""Of SQLite's machine between two looks at the clock: a few milliseconds."""

INTERRUPTED = "interrupted"
QUERY_CANCELED = "57014"


class TookTooLong(HyperpanelError):
    """`seconds`: what it was given. Asking the same again would take as long."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"This takes longer than {seconds:g} seconds. Ask for less at once: one panel, a user, a service, or fewer days."
        )
        self.seconds = seconds


def within(seconds: float, work: Callable[[Connection], T]) -> Callable[[Connection], T]:
    """The same work, which raises TookTooLong when its time is over."""

    def bounded(connection: Connection) -> T:
        until = monotonic() + seconds
        is_sqlite = connection.dialect.name == "sqlite"
        try:
            if is_sqlite:
                watch(connection, lambda: monotonic() > until)
            else:
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, round(seconds * 1000))}")
            return work(connection)
        except OperationalError as problem:
            if is_cut(problem):
                raise TookTooLong(seconds) from None
            raise
        finally:
            if is_sqlite:
                watch(connection, None)

    return bounded


def watch(connection: Connection, is_over: Callable[[], bool] | None) -> None:
    raw = connection.connection.driver_connection
    if raw is not None:
        raw.set_progress_handler(is_over, STEPS)


def is_cut(problem: OperationalError) -> bool:
    return str(problem.orig) == INTERRUPTED or getattr(problem.orig, "sqlstate", None) == QUERY_CANCELED
