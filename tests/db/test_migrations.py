"""The schema from nothing, on both databases: as the tables say, in one go, and never with a newer one."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from hyperpanel.db import migrate
from hyperpanel.db.engine import address
from hyperpanel.db.schema import metadata
from hyperpanel.errors import Unusable
from tests.support.records import NOON

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


@pytest.fixture
def engine(bare_database_url):
    made = create_engine(address(bare_database_url, Path.cwd()))
    yield made
    made.dispose()


def test_the_migrated_schema_is_that_of_the_tables(bare_database_url, engine):
    migrate.upgrade(bare_database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


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
