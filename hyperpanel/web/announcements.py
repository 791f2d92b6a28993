"""Announcements to staff: everybody reads what is current and what was; managers write, change and end them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get
from litestar_htmx import HTMXRequest
from markupsafe import Markup
from sqlalchemy import Connection

from hyperpanel.db import announcements
from hyperpanel.db.announcements import PAGE, Announcement, Told
from hyperpanel.errors import Missing
from hyperpanel.web import markdown_texts
from hyperpanel.web.announcement_forms import Form, Typed, form, typed_of
from hyperpanel.web.announcement_lines import HERE, TONES
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.numbered import number, place, placed, stamp, whose
from hyperpanel.web.render import render
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

DONE = {
    "added": N_("The announcement stands on everybody’s dashboard."),
    "saved": N_("The announcement was saved."),
    "resumed": N_("The announcement goes on."),
    "over": N_("Its end has passed meanwhile: give it a later one to show it again."),
    "read": N_("It is no longer on your dashboard."),
}
ENDED = N_("The announcement was ended.")


@dataclass(frozen=True)
class Notice:
    """What was just done. `undo`: the announcement that was ended, while it can go on."""

    told: str = ""
    undo: int | None = None


@dataclass(frozen=True)
class Row:
    """`is_read`: whether by this person; `readers`: how many have read it, for those who write them."""

    id: int
    title: str
    body: Markup | None
    tone: str
    label: str
    by: str
    at: datetime
    until: datetime | None
    edited_at: datetime | None
    edited_by: str
    ended_at: datetime | None
    ended_by: str
    is_read: bool
    readers: str


@dataclass(frozen=True)
class Index:
    notice: Notice
    current: Sequence[Row]
    past: Sequence[Row]
    may_edit: bool
    is_first: bool
    newest_href: str | None
    older_href: str | None


@dataclass(frozen=True)
class New:
    form: Form


@dataclass(frozen=True)
class Edit:
    """`seen`: the version that is being edited; `clash`: what is told where it was changed meanwhile, and `other` what it says now."""

    id: int
    form: Form
    seen: str
    clash: str
    other: str


@get(HERE, name="announcements.index", opt={"permission": "self"})
async def index(request: HTMXRequest) -> Response[str]:
    visit, query = visit_of(request), request.query_params
    before = placed(query["before"]) if query.get("before") else None
    view = await visit.read(lambda connection: look(connection, visit, before, query))
    around = frame(visit, "announcements.index", visit.say("Announcements"))
    return render(request, around, "announcements/index.html", view)


def look(connection: Connection, visit: Visit, before: tuple[datetime, int] | None, query: Mapping[str, str]) -> Index:
    staff_id = whose(visit)
    current = announcements.standing(connection, staff_id, visit.now) if before is None else []
    found = announcements.past(connection, staff_id, visit.now, before)
    past, may_edit = found[:PAGE], visit.may("announcements:edit")
    read = counted(connection, visit, [*current, *past]) if may_edit else {}
    last = past[-1].announcement if len(found) > PAGE else None
    return Index(
        notice=notice(connection, visit, query),
        current=[row(visit, one, read) for one in current],
        past=[row(visit, one, read) for one in past],
        may_edit=may_edit,
        is_first=before is None,
        newest_href=HERE if before else None,
        older_href=f"{HERE}?before={place(last.at, last.id)}" if last else None,
    )


def counted(connection: Connection, visit: Visit, found: Sequence[Told]) -> Mapping[int, str]:
    ids = [one.announcement.id for one in found]
    read, people = announcements.readers(connection, ids), announcements.people(connection)
    words = visit.fmt.number
    return {
        one: visit.count(
            "read by %(readers)s of %(number)s person",
            "read by %(readers)s of %(number)s people",
            people,
            readers=words(read.get(one, 0)),
            number=words(people),
        )
        for one in ids
    }


def row(visit: Visit, told: Told, readers: Mapping[int, str]) -> Row:
    one = told.announcement
    tone, label = TONES[one.tone]
    return Row(
        id=one.id,
        title=shown(one.title) or "",
        body=markdown_texts.drawn(one.body) if one.body else None,
        tone=tone,
        label=visit.say(label),
        by=shown(one.by) or "",
        at=one.at,
        until=one.until,
        edited_at=one.edited_at,
        edited_by=shown(one.edited_by) or "",
        ended_at=one.ended_at,
        ended_by=shown(one.ended_by) or "",
        is_read=told.read_at is not None,
        readers=readers.get(one.id, ""),
    )


def notice(connection: Connection, visit: Visit, query: Mapping[str, str]) -> Notice:
    """What the address says was done; an end only where there still is something to go on."""
    done, ended = query.get("done", ""), query.get("ended", "")
    if ended and visit.may("announcements:edit"):
        found = announcements.one(connection, number(ended))
        return Notice(visit.say(ENDED), found.id) if found and found.ended_at else Notice()
    return Notice(visit.say(DONE[done])) if done in DONE else Notice()


@get(HERE + "/new", name="announcements.new", opt={"permission": "announcements:edit"})
async def new(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    return new_page(request, visit, form(visit, Typed(), {}))


def new_page(request: HTMXRequest, visit: Visit, typed: Form, status: int = 200) -> Response[str]:
    around = frame(visit, "announcements.index", visit.say("New announcement"))
    return render(request, around, "announcements/new.html", New(typed), status=status)


@get(HERE + "/edit", name="announcements.edit", opt={"permission": "announcements:edit"})
async def edit(request: HTMXRequest) -> Response[str]:
    visit, wanted = visit_of(request), number(request.query_params.get("announcement"))
    found = await visit.read(lambda connection: one(connection, wanted))
    if not found.stands(visit.now):
        raise Missing("announcement")
    return edit_page(request, visit, editing(found, form(visit, typed_of(visit, found), {})))


def one(connection: Connection, announcement_id: int) -> Announcement:
    found = announcements.one(connection, announcement_id)
    if found is None:
        raise Missing("announcement")
    return found


def editing(found: Announcement, typed: Form, clash: str = "", seen: datetime | None = None) -> Edit:
    """`seen`: the version that the form was opened with, where that is not the one that is found."""
    other = f"{found.title}\n\n{found.body}".strip() if clash else ""
    return Edit(found.id, typed, stamp(seen or found.version), clash, other)


def edit_page(request: HTMXRequest, visit: Visit, view: Edit, status: int = 200) -> Response[str]:
    around = frame(visit, "announcements.index", visit.say("Edit the announcement"))
    return render(request, around, "announcements/edit.html", view, status=status)
