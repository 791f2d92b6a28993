"""Ticket tracking as its pages show it: a line for each of the staff, a line for each service, and what stays unresolved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from hyperpanel.support.ticket_tracking import ByService
from hyperpanel.web.addresses import Address
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.ticket_rows import place
from hyperpanel.web.visits import Visit
from reports.ticket_services import NO_NUMBER, NO_ORDER, UNREAD
from reports.ticket_staff import FLAGS, QUICK, REPEATED, Measure

STAFF = "/tracking/tickets"
SERVICES = f"{STAFF}/services"
REPLIES = f"{STAFF}/replies"
FETCH = f"{STAFF}/fetch"
AI_THEMES = f"{STAFF}/ai"
MOST_UNRESOLVED = 100
WHYS = {
    NO_ORDER: N_("Their numbers are no order of this customer"),
    NO_NUMBER: N_("No order number in the messages"),
    UNREAD: N_("Messages not read yet"),
}
FLAG_LABELS = {QUICK: N_("Quick fire"), REPEATED: N_("Repeated")}


@dataclass(frozen=True)
class Figure:
    """A number that opens to its rows. `lifted`: how many flags do not count, because they were disputed."""

    text: str
    href: str | None
    lifted: str


@dataclass(frozen=True)
class StaffRow:
    name: str
    href: str
    replies: str
    tickets: str
    length: str
    response: str
    timed: str
    quick: Figure
    repeated: Figure
    score: str


@dataclass(frozen=True)
class OrderLink:
    number: str
    href: str


@dataclass(frozen=True)
class Sample:
    """A ticket with the orders that it names."""

    id: str
    href: str
    subject: str
    orders: Sequence[OrderLink]
    created_at: datetime


@dataclass(frozen=True)
class ServiceRow:
    """`href`: the same page with all tickets of this service."""

    panel: str
    id: str
    name: str
    href: str
    service_href: str | None
    tickets: str
    orders: str
    complaint: str
    complaint_tickets: str
    samples: Sequence[Sample]


@dataclass(frozen=True)
class Unresolved:
    """A ticket that is about no order that we know of. `numbers` are what it names, whatever they are."""

    panel: str
    id: str
    href: str
    subject: str
    numbers: Sequence[str]
    created_at: datetime


@dataclass(frozen=True)
class Reason:
    label: str
    count: str
    rows: Sequence[Unresolved]
    rest: str


@dataclass(frozen=True)
class Term:
    """A part of a score: what is taken off, and the figures that it is made of."""

    label: str
    worked: str
    value: str


def staff_row(visit: Visit, here: Address, row: Mapping[str, Any]) -> StaffRow:
    number = visit.fmt.number
    place = here.having(name=row["name"])
    return StaffRow(
        name=shown(row["sender"]) or visit.say("(no name)"),
        href=str(place),
        replies=number(row["replies"]),
        tickets=number(row["tickets"]),
        length=number(round(row["length"])),
        response=visit.fmt.seconds(row["response"]) if row["response"] is not None else "",
        timed=number(row["timed"]),
        quick=figure(visit, place, row, QUICK),
        repeated=figure(visit, place, row, REPEATED),
        score=number(rounded(row["score"])),
    )


def figure(visit: Visit, place: Address, row: Mapping[str, Any], flag: str) -> Figure:
    count, lifted = row[flag], row[f"{flag}_lifted"]
    told = visit.count("%(number)s lifted", "%(number)s lifted", lifted, number=visit.fmt.number(lifted))
    href = str(place.having(flag=flag)) if count or lifted else None
    return Figure(visit.fmt.number(count), href, told if lifted else "")


def rounded(value: float) -> float:
    """One decimal, and none where there is nothing behind the point."""
    return int(value) if value == int(value) else round(value, 1)


def terms(visit: Visit, row: Mapping[str, Any], measure: Measure) -> list[Term]:
    """What makes this person's score, with the numbers of it."""
    weights = {QUICK: measure.quick_weight, REPEATED: measure.repeat_weight}
    return [
        Term(
            visit.say(FLAG_LABELS[flag]),
            visit.say(
                "%(weight)s × %(count)s of %(replies)s",
                weight=visit.fmt.number(rounded(weights[flag])),
                count=visit.fmt.number(row[flag]),
                replies=visit.fmt.number(row["replies"]),
            ),
            f"−{visit.fmt.number(round(row[f'{flag}_term'], 2))}",
        )
        for flag in FLAGS
    ]


