"""Tracking → Tickets → Flagged replies: each in the conversation around it, with what made the flag, who disputes it and who decided.

With `name` in the address those of one person, else everybody's. What is disputed and not decided stands first, or alone if asked for, and then
of any time. Staff are known by the name that the panel shows; who may not measure staff sees their own replies alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl
from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import disputes, messages
from hyperpanel.db.disputes import Dispute, Flag
from hyperpanel.db.messages import Message
from hyperpanel.support import disputing, ticket_tracking
from hyperpanel.web import ages, ticket_flag_rows, ticket_flag_waiting, ticket_tracking_rows
from hyperpanel.web.empties import Empty
from hyperpanel.web.frame import frame
from hyperpanel.web.render import render
from hyperpanel.web.report_windows import Windowed
from hyperpanel.web.ticket_flag_rows import Card
from hyperpanel.web.ticket_tracking import Base, Part, asked_of, look, parts, scope_of, window_of
from hyperpanel.web.ticket_tracking_rows import FLAG_LABELS, REPLIES, StaffRow, Term
from hyperpanel.web.ticket_tracking_words import Leave, leaves
from hyperpanel.web.visits import Visit, visit_of
from reports import ticket_staff
from reports.ticket_staff import FLAGS, MESSAGE, QUICK, REPEATED, Measure, folded

PAGE = 20
BEFORE, AFTER = 3, 4
WAITING = "disputed"
"""Among the flags in the address: what somebody disputes and nobody has decided."""


@dataclass(frozen=True)
class Person:
    """Whose replies these are. `score` with its second decimal, since its terms stand above it; `gain`: what one flag fewer would come to."""

    row: StaffRow
    terms: Sequence[Term]
    score: str
    gain: str
    samples: str


@dataclass(frozen=True)
class Index:
    """`kinds`: the flags that can be shown alone. `rest_href`: further back."""

    parts: Sequence[Part]
    window: Windowed
    leaves: Sequence[Leave]
    person: Person | None
    kinds: Sequence[Part]
    cards: Sequence[Card]
    count: str
    rest_href: str | None
    empty: Empty | None


@dataclass(frozen=True)
class Listed:
    """A page of replies, of `height` of whatever `told` counts."""

    rows: Sequence[Mapping[str, Any]]
    height: int
    told: str


@dataclass(frozen=True)
class Found:
    """Flagged replies with what the database tells of their tickets."""

    disputes: Mapping[Flag, Dispute]
    around: Mapping[tuple[int, str], Sequence[Message]]


@get(REPLIES, name="ticket_flags.index", opt={"permission": "tracking:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    base = await visit.read(partial(look, visit=visit))
    window = window_of(visit, base)
    asked = asked_of(visit, base, window)
    name = asked.name if asked.name is not None else folded(dict(visit.url.pairs).get("name", "")) or None
    replies = await visit.console.database.reader.ask(ticket_tracking.answered, replace(asked, name=name))
    listed = await waiting(visit, base, name) if wanted_flag(visit) == WAITING else in_window(visit, replies)
    found = await visit.read(partial(gather, visit=visit, some=listed.rows))
    view = Index(
        parts=parts(visit, REPLIES),
        window=window,
        leaves=leaves(visit),
        person=person(visit, replies, asked.measure) if name is not None else None,
        kinds=kinds(visit),
        cards=ticket_flag_rows.cards(visit, base.names, listed.rows, found.disputes, found.around),
        count=listed.told,
        rest_href=further(visit, listed.height),
        empty=None if listed.rows else nothing(visit),
    )
    as_of = ages.as_of(visit, base.chosen, base.feeds)
    around = frame(visit, "ticket_tracking.staff", visit.say("Ticket tracking"), base.panels, base.chosen, as_of)
    return render(request, around, "ticket_flags/index.html", view, status=422 if window.is_wrong else 200)


def wanted_flag(visit: Visit) -> str:
    return dict(visit.url.pairs).get("flag", "")


def in_window(visit: Visit, replies: pl.DataFrame) -> Listed:
    """What waits for a decision first, and the latest first. A flag that is disputed is one still."""
    flag, skipped = wanted_flag(visit), skip(visit)
    waits = pl.any_horizontal([pl.col(f"{one}_waits") for one in FLAGS])
    marked = pl.any_horizontal([pl.col(one) for one in ([flag] if flag in FLAGS else FLAGS)])
    found = replies.filter(marked).sort(waits, "created_at", *MESSAGE, descending=True)
    height = found.height
    told = visit.count("%(number)s reply", "%(number)s replies", height, number=visit.fmt.number(height))
    return Listed(found[skipped : skipped + PAGE].to_dicts(), height, told if height else "")


async def waiting(visit: Visit, base: Base, name: str | None) -> Listed:
    """The longest waiting first, with the figures that their replies have now."""
    scope, settings = scope_of(visit, base), visit.console.settings.reports
    look = partial(ticket_flag_waiting.look, scope=scope, name=name, skipped=skip(visit), most=PAGE)
    found = await visit.read(look)
    figures = await visit.console.database.reader.ask(disputing.flagged, scope, settings, found.replies)
    number = visit.fmt.number(found.height)
    told = visit.count("%(number)s disputed flag waits", "%(number)s disputed flags wait", found.height, number=number)
    return Listed(ticket_flag_waiting.rows(found, figures), found.height, told if found.height else "")


def skip(visit: Visit) -> int:
    text = dict(visit.url.pairs).get("skip", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def further(visit: Visit, height: int) -> str | None:
    skipped = skip(visit)
    return str(visit.url.having(skip=str(skipped + PAGE))) if height > skipped + PAGE else None


def gather(connection: Connection, visit: Visit, some: Sequence[Mapping[str, Any]]) -> Found:
    spots = [(row["panel_id"], row["ticket_id"], row["place"]) for row in some if row["place"] is not None]
    marked = disputes.of_tickets(connection, visit.scope, [row["ticket_id"] for row in some])
    return Found(marked, messages.around(connection, visit.scope, spots, BEFORE, AFTER))


def person(visit: Visit, replies: pl.DataFrame, measure: Measure) -> Person | None:
    """Their line of the table, and how its score comes about."""
    found = ticket_staff.scored(replies, measure).to_dicts()
    if not found:
        return None
    [row] = found
    row_shown = ticket_tracking_rows.staff_row(visit, visit.url.without("flag", "skip"), row)
    number = visit.fmt.number
    timed = visit.count(
        "%(replies)s replies, of which %(number)s has a response time",
        "%(replies)s replies, of which %(number)s have a response time",
        row["timed"],
        replies=number(row["replies"]),
        number=number(row["timed"]),
    )
    terms = ticket_tracking_rows.terms(visit, row, measure)
    return Person(row_shown, terms, number(round(row["score"], 2)), gain(visit, row, measure), timed)


def gain(visit: Visit, row: Mapping[str, Any], measure: Measure) -> str:
    if not row["quick"] + row["repeated"]:
        return ""
    flag = QUICK if row[QUICK] else REPEATED
    weight = measure.quick_weight if flag == QUICK else measure.repeat_weight
    worth = visit.fmt.number(round(weight / row["replies"], 2))
    label = visit.say(FLAG_LABELS[flag])
    return visit.say("One flag of “%(flag)s” fewer: %(points)s points more.", flag=label, points=worth)


def kinds(visit: Visit) -> list[Part]:
    here, flag = visit.url.without("flag", "skip"), wanted_flag(visit)
    every = Part(visit.say("All flags"), str(here), flag not in (WAITING, *FLAGS))
    disputed = Part(visit.say("Disputed, and not decided"), str(here.having(flag=WAITING)), flag == WAITING)
    return [
        every,
        disputed,
        *(Part(visit.say(FLAG_LABELS[one]), str(here.having(flag=one)), one == flag) for one in FLAGS),
    ]


def nothing(visit: Visit) -> Empty:
    if wanted_flag(visit) == WAITING:
        return Empty(visit.say("No disputed flag waits for a decision."), None, "")
    return Empty(visit.say("No reply in this window is flagged."), None, "")
