"""Settings → Activity log: who did what, with what came of it, and everything that was refused.

What is asked for stands in the address, so that any page can lead here:
`/settings/activity?action=sign-in+failed&from=2026-01-31`, with `action` as often as there are actions (hyperpanel.web.activity_words names
them), `staff` one username, `q` a part of the target or the details, `from` and `to` moments, `address` the beginning of an IP, `panel` as
everywhere. Nothing else is kept: the log only grows, and its pages lead on by the id of a row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import activity, audit_checks, panels
from hyperpanel.db.activity import Entry, Filters, Page, Seen
from hyperpanel.db.audit_checks import Checked
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support.cursors import LARGEST
from hyperpanel.web import list_filters
from hyperpanel.web.activity_details import Pair
from hyperpanel.web.activity_rows import EntryRow, entry_row, pairs_of
from hyperpanel.web.activity_words import ACTIONS
from hyperpanel.web.empties import Empty
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.list_filters import Asked, Field, Form
from hyperpanel.web.panel_choice import CHOICE, chosen, wanted
from hyperpanel.web.render import render
from hyperpanel.web.visits import Visit, visit_of

HERE = "/settings/activity"
AFTER = "after"
FIELDS = (
    Field("q", N_("Target or details"), "part", main=True),
    Field("staff", N_("Staff"), "text", main=True),
    Field("action", N_("Action"), "some", ACTIONS, main=True),
    Field("from", N_("From"), "moment", hint="2026-01-31"),
    Field("to", N_("Until"), "moment", hint="2026-02-01", after="from"),
    Field("address", N_("IP"), "text", hint="203.0.113."),
)


@dataclass(frozen=True)
class Listed:
    """As the filters of any list are drawn: `parts/list.html`."""

    form: Form
    path: str


@dataclass(frozen=True)
class Chain:
    """Whether the log holds, as far as that was looked at."""

    tone: str
    sentence: str


@dataclass(frozen=True)
class Index:
    """`older_href` is None on the last page; `is_cut`: further rows wait to be looked at."""

    list: Listed
    rows: Sequence[EntryRow]
    is_top: bool
    is_cut: bool
    newest_href: str
    older_href: str | None
    chain: Chain
    empty: Empty | None


@dataclass(frozen=True)
class Show:
    row: EntryRow
    pairs: Sequence[Pair]
    back_href: str


@dataclass(frozen=True)
class Found:
    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    page: Page
    actors: Sequence[str]
    checked: Checked | None


@get(HERE, name="activity.index", opt={"permission": "activity:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    asked, before = list_filters.read(visit, FIELDS), place(visit)
    found = await visit.read(lambda connection: look(connection, visit, asked, before))
    around = frame(visit, "activity.index", visit.say("Activity log"), found.panels, found.chosen)
    return render(request, around, "activity/index.html", listed(visit, asked, found, before))


def look(connection: Connection, visit: Visit, asked: Asked, before: int | None) -> Found:
    known = panels.all_of(connection, visit.scope)
    some, actors = chosen(visit, known), activity.actors(connection)
    filters = filtered(visit, asked, seen(visit, some), actors)
    page = Page() if asked.errors else activity.page(connection, filters, before)
    return Found(known, some, page, actors, audit_checks.standing(connection))


def seen(visit: Visit, some: Sequence[Panel]) -> Seen:
    """Rows of no panel are there too, until it is asked about some."""
    ids: set[int | None] = {panel.id for panel in some}
    if any(wanted(visit.url, name) for name in CHOICE):
        return frozenset(ids)
    return None if visit.scope.panel_ids is None else frozenset(ids | {None})


def filtered(visit: Visit, asked: Asked, panels: Seen, actors: Sequence[str]) -> Filters:
    one = {name: values[0] for name, values in asked.filters.items()}
    by_name = {actor.casefold(): actor for actor in actors}
    actor = one.get("staff")
    return Filters(
        panels=panels,
        reader=visit.person.username if visit.person else "",
        actor=by_name.get(actor.casefold(), actor) if actor else None,
        actions=asked.filters.get("action", ()),
        since=one.get("from"),
        until=one.get("to"),
        text=one.get("q"),
        address=one.get("address"),
    )


def place(visit: Visit) -> int | None:
    """Raises BadInput for what no page of ours leads to."""
    text = next((value for name, value in visit.url.pairs if name == AFTER and value), None)
    if text is not None and not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST):
        raise BadInput("an impossible place in the list")
    return None if text is None else int(text)


def listed(visit: Visit, asked: Asked, found: Found, before: int | None) -> Index:
    names = {panel.id: panel.name for panel in found.panels}
    top, further = visit.url.without(AFTER), found.page.further
    options = {"staff": {actor: actor for actor in found.actors}}
    return Index(
        list=Listed(list_filters.form(visit, asked, options=options), HERE),
        rows=[entry_row(visit, names, entry, HERE) for entry in found.page.rows],
        is_top=before is None,
        is_cut=found.page.is_cut,
        newest_href=str(top),
        older_href=None if further is None else str(top.having(after=str(further))),
        chain=chain(visit, found.checked),
        empty=None if found.page.rows else empty(visit, asked, found),
    )


def chain(visit: Visit, checked: Checked | None) -> Chain:
    say = visit.say
    if checked is None:
        return Chain(
            "unknown", say("Whether the log is whole was not looked at yet; the worker does so every ten minutes.")
        )
    if checked.broken is not None:
        number = visit.fmt.number(checked.broken)
        return Chain("bad", say("The log was tampered with: row %(number)s is not as it was written.", number=number))
    values = {"ago": visit.fmt.ago(checked.moment), "number": visit.fmt.number(checked.last)}
    told = say("The log is whole: looked at %(ago)s ago, up to row %(number)s.", **values)
    if checked.was_whole is None:
        return Chain("ok", told)
    anew = say("All of it anew: %(ago)s ago.", ago=visit.fmt.ago(checked.was_whole))
    return Chain("ok", f"{told} {anew}")


def empty(visit: Visit, asked: Asked, found: Found) -> Empty:
    say = visit.say
    if asked.errors:
        return Empty(say("Correct the marked filter to see anything."), None, None)
    if found.page.is_cut:
        return Empty(say("Nothing among the rows looked at so far."), None, None)
    if asked.is_narrow:
        cleared = visit.url.without(AFTER, *(one.name for one in FIELDS))
        return Empty(say("Nothing like that was done."), say("Clear the filters"), str(cleared))
    return Empty(say("Nothing was done yet."), None, None)


@get(HERE + "/{entry:str}", name="activity.show", opt={"permission": "activity:read"})
async def show(request: HTMXRequest, entry: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    found, names = await visit.read(lambda connection: find(connection, visit, entry))
    row = entry_row(visit, names, found, HERE)
    around = frame(visit, "activity.show", visit.say("Row %(number)s of the log", number=visit.fmt.number(found.id)))
    view = Show(row, pairs_of(visit, found), HERE)
    return render(request, around, "activity/show.html", view, {"drawer"})


def find(connection: Connection, visit: Visit, entry: str) -> tuple[Entry, Mapping[int, str]]:
    """Raises Missing, for a row about a panel that this person does not see too."""
    number = int(entry) if entry.isascii() and entry.isdigit() and len(entry) < 19 else 0
    ids = visit.scope.panel_ids
    reader = visit.person.username if visit.person else ""
    found = activity.one(connection, None if ids is None else frozenset({*ids, None}), reader, number)
    if found is None:
        raise Missing("entry")
    return found, {panel.id: panel.name for panel in panels.all_of(connection, visit.scope)}
