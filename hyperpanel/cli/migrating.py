"""`hyperpanel migrate`: the schema, brought to what this program knows."""

import rich_click as click

from hyperpanel.cli.frame import Place, as_json, in_place, run
from hyperpanel.cli.output import machine, say
from hyperpanel.errors import Unusable


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
    before, after = run(upgrade(place))
    if as_json:
        machine({"before": before, "after": after})
    elif before == after:
        say(f"The schema is the newest already ({after}).")
    else:
        say(f"The schema is {after} now; it was {before or 'not there yet'}.")


async def upgrade(place: Place) -> tuple[str | None, str]:
    from alembic.util import CommandError
    from sqlalchemy.exc import DBAPIError

    from hyperpanel.cli import logs
    from hyperpanel.db import migrate as schema
    from hyperpanel.db.engine import Database, address
    from hyperpanel.db.opening import exists, first_line

    settings = place.settings()
    logs.set_up(settings.log, least="warning")
    url = address(settings.database.url, place.folder)
    database = Database(url, 1)
    try:
        before = database.read_now(schema.current) if exists(database) else None
        await database.close()
        schema.upgrade(url.render_as_string(hide_password=False))
    except CommandError:
        database.read_now(schema.require_newest)
        raise
    except DBAPIError as problem:
        raise Unusable(f"The database {url.render_as_string()} cannot be opened: {first_line(problem)}.") from None
    finally:
        await database.close()
    return before, schema.newest()
