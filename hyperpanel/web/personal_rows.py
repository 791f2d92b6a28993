"""Notes as pages show them: rendered, and with the row that each is about where its author may still see it.

A row on a panel that is not this person's any more, one that is no longer held and one of a panel that was removed look alike: unnamed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from markupsafe import Markup
from sqlalchemy import Connection

from hyperpanel.db import notes, panels
from hyperpanel.db.notes import About, Note
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput, Missing
from hyperpanel.web import markdown_texts
from hyperpanel.web.languages import N_
from hyperpanel.web.numbered import whose
from hyperpanel.web.panel_choice import named
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

HERE = "/personal"
ABOUT = ("panel", "noun", "id")
LONGEST_TOLD = 80
TITLES = {
    "orders": N_("Order %(id)s"),
    "users": N_("User %(name)s"),
    "tickets": N_("Ticket %(id)s"),
    "services": N_("Service %(id)s"),
}
UNNAMED = {
    "orders": N_("About an order that is not here for you"),
    "users": N_("About a user who is not here for you"),
    "tickets": N_("About a ticket that is not here for you"),
    "services": N_("About a service that is not here for you"),
}


@dataclass(frozen=True)
class Subject:
    """A row that notes are about. `told`: its name beside its number, where it has one; `href`: its page; `part_href`: its notes."""

    title: str
    told: str
    panel: str
    href: str
    part_href: str
    noun: str
    id: str

    @property
    def keys(self) -> Mapping[str, str]:
        """By which it is asked for."""
        return dict(zip(ABOUT, (self.panel, self.noun, self.id), strict=True))


@dataclass(frozen=True)
class NoteRow:
    """`unnamed`: what is said in place of a row that may not be named."""

    id: int
    body: Markup
    at: datetime
    subject: Subject | None
    unnamed: str


def rows(connection: Connection, visit: Visit, found: Sequence[Note]) -> list[NoteRow]:
    known = panels.all_of(connection, visit.scope)
    subjects = of(connection, visit, known, {one.about for one in found if one.about})
    return [row(visit, one, subjects) for one in found]


def of(connection: Connection, visit: Visit, known: Sequence[Panel], abouts: set[About]) -> dict[About, Subject]:
    """Those of the rows that this person may see, by panels among these."""
    names = {panel.id: panel.name for panel in known}
    wanted = [one for one in abouts if one.panel_id in names and visit.may(f"{one.noun}:read")]
    held = notes.called(connection, visit.scope, wanted)
    return {one: subject(visit, names[one.panel_id], one, label) for one, label in held.items()}


def row(visit: Visit, note: Note, subjects: Mapping[About, Subject]) -> NoteRow:
    about = subjects.get(note.about) if note.about else None
    if note.noun is None or about:
        return written(note, about)
    return written(note, None, visit.say(UNNAMED[note.noun]))


def written(note: Note, about: Subject | None, unnamed: str = "") -> NoteRow:
    return NoteRow(note.id, markdown_texts.drawn(note.body), note.updated_at, about, unnamed)


def subject(visit: Visit, panel: str, about: About, label: str) -> Subject:
    name = shown(label, LONGEST_TOLD) or ""
    is_user = about.noun == "users"
    values = {"name": name} if is_user else {"id": shown(about.record_id, LONGEST_TOLD) or ""}
    return Subject(
        title=visit.say(TITLES[about.noun], **values),
        told="" if is_user or label == about.record_id else name,
        panel=panel,
        href=f"/{about.noun}/{quote(panel, safe='')}/{quote(about.record_id, safe='')}",
        part_href=f"{HERE}/about?{urlencode({'panel': panel, 'noun': about.noun, 'id': about.record_id})}",
        noun=about.noun,
        id=about.record_id,
    )


def reached(connection: Connection, visit: Visit, asked: Mapping[str, str]) -> tuple[About, Subject]:
    """The row that ABOUT names. Raises BadInput where none is named, and Missing for one that is not here for this person."""
    noun, record_id = asked.get("noun", ""), asked.get("id", "")
    if noun not in TITLES or not record_id:
        raise BadInput("no row is named", "noun")
    known = panels.all_of(connection, visit.scope)
    about = About(named(known, asked.get("panel", "")).id, noun, record_id)
    found = of(connection, visit, known, {about})
    if about not in found:
        raise Missing(noun)
    return about, found[about]


def subject_of(connection: Connection, visit: Visit, note_id: int) -> Subject | None:
    """The row that a note of this person is about. Raises Missing for what is not theirs."""
    note = notes.one(connection, whose(visit), note_id)
    if note is None:
        raise Missing("note")
    if note.about is None:
        return None
    return of(connection, visit, panels.all_of(connection, visit.scope), {note.about}).get(note.about)
