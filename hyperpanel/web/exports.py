"""Exports that are made in the background: how far each has come, and its file for as long as it is kept. Everybody sees their own alone."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import exports, panels
from hyperpanel.db.exports import DONE, FAILED, RUNNING, STOPPED, WAITING, Export
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support.export_files import in_thread, place
from hyperpanel.web import export_plans, export_steps
from hyperpanel.web.every_list import LISTS
from hyperpanel.web.export_plans import MAY, Lost
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.render import render
from hyperpanel.web.visits import Visit, visit_of

HERE = "/exports"
STATES = {
    WAITING: (N_("Waiting"), "idle"),
    RUNNING: (N_("Running"), "busy"),
    DONE: (N_("Ready"), "ok"),
    FAILED: (N_("Failed"), "bad"),
    STOPPED: (N_("Stopped"), "idle"),
}
PROBLEMS = {
    "rights": N_("Your role or your panels have changed: this list is no longer yours as it was asked for."),
    "address": N_("What was asked for is no longer understood. Ask for it once more from the list."),
    "broken": N_("Something went wrong here, and is in the log. Ask for it once more."),
    "shorter": N_("It has the first 1,000,000 rows. Filter the list to get the others."),
}
DONE_WORDS = {
    "begun": N_("The list is long, so its file is made in the background. It will stand here."),
    "full": N_("At most three exports at once. Wait until one is ready, or stop one."),
    "deleted": N_("Deleted."),
}


@dataclass(frozen=True)
class Line:
    """`share`: hundredths, None where it is not known of how much; `href`: the file; `list_href`: the list as it was asked for."""

    id: str
    label: str
    format: str
    state: str
    state_label: str
    tone: str
    rows: int
    of_rows: int | None
    share: int | None
    size: str
    problem: str
    at: datetime
    until: datetime | None
    href: str | None
    list_href: str
    is_open: bool


@dataclass(frozen=True)
class Index:
    lines: Sequence[Line]
    is_busy: bool
    hours: int
    done: str
    is_refusal: bool


@get(HERE, name="exports.index", opt={"permission": MAY})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found = await visit.read(partial(of, visit=visit))
    done = request.query_params.get("done", "")
    view = Index(
        lines=[line(visit, one) for one in found],
        is_busy=any(one.is_open for one in found),
        hours=visit.console.settings.web.exports_hours,
        done=visit.say(DONE_WORDS[done]) if done in DONE_WORDS else "",
        is_refusal=done == "full",
    )
    return render(request, frame(visit, "exports.index", visit.say("Exports")), "exports/index.html", view, {"lines"})


def of(connection: Connection, visit: Visit) -> list[Export]:
    found = exports.of(connection, visit.person.id) if visit.person else []
    return [one for one in found if one.noun in LISTS]


def line(visit: Visit, one: Export) -> Line:
    label, tone = STATES[one.state]
    until = one.ended_at + kept(visit) if one.ended_at else None
    is_there = one.state == DONE and until is not None and until > visit.now
    return Line(
        id=one.id,
        label=visit.say(LISTS[one.noun].kind.label),
        format=one.format.upper(),
        state=one.state,
        state_label=visit.say(label),
        tone=tone,
        rows=one.rows,
        of_rows=one.of_rows if one.state == RUNNING else None,
        share=min(100, one.rows * 100 // one.of_rows) if one.state == RUNNING and one.of_rows else None,
        size=told_size(visit, one.size) if is_there and one.size is not None else "",
        problem=visit.say(PROBLEMS[one.problem]) if one.problem in PROBLEMS else "",
        at=one.at,
        until=until if is_there else None,
        href=f"{HERE}/file?export={one.id}" if is_there else None,
        list_href=f"{LISTS[one.noun].path}?{one.query}" if one.query else LISTS[one.noun].path,
        is_open=one.is_open,
    )


def kept(visit: Visit) -> timedelta:
    return timedelta(hours=visit.console.settings.web.exports_hours)


def told_size(visit: Visit, octets: int) -> str:
    return f"{visit.fmt.number(round(octets / 1_000_000, 1))}\u00a0MB"


@get(HERE + "/file", name="exports_file", opt={"permission": MAY})
async def file(request: HTMXRequest) -> Response[Any]:
    """What is asked for is looked up among this person's own: no path comes from the address."""
    visit, wanted = visit_of(request), request.query_params.get("export")
    if not wanted:
        raise BadInput(N_("Choose an export from the list."), "export")
    found = await visit.read(partial(allowed, visit=visit, wanted=wanted))
    label = visit.say(LISTS[found.noun].kind.label)
    path = place(visit.console.settings.web.exports_folder, found.id, found.format)
    into, size = await in_thread(partial(opened, path))
    content = export_steps.opened(into)
    return export_steps.download(visit, content, found.noun, label, found.format, found.at, size)


def opened(path: Path) -> tuple[IO[bytes], int]:
    """With its size. Raises Missing."""
    try:
        into = path.open("rb")
    except OSError:
        raise Missing("file") from None
    return into, os.fstat(into.fileno()).st_size


def allowed(connection: Connection, visit: Visit, wanted: str) -> Export:
    """One of this person's own that is ready, and whose panels and columns they may still see. Raises Missing."""
    found = exports.one(connection, wanted, visit.person.id) if visit.person else None
    if found is None or found.state != DONE or found.ended_at is None or found.ended_at + kept(visit) <= visit.now:
        raise Missing("file")
    try:
        export_plans.refuse_lost(connection, visit, found.permissions, found.panel_ids)
    except Lost:
        raise Missing("file") from None
    if found.panel_ids - {panel.id for panel in panels.all_of(connection, visit.scope)}:
        raise Missing("file")
    return found
