"""The schema from nothing, on both databases: as the tables say, in one go, and never with a newer one."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from msgspec.structs import asdict
from sqlalchemy import Column, Index, MetaData, create_engine, select, text
from sqlalchemy.exc import DBAPIError

from hyperpanel.db import migrate
from hyperpanel.db.engine import address
from hyperpanel.db.schema import metadata
from hyperpanel.errors import Unusable
from tests.support.records import NOON, order

ROW = {
    "at": NOON,
    "actor": "ana",
    "action": "x",
    "target": "",
    "details": "{}",
    "address": "",
    "device": "",
    "hash": b"1",
}

PLANS = ("head", "refresh", "backfill", "sweep")
READ = {"panel_id": 1, "stream": "orders", "plan": "head", "cursor": '{"mark": 5}', "due_at": NOON, "as_of": NOON}
SEEN = {"observed": 9, "digest": 8, "fields": 7, "first_seen_at": NOON, "seen_at": NOON}
FLIP = {"was": "pending", "now": "completed", "not_before": NOON, "not_after": NOON}


def first_rows() -> dict[str, list[dict[str, object]]]:
    """What two panels that read orders had before any other stream was known."""
    panel = {
        "kind": "perfect_panel",
        "url": "https://panel.example",
        "currency": "USD",
        "time_zone": "UTC",
        "rate": 4.0,
    }
    both = [(1, "eu-1"), (2, "us-2")]
    return {
        "panels": [
            {**panel, "id": id, "name": name, "folded": name, "private": False, "created_at": NOON} for id, name in both
        ],
        "budgets": [{"panel_id": id, "pace": 4.0, "free_at": NOON, "number": 30} for id, _ in both],
        "feeds": [
            {"panel_id": id, "stream": stream, "cached": 3} for id, _ in both for stream in ("orders", "services")
        ],
        "plans": [{**READ, "panel_id": id, "plan": plan} for id, _ in both for plan in ("head", "refresh", "backfill")],
        "orders": [{"panel_id": id, **asdict(order(str(key))), **SEEN} for id, _ in both for key in (1000, 1001, 1002)],
        "order_flips": [{"panel_id": 1, "order_id": "1000", "number": 9, **FLIP}],
        "set_aside": [
            {
                "panel_id": 2,
                "stream": "orders",
                "record_id": "9",
                "reason": "?",
                "number": 5,
                "first_at": NOON,
                "at": NOON,
            }
        ],
    }


@pytest.fixture
def engine(bare_database_url):
    made = create_engine(address(bare_database_url, Path.cwd()))
    yield made
    made.dispose()


def is_plain(item, *_) -> bool:
    """Neither side of the comparison can tell what an index over an expression holds."""
    return not isinstance(item, Index) or all(isinstance(part, Column) for part in item.expressions)


def is_of(connection, item) -> bool:
    """One database alone has an index of its own kind."""
    only = getattr(item, "_ddl_if", None)
    return only is None or only.dialect == connection.dialect.name


GRAMS = {
    f"grams_of_{stream}{part}"
    for stream in ("orders", "users", "payments", "tickets", "services")
    for part in ("", "_config", "_data", "_docsize", "_idx")
}


def kept_apart(connection) -> set[str]:
    """SQLite's virtual tables, and those in which it keeps what is in them: no table of ours is like them."""
    if connection.dialect.name != "sqlite":
        return set()
    return {row.name for row in connection.execute(text("PRAGMA table_list")) if row.type in ("virtual", "shadow")}


