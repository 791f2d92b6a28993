"""`hyperpanel report tickets-by-staff` and `tickets-by-service`: ticket tracking, as its pages have it."""

from collections.abc import Mapping, Sequence
from typing import Any

import rich_click as click

from hyperpanel.cli.frame import Place, in_place
from hyperpanel.cli.output import Cell, say, table
from hyperpanel.cli.remote import Remote
from hyperpanel.cli.reporting import Answer, say_ages, spoken, told, windowed

STAFF_TITLES = ("staff", "replies", "tickets", "avg length", "avg response s", "quick", "repeated", "lifted", "score")
SERVICE_TITLES = ("service", "panel", "tickets", "orders", "top complaint", "samples", "name")
UNRESOLVED = {
    "no_order": "name no order of their customer",
    "no_number": "name no order number",
    "unread": "are not read yet",
}


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
    place: Place,
    hours: float | None,
    at: str | None,
    names: Sequence[str],
    as_json: bool,
    leave: Sequence[str],
    remote: Remote | None,
) -> None:
    """How staff answer tickets: replies, response times, quick fires, repeats.

    Listed by name: a score says where to look, and the replies behind it what to think.

    \b
    Examples:
    $ hyperpanel report tickets-by-staff --hours 72
    $ hyperpanel report tickets-by-staff --panel eu-1 --leave second --json
    """
    from hyperpanel.support.reporting import Question

    told(place, remote, "tickets-by-staff", names, Question(hours, at, leave=tuple(leave)), show_staff, as_json)


def show_staff(answer: Answer) -> None:
    measure, rows = answer["measure"], answer["rows"]
    say(
        f"Ticket tracking by staff, {spoken(answer)}. A quick fire has fewer than {measure['quick_characters']} characters "
        f"or comes within {measure['quick_seconds']} seconds."
    )
    say_ages(answer)
    if rows:
        table(STAFF_TITLES, [staff_line(row) for row in rows])
    number = sum(row["replies"] for row in rows)
    say(f"{number} replies of {len(rows)} people; {answer['untimed']} without a time are in no window.")


def staff_line(row: Mapping[str, Any]) -> tuple[Cell, ...]:
    return (
        row["staff"] or "(no name)",
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
def tickets_by_service(
    place: Place, hours: float | None, at: str | None, names: Sequence[str], as_json: bool, remote: Remote | None
) -> None:
    """Which services the tickets of a window are about.

    By the orders that their messages name: those of the same panel and the same customer.

    \b
    Examples:
    $ hyperpanel report tickets-by-service --hours 72
    $ hyperpanel report tickets-by-service --panel eu-1 --json
    """
    from hyperpanel.support.reporting import Question

    told(place, remote, "tickets-by-service", names, Question(hours, at), show_services, as_json)


def show_services(answer: Answer) -> None:
    opened, read = answer["tickets"], answer["tickets_read"]
    say(f"Ticket tracking by service, {spoken(answer)}.")
    say_ages(answer)
    say(f"{opened} tickets opened, {answer['resolved']} about an order; {read} of {opened} read.")
    if answer["rows"]:
        table(SERVICE_TITLES, [service_line(row) for row in answer["rows"]])
    left = ", ".join(f"{count} {UNRESOLVED[why]}" for why, count in answer["unresolved"].items() if count)
    if left:
        say(f"Unresolved: {left}.")


def service_line(row: Mapping[str, Any]) -> tuple[Cell, ...]:
    some = " ".join(one["ticket"] for one in row["samples"])
    complaint = row["complaint"] or "other"
    return (row["service"], row["panel"], row["tickets"], row["orders"], complaint, some, row["name"])
