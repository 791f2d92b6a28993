"""`hyperpanel report providers`: the provider view, as its page has it; always as of now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import rich_click as click

from hyperpanel.cli.frame import Place, as_json, in_place
from hyperpanel.cli.output import Cell, say, table
from hyperpanel.cli.remote import Remote, remotely
from hyperpanel.cli.reporting import Answer, hours_ago, say_ages, spoken, told

STATES = {
    "down": "down",
    "struggling": "struggles",
    "silent": "nothing finished",
    "works": "works",
    "few": "too few orders",
}
TITLES = ("state", "provider", "stuck", "newly", "oldest", "slow %", "rated", "finished", "services", "panels")


@click.command("providers")
@click.option("--hours", type=float, help="How many hours the window is long; 24 unless told.")
@click.option("--panel", "names", multiple=True, metavar="NAME", help="This panel alone; may be repeated.")
@as_json
@remotely
@in_place
def providers(place: Place, hours: float | None, names: Sequence[str], as_json: bool, remote: Remote | None) -> None:
    """Who delivers, and who is inferred to be down.

    \b
    Examples:
    $ hyperpanel report providers
    $ hyperpanel report providers --hours 72 --panel eu-1 --json
    """
    from hyperpanel.support.reporting import Question

    told(place, remote, "providers", names, Question(hours), show, as_json)


def show(answer: Answer) -> None:
    say(f"Providers, {spoken(answer)}.")
    say_ages(answer)
    for outage in answer["outages"]:
        say(down(outage))
    if answer["rows"]:
        table(TITLES, [line(answer, row) for row in answer["rows"]])


def down(outage: Mapping[str, Any]) -> str:
    since, deliveries = datetime.fromisoformat(outage["first_seen"]), outage["deliveries"]
    came = f"{deliveries['came']} of about {deliveries['due']:.0f} deliveries came"
    return (
        f"{outage['provider']} is inferred to be down since {since:%Y-%m-%d %H:%M} UTC "
        f"({int(100 * outage['confidence'])} %): {came}."
    )


def line(answer: Answer, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    return (
        STATES[row["state"]],
        row["provider"],
        row["stuck"],
        row["newly_stuck"],
        hours_ago(answer, row["oldest_stuck"]),
        round(100 * row["slow"] / row["rated"]) if row["rated"] else None,
        row["rated"],
        f"{row['finished']}/{row['finished'] + row['unobserved']}",
        row["services"],
        row["panels"],
    )
