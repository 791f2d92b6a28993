"""`hyperpanel panel pause` and `resume`."""

import rich_click as click

from hyperpanel.cli.frame import ACTOR, Place, as_json, in_place, installation, run
from hyperpanel.cli.output import result
from hyperpanel.cli.probing import chosen


@click.command()
@click.argument("name")
@click.option("--why", default="", help="For whoever asks later.")
@as_json
@in_place
def pause(place: Place, name: str, why: str, as_json: bool) -> None:
    """Stop reading a panel until it is resumed; its rows stay.

    \b
    Example:
    $ hyperpanel panel pause eu-1 --why "Its owner moves it to another server."
    """
    shown, running = run(begin(place, name, " ".join(why.split())))
    sentence = f"{shown} is paused." if running is None else f"{shown} is paused already: {running}"
    result({"panel": shown, "paused": True, "changed": running is None}, sentence, as_json)


@click.command()
@click.argument("name")
@as_json
@in_place
def resume(place: Place, name: str, as_json: bool) -> None:
    """Read a panel again.

    This ends every pause of it and of its streams.

    \b
    Example:
    $ hyperpanel panel resume eu-1
    """
    shown, ended = run(end(place, name))
    sentence = f"{shown} is read again." if ended else f"{shown} is not paused."
    result({"panel": shown, "paused": False, "changed": bool(ended)}, sentence, as_json)


async def begin(place: Place, name: str, why: str) -> tuple[str, str | None]:
    """The panel's name as it is written, and why it is paused already where it is."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db import audit, panels
    from hyperpanel.db.scope import EVERYTHING

    now = SystemClock().now()
    async with installation(place) as found:
        [panel] = await chosen(found, [name])
        pauses = await found.database.read(lambda connection: panels.running_pauses(connection, EVERYTHING))
        running = [one for one in pauses if one.panel_id == panel.id and one.stream is None]
        if running:
            return panel.name, running[0].why
        async with found.database.write() as connection:
            await panels.pause(connection, panel.id, None, ACTOR, why, now)
            await audit.write(connection, audit.Act(ACTOR, "panel-pause", panel.name, panel.id, {"why": why}), now)
    return panel.name, None


async def end(place: Place, name: str) -> tuple[str, int]:
    """The panel's name as it is written, and how many pauses were ended."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db import audit, panels

    now = SystemClock().now()
    async with installation(place) as found:
        [panel] = await chosen(found, [name])
        async with found.database.write() as connection:
            ended = await panels.resume(connection, panel.id, None, ACTOR, now)
            if ended:
                await audit.write(connection, audit.Act(ACTOR, "panel-resume", panel.name, panel.id), now)
    return panel.name, ended
