"""The cast of tests/support/staged.py in a database, on both systems; and the guard for what is read for somebody."""

from tests.db.conftest import database, only_scoped

__all__ = ["database", "only_scoped"]
