"""One console over many upstream panels.

Importing this package puts pysqlite3 in place of sqlite3, before SQLAlchemy or aiosqlite can load the system's: SQLite before 3.51.3
can lose commits in WAL mode, and two SQLite libraries in one process break each other's file locks.
"""

import sys

try:
    import pysqlite3
except ImportError:  # no wheel for this machine: hyperpanel.db.engine names an unsafe SQLite at start
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

__version__ = "0.1.0"
