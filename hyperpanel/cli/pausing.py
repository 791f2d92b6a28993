"""`hyperpanel panel pause` and `resume`."""

import rich_click as click

from hyperpanel.cli.frame import ACTOR, Place, in_place, installation, run
from hyperpanel.cli.output import say
from hyperpanel.cli.probing import chosen


@click.command()
@click.argument("name")
@click.option("--why", default="Stopped from the command line.", show_default=True, help="For whoever asks later.")
@in_place
def pause(place: Place, name: str, why: str) -> None:
    """Stop reading a panel until it is resumed; its rows stay.

    \b
    Example:
    $ hyperpanel panel pause eu-1 --why "Its owner moves it to another server."
    """
    say(run(set_pause(place, name, " ".join(why.split()))))


@click.command()
@click.argument("name")
@in_place
def resume(place: Place, name: str) -> None:
    """Read a panel again.

    This ends every pause of it and of its streams.

    \b
    Example:
    $ hyperpanel panel resume eu-1
    """
    say(run(set_pause(place, name, None)))


async def set_pause(place: Place, name: str, why: str | None) -> str:
    """`why` None resumes. Returns what came of it."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db import audit, panels
    from hyperpanel.db.scope import EVERYTHING

    now = SystemClock().now()
    async with installation(place) as found:
        [panel] = await chosen(found, [name])
        pauses = await found.database.read(lambda connection: panels.running_pauses(connection, EVERYTHING))
        running = [one for one in pauses if one.panel_id == panel.id and (why is None or one.stream is None)]
        if bool(running) == (why is not None):
            return f"{panel.name} is paused already: {running[0].why}" if running else f"{panel.name} is not paused."
        async with found.database.write() as connection:
            if why is not None:
                await panels.pause(connection, panel.id, None, ACTOR, why, now)
            else:
                await panels.resume(connection, panel.id, None, ACTOR, now)
            act = audit.Act(ACTOR, "panel-resume" if why is None else "panel-pause", panel.name, panel.id, {"why": why})
            await audit.write(connection, act, now)
    return f"{panel.name} is {'read again' if why is None else 'paused'}."
