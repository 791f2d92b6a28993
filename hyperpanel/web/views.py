"""Saved views: all that this person has, by list, each with what it says; their own are renamed, shared and deleted here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import views
from hyperpanel.db.views import View
from hyperpanel.errors import BadInput
from hyperpanel.web import columns, list_filters
from hyperpanel.web.addresses import Address
from hyperpanel.web.every_list import LISTS
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import CHOICE
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.render import render
from hyperpanel.web.saved import Saved
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

HERE = "/views"
LABELS = {"panel": N_("Panel"), "group": N_("Group")}
DONE = {
    "renamed": N_("The view was renamed."),
    "shared": N_("The view is shared with all staff."),
    "private": N_("The view is private now."),
    "restored": N_("The view is back."),
    "full": N_("There are too many saved views for it to come back. Delete another one first."),
}
DELETED, FULL_AGAIN = "deleted", "full"


@dataclass(frozen=True)
class Draft:
    """A name that was refused: of a new view of the `noun`, or of the view that has the id."""

    name: str
    problem: BadInput
    noun: str = ""
    query: str = ""
    shared: bool = False
    view_id: int = 0


@dataclass(frozen=True)
class Refused:
    """The same as it is said. `label`: the list that a new one is of."""

    name: str
    error: str
    noun: str
    label: str
    query: str
    shared: bool


@dataclass(frozen=True)
class Line:
    """`told`: what it says, in words. `owner`: whose it is, where that is somebody else. `typed` and `error`: a name that was refused."""

    id: int
    name: str
    href: str | None
    list: str
    told: str
    owner: str | None
    shared: bool
    typed: str
    error: str | None


@dataclass(frozen=True)
class Undo:
    """What was just deleted."""

    id: int
    name: str


@dataclass(frozen=True)
class Index:
    mine: Sequence[Line]
    others: Sequence[Line]
    may_share: bool
    done: str
    undo: Undo | None
    refused: Refused | None


@get(HERE, name="views.index", opt={"permission": "self"})
async def index(request: HTMXRequest) -> Response[str]:
    visit, asked = visit_of(request), request.query_params
    gone = None
    if asked.get("done") in (DELETED, FULL_AGAIN):
        gone = await visit.read(lambda connection: just_deleted(connection, visit, asked.get("was", "")))
    return page(request, visit, gone=gone)


def just_deleted(connection: Connection, visit: Visit, wanted: str) -> View | None:
    is_number = wanted.isascii() and wanted.isdecimal() and len(wanted) < 16
    return views.deleted(connection, visit.person.id, int(wanted)) if visit.person and is_number else None


def page(request: HTMXRequest, visit: Visit, gone: View | None = None, draft: Draft | None = None) -> Response[str]:
    by_list = [view for noun in LISTS for view in visit.views if view.noun == noun]
    is_new = draft is not None and not draft.view_id
    view = Index(
        mine=[line(visit, one, draft) for one in by_list if one.mine],
        others=[line(visit, one, None) for one in by_list if not one.mine],
        may_share=visit.may("views:share"),
        done=visit.say(DONE[done]) if (done := request.query_params.get("done", "")) in DONE else "",
        undo=Undo(gone.id, shown(gone.name) or "") if gone else None,
        refused=refused(visit, draft) if draft and is_new else None,
    )
    around = frame(visit, "views.index", visit.say("Saved views"))
    return render(request, around, "views/index.html", view, status=422 if draft else 200)


def refused(visit: Visit, draft: Draft) -> Refused:
    label = visit.say(LISTS[draft.noun].kind.label)
    return Refused(draft.name, sentence(visit, draft.problem), draft.noun, label, draft.query, draft.shared)


def line(visit: Visit, view: Saved, draft: Draft | None) -> Line:
    is_drafted = draft is not None and draft.view_id == view.id
    return Line(
        id=view.id,
        name=shown(view.name) or "",
        href=None if view.lost else view.href,
        list=visit.say(LISTS[view.noun].kind.label),
        told=visit.say("Nothing that it is about is there for you now.") if view.lost else told(visit, view),
        owner=None if view.mine else shown(view.owner),
        shared=view.shared,
        typed=draft.name if draft and is_drafted else view.name,
        error=sentence(visit, draft.problem) if draft and is_drafted else None,
    )


def told(visit: Visit, view: Saved) -> str:
    """As the chips above the list say it, then panels and columns."""
    kind, at = LISTS[view.noun], replace(visit, url=Address(view.path, view.pairs))
    chips = list_filters.chips(at, list_filters.read(at, kind.fields))
    said = [(chip.label, chip.value) for chip in chips]
    said += [(visit.say(LABELS[name]), shown(value) or "") for name, value in view.pairs if name in CHOICE]
    values = {label: [value for other, value in said if other == label] for label, _ in said}
    names = columns.asked(at.url, kind.kind)
    some = [visit.say(one.label) for one in kind.kind.columns if one.name in names]
    if len(some) < len(kind.kind.columns):
        values[visit.say("Columns")] = some
    return " · ".join(f"{label}: {', '.join(some)}" for label, some in values.items()) or visit.say("All rows")
