"""`hyperpanel report margins`: volume and margin, as its page and its file have it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import rich_click as click

from hyperpanel.cli.frame import Place, in_place, run
from hyperpanel.cli.output import machine, say, table
from hyperpanel.cli.reporting import reporting, spoken, windowed

if TYPE_CHECKING:
    from hyperpanel.cli.reporting import Reporting
    from hyperpanel.support.margins import Asked
    from hyperpanel.support.report_files import Table

STREAMS = ("orders",)
USUAL = 168


@click.command("margins")
@windowed
@click.option(
    "--by",
    type=click.Choice(("panel", "service", "user", "provider", "day")),
    default="panel",
    show_default=True,
    help="What the orders are put together by.",
)
@click.option("--zone", default="UTC", show_default=True, help="Whose days they are, such as Europe/Istanbul.")
@in_place
def margins(
    place: Place, hours: float | None, at: str | None, names: Sequence[str], by: str, zone: str, as_json: bool
) -> None:
    """What orders brought, gave back, cost and left, currency by currency.

    The window is a week unless --hours says else.

    \b
    Examples:
    $ hyperpanel report margins --by provider
    $ hyperpanel report margins --by day --hours 720 --zone Europe/Istanbul --json
    """
    here, asked, made = run(read(place, hours, at, names, by, zone))
    machine(facts(here, asked, made)) if as_json else show(here, asked, made)


async def read(
    place: Place, hours: float | None, at: str | None, names: Sequence[str], by: str, zone: str
) -> "tuple[Reporting, Asked, Table]":
    from hyperpanel.support import margins
    from hyperpanel.support.margins import Asked
    from hyperpanel.support.wanted import zone as known_zone

    async with reporting(place, names, STREAMS) as here:
        window = here.window(USUAL if hours is None else hours, at)
        asked = Asked(here.scope, window, by, ZoneInfo(known_zone(zone)))
        return here, asked, await here.found.database.reader.ask(margins.table, asked)


def facts(here: "Reporting", asked: "Asked", made: "Table") -> dict[str, Any]:
    from hyperpanel.support.report_files import told

    window = asked.window
    return {
        "report": "margins",
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
        "hours": window.hours,
        "by": asked.by,
        "time_zone": asked.zone.key,
        **here.ages(),
        "rows": [dict(zip(made.columns, map(told, row), strict=True)) for row in made.rows],
    }


def show(here: "Reporting", asked: "Asked", made: "Table") -> None:
    from hyperpanel.support.report_files import told

    say(f"Volume and margin by {asked.by}, {spoken(asked.window)}.")
    here.say_ages()
    if made.rows:
        table(made.columns, [[told(cell) for cell in row] for row in made.rows])
    else:
        say("No orders were created in this time.")
