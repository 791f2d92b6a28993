"""Personal: one's own notes, which nobody else sees; all of them in a list, and those about one row beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import notes
from hyperpanel.db.notes import PAGE
from hyperpanel.errors import Missing
from hyperpanel.web.empties import Empty
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.numbered import number, stamp, whose
from hyperpanel.web.personal_lists import Asked, Tab, asked, below, nothing, plain, tabs
from hyperpanel.web.personal_rows import HERE, NoteRow, Subject, reached, rows, subject_of, written
from hyperpanel.web.render import render
from hyperpanel.web.visits import Visit, visit_of

DONE = {
    "added": N_("The note was added."),
    "saved": N_("The note was saved."),
    "restored": N_("The note is back."),
}
DELETED = N_("The note was deleted.")


@dataclass(frozen=True)
class Form:
    """A note as it was typed, with what is wrong."""

    body: str = ""
    error: str = ""


@dataclass(frozen=True)
class Notice:
    """What was just done. `undo`: the note that was deleted, while it can be brought back."""

    told: str = ""
    undo: int | None = None


@dataclass(frozen=True)
class Index:
    form: Form
    notice: Notice
    notes: Sequence[NoteRow]
    tabs: Sequence[Tab]
    words: str
    noun: str
    empty: Empty | None
    newest_href: str | None
    older_href: str | None


@dataclass(frozen=True)
class Edit:
    """`seen`: the version that is being edited; `clash`: what is told where it was changed meanwhile, and `other` what it says now."""

    id: int
    form: Form
    seen: str
    clash: str
    other: str
    is_deleted: bool
    subject: Subject | None
    back_href: str
    is_from_row: bool


@dataclass(frozen=True)
class About:
    subject: Subject
    form: Form
    notice: Notice
    notes: Sequence[NoteRow]


@get(HERE, name="personal.index", opt={"permission": "self"})
async def index(request: HTMXRequest) -> Response[str]:
    return await listing(request, Form())


async def listing(request: HTMXRequest, form: Form, status: int = 200) -> Response[str]:
    visit = visit_of(request)
    wanted = asked(request.query_params)
    view = await visit.read(lambda connection: look(connection, visit, wanted, form, request.query_params))
    around = frame(visit, "personal.index", visit.say("Personal"))
    return render(request, around, "personal/index.html", view, status=status)


def look(connection: Connection, visit: Visit, wanted: Asked, form: Form, query: Mapping[str, str]) -> Index:
    found = notes.some(connection, whose(visit), wanted.noun, wanted.words, wanted.after)
    page = found[:PAGE]
    return Index(
        form=form,
        notice=notice(connection, visit, query),
        notes=rows(connection, visit, page),
        tabs=tabs(visit, wanted),
        words=wanted.words,
        noun=wanted.noun,
        empty=None if page else nothing(visit, wanted),
        newest_href=str(plain(visit)) if wanted.after else None,
        older_href=below(visit, page[-1]) if len(found) > PAGE else None,
    )


def notice(connection: Connection, visit: Visit, query: Mapping[str, str]) -> Notice:
    """What the address says was done; a deletion only where there still is something to bring back."""
    done, deleted = query.get("done", ""), query.get("deleted", "")
    if deleted:
        found = notes.one(connection, whose(visit), number(deleted))
        return Notice(visit.say(DELETED), found.id) if found and found.deleted_at else Notice()
    return Notice(visit.say(DONE[done])) if done in DONE else Notice()


@get(HERE + "/edit", name="personal.edit", opt={"permission": "self"})
async def edit(request: HTMXRequest) -> Response[str]:
    visit, query = visit_of(request), request.query_params
    wanted = number(query.get("note"))
    view = await visit.read(lambda connection: editing(connection, visit, wanted, query.get("from") == "row"))
    return edit_page(request, visit, view)


def editing(connection: Connection, visit: Visit, note_id: int, is_from_row: bool, typed: Form | None = None) -> Edit:
    """With what was typed where that could not be saved, since it was changed in another place."""
    found = notes.one(connection, whose(visit), note_id)
    if found is None or (found.deleted_at and typed is None):
        raise Missing("note")
    subject = subject_of(connection, visit, note_id)
    return Edit(
        id=found.id,
        form=typed or Form(found.body),
        seen=stamp(found.version),
        clash="",
        other=found.body,
        is_deleted=found.deleted_at is not None,
        subject=subject,
        back_href=subject.href if subject and is_from_row else HERE,
        is_from_row=is_from_row,
    )


def edit_page(request: HTMXRequest, visit: Visit, view: Edit, status: int = 200) -> Response[str]:
    around = frame(visit, "personal.index", visit.say("Your note"))
    return render(request, around, "personal/edit.html", view, status=status)


@get(HERE + "/about", name="personal.about", opt={"permission": "self"})
async def about(request: HTMXRequest) -> Response[str]:
    """The part that the page of a row asks for, or a page of its own."""
    return await beside(request, request.query_params, Form(), request.query_params)


async def beside(
    request: HTMXRequest, row: Mapping[str, str], form: Form, done: Mapping[str, str], status: int = 200
) -> Response[str]:
    visit = visit_of(request)
    view = await visit.read(lambda connection: look_beside(connection, visit, row, form, done))
    around = frame(visit, "personal.index", visit.say("Your notes"))
    return render(request, around, "personal/about.html", view, {"notes"}, status)


def look_beside(
    connection: Connection, visit: Visit, row: Mapping[str, str], form: Form, done: Mapping[str, str]
) -> About:
    key, subject = reached(connection, visit, row)
    found = [written(one, subject) for one in notes.about(connection, whose(visit), key)]
    return About(subject, form, notice(connection, visit, done), found)
