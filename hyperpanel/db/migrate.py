"""Bring a database's schema to the newest, or refuse one that is newer than this program."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from hyperpanel.db.engine import address
from hyperpanel.errors import Unusable
from hyperpanel.paths import MIGRATIONS


def config(url: str) -> Config:
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["url"] = address(url, Path.cwd())
    return settings


def upgrade(url: str, revision: str = "head") -> None:
    """Synchronous; each migration is one transaction. `url` as in the settings, or as SQLAlchemy renders it."""
    command.upgrade(config(url), revision)


def revisions() -> list[str]:
    """All of them, oldest first."""
    scripts = ScriptDirectory.from_config(config("sqlite:///none")).walk_revisions()
    return [script.revision for script in scripts][::-1]


def newest() -> str:
    return revisions()[-1]


def current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def require_newest(connection: Connection) -> None:
    """Raises Unusable for an older or a newer schema."""
    found = current(connection)
    if found == newest():
        return
    if found is None or found in revisions():
        raise Unusable("The database's schema is older than this program. Run: hyperpanel migrate")
    raise Unusable(
        "The database's schema is newer than this program. Update hyperpanel, or restore the backup made before the update."
    )
