"""Tracking → Tickets → Flagged replies: each in the conversation around it, with what made the flag, who disputes it and who decided.

With `name` in the address those of one person, else everybody's. What is disputed and not decided stands first, or alone if asked for. Staff
are known by the name that the panel shows; who may not measure staff sees their own replies alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl
from litestar import Response, get, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import disputes, messages, panels
from hyperpanel.db.disputes import Dispute, Flag
from hyperpanel.db.messages import Message
from hyperpanel.errors import Missing
from hyperpanel.support import disputing, ticket_tracking
from hyperpanel.web import ages, ticket_flag_rows, ticket_tracking_rows
from hyperpanel.web.addresses import Address, address, local
from hyperpanel.web.empties import Empty
from hyperpanel.web.forms import fields
from hyperpanel.web.frame import frame
from hyperpanel.web.panel_choice import named
from hyperpanel.web.render import render, see_other
from hyperpanel.web.report_windows import Windowed
from hyperpanel.web.ticket_flag_rows import Card
from hyperpanel.web.ticket_tracking import Part, asked_of, look, parts, window_of
from hyperpanel.web.ticket_tracking_rows import FLAG_LABELS, REPLIES, StaffRow, Term
from hyperpanel.web.ticket_tracking_words import Leave, leaves
from hyperpanel.web.visits import Visit, visit_of
from reports import ticket_staff
from reports.ticket_staff import FLAGS, MESSAGE, QUICK, REPEATED, Measure, folded

PAGE = 20
BEFORE, AFTER = 3, 4
WAITING = "disputed"
"""Among the flags in the address: what somebody disputes and nobody has decided."""

NAMING = ("panel", "ticket", "message", "flag")


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
    wanted = flagged(visit, replies)
    skipped = skip(visit)
    some = wanted[skipped : skipped + PAGE]
    found = await visit.read(partial(gather, visit=visit, some=some))
    view = Index(
        parts=parts(visit, REPLIES),
        window=window,
        leaves=leaves(visit),
        person=person(visit, replies, asked.measure) if name is not None else None,
        kinds=kinds(visit),
        cards=ticket_flag_rows.cards(visit, base.names, some, found.disputes, found.around),
        count=counted(visit, wanted.height),
        rest_href=further(visit, wanted.height, skipped),
        empty=None if some.height else nothing(visit),
    )
    as_of = ages.as_of(visit, base.chosen, base.feeds)
    around = frame(visit, "ticket_tracking.staff", visit.say("Ticket tracking"), base.panels, base.chosen, as_of)
    return render(request, around, "ticket_flags/index.html", view, status=422 if window.is_wrong else 200)


def flagged(visit: Visit, replies: pl.DataFrame) -> pl.DataFrame:
    """What waits for a decision first, and the latest first. A flag that is disputed is one still."""
    flag = dict(visit.url.pairs).get("flag", "")
    waits = pl.any_horizontal([pl.col(f"{one}_waits") for one in FLAGS])
    marked = (
        waits if flag == WAITING else pl.any_horizontal([pl.col(one) for one in ([flag] if flag in FLAGS else FLAGS)])
    )
    return replies.filter(marked).sort(waits, "created_at", *MESSAGE, descending=True)


def skip(visit: Visit) -> int:
    text = dict(visit.url.pairs).get("skip", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def further(visit: Visit, height: int, skipped: int) -> str | None:
    return str(visit.url.having(skip=str(skipped + PAGE))) if height > skipped + PAGE else None


def gather(connection: Connection, visit: Visit, some: pl.DataFrame) -> Found:
    spots = list(some.select("panel_id", "ticket_id", "place").iter_rows())
    marked = disputes.of_tickets(connection, visit.scope, some["ticket_id"].to_list())
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
    here, flag = visit.url.without("flag", "skip"), dict(visit.url.pairs).get("flag", "")
    every = Part(visit.say("All flags"), str(here), flag not in (WAITING, *FLAGS))
    disputed = Part(visit.say("Disputed, and not decided"), str(here.having(flag=WAITING)), flag == WAITING)
    return [
        every,
        disputed,
        *(Part(visit.say(FLAG_LABELS[one]), str(here.having(flag=one)), one == flag) for one in FLAGS),
    ]


def counted(visit: Visit, height: int) -> str:
    told = visit.count("%(number)s reply", "%(number)s replies", height, number=visit.fmt.number(height))
    return told if height else ""


def nothing(visit: Visit) -> Empty:
    if dict(visit.url.pairs).get("flag") == WAITING:
        return Empty(visit.say("No disputed flag waits for a decision in this window."), None, "")
    return Empty(visit.say("No reply in this window is flagged."), None, "")


@post(f"{REPLIES}/dispute", opt={"permission": "tracking:read"}, status_code=303)
async def dispute(request: HTMXRequest) -> Response[str]:
    """By whoever wrote the reply, or may dispute for others; of a reply that this person does not see nothing is told."""
    visit = visit_of(request)
    given = await fields(request, *NAMING, "why", "back")
    flag, sender = await visit.read(partial(aimed, visit=visit, given=given))
    if visit.person is None or not disputing.may_see(visit.person, sender):
        raise Missing("reply")
    async with visit.write() as transaction:
        await disputing.dispute(transaction, visit.person, flag, sender, given.get("why", ""), visit.act, visit.now)
    return see_other(str(back(given)))


@post(f"{REPLIES}/decide", opt={"permission": "disputes:decide"}, status_code=303)
async def decide(request: HTMXRequest) -> Response[str]:
    """Once: whoever comes second is told that somebody was first."""
    visit = visit_of(request)
    given = await fields(request, *NAMING, "why", "back", "decision")
    flag, _ = await visit.read(partial(aimed, visit=visit, given=given))
    by = visit.person.username if visit.person else ""
    decision, why = given.get("decision", ""), given.get("why", "")
    async with visit.write() as transaction:
        await disputing.decide(transaction, flag, decision, by, why, visit.act, visit.now)
    return see_other(str(back(given)))


def aimed(connection: Connection, visit: Visit, given: Mapping[str, str]) -> tuple[Flag, str]:
    """The flag that the form names and whose reply it is on. Raises Missing and BadInput."""
    panel = named(panels.all_of(connection, visit.scope), given.get("panel", ""))
    flag = disputing.flag_of(panel.id, given.get("ticket", ""), given.get("message", ""), given.get("flag", ""))
    sender = disputes.author(connection, visit.scope, flag)
    if sender is None:
        raise Missing("reply")
    return flag, sender


def back(given: Mapping[str, str]) -> Address:
    wanted = address(local(given.get("back", "")))
    return wanted if wanted.path == REPLIES else Address(REPLIES)
