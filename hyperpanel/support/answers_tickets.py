"""The answers of reports tickets-by-staff and tickets-by-service, for commands and the admin API."""

from typing import Any

from hyperpanel.support import ticket_tracking
from hyperpanel.support.reporting import Question, Reporting
from hyperpanel.support.ticket_tracking import Asked, ByService

STAFF_STREAMS = ("tickets", "messages")
SERVICE_STREAMS = ("tickets", "messages", "orders")
FIGURES = ("panels", "tickets", "replies", "length", "timed", "response", "left", "quick", "quick_lifted")
MORE_FIGURES = ("repeated", "repeated_lifted", "quick_term", "repeated_term", "score")
WHYS = ("no_order", "no_number", "unread")
"""Why a ticket is about no order: it names none of its customer's, it names no number, or its messages are not read yet."""


async def by_staff(here: Reporting, question: Question) -> dict[str, Any]:
    """`leave` of the question: what is left out of quick fires. Raises BadInput."""
    measure = ticket_tracking.measure(here.settings.reports, question.leave)
    asked = Asked(here.scope, here.window(question.hours, question.at), measure)
    found = await here.database.reader.ask(ticket_tracking.by_staff, asked)
    people = found.people.select("sender", *FIGURES, *MORE_FIGURES).rename({"sender": "staff"})
    return {
        **here.heading("tickets-by-staff", asked.window),
        "measure": {name: getattr(measure, name) for name in measure.__dataclass_fields__},
        "untimed": found.untimed,
        "rows": people.to_dicts(),
    }


async def by_service(here: Reporting, question: Question) -> dict[str, Any]:
    """Raises BadInput."""
    asked = Asked(here.scope, here.window(question.hours, question.at))
    found = await here.database.reader.ask(ticket_tracking.by_service, asked)
    about, whys = found.about, found.about.unresolved["why"].to_list()
    return {
        **here.heading("tickets-by-service", asked.window),
        "tickets": about.tickets,
        "resolved": about.resolved,
        "unresolved": {why: whys.count(why) for why in WHYS},
        "orders": about.orders,
        "tickets_read": about.read,
        "tickets_behind": about.behind,
        "rows": service_rows(here, found),
    }


def service_rows(here: Reporting, found: ByService) -> list[dict[str, Any]]:
    names = {(panel, service): name for panel, service, name in found.names.iter_rows()}
    samples: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for one in found.about.samples.to_dicts():
        sample = {"ticket": one["ticket_id"], "orders": one["numbers"]}
        samples.setdefault((one["panel_id"], one["service_id"]), []).append(sample)
    return [
        {
            "panel": here.names[row["panel_id"]],
            "service": row["service_id"],
            "name": str(names.get((row["panel_id"], row["service_id"]), "")),
            "tickets": row["tickets"],
            "orders": row["orders"],
            "complaint": row["complaint"] or None,
            "complaint_tickets": row["complaint_tickets"],
            "samples": samples.get((row["panel_id"], row["service_id"]), []),
        }
        for row in found.about.services.to_dicts()
    ]
