"""A PostgreSQL database made as new: every row that a test left is deleted, and every counter begins again.

Rows go whatever triggers and foreign keys say of it, which a superuser may order. What a test did to the schema is not undone: a database
that has not the shape it had is not used again, nor is one that has grown, since deleting leaves the room.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.sql import SQL, Identifier

MOST = 32 << 20
"""Bytes; a new one has nine million."""

SHAPE = """
    SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
        SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull) FROM pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
        UNION ALL SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
        UNION ALL SELECT version_num FROM alembic_version
    ) AS shape (line)
"""
OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
COUNTERS = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"


def shape(url: str) -> str:
    with _connected(url) as connection:
        return _one(connection, SHAPE)


def emptied(url: str, before: str) -> bool:
    """Whether it is as new again; `before` is the shape it had. On a server where that is not allowed, it is not."""
    with _connected(url) as connection:
        connection.execute(OTHERS)
        size = int(_one(connection, "SELECT pg_database_size(current_database())"))
        if size > MOST or _one(connection, SHAPE) != before:
            return False
        try:
            _delete(connection)
        except psycopg.errors.InsufficientPrivilege:
            return False
    return True


def _delete(connection: psycopg.Connection) -> None:
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in _names(connection, TABLES):
            connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
        for counter in _names(connection, COUNTERS):
            connection.execute(SQL("ALTER SEQUENCE {} RESTART").format(Identifier(counter)))


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def _one(connection: psycopg.Connection, statement: str) -> str:
    [value] = connection.execute(statement.encode()).fetchone() or [""]
    return str(value)


def _names(connection: psycopg.Connection, statement: str) -> list[str]:
    return [name for (name,) in connection.execute(statement.encode()).fetchall()]
