"""`hyperpanel report service-health`: service tracking, as its page has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import rich_click as click

from hyperpanel.cli.frame import Place, in_place, run
from hyperpanel.cli.output import Cell, machine, say, table
from hyperpanel.cli.reporting import STATES, reporting, spoken, windowed

if TYPE_CHECKING:
    from hyperpanel.cli.reporting import Reporting
    from hyperpanel.db.snoozes import Snooze
    from hyperpanel.support.service_tracking import Asked, Row

BANDS = {
    "critical": "critical",
    "stalled": "stalled",
    "warning": "warning",
    "healthy": "healthy",
    "few": "set apart",
}
TITLES = ("score", "band", "service", "panel", "stuck", "oldest", "slow %", "rated", "finished", "name")


@dataclass(frozen=True)
class Told:
    """What there is to print. `nameless`: how many orders name no service."""

    reporting: "Reporting"
    asked: "Asked"
    rows: "Sequence[Row]"
    nameless: int
    snoozed: "Mapping[tuple[int, str], Snooze]"
    profile: str | None


@click.command("service-health")
@windowed
@click.option("--profile", metavar="NAME", help="The services, limits and window of this profile.")
@in_place
def service_health(
    place: Place, hours: float | None, at: str | None, names: Sequence[str], profile: str | None, as_json: bool
) -> None:
    """How well each service delivers: score, stuck and slow orders.

    Orders are stuck after 12 hours and slow beyond twice the promised time, unless a profile says else.

    \b
    Examples:
    $ hyperpanel report service-health
    $ hyperpanel report service-health --hours 72 --panel eu-1 --json
    $ hyperpanel report service-health --at 2026-01-31T09:00
    """
    told = run(read(place, hours, at, names, profile))
    machine(facts(told)) if as_json else show(told)


async def read(place: Place, hours: float | None, at: str | None, names: Sequence[str], name: str | None) -> Told:
    """`name`: of a profile."""
    from hyperpanel.db import snoozes
    from hyperpanel.support import profiles, service_tracking
    from hyperpanel.support.service_tracking import STREAMS, Asked

    async with reporting(place, names, STREAMS) as here:
        database = here.found.database
        chosen = profiles.Services()
        if name is not None:
            wanted = partial(profiles.named, kind=profiles.SERVICES, name=name)
            named = await database.read(wanted)
            chosen, name = named.services, named.name
        window = here.window(chosen.hours if hours is None else hours, at)
        asked = Asked(here.scope, window, chosen.measure, chosen.wanted)
        frame = await database.reader.ask(service_tracking.made, asked)
        known = snoozes.past if asked.at < here.now else snoozes.running
        running = await database.read(lambda connection: known(connection, here.scope, asked.at))
        rows, nameless = service_tracking.services(frame)
        return Told(here, asked, rows, nameless, {one.service: one for one in running}, name)


def facts(told: Told) -> dict[str, Any]:
    window, measure = told.asked.window, told.asked.measure
    return {
        "report": "service-health",
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
        "hours": window.hours,
        "profile": told.profile,
        "measure": {
            "stuck_after_hours": measure.stuck_after / timedelta(hours=1),
            "slow_multiplier": measure.multiplier,
            "min_orders": measure.min_orders,
        },
        **told.reporting.ages(),
        "totals": totals(told),
        "orders_without_service": told.nameless,
        "rows": [row_facts(told, row) for row in told.rows],
    }


def totals(told: Told) -> dict[str, int]:
    """Services by band; `snoozed` ones are among them."""
    bands = [row.band for row in told.rows]
    counts = {band: bands.count(band) for band in BANDS}
    return {**counts, "snoozed": sum(row.service in told.snoozed for row in told.rows)}


def row_facts(told: Told, row: "Row") -> dict[str, Any]:
    from reports.service_health import shown

    return {
        "panel": told.reporting.names[row.panel_id],
        "panel_state": told.reporting.state(row.panel_id),
        "service": row.service_id,
        "name": row.name,
        "band": row.band,
        "score": None if row.score is None else shown(row.score),
        "raw_score": row.score,
        "terms": {"whole": 100, "stuck": -row.stuck_term, "slow": -row.slow_term},
        "stuck": row.stuck,
        "oldest_stuck": stamp(row.oldest),
        "slow": row.slow,
        "rated": row.rated,
        "finished": row.finished,
        "unobserved": row.unobserved,
        "speed_per_day": row.per_day,
        "speed_from": row.origin,
        "speed_in_name": row.part or None,
        "snoozed": snoozed(told.snoozed.get(row.service)),
    }


def snoozed(snooze: "Snooze | None") -> dict[str, Any] | None:
    if snooze is None:
        return None
    return {"by": snooze.by, "why": snooze.why, "wakes": snooze.wakes, "until": stamp(snooze.until)}


def stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def show(told: Told) -> None:
    measure = told.asked.measure
    say(
        f"Service health, {spoken(told.asked.window)}. Stuck after {measure.stuck_after / timedelta(hours=1):g} hours, "
        f"slow beyond {measure.multiplier:g} times the promised time."
    )
    told.reporting.say_ages()
    if told.rows:
        table(TITLES, [line(told, row) for row in told.rows])
    counts = totals(told)
    number = ", ".join(f"{counts[band]} {word}" for band, word in BANDS.items())
    say(f"{number}; {counts['snoozed']} of them snoozed.")
    if told.nameless:
        say(f"Stuck or finished orders that name no service, and are in none of these: {told.nameless}.")


def line(told: Told, row: "Row") -> tuple[Cell, ...]:
    from reports.service_figures import rounded, slow_term
    from reports.service_health import WHOLE, shown

    score = WHOLE - row.stuck_term - row.slow_term
    return (
        None if row.score is None else short(rounded(shown(row.score), 0)),
        band_words(told, row),
        row.service_id,
        told.reporting.names[row.panel_id],
        row.stuck,
        hours_ago(told, row.oldest),
        short(slow_term(row.stuck_term, score, 0)) if row.rated else None,
        row.rated,
        f"{row.finished}/{row.finished + row.unobserved}",
        row.name,
    )


def short(figure: float) -> Cell:
    return int(figure) if figure.is_integer() else figure


def band_words(told: Told, row: "Row") -> str:
    """What is said of a panel that was not read in time is said with that."""
    state = told.reporting.state(row.panel_id)
    more = ["snoozed"] if row.service in told.snoozed else []
    return ", ".join([BANDS[row.band], *more, *([] if state == "on_time" else [STATES[state]])])


def hours_ago(told: Told, moment: datetime | None) -> str | None:
    return f"{(told.asked.at - moment) // timedelta(hours=1)} h" if moment else None
