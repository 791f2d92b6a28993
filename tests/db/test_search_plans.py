"""How the databases go about each kind of key: by indexes alone, however much there is."""

import pytest
from sqlalchemy import event, insert

from hyperpanel.db import search_indexing
from hyperpanel.db.schema import orders, payments, services, text_queue, tickets, users
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.support import search_words
from hyperpanel.support.search import LISTINGS, Search
from tests.support.scoping import COMMITTING
from tests.support.staged import mirrored, order

pytestmark = pytest.mark.loopback
TABLES = {"orders": orders, "users": users, "payments": payments, "tickets": tickets, "services": services}
KEYS = {
    "order": "2274209",
    "several": "2274209 77120448 12",
    "link": "https://social.example/p/C8abcd/",
    "name": "kadir",
    "mail": "kadir@mail.example",
    "sentence": "where is 2274209 of k@mail.example",
}
SMALL = ("panels", "text_queue")
"""Tables of a few rows: one a panel, and what waits."""

INDEXES = (
    "ix_orders_panel_id_provider_order_id",
    "ix_orders_panel_id_user_created_at_id_gone_at",
    "ix_users_lowered",
    "ix_users_mailed",
    "ix_user_renames_panel_id_was",
)


@pytest.fixture
async def filled(database):
    COMMITTING.add(database.committing)
    async with database.write() as connection:
        for stream, table in TABLES.items():
            await connection.execute(insert(table), [mirrored(stream, str(number)) for number in range(20)])
        await connection.execute(insert(orders), [order("2274209", link=KEYS["link"], user="kadir")])
        rows = [{"panel_id": 1, "stream": stream, "rows": 20} for stream in TABLES]
        await connection.execute(insert(text_queue), rows)
    while await database.commit(search_indexing.step):
        pass
    return database


def asked(database, scope: Scope, ids: list[int], typed: str) -> list[tuple[str, object]]:
    """Every statement of a search, with its values."""
    found: list[tuple[str, object]] = []

    def note(_connection, _cursor, statement, values, *_rest):
        if statement.startswith(("SELECT", "WITH")):
            found.append((statement, values))

    event.listen(database.reading, "before_cursor_execute", note)
    try:
        words = search_words.read(typed)
        database.read_now(lambda connection: Search(connection, scope, ids, words).results(LISTINGS))
    finally:
        event.remove(database.reading, "before_cursor_execute", note)
    return found


def plan(database, statement: str, values: object) -> list[str]:
    """PostgreSQL reads a table of twenty rows whole unless it is told not to."""

    def look(connection) -> list[str]:
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        words = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        rows = connection.exec_driver_sql(f"{words} {statement}", values).all()
        return [str(row[-1]) for row in rows]

    return list(database.read_now(look))


def reads_whole(line: str) -> bool:
    if "Seq Scan on " in line:
        return not any(f"on {table}" in line for table in SMALL)
    names = (*TABLES, "texts", "user_renames")
    return any(line.startswith(f"SCAN {name}") for name in names)


@pytest.mark.parametrize("typed", KEYS.values(), ids=KEYS.keys())
@pytest.mark.parametrize(("scope", "ids"), [(EVERYTHING, [1, 2, 3]), (Scope(frozenset({1})), [1])], ids=["all", "one"])
async def test_no_key_reads_a_table_whole(filled, typed, scope, ids):
    plans = [line for statement, values in asked(filled, scope, ids, typed) for line in plan(filled, statement, values)]
    assert [line for line in plans if reads_whole(line)] == []
    assert plans


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_key_has_its_index(filled):
    """Where they are pinned; of a table as small as this one PostgreSQL may take any."""
    both = [one for typed in ("2274209", "kadir") for one in asked(filled, EVERYTHING, [1, 2, 3], typed)]
    told = "\n".join(line for statement, values in both for line in plan(filled, statement, values))
    assert [index for index in INDEXES if index not in told] == []


async def test_parts_are_asked_of_the_index_of_trigrams(filled):
    told = [
        "\n".join(plan(filled, statement, values))
        for statement, values in asked(filled, Scope(frozenset({1})), [1], "C8abcd")
        if "grams" in statement
    ]
    index = " VIRTUAL TABLE INDEX" if filled.is_sqlite else "Bitmap Index Scan on ix_texts_grams"
    assert len(told) == len(TABLES)
    assert [one for one in told if index not in one] == []


async def test_of_a_part_that_all_of_the_newest_have_the_index_is_not_asked(filled):
    found = asked(filled, EVERYTHING, [1, 2, 3], "social.example")
    assert sum("grams" in statement for statement, _ in found) == len(TABLES) - 1
