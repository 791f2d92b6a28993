"""Descriptions from a file: looked at first, taken with the second press; and the history of files that were taken.

The file is sent twice and sealed, so the server keeps nothing in between. What it would have done is sealed too: where somebody changed one of
its services since, the file is looked at once more.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get, post
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import imports, panels
from hyperpanel.db.imports import ON_PAGE, Import
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import sheets
from hyperpanel.support.description_files import NEEDED, SHAPE
from hyperpanel.support.sheet_files import MEDIA
from hyperpanel.support.sheets import LARGEST, Sheet
from hyperpanel.web import import_looks
from hyperpanel.web.description_acts import PERMISSIONS
from hyperpanel.web.frame import frame
from hyperpanel.web.import_looks import KIND, Looked, State
from hyperpanel.web.import_rows import Past, past, told_done
from hyperpanel.web.import_saving import save
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.render import render, see_other
from hyperpanel.web.uploads import Sent, is_sealed, sent
from hyperpanel.web.visits import Visit, visit_of

HERE = "/descriptions"
LARGEST_BODY = 2 * LARGEST
"""More than a file may have, so that one somewhat too large is told so in a sentence."""


@dataclass(frozen=True)
class Index:
    error: str | None
    looked: Looked | None
    done: str
    rows: Sequence[Past]
    older_href: str | None
    export_href: str | None
    most_lines: int = SHAPE.most
    most_mib: int = LARGEST // 2**20
    columns: Sequence[str] = NEEDED


@dataclass(frozen=True)
class Found:
    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    past: Sequence[Import]


@get(HERE, name="imports.index", opt={"permission": "descriptions:edit"})
async def index(request: HTMXRequest) -> Response[str]:
    return await page(request)


async def page(
    request: HTMXRequest, error: str | None = None, looked: Looked | None = None, status: int = 200
) -> Response[str]:
    visit = visit_of(request)
    given = request.query_params
    before, done = number(given.get("before", "")), number(given.get("done", ""))
    found = await visit.read(lambda connection: look(connection, visit, before))
    more = found.past[ON_PAGE - 1].id if len(found.past) > ON_PAGE else None
    view = Index(
        error=error,
        looked=looked,
        done=told_done(visit, found.past, done) if done and not error and not looked else "",
        rows=[past(visit, one) for one in found.past[:ON_PAGE]],
        older_href=str(visit.url.only(CHOICE, HERE).having(before=str(more))) if more else None,
        export_href=str(visit.url.only(CHOICE, f"{HERE}/file")) if may_export(visit) else None,
    )
    around = frame(visit, "imports.index", visit.say("Service descriptions"), found.panels, found.chosen)
    return render(request, around, "imports/index.html", view, {"looked"}, status)


def may_export(visit: Visit) -> bool:
    return all(visit.may(permission) for permission in PERMISSIONS)


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def look(connection: Connection, visit: Visit, before: int | None) -> Found:
    known = panels.all_of(connection, visit.scope)
    return Found(known, chosen(visit, known), imports.newest(connection, visit.scope, KIND, before))


@post(HERE, opt={"permission": "descriptions:edit"}, status_code=200, request_max_body_size=LARGEST_BODY)
async def create(request: HTMXRequest) -> Response[str]:
    visit, given = visit_of(request), await sent(request)
    try:
        sheet = await asyncio.to_thread(sheets.read, given.body, SHAPE)
    except BadInput as problem:
        return await page(request, sentence(visit, problem), None, 422)
    state = await visit.read(lambda connection: import_looks.read(connection, visit, sheet))
    if not given.wants_adding:
        return await page(request, None, shown(visit, given, sheet, state))
    return await taken(request, visit, given, sheet, state)


async def taken(request: HTMXRequest, visit: Visit, given: Sent, sheet: Sheet, state: State) -> Response[str]:
    """The second press."""
    seen = import_looks.Seen.of(given.seen)
    if not is_sealed(seen.file, import_looks.file_seal(visit, given.body, seen.at)):
        other = visit.say("This is another file than the one that was looked at. Look at it below, then take it.")
        return await page(request, other, shown(visit, given, sheet, state), 422)
    looked = shown(visit, given, sheet, state)
    if not is_sealed(seen.state, import_looks.state_seal(visit, state)):
        return await page(request, import_looks.changed_meanwhile(visit, state, seen.at), looked, 409)
    error = refusal(visit, given, looked)
    if error:
        return await page(request, error, looked, 422)
    kept = await save(visit, state, given)
    if kept is None:
        state = await visit.read(lambda connection: import_looks.read(connection, visit, sheet))
        error = import_looks.changed_meanwhile(visit, state, seen.at)
        return await page(request, error, shown(visit, given, sheet, state), 409)
    return see_other(str(visit.url.only(CHOICE, HERE).having(done=str(kept))))


def shown(visit: Visit, given: Sent, sheet: Sheet, state: State) -> Looked:
    return import_looks.looked(visit, given.body, sheet, state)


def refusal(visit: Visit, given: Sent, looked: Looked) -> str | None:
    if not looked.changing:
        return visit.say("There is nothing in this file to change.")
    if looked.wrong and not given.valid_only:
        return visit.say("Nothing was changed: correct the lines that are told, or choose to leave them out.")
    return None


@get(HERE + "/result", name="imports_file", opt={"permission": "descriptions:edit"})
async def result(request: HTMXRequest) -> Response[bytes]:
    """What became of each line. Another's file looks as if it were not there where it had panels that this person does not see."""
    visit, wanted = visit_of(request), number(request.query_params.get("number", ""))
    if wanted is None:
        raise BadInput(N_("Choose a file from the list."), "number")
    body = await visit.read(lambda connection: imports.result(connection, visit.scope, KIND, wanted))
    if body is None:
        raise Missing("import")
    headers = {"Content-Disposition": f'attachment; filename="import-{wanted}.csv"'}
    return Response(body, media_type=MEDIA["csv"], headers=headers)
