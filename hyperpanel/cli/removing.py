"""`hyperpanel panel remove`: it cannot be undone, so it names what goes and asks."""

import sys
from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli.frame import ACTOR, Place, as_json, in_place, installation, run
from hyperpanel.cli.output import note, number, result
from hyperpanel.cli.probing import chosen
from hyperpanel.errors import BadInput

if TYPE_CHECKING:
    from hyperpanel.db.opening import Installation
    from hyperpanel.db.panels import Panel

PATIENCE = 120


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@in_place
def remove(place: Place, name: str, yes: bool, as_json: bool) -> None:
    """Remove a panel, with everything that was read from it.

    The upstream itself is not touched.

    \b
    Example:
    $ hyperpanel panel remove eu-1
    """
    shown, counts, removed = run(remove_panel(place, name, yes))
    sentence = f"{shown} was removed, with {told(counts)}." if removed else "Nothing was removed."
    result({"panel": shown, "removed": removed, **counts}, sentence, as_json)


async def remove_panel(place: Place, name: str, yes: bool) -> tuple[str, dict[str, int], bool]:
    from hyperpanel.db.panels import holdings

    async with installation(place) as found:
        [panel] = await chosen(found, [name])
        counts = await found.database.read(lambda connection: holdings(connection, panel))
        agreed = yes or confirmed(panel.name, told(counts))
        if agreed:
            await take_away(found, panel)
    return panel.name, counts, agreed


def told(counts: dict[str, int]) -> str:
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
