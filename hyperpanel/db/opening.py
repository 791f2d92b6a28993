"""Opening an installation: the database with its schema, and the master key that it was made with.

An empty database is set up at once; an older one waits for `hyperpanel migrate`, since that is the moment for a backup.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from hyperpanel.config import Settings
from hyperpanel.db import migrate
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import meta
from hyperpanel.errors import Unusable
from hyperpanel.vault import WRONG_KEY, Vault, open_vault


@dataclass(frozen=True)
class Installation:
    settings: Settings
    database: Database
    vault: Vault


async def opened(settings: Settings, folder: Path) -> Installation:
    """Raises Unusable (or BadSettings) with the sentence that says what to do; nothing is overwritten. Close its database in the end."""
    url = address(settings.database.url, folder)
    database = Database(url, settings.database.readers)
    try:
        found = database.read_now(migrate.current) if exists(database) else None
        if found is None:
            await database.close()
            migrate.upgrade(url.render_as_string(hide_password=False))
            database = Database(url, settings.database.readers)
        database.read_now(migrate.require_newest)
        noted = database.read_now(
            lambda connection: connection.scalar(select(meta.c.value).where(meta.c.name == "vault"))
        )
        vault = open_vault(settings.security, folder, new=noted is None)
        await check_vault(database, vault, noted)
    except DBAPIError as problem:
        await database.close()
        raise Unusable(f"The database {url.render_as_string()} cannot be opened: {first_line(problem)}.") from None
    except BaseException:
        await database.close()
        raise
    return Installation(settings, database, vault)


def exists(database: Database) -> bool:
    """A reader does not create a file; where there is none there is no schema."""
    if not database.is_sqlite:
        return True
    place = Path(database.url.database or "")
    if not place.parent.is_dir():
        raise Unusable(f"There is no folder {place.parent} for the database. Make it, or change database.url.")
    return place.exists()


async def check_vault(database: Database, vault: Vault, noted: str | None) -> None:
    """The first start notes which master key belongs to this database; later ones refuse any other."""
    if noted is None:
        async with database.write() as connection:
            await connection.execute(insert(meta).values(name="vault", value=vault.name.hex()))
    elif noted != vault.name.hex():
        raise Unusable(WRONG_KEY)


def first_line(problem: DBAPIError) -> str:
    return str(problem.orig).strip().splitlines()[0] if str(problem.orig).strip() else type(problem.orig).__name__
