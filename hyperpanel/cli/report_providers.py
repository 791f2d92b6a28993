"""`hyperpanel report providers`: the provider view, as its page has it; always as of now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import rich_click as click

from hyperpanel.cli.frame import Place, as_json, in_place, run
from hyperpanel.cli.output import Cell, machine, say, table
from hyperpanel.cli.reporting import reporting, spoken

if TYPE_CHECKING:
    from hyperpanel.cli.reporting import Reporting
    from hyperpanel.support.providers import Asked, Made, Row
    from reports.outages import Outage

STATES = {
    "down": "down",
    "struggling": "struggles",
    "silent": "nothing finished",
    "works": "works",
    "few": "too few orders",
}
TITLES = ("state", "provider", "stuck", "newly", "oldest", "slow %", "rated", "finished", "services", "panels")


@dataclass(frozen=True)
class Told:
    """What there is to print."""

    reporting: "Reporting"
    asked: "Asked"
    made: "Made"


@click.command("providers")
@click.option("--hours", type=float, help="How many hours the window is long; 24 unless told.")
@click.option("--panel", "names", multiple=True, metavar="NAME", help="This panel alone; may be repeated.")
@as_json
@in_place
def providers(place: Place, hours: float | None, names: Sequence[str], as_json: bool) -> None:
    """Who delivers, and who is inferred to be down.

    \b
    Examples:
    $ hyperpanel report providers
    $ hyperpanel report providers --hours 72 --panel eu-1 --json
    """
    told = run(read(place, hours, names))
    machine(facts(told)) if as_json else show(told)


async def read(place: Place, hours: float | None, names: Sequence[str]) -> Told:
    from hyperpanel.db.outages import seen
    from hyperpanel.support import outage_watch
    from hyperpanel.support import providers as support
    from hyperpanel.support.providers import Asked

    async with reporting(place, names, ("orders",)) as here:
        window, database = here.window(hours, None), here.found.database
        found = [seen(one, here.scope) for one in await outage_watch.inferred(database, here.now)]
        asked = Asked(here.scope, window, outages=[one for one in found if one.panels])
        return Told(here, asked, await database.reader.ask(support.made, asked))


def facts(told: Told) -> dict[str, Any]:
    window = told.asked.window
    return {
        "report": "providers",
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
        "hours": window.hours,
        **told.reporting.ages(),
        "outages": [outage_facts(told, one) for one in told.made.outages],
        "rows": [row_facts(row) for row in told.made.rows],
    }


def outage_facts(told: Told, outage: "Outage") -> dict[str, Any]:
    return {
        "provider": outage.provider,
        "confidence": round(outage.confidence, 4),
        "first_seen": outage.first_seen.isoformat(),
        "panels": [told.reporting.names[panel] for panel in outage.panels],
        "services": outage.services,
        "orders": outage.orders,
        "at_risk": amounts(outage.at_risk),
        "deliveries": {"came": outage.came, "due": round(outage.due, 1), "of_others": outage.others},
    }


def row_facts(row: "Row") -> dict[str, Any]:
    return {
        "provider": row.provider,
        "state": row.state,
        "stuck": row.stuck,
        "newly_stuck": row.fresh,
        "oldest_stuck": row.oldest.isoformat() if row.oldest else None,
        "slow": row.slow,
        "rated": row.rated,
        "finished": row.finished,
        "unobserved": row.unobserved,
        "services": row.services,
        "panels": row.panels,
        "at_risk": amounts(row.at_risk),
    }


def amounts(units: Mapping[str, int]) -> dict[str, str]:
    """Each currency by itself, exactly."""
    from sync.money import Money

    return {currency: f"{Money(value, currency).amount:f}" for currency, value in units.items()}


def show(told: Told) -> None:
    say(f"Providers, {spoken(told.asked.window)}.")
    told.reporting.say_ages()
    for one in told.made.outages:
        came, sure = f"{one.came} of about {one.due:.0f} deliveries came", int(100 * one.confidence)
        say(f"{one.provider} is inferred to be down since {one.first_seen:%Y-%m-%d %H:%M} UTC ({sure} %): {came}.")
    if told.made.rows:
        table(TITLES, [line(told, row) for row in told.made.rows])


def line(told: Told, row: "Row") -> tuple[Cell, ...]:
    return (
        STATES[row.state],
        row.provider,
        row.stuck,
        row.fresh,
        hours_ago(told, row.oldest),
        round(100 * row.slow / row.rated) if row.rated else None,
        row.rated,
        f"{row.finished}/{row.finished + row.unobserved}",
        row.services,
        row.panels,
    )


def hours_ago(told: Told, moment: datetime | None) -> str | None:
    return f"{(told.asked.now - moment) // timedelta(hours=1)} h" if moment else None