def service_rows(visit: Visit, here: Address, names: Mapping[int, str], found: ByService) -> list[ServiceRow]:
    about = found.about
    called = {(panel, service): name for panel, service, name in found.names.iter_rows()}
    samples = by_service(about.samples)
    return [
        service_row(visit, here, names[row["panel_id"]], row, called, samples)
        for row in about.services.iter_rows(named=True)
    ]


def by_service(samples: pl.DataFrame) -> dict[tuple[int, str], list[dict[str, Any]]]:
    found: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for row in samples.iter_rows(named=True):
        found.setdefault((row["panel_id"], row["service_id"]), []).append(row)
    return found


def service_row(
    visit: Visit,
    here: Address,
    panel: str,
    row: Mapping[str, Any],
    called: Mapping[tuple[int, str], str],
    samples: Mapping[tuple[int, str], Sequence[Mapping[str, Any]]],
) -> ServiceRow:
    key = (row["panel_id"], row["service_id"])
    number, service_id = visit.fmt.number, row["service_id"]
    return ServiceRow(
        panel=panel,
        id=shown(service_id) or "",
        name=shown(called.get(key)) or visit.say("(no name)"),
        href=str(here.having(of=f"{panel}/{service_id}")),
        service_href=place("services", panel, service_id) if service_id and visit.may("services:read") else None,
        tickets=number(row["tickets"]),
        orders=number(row["orders"]),
        complaint=shown(row["complaint"]) or visit.say("Other"),
        complaint_tickets=number(row["complaint_tickets"]),
        samples=[sample(visit, panel, one) for one in samples.get(key, ())],
    )


def sample(visit: Visit, panel: str, row: Mapping[str, Any]) -> Sample:
    orders = [OrderLink(one, place("orders", panel, one)) for one in row["numbers"]]
    subject = shown(row["subject"]) or visit.say("(no subject)")
    href = ticket_href(panel, row["ticket_id"])
    return Sample(shown(row["ticket_id"]) or "", href, subject, orders, row["created_at"])


def ticket_href(panel: str, ticket_id: str) -> str:
    return f"{place('tickets', panel, ticket_id)}#newest"


def reasons(visit: Visit, names: Mapping[int, str], unresolved: pl.DataFrame) -> list[Reason]:
    """What is unresolved, by why: what a person can look into first."""
    found = []
    for why, label in WHYS.items():
        rows = unresolved.filter(pl.col("why") == why)
        if rows.is_empty():
            continue
        shown_ones = [left(visit, names, row) for row in rows.head(MOST_UNRESOLVED).iter_rows(named=True)]
        more = rows.height - len(shown_ones)
        rest = visit.say("And %(number)s more.", number=visit.fmt.number(more)) if more else ""
        found.append(Reason(visit.say(label), visit.fmt.number(rows.height), shown_ones, rest))
    return found


def left(visit: Visit, names: Mapping[int, str], row: Mapping[str, Any]) -> Unresolved:
    panel = names[row["panel_id"]]
    return Unresolved(
        panel=panel,
        id=shown(row["ticket_id"]) or "",
        href=ticket_href(panel, row["ticket_id"]),
        subject=shown(row["subject"]) or visit.say("(no subject)"),
        numbers=row["numbers"],
        created_at=row["created_at"],
    )


def picked(visit: Visit, panels: Mapping[str, int]) -> tuple[int, str] | None:
    """The service that the address names as `of=panel/service`; None for one that is not there, or not for this person."""
    panel, slash, service_id = dict(visit.url.pairs).get("of", "").partition("/")
    return (panels[panel], service_id) if slash and panel in panels else None
