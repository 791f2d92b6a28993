"""A ticket's analysis by AI as it is shown: what a model said as text in pieces, those marked that were not in what it was given.

An order is linked only where it is the ticket's customer's now, with its status as it is now, whatever the answer says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from hyperpanel.ai import analyses, analyzing, materials
from hyperpanel.ai.figures import AMOUNT, EMAIL, LINK, NAME, NUMBER
from hyperpanel.db import conversations, customers
from hyperpanel.db.ai_answers import Answer
from hyperpanel.db.conversations import Owned
from hyperpanel.db.customers import Customer
from hyperpanel.db.panels import Panel
from hyperpanel.db.tickets import Ticket
from hyperpanel.web import ai_words, order_rows
from hyperpanel.web.ai_marks import language_of
from hyperpanel.web.ai_streams import visible
from hyperpanel.web.languages import N_, NN_
from hyperpanel.web.texts import shown
from hyperpanel.web.ticket_rows import place
from hyperpanel.web.visits import Visit

MAY = "ai:use"
URGENCIES = {"low": (N_("Low"), "idle"), "normal": (N_("Normal"), "idle"), "high": (N_("High"), "bad")}
MARKS = {
    NUMBER: N_("neither in the facts nor in the conversation"),
    AMOUNT: N_("this amount is neither in the facts nor in the conversation"),
    LINK: N_("this link is not in the conversation"),
    NAME: N_("this name is not in the conversation"),
    EMAIL: N_("this e-mail is not in the conversation"),
}
NOT_THEIRS = N_("not an order of this ticket")
DOUBTS = NN_("%(number)s marked place was not in what was given", "%(number)s marked places were not in what was given")
OLDER, MOVED_ON = N_("Older than the conversation"), N_("The orders have changed since")
HID = {
    "customer": NN_("%(number)s name of the customer", "%(number)s names of the customer"),
    "email": NN_("%(number)s e-mail", "%(number)s e-mails"),
    "link": NN_("%(number)s link", "%(number)s links"),
    "name": NN_("%(number)s @name", "%(number)s @names"),
    "phone": NN_("%(number)s telephone number", "%(number)s telephone numbers"),
}


@dataclass(frozen=True)
class Piece:
    """`mark`: what is doubtful about it, in words; empty for most."""

    text: str
    mark: str


@dataclass(frozen=True)
class Note:
    """What was said of an order. `href` None for one that is not this customer's; `label` and `tone`: its true status."""

    id: str
    href: str | None
    tone: str
    label: str
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Used:
    """What an answer was made of. `messages`: id, and when it was written; `hid`: what was hidden, in words."""

    messages: Sequence[tuple[str, datetime | None]]
    orders: Sequence[tuple[str, str | None]]
    strangers: Sequence[str]
    is_short: bool
    hid: Sequence[str]
    hides: bool


@dataclass(frozen=True)
class Result:
    """`parts`: what each is called, and what it says; `stale`: in which way it is older than the ticket, empty for none."""

    key: str
    urgency: str
    tone: str
    parts: Sequence[tuple[str, Sequence[Piece]]]
    next_step: Sequence[Piece]
    notes: Sequence[Note]
    doubts: str
    stale: str
    at: datetime
    by: str
    model: str
    prompt: str
    used: Used


@dataclass(frozen=True)
class Analysis:
    """The place of it beside a ticket. `why_not`: why nothing can be asked now; `settings_href`: where that is changed, for who may."""

    panel: str
    ticket: str
    why_not: str | None
    settings_href: str | None
    result: Result | None


def analysis(
    connection: Connection, visit: Visit, panel: Panel, ticket: Ticket, customer: Customer | None
) -> Analysis | None:
    """None for whoever may not use it."""
    if not visit.may(MAY) or not visit.may("orders:read"):
        return None
    held = analyses.held_of(connection, visit.scope, panel.id, ticket.id)
    return put(connection, visit, panel, ticket, customer, held)


def put(
    connection: Connection,
    visit: Visit,
    panel: Panel,
    ticket: Ticket,
    customer: Customer | None,
    held: Sequence[Answer],
) -> Analysis:
    why_not = ai_words.state(visit, connection, panel)
    return Analysis(
        panel=panel.name,
        ticket=ticket.id,
        why_not=why_not,
        settings_href=ai_words.settings_href(visit) if why_not else None,
        result=best(connection, visit, panel, ticket, customer, held) if held else None,
    )


