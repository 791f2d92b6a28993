"""Settings → Panels → Add many: a file is looked at first and added with the second press.

Between the two the server keeps nothing: the file stays chosen in the browser and is sent again, so that no key waits anywhere, and none
is in a page. `seen` says which file was looked at: another one is looked at first, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get, post
from litestar_htmx import HTMXRequest

from hyperpanel.db import panels
from hyperpanel.db.panels import NameTaken
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.errors import BadInput
from hyperpanel.support import panel_files
from hyperpanel.support.panel_files import COLUMNS, LARGEST, MOST_LINES, Line
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_adding import store
from hyperpanel.web.panel_checks import FIELDS
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.panel_places import HERE
from hyperpanel.web.render import render
from hyperpanel.web.texts import shown
from hyperpanel.web.uploads import Sent, is_sealed, seal, sent
from hyperpanel.web.visits import Visit, visit_of

PLACE = HERE + "/add-many"
LARGEST_BODY = 4 * LARGEST
"""More than a file may have, so that one somewhat too large is told so in a sentence."""
LABELS = {**FIELDS, "private": N_("Private address"), "line": N_("Line")}


@dataclass(frozen=True)
class Fault:
    column: str
    sentence: str


@dataclass(frozen=True)
class UploadLine:
    """A line of the file without its keys; `keys` says which it has."""

    number: int
    name: str
    url: str
    group: str
    currency: str
    time_zone: str
    rate: str
    private: bool
    keys: str
    faults: Sequence[Fault]


@dataclass(frozen=True)
class Looked:
    """`seen` stands for the file, and says nothing about what is in it."""

    lines: Sequence[UploadLine]
    valid: int
    wrong: int
    seen: str


@dataclass(frozen=True)
class Upload:
    """`added`: the names of those that were; `left`: lines that were left out."""

    error: str | None
    looked: Looked | None
    added: Sequence[str]
    left: int
    most_lines: int = MOST_LINES
    most_mib: int = LARGEST // 2**20
    columns: Sequence[str] = COLUMNS


@get(PLACE, name="panels.upload", opt={"permission": "panels:edit"})
async def upload(request: HTMXRequest) -> Response[str]:
    return page(request, visit_of(request), Upload(None, None, (), 0))


@post(PLACE, opt={"permission": "panels:edit"}, status_code=200, request_max_body_size=LARGEST_BODY)
async def add(request: HTMXRequest) -> Response[str]:
    visit, given = visit_of(request), await sent(request)
    known = await visit.read(lambda connection: panels.all_of(connection, EVERYTHING))
    try:
        lines = panel_files.read(given.body, known)
    except BadInput as problem:
        return page(request, visit, Upload(sentence(visit, problem), None, (), 0), 422)
    looked = look(visit, lines, given.body)
    if not given.wants_adding:
        return page(request, visit, Upload(None, looked, (), 0))
    error = refusal(visit, given, looked)
    if error:
        return page(request, visit, Upload(error, looked, (), 0), 422)
    try:
        new = panel_files.addable(lines, known)
        await store(visit, new)
    except NameTaken:
        return page(
            request, visit, Upload(visit.say("Somebody added one of these names meanwhile."), looked, (), 0), 409
        )
    return page(request, visit, Upload(None, None, [panel.name for panel, _ in new], looked.wrong))


@get(PLACE + "/template", name="panels_template", opt={"permission": "panels:edit"})
async def example() -> Response[bytes]:
    headers = {"Content-Disposition": 'attachment; filename="panels.csv"'}
    return Response(panel_files.template(), media_type="text/csv; charset=utf-8", headers=headers)


def look(visit: Visit, lines: Sequence[Line], body: bytes) -> Looked:
    valid = sum(line.panel is not None for line in lines)
    return Looked([upload_line(visit, line) for line in lines], valid, len(lines) - valid, seal(visit, body))


def upload_line(visit: Visit, line: Line) -> UploadLine:
    typed = line.typed
    return UploadLine(
        number=line.number,
        name=shown(typed.name) or "",
        url=shown(typed.url) or "",
        group=shown(typed.group) or "",
        currency=shown(typed.currency) or "",
        time_zone=shown(typed.time_zone) or "",
        rate=shown(typed.rate) or "",
        private=typed.private,
        keys=keys(visit, line),
        faults=[Fault(visit.say(LABELS[column]), sentence(visit, problem)) for column, problem in line.errors.items()],
    )


def keys(visit: Visit, line: Line) -> str:
    """Which there are: a key itself is never shown."""
    if "services_key" in line.keys and "admin_key" in line.keys:
        return visit.say("both")
    return visit.say("admin") if "admin_key" in line.keys else ""


def refusal(visit: Visit, given: Sent, looked: Looked) -> str | None:
    if not is_sealed(given.seen, looked.seen):
        return visit.say("This is another file than the one that was looked at. Look at it below, then add it.")
    if not looked.valid:
        return visit.say("No line can be added.")
    if looked.wrong and not given.valid_only:
        return visit.say("Nothing was added: correct the marked lines, or choose to leave them out.")
    return None


def page(request: HTMXRequest, visit: Visit, view: Upload, status: int = 200) -> Response[str]:
    around = frame(visit, "panels.index", visit.say("Add many panels"))
    return render(request, around, "panels/upload.html", view, {"looked"}, status)
