"""`hyperpanel backfill`: the past of a panel read once more from a date on, by the worker."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

import rich_click as click

from hyperpanel.cli.frame import ACTOR, Place, as_json, in_place, installation, run
from hyperpanel.cli.output import result
from hyperpanel.cli.probing import chosen
from hyperpanel.cli.syncing import STREAMS
from hyperpanel.errors import BadInput


@click.command()
@click.argument("name", metavar="PANEL")
@click.option(
    "--stream", "streams", type=click.Choice(STREAMS), multiple=True, required=True, help="What to read again."
)
@click.option("--since", required=True, help="From which day on, in UTC, such as 2026-01-31.")
@as_json
@in_place
def backfill(place: Place, name: str, streams: Sequence[str], since: str, as_json: bool) -> None:
    """Have the worker read a panel's past once more, from a day on.

    What is held stays, and counts as held meanwhile. Nothing older than the time that records are kept can be read.

    \b
    Example:
    $ hyperpanel backfill eu-1 --stream orders --since 2026-01-31
    """
    shown = run(ask(place, name, list(dict.fromkeys(streams)), moment(since)))
    sentence = f"The {', '.join(streams)} of {shown} since {since} are read again."
    result({"panel": shown, "streams": list(streams), "since": since}, sentence, as_json)


def moment(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise BadInput(f"--since {text!r} is no date. Write it as 2026-01-31.", "since") from None


async def ask(place: Place, name: str, streams: Sequence[str], since: datetime) -> str:
    """All of these streams or none. The panel's name as it is written."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db import audit
    from hyperpanel.support import backfilling

    now = SystemClock().now()
    async with installation(place) as found:
        [panel] = await chosen(found, [name])
        async with found.database.write() as connection:
            for stream in streams:
                await backfilling.ask(connection, found.settings.sync, panel.id, stream, since, ACTOR, now)
                told = audit.Act(
                    ACTOR, "feed-backfill", f"{panel.name}/{stream}", panel.id, {"since": str(since.date())}
                )
                await audit.write(connection, told, now)
    return panel.name