def expressed(engine) -> set[str]:
    """The indexes over expressions, in the database's own words."""
    asked = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%(%(%'",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexdef LIKE '%(%(%'",
    }
    with engine.connect() as connection:
        return {" ".join(told.split()) for told in connection.scalars(text(asked[engine.dialect.name]))}


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_the_migrated_schema_is_that_of_the_tables(bare_database_url, engine):
    migrate.upgrade(bare_database_url)
    with engine.connect() as connection:
        apart = kept_apart(connection)
        looks = {
            "include_object": lambda item, name, *_: is_plain(item) and is_of(connection, item) and name not in apart
        }
        context = MigrationContext.configure(connection, opts={"compare_type": True, **looks})
        assert compare_metadata(context, metadata) == []
        assert apart == (GRAMS if connection.dialect.name == "sqlite" else set())


def test_indexes_over_expressions_are_those_of_the_tables(bare_database_url, engine):
    migrate.upgrade(bare_database_url)
    migrated = expressed(engine)
    with engine.begin() as connection:
        for table in metadata.tables.values():
            for index in table.indexes:
                if not is_plain(index):
                    index.drop(connection)
                    index.create(connection)
    assert expressed(engine) == migrated
    assert len(migrated) >= 3


def test_migrating_twice_changes_nothing(bare_database_url, engine):
    migrate.upgrade(bare_database_url)
    migrate.upgrade(bare_database_url)
    with engine.connect() as connection:
        assert migrate.current(connection) == migrate.newest()


def test_each_step_down_the_line_leads_to_the_next(bare_database_url, engine):
    for step in range(len(migrate.revisions())):
        migrate.upgrade(bare_database_url, migrate.revisions()[step])
    with engine.connect() as connection:
        migrate.require_newest(connection)


def test_panels_that_read_orders_keep_every_row_and_get_the_other_feeds_due(bare_database_url, engine):
    migrate.upgrade(bare_database_url, "0001")
    first = MetaData()
    first.reflect(engine)
    with engine.begin() as connection:
        for name, rows in first_rows().items():
            connection.execute(metadata.tables[name].insert(), rows)
        before = {name: connection.execute(select(first.tables[name])).all() for name in first_rows()}
    migrate.upgrade(bare_database_url)
    with engine.connect() as connection:
        after = {name: connection.execute(select(first.tables[name])).all() for name in first_rows()}
        now = connection.execute(select(metadata.tables["plans"])).all()
    assert all(set(rows) <= set(after[name]) for name, rows in before.items())
    assert {name: len(after[name]) - len(rows) for name, rows in before.items() if len(after[name]) > len(rows)} == {
        "feeds": 2 * 4,
        "plans": 2 * (2 + 4 * 4),
    }
    assert {row.due_at for row in now} == {NOON}
    added = {(row.panel_id, row.stream, row.plan) for row in now} - {
        (row.panel_id, row.stream, row.plan) for row in before["plans"]
    }
    streams = ("users", "payments", "tickets", "messages")
    assert added == {(id, "orders", plan) for id in (1, 2) for plan in ("sweep", "watch")} | {
        (id, s, plan) for id in (1, 2) for s in streams for plan in PLANS
    }


def test_a_newer_schema_is_refused(bare_database_url, engine):
    migrate.upgrade(bare_database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with engine.connect() as connection, pytest.raises(Unusable, match="newer than this program"):
        migrate.require_newest(connection)


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_audit_log_is_append_only(bare_database_url, engine, statement):
    migrate.upgrade(bare_database_url)
    with engine.begin() as connection:
        connection.execute(metadata.tables["audit"].insert(), [ROW])
    with engine.begin() as connection, pytest.raises(DBAPIError, match="append-only"):
        connection.execute(text(statement))


HOUR = timedelta(hours=1)
DONE, REDONE = ("in_progress", "completed", 1, 2), ("completed", "partial", 10, 11)


@pytest.mark.parametrize(
    ("flips", "updated", "kept"),
    [
        ([DONE], None, (1, 2)),
        ([DONE], 1.5, (1.5, 1.5)),
        ([DONE], 7, (1, 2)),
        ([DONE, REDONE], None, (1, 2)),
        ([REDONE], None, (None, -10)),
        ([], -5, (-5, -5)),
        ([], -50, (None, -10)),
        ([], 5, (None, -10)),
    ],
)
def test_orders_that_had_finished_keep_when_as_those_that_finish_later(bare_database_url, engine, flips, updated, kept):
    migrate.upgrade(bare_database_url, "0004")
    told = None if updated is None else NOON + updated * HOUR
    done = asdict(order("1000", status="partial", created_at=NOON - 10 * HOUR, last_update_at=told))
    with engine.begin() as connection:
        connection.execute(metadata.tables["panels"].insert(), first_rows()["panels"])
        seen = {**SEEN, "seen_at": NOON + 11 * HOUR}
        connection.execute(metadata.tables["orders"].insert(), [{"panel_id": 1, **done, **seen}])
        for was, now, after, until in flips:
            times = {"not_before": NOON + after * HOUR, "not_after": NOON + until * HOUR}
            row = {"panel_id": 1, "order_id": "1000", "number": until, "was": was, "now": now, **times}
            connection.execute(metadata.tables["order_flips"].insert(), [row])
    migrate.upgrade(bare_database_url)
    orders = metadata.tables["orders"]
    with engine.connect() as connection:
        row = connection.execute(select(orders.c.finished_from, orders.c.finished_at)).one()
    assert tuple(at and (at - NOON) / HOUR for at in row) == kept


def test_what_was_held_before_parts_were_searched_is_queued_to_be_indexed(bare_database_url, engine):
    migrate.upgrade(bare_database_url, "0001")
    with engine.begin() as connection:
        for name in ("panels", "feeds"):
            connection.execute(metadata.tables[name].insert(), first_rows()[name])
    migrate.upgrade(bare_database_url)
    queue = metadata.tables["text_queue"]
    with engine.connect() as connection:
        waiting = connection.execute(select(queue.c.panel_id, queue.c.stream, queue.c.ids, queue.c.rows)).all()
    assert sorted(waiting) == [(id, stream, None, 3) for id in (1, 2) for stream in ("orders", "services")]
