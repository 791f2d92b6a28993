"""`hyperpanel migrate`: the schema, brought to what this program knows."""

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli.frame import Place, as_json, in_place, run
from hyperpanel.cli.output import machine, say
from hyperpanel.errors import Unusable

if TYPE_CHECKING:
    from hyperpanel.config import Settings


@click.command()
@as_json
@in_place
def migrate(place: Place, as_json: bool) -> None:
    """Bring the database's schema to the newest.

    Stop the other processes and make a backup first.

    \b
    Example:
    $ hyperpanel migrate
    """
    before, after = run(migrated(place))
    if as_json:
        machine({"before": before, "after": after})
    elif before == after:
        say(f"The schema is the newest already ({after}).")
    else:
        say(f"The schema is {after} now; it was {before or 'not there yet'}.")


async def migrated(place: Place) -> tuple[str | None, str]:
    from hyperpanel.cli import logs

    settings = place.settings()
    logs.set_up(settings.log, least="warning")
    return await upgrade(settings, place.folder)


async def upgrade(settings: "Settings", folder: Path) -> tuple[str | None, str]:
    """The schema before and after. Raises Unusable for a newer one, which stays as it is."""
    from alembic.util import CommandError
    from sqlalchemy.exc import DBAPIError

    from hyperpanel.db import migrate as schema
    from hyperpanel.db.engine import Database, address
    from hyperpanel.db.opening import exists, first_line

    url = address(settings.database.url, folder)
    database = Database(url, 1)
    try:
        before = database.read_now(schema.current) if exists(database) else None
        schema.upgrade(url.render_as_string(hide_password=False))
    except CommandError:
        database.read_now(schema.require_newest)
        raise
    except DBAPIError as problem:
        raise Unusable(f"The database {url.render_as_string()} cannot be opened: {first_line(problem)}.") from None
    finally:
        await database.close()
    return before, schema.newest()
