"""Settings → API keys: the keys by which scripts read the console, a new one, and one of them.

The text of a key is in the answer to the press that made it, and nowhere else: not in an address, not in the log, not on the same page later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest

from hyperpanel.db import panels
from hyperpanel.db.api_keys import Held
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support.api_keys import MANAGE
from hyperpanel.web.api_key_fields import Form, Sent, as_it_is, empty, form
from hyperpanel.web.api_key_rows import HERE, Around, Line, line, lines, look
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.render import render
from hyperpanel.web.visits import Visit, visit_of

DONE = {"changed": N_("Saved."), "revoked": N_("The key was revoked. It opens nothing any more.")}


@dataclass(frozen=True)
class Index:
    lines: Sequence[Line]


@dataclass(frozen=True)
class New:
    form: Form
    here: str


@dataclass(frozen=True)
class Edit:
    """`secret`: the text of a key that was made just now."""

    line: Line
    form: Form
    here: str
    secret: str | None
    done: str
    problem: str


@dataclass(frozen=True)
class Found:
    held: Held
    around: Around


@get(HERE, name="api_keys.index", opt={"permission": MANAGE})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    around = await visit.read(lambda connection: look(connection, visit))
    title = visit.say("API keys")
    return render(request, frame(visit, "api_keys.index", title), "api_keys/index.html", Index(lines(visit, around)))


@get(HERE + "/new", name="api_keys.new", opt={"permission": MANAGE})
async def new(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    return new_page(request, visit, empty(visit), await panels_of(visit), {})


async def panels_of(visit: Visit) -> Sequence[Panel]:
    return await visit.read(lambda connection: panels.all_of(connection, visit.scope))


def new_page(
    request: HTMXRequest, visit: Visit, given: Sent, known: Sequence[Panel], errors: Mapping[str, BadInput]
) -> Response[str]:
    view = New(form(visit, given, known, errors), HERE)
    around = frame(visit, "api_keys.new", visit.say("New API key"))
    return render(request, around, "api_keys/new.html", view, (), 422 if errors else 200)


@get(HERE + "/{key_id:str}", name="api_keys.edit", opt={"permission": MANAGE})
async def edit(request: HTMXRequest, key_id: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    done = DONE.get(request.query_params.get("done", ""), "")
    return page(request, visit, await found(visit, key_id), done=done)


async def found(visit: Visit, key_id: str) -> Found:
    """Raises Missing for none, and for one that sees panels which this person does not."""
    around = await visit.read(lambda connection: look(connection, visit))
    if key_id not in around.keys:
        raise Missing("key")
    return Found(around.keys[key_id], around)


def page(
    request: HTMXRequest,
    visit: Visit,
    found: Found,
    *,
    given: Sent | None = None,
    errors: Mapping[str, BadInput] | None = None,
    secret: str | None = None,
    done: str = "",
    problem: BadInput | None = None,
) -> Response[str]:
    key = found.held.key
    told = line(visit, found.held, found.around)
    view = Edit(
        line=told,
        form=form(visit, given or as_it_is(key), (), errors or {}),
        here=HERE,
        secret=secret,
        done=visit.say(done) if done else "",
        problem=sentence(visit, problem) if problem else "",
    )
    status = problem.status if problem else 422 if errors else 200
    return render(request, frame(visit, "api_keys.edit", told.name), "api_keys/edit.html", view, (), status)


async def with_secret(request: HTMXRequest, visit: Visit, key_id: str, secret: str) -> Response[str]:
    """The page of a key that was made just now."""
    return page(request, visit, await found(visit, key_id), secret=secret)
