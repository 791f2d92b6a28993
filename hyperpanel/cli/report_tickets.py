"""`hyperpanel report tickets-by-staff` and `tickets-by-service`: ticket tracking, as its pages have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import rich_click as click

from hyperpanel.cli.frame import Place, in_place, run
from hyperpanel.cli.output import Cell, machine, say, table
from hyperpanel.cli.reporting import reporting, spoken, windowed

if TYPE_CHECKING:
    from hyperpanel.cli.reporting import Reporting
    from hyperpanel.support.ticket_tracking import Asked, ByService, ByStaff

STREAMS = ("tickets", "messages")
STAFF_TITLES = ("staff", "replies", "tickets", "avg length", "avg response s", "quick", "repeated", "lifted", "score")
SERVICE_TITLES = ("service", "panel", "tickets", "orders", "top complaint", "samples", "name")
FIGURES = ("panels", "tickets", "replies", "length", "timed", "response", "left", "quick", "quick_lifted")
MORE_FIGURES = ("repeated", "repeated_lifted", "quick_term", "repeated_term", "score")
UNRESOLVED = {
    "no_order": "name no order of their customer",
    "no_number": "name no order number",
    "unread": "are not read yet",
}


@dataclass(frozen=True)
class Staff:
    """What there is to print."""

    reporting: "Reporting"
    asked: "Asked"
    found: "ByStaff"


@dataclass(frozen=True)
class Services:
    reporting: "Reporting"
    asked: "Asked"
    found: "ByService"


@click.command("tickets-by-staff")
@windowed
@click.option(
    "--leave",
    type=click.Choice(["second", "closing"]),
    multiple=True,
    help="Leave out of quick fires: a second message within a minute of one's own; a closing word within a minute of the end.",
)
@in_place
def tickets_by_staff(
    place: Place, hours: float | None, at: str | None, names: Sequence[str], as_json: bool, leave: Sequence[str]
) -> None:
    """How staff answer tickets: replies, response times, quick fires, repeats.

    Listed by name: a score says where to look, and the replies behind it what to think.

    \b
    Examples:
    $ hyperpanel report tickets-by-staff --hours 72
    $ hyperpanel report tickets-by-staff --panel eu-1 --leave second --json
    """
    told = run(staff(place, hours, at, names, leave))
    machine(staff_facts(told)) if as_json else show_staff(told)


async def staff(place: Place, hours: float | None, at: str | None, names: Sequence[str], leave: Sequence[str]) -> Staff:
    from hyperpanel.support import ticket_tracking
    from hyperpanel.support.ticket_tracking import Asked

    async with reporting(place, names, STREAMS) as here:
        measure = ticket_tracking.measure(here.found.settings.reports, leave)
        asked = Asked(here.scope, here.window(hours, at), measure)
        return Staff(here, asked, await here.found.database.reader.ask(ticket_tracking.by_staff, asked))


def staff_facts(told: Staff) -> dict[str, Any]:
    people = told.found.people.select("sender", *FIGURES, *MORE_FIGURES).rename({"sender": "staff"})
    return {
        **heading("tickets-by-staff", told.reporting, told.asked),
        "measure": {name: getattr(told.asked.measure, name) for name in told.asked.measure.__dataclass_fields__},
        "untimed": told.found.untimed,
        "rows": people.to_dicts(),
    }


def heading(report: str, reporting: "Reporting", asked: "Asked") -> dict[str, Any]:
    window = asked.window
    times = {"since": window.since.isoformat(), "until": window.until.isoformat(), "hours": window.hours}
    return {"report": report, **times, **reporting.ages()}


def show_staff(told: Staff) -> None:
    measure = told.asked.measure
    say(
        f"Ticket tracking by staff, {spoken(told.asked.window)}. A quick fire has fewer than {measure.quick_characters} characters "
        f"or comes within {measure.quick_seconds} seconds."
    )
    told.reporting.say_ages()
    rows = told.found.people.to_dicts()
    if rows:
        table(STAFF_TITLES, [staff_line(row) for row in rows])
    number = sum(row["replies"] for row in rows)
    say(f"{number} replies of {len(rows)} people; {told.found.untimed} without a time are in no window.")


def staff_line(row: dict[str, Any]) -> tuple[Cell, ...]:
    return (
        row["sender"] or "(no name)",
        row["replies"],
        row["tickets"],
        round(row["length"]),
        None if row["response"] is None else round(row["response"]),
        row["quick"],
        row["repeated"],
        row["quick_lifted"] + row["repeated_lifted"],
        round(row["score"], 1),
    )


@click.command("tickets-by-service")
@windowed
@in_place
def tickets_by_service(place: Place, hours: float | None, at: str | None, names: Sequence[str], as_json: bool) -> None:
    """Which services the tickets of a window are about.

    By the orders that their messages name: those of the same panel and the same customer.

    \b
    Examples:
    $ hyperpanel report tickets-by-service --hours 72
    $ hyperpanel report tickets-by-service --panel eu-1 --json
    """
    told = run(services(place, hours, at, names))
    machine(service_facts(told)) if as_json else show_services(told)


async def services(place: Place, hours: float | None, at: str | None, names: Sequence[str]) -> Services:
    from hyperpanel.support import ticket_tracking
    from hyperpanel.support.ticket_tracking import Asked

    async with reporting(place, names, STREAMS) as here:
        asked = Asked(here.scope, here.window(hours, at))
        return Services(here, asked, await here.found.database.reader.ask(ticket_tracking.by_service, asked))


def service_facts(told: Services) -> dict[str, Any]:
    about = told.found.about
    return {
        **heading("tickets-by-service", told.reporting, told.asked),
        "tickets": about.tickets,
        "resolved": about.resolved,
        "unresolved": unresolved(told),
        "orders": about.orders,
        "tickets_read": about.read,
        "tickets_behind": about.behind,
        "rows": [service_row(told, row) for row in about.services.to_dicts()],
    }


def unresolved(told: Services) -> dict[str, int]:
    whys = told.found.about.unresolved["why"].to_list()
    return {why: whys.count(why) for why in UNRESOLVED}


def service_row(told: Services, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "panel": told.reporting.names[row["panel_id"]],
        "service": row["service_id"],
        "name": name_of(told, row),
        "tickets": row["tickets"],
        "orders": row["orders"],
        "complaint": row["complaint"] or None,
        "complaint_tickets": row["complaint_tickets"],
        "samples": samples(told, row),
    }


def name_of(told: Services, row: dict[str, Any]) -> str:
    known = {(panel, service): name for panel, service, name in told.found.names.iter_rows()}
    return str(known.get((row["panel_id"], row["service_id"]), ""))


def samples(told: Services, row: dict[str, Any]) -> list[dict[str, Any]]:
    mine = [
        one
        for one in told.found.about.samples.to_dicts()
        if (one["panel_id"], one["service_id"]) == (row["panel_id"], row["service_id"])
    ]
    return [{"ticket": one["ticket_id"], "orders": one["numbers"]} for one in mine]


def show_services(told: Services) -> None:
    about = told.found.about
    say(f"Ticket tracking by service, {spoken(told.asked.window)}.")
    told.reporting.say_ages()
    say(f"{about.tickets} tickets opened, {about.resolved} about an order; {about.read} of {about.tickets} read.")
    rows = [service_row(told, row) for row in about.services.to_dicts()]
    if rows:
        table(SERVICE_TITLES, [service_line(row) for row in rows])
    left = ", ".join(f"{count} {UNRESOLVED[why]}" for why, count in unresolved(told).items() if count)
    if left:
        say(f"Unresolved: {left}.")


def service_line(row: dict[str, Any]) -> tuple[Cell, ...]:
    some = " ".join(one["ticket"] for one in row["samples"])
    complaint = row["complaint"] or "other"
    return (row["service"], row["panel"], row["tickets"], row["orders"], complaint, some, row["name"])
