"""`hyperpanel panel remove`: it cannot be undone, so it names what goes and asks."""

import sys
from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli.frame import ACTOR, Place, in_place, installation, run
from hyperpanel.cli.output import note, number, say
from hyperpanel.cli.probing import chosen
from hyperpanel.errors import BadInput

if TYPE_CHECKING:
    from hyperpanel.db.opening import Installation
    from hyperpanel.db.panels import Panel

PATIENCE = 120


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@in_place
def remove(place: Place, name: str, yes: bool) -> None:
    """Remove a panel, with everything that was read from it.

    The upstream itself is not touched.

    \b
    Example:
    $ hyperpanel panel remove eu-1
    """

    async def work() -> str:
        async with installation(place) as found:
            [panel] = await chosen(found, [name])
            counts = await held(found, panel)
            if not yes and not confirmed(panel.name, counts):
                return "Nothing was removed."
            await take_away(found, panel)
            return f"{panel.name} was removed, with {counts}."

    say(run(work()))


async def held(found: "Installation", panel: "Panel") -> str:
    from hyperpanel.db.panels import holdings

    counts = await found.database.read(lambda connection: holdings(connection, panel))
    return " and ".join(f"{number(count)} {name}" for name, count in counts.items())


def confirmed(name: str, counts: str) -> bool:
    if not sys.stdin.isatty():
        raise BadInput(f"Removing {name} removes {counts} with it. To do so without being asked, add --yes.")
    note(f"This removes {name} and {counts}, with their history.")
    return click.prompt(f"To remove them, type {name}", err=True) == name


async def take_away(found: "Installation", panel: "Panel") -> None:
    """Paused first, so that no worker begins anew; one that is at work ends its slice meanwhile."""
    import asyncio

    from sqlalchemy.exc import IntegrityError

    from hyperpanel.clock import SystemClock
    from hyperpanel.db import audit, panels

    clock = SystemClock()
    async with found.database.write() as connection:
        await panels.pause(connection, panel.id, None, ACTOR, "It is being removed.", clock.now())
    for attempt in range(PATIENCE):
        try:
            await panels.remove(found.database, panel)
            break
        except IntegrityError:
            if attempt + 1 == PATIENCE:
                raise
            await asyncio.sleep(1)
    async with found.database.write() as connection:
        await audit.write(
            connection, audit.Act(ACTOR, "panel-remove", panel.name, panel.id, {"url": panel.url}), clock.now()
        )
