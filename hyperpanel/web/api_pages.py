"""How scripts ask this console: a guide, and each call of the API as its own document tells it, with lines that can be copied and run.

Nothing is drawn from elsewhere and no script is needed to read it. The addresses in the lines are those of the reader, and the key is a
variable of their shell: a page never holds one.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.config import Api
from hyperpanel.db import panels
from hyperpanel.errors import Missing
from hyperpanel.web.api_document import Call, Refusal, Resource
from hyperpanel.web.api_shapes import Shape
from hyperpanel.web.frame import frame
from hyperpanel.web.own_addresses import base
from hyperpanel.web.render import render
from hyperpanel.web.visits import Visit, visit_of

HERE = "/api"
ROOT = "/adminapi/v2"
KEYS = "/settings/keys"
FIRST = "/orders?order_status=fail&limit=10"
SHELL = "export HYPERPANEL_KEY=hp_live_…\n"
NDJSON = "application/x-ndjson"
A_PANEL = "PANEL"
"""Where a reader may see none."""


@dataclass(frozen=True)
class Line:
    """A call in the list of all. `words` is what it is also found by."""

    href: str
    method: str
    path: str
    title: str
    scope: str | None
    words: str


@dataclass(frozen=True)
class Guide:
    """`panel`: the address of one panel, as a client that knows only its vendor's API is given it. `at_once`: reads of one key; `seconds`: how
    long one may take."""

    root: str
    panel: str
    first: str
    python: str
    stream: str
    changes: str
    document: str
    keys_href: str | None
    days: int
    per_minute: int
    at_once: int
    seconds: float


@dataclass(frozen=True)
class Index:
    """`written_in`: the language of the document, where it is not the page's."""

    guide: Guide
    refusals: Sequence[Refusal]
    lines: Sequence[Line]
    refused: Sequence[Line]
    written_in: str | None


@dataclass(frozen=True)
class Told:
    """A call, and the line that makes it."""

    call: Call
    line: str


@dataclass(frozen=True)
class Show:
    name: str
    calls: Sequence[Told]
    refused: Sequence[Call]
    shapes: Sequence[Shape]
    others: Sequence[tuple[str, str]]
    back_href: str
    written_in: str | None


@get(HERE, name="api_pages.index", opt={"permission": "self"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    known = visit.console.api
    lines = [(call, line(name, call)) for name, resource in known.resources.items() for call in resource.calls]
    panel = await visit.read(lambda connection: a_panel(connection, visit))
    keys_href = KEYS if visit.may("keys:manage") else None
    view = Index(
        guide=guide(base(request, visit), panel, visit.console.settings.api, keys_href),
        refusals=known.refusals,
        lines=[made for call, made in lines if not call.refused],
        refused=[made for call, made in lines if call.refused],
        written_in=written_in(visit),
    )
    return render(request, frame(visit, "api_pages.index", visit.say("API")), "api_pages/index.html", view)


@get(HERE + "/{resource:str}", name="api_pages.show", opt={"permission": "self"})
async def show(request: HTMXRequest, resource: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    known = visit.console.api.resources
    if resource not in known:
        raise Missing("resource")
    view = told(visit, base(request, visit), known[resource], list(known))
    title = visit.say("API: %(resource)s", resource=resource)
    return render(request, frame(visit, "api_pages.index", title), "api_pages/show.html", view)


def a_panel(connection: Connection, visit: Visit) -> str:
    return next((panel.name for panel in panels.all_of(connection, visit.scope)), A_PANEL)


def written_in(visit: Visit) -> str | None:
    return None if visit.language.code == "en" else "en"


def line(resource: str, call: Call) -> Line:
    href = f"{HERE}/{resource}#{call.anchor}"
    return Line(href, call.method, call.path, call.title, call.scope, call.words)


def guide(here: str, panel: str, settings: Api, keys_href: str | None) -> Guide:
    root = here + ROOT
    return Guide(
        root=root,
        panel=f"{here}/p/{panel}",
        first=SHELL + curl(root + FIRST),
        python=python(here),
        stream=curl(f"{root}/orders", accept=NDJSON),
        changes=curl(f"{root}/changes"),
        document=curl(f"{root}/openapi.json"),
        keys_href=keys_href,
        days=settings.changes_days,
        per_minute=settings.per_minute,
        at_once=settings.reads_at_once,
        seconds=settings.read_seconds,
    )


def curl(url: str, method: str = "GET", body: str | None = None, accept: str = "") -> str:
    """A line for the shell, in which nothing but the key is a variable."""
    words = ["curl", *(("-X", method) if method != "GET" else ()), '-H "X-Api-Key: $HYPERPANEL_KEY"']
    if accept:
        words.append(f'-H "Accept: {accept}"')
    if body is not None:
        words += ['-H "Content-Type: application/json"', f"-d {shlex.quote(body)}"]
    return " ".join([*words, f"'{url}'"])


def python(here: str) -> str:
    return "\n".join(
        (
            "import os",
            "from hyperpanel.client import Client",
            "",
            f'with Client("{here}", os.environ["HYPERPANEL_KEY"]) as client:',
            '    for order in client.orders(order_status="fail"):',
            "        print(order.panel, order.id, order.link)",
        )
    )


def told(visit: Visit, here: str, resource: Resource, names: Sequence[str]) -> Show:
    return Show(
        name=resource.name,
        calls=[
            Told(call, curl(here + ROOT + call.asks, call.method, call.sends))
            for call in resource.calls
            if not call.refused
        ],
        refused=[call for call in resource.calls if call.refused],
        shapes=resource.shapes,
        others=[(f"{HERE}/{name}", name) for name in names],
        back_href=HERE,
        written_in=written_in(visit),
    )
