"""`migrate`: from nothing, from the newest, and never from a newer one."""

import sqlite3
from pathlib import Path

from hyperpanel.db import migrate


def test_an_empty_place_gets_the_newest_schema(home):
    Path("hyperpanel.db").unlink()
    assert home.told("migrate") == {"before": None, "after": migrate.newest()}


def test_the_newest_schema_is_left_alone(home):
    assert "is the newest already" in home.done("migrate")


def test_a_newer_schema_is_refused(home):
    with sqlite3.connect("hyperpanel.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "newer than this program" in home.refused("migrate")


def test_what_is_no_database_is_refused(home):
    Path("hyperpanel.db").write_bytes(b"this is no database, whatever its name says" * 50)
    assert "cannot be opened: file is not a database." in home.refused("migrate")


def test_a_missing_folder_is_named(home):
    Path("config.toml").write_text('[database]\nurl = "sqlite:///nowhere/hyperpanel.db"\n')
    assert "There is no folder" in home.refused("migrate")
