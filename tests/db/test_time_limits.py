"""A read that takes too long ends, on both systems, and leaves its connection as it was."""

import pytest
from sqlalchemy import text

from hyperpanel.db.time_limits import TookTooLong, within

ENDLESS = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


def endless(connection):
    return connection.execute(text(ENDLESS[connection.dialect.name]).execution_options(scoped=True)).scalar_one()


def one(connection):
    return connection.execute(text("SELECT 1").execution_options(scoped=True)).scalar_one()


async def test_what_takes_too_long_is_cut_and_says_what_to_do(database):
    with pytest.raises(TookTooLong, match="Ask for less"):
        await database.read(within(0.05, endless))


async def test_what_is_quick_is_answered(database):
    assert await database.read(within(20, one)) == 1


async def test_its_connection_has_time_again(database):
    """The pool lends it to others, who have no limit."""
    with pytest.raises(TookTooLong):
        await database.read(within(0.05, endless))
    assert [await database.read(one) for _ in range(8)] == [1] * 8
    if not database.is_sqlite:
        shown = text("SHOW statement_timeout").execution_options(scoped=True)
        assert [await database.read(lambda c: c.execute(shown).scalar_one()) for _ in range(8)] == ["0"] * 8


async def test_other_failures_stay_what_they_are(database):
    with pytest.raises(Exception, match="no_such_table"):
        await database.read(
            within(20, lambda c: c.execute(text("SELECT 1 FROM no_such_table").execution_options(scoped=True)))
        )
