"""`hyperpanel report service-health`: service tracking, as its page has it."""

from collections.abc import Mapping, Sequence
from typing import Any

import rich_click as click

from hyperpanel.cli.frame import Place, in_place
from hyperpanel.cli.output import Cell, say, table
from hyperpanel.cli.remote import Remote
from hyperpanel.cli.reporting import STATES, Answer, hours_ago, say_ages, spoken, told, windowed

BANDS = {
    "critical": "critical",
    "stalled": "stalled",
    "warning": "warning",
    "healthy": "healthy",
    "few": "set apart",
}
TITLES = ("score", "band", "service", "panel", "stuck", "oldest", "slow %", "rated", "finished", "name")


@click.command("service-health")
@windowed
@click.option("--profile", metavar="NAME", help="The services, limits and window of this profile.")
@in_place
def service_health(
    place: Place,
    hours: float | None,
    at: str | None,
    names: Sequence[str],
    profile: str | None,
    as_json: bool,
    remote: Remote | None,
) -> None:
    """How well each service delivers: score, stuck and slow orders.

    Orders are stuck after 12 hours and slow beyond twice the promised time, unless a profile says else.

    \b
    Examples:
    $ hyperpanel report service-health
    $ hyperpanel report service-health --hours 72 --panel eu-1 --json
    $ hyperpanel report service-health --at 2026-01-31T09:00
    """
    from hyperpanel.support.reporting import Question

    told(place, remote, "service-health", names, Question(hours, at, profile), show, as_json)


def show(answer: Answer) -> None:
    measure, counts = answer["measure"], answer["totals"]
    say(
        f"Service health, {spoken(answer)}. Stuck after {measure['stuck_after_hours']:g} hours, "
        f"slow beyond {measure['slow_multiplier']:g} times the promised time."
    )
    say_ages(answer)
    if answer["rows"]:
        table(TITLES, [line(answer, row) for row in answer["rows"]])
    number = ", ".join(f"{counts[band]} {word}" for band, word in BANDS.items())
    say(f"{number}; {counts['snoozed']} of them snoozed.")
    if answer["orders_without_service"]:
        say(
            "Stuck or finished orders that name no service, and are in none of these: "
            f"{answer['orders_without_service']}."
        )


def line(answer: Answer, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    from reports.service_figures import rounded

    return (
        None if row["score"] is None else short(rounded(row["score"], 0)),
        band_words(row),
        row["service"],
        row["panel"],
        row["stuck"],
        hours_ago(answer, row["oldest_stuck"]),
        slow(row) if row["rated"] else None,
        row["rated"],
        f"{row['finished']}/{row['finished'] + row['unobserved']}",
        row["name"],
    )


def slow(row: Mapping[str, Any]) -> Cell:
    from reports.service_figures import slow_term

    terms = row["terms"]
    return short(slow_term(-terms["stuck"], terms["whole"] + terms["stuck"] + terms["slow"], 0))


def short(figure: float) -> Cell:
    return int(figure) if figure.is_integer() else figure


def band_words(row: Mapping[str, Any]) -> str:
    """What is said of a panel that was not read in time is said with that."""
    state, more = row["panel_state"], ["snoozed"] if row["snoozed"] else []
    return ", ".join([BANDS[row["band"]], *more, *([] if state == "on_time" else [STATES[state]])])