def best(
    connection: Connection,
    visit: Visit,
    panel: Panel,
    ticket: Ticket,
    customer: Customer | None,
    held: Sequence[Answer],
) -> Result:
    """Of what is held in this person's language, or else in any: the one of the rows as they are now, or else the latest."""
    language = language_of(visit)
    some = [one for one in held if one.language == language] or held
    said = conversations.latest(connection, visit.scope, panel.id, ticket.id, materials.MOST_MESSAGES)
    names = customers.whose(connection, visit.scope, panel.id, ticket.user, customer)
    numbers = sorted({number for one in some for number in used_of(one).get("numbers", ())})
    owned = conversations.owned(connection, visit.scope, panel.id, numbers, names)
    talk = materials.talk(ticket, said)
    now = [one for one in some if analyses.is_of(one, talk, standing(one, owned))]
    return result(visit, panel, (now or some)[0], owned, talk)


def used_of(one: Answer) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (one.answer or {}).get("used", {})
    return found


def standing(one: Answer, owned: Sequence[Owned]) -> str:
    """Where the orders stand that the answer's numbers are."""
    numbers = frozenset(used_of(one).get("numbers", ()))
    return materials.standing(order for order in owned if order.id in numbers)


def result(visit: Visit, panel: Panel, one: Answer, owned: Sequence[Owned], talk: str) -> Result:
    answer, used = one.answer or {}, used_of(one)
    said, mine = answer.get("said", {}), {order.id: order for order in owned}
    label, tone = URGENCIES.get(str(said.get("urgency")), URGENCIES["normal"])
    parts = {name: pieces(visit, said.get(name)) for name in analyzing.PARTS}
    notes = [note(visit, panel, each, mine) for each in said.get("orders", ())]
    every = [*parts.values(), *(each.pieces for each in notes)]
    return Result(
        key=one.key,
        urgency=visit.say(label),
        tone=tone,
        parts=[(visit.say("Summary"), parts["summary"]), (visit.say("What the customer wants"), parts["wants"])],
        next_step=parts["next_step"],
        notes=notes,
        doubts=doubts(visit, sum(bool(piece.mark) for some in every for piece in some)),
        stale=stale(visit, used, talk, standing(one, owned)),
        at=one.at,
        by=shown(one.by) or "",
        model=shown(one.model) or "",
        prompt=prompt(visit, answer.get("prompt", {})),
        used=gone_in(visit, panel, used, mine),
    )


def doubts(visit: Visit, number: int) -> str:
    told = visit.fmt.number(number)
    one, many = DOUBTS
    return visit.count(one, many, number, number=told) if number else ""


def stale(visit: Visit, used: Mapping[str, Any], talk: str, standing: str) -> str:
    if used.get("talk") != talk:
        return visit.say(OLDER)
    return visit.say(MOVED_ON) if used.get("standing") != standing else ""


def pieces(visit: Visit, kept: Any) -> list[Piece]:
    marks = {kind: visit.say(words) for kind, words in MARKS.items()}
    return [Piece(visible(span.text), marks.get(span.kind, "")) for span in analyzing.spans(kept)]


def note(visit: Visit, panel: Panel, kept: Mapping[str, Any], mine: Mapping[str, Owned]) -> Note:
    id = str(kept.get("id", ""))
    order = mine.get(id) if kept.get("is_theirs") else None
    return Note(
        id=shown(id) or "",
        href=place("orders", panel.name, id) if order else None,
        tone=order_rows.status_tone(order.status) if order else "warn",
        label=order_rows.status_label(visit.language, order.status) if order else visit.say(NOT_THEIRS),
        pieces=pieces(visit, kept.get("note")),
    )


def prompt(visit: Visit, told: Mapping[str, Any]) -> str:
    if not told.get("id"):
        return visit.say("Built-in prompt")
    return visit.say("%(title)s, version %(number)s", title=shown(told.get("title")) or "", number=told.get("version"))


def gone_in(visit: Visit, panel: Panel, used: Mapping[str, Any], mine: Mapping[str, Owned]) -> Used:
    hidden = [(words, int(used.get("hidden", {}).get(kind, 0))) for kind, words in HID.items()]
    orders = [(id, place("orders", panel.name, id) if id in mine else None) for id in used.get("orders", ())]
    return Used(
        messages=[(str(id), moment(at)) for id, at in used.get("messages", ())],
        orders=orders,
        strangers=[shown(str(number)) or "" for number in used.get("strangers", ())],
        is_short=bool(used.get("is_short")),
        hid=[visit.count(*words, n, number=visit.fmt.number(n)) for words, n in hidden if n],
        hides=bool(used.get("hides")),
    )


def moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None
