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
    from hyperpanel.db.removals import holdings

    async with installation(place) as found:
        [panel] = await chosen(found, [name])
        counts = await found.database.read(lambda connection: holdings(connection, panel.id))
        agreed = yes or confirmed(panel.name, told(counts))
        if agreed:
            await take_away(found, panel, counts)
    return panel.name, counts, agreed


def told(counts: dict[str, int]) -> str:
    """History is counted in rows, like everything else."""
    *most, last = [
        f"{number(count)} {'rows of history' if name == 'history' else name}" for name, count in counts.items()
    ]
    return f"{', '.join(most)} and {last}"


def confirmed(name: str, counts: str) -> bool:
    if not sys.stdin.isatty():
        raise BadInput(f"Removing {name} removes {counts} with it. To do so without being asked, add --yes.")
    note(f"This removes {name} with {counts}.")
    return click.prompt(f"To remove them, type {name}", err=True) == name


async def take_away(found: "Installation", panel: "Panel", counts: dict[str, int]) -> None:
    """Marked first, so that no worker begins anew. Broken off, it goes on when this is run again, or a console starts."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db.audit import Act
    from hyperpanel.support import removals

    def act(action: str, target: str, panel_id: int, **details: object) -> Act:
        return Act(ACTOR, action, target, panel_id, details)

    clock = SystemClock()
    async with found.database.write() as connection:
        await removals.begin(connection, panel, counts, act, clock.now())
    await removals.finish(found.database, panel.id, clock)
