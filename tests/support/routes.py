"""The console's routes as its router has them, and addresses for each: of the person's own panel, of a foreign one and of one that is not there.

A route that comes later joins by itself; only a path parameter of a new name has to be told here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.routes import HTTPRoute

from hyperpanel.app import create_app
from hyperpanel.config import Settings, Web
from hyperpanel.db.engine import Database, address
from tests.support.staged import VAULT

OWN, FOREIGN, MISSING = "eu-1", "us-2", "zz-9"
OWN_ROW, FOREIGN_ROW, MISSING_ROW = "1000", "2000", "3000"
"""The first is on the own panel alone, the second on the foreign one alone, the third nowhere."""

PANEL = "panel"
ROWS = {"order_id", "ticket_id", "user_id", "payment_id", "service_id", "hold", "record", "report"}
"""Parameters that name a row of a panel."""

WORDS = {
    "stream": "orders",
    "decision": "accept",
    "topic": "find-an-order",
    "path": "app.css",
    "profile": "noon",
    "entry": "1000",
    "noun": "orders",
    "staff_id": "4",
    "token": "the-token-of-vic",
    "resource": "orders",
    "key_id": "KeyOfOwnOnly",
}
"""Parameters that are the same for every panel, each with a value there is."""

ASKED = {
    "/settings/set-aside/record": "panel={panel}&stream=orders&record={record}",
    "/tracking/providers/provider": "name=provider-a.example",
    "/tracking/tickets/ai/show": "report=the-report",
    "/tracking/tickets/ai/file": "report=the-report",
}
"""What a page that names its record in its query needs, to be one."""

PARAMETER = re.compile(r"{(\w+)}")
SAFE = {"GET", "HEAD"}


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    permission: str
    name: str | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_safe(self) -> bool:
        return self.method in SAFE

    @property
    def parameters(self) -> list[str]:
        return PARAMETER.findall(self.path)

    @property
    def has_panel(self) -> bool:
        return PANEL in self.parameters

    @property
    def has_row(self) -> bool:
        return bool(ROWS.intersection(self.parameters))

    def at(self, panel: str, row: str) -> str:
        return PARAMETER.sub(lambda found: value(self, found[1], panel, row), self.path)

    def places(self) -> Iterator["Place"]:
        yield Place(self.at(OWN, OWN_ROW), OWN)
        if self.has_row:
            yield Place(self.at(OWN, FOREIGN_ROW), OWN, is_missing=True)
            yield Place(self.at(OWN, MISSING_ROW), OWN, is_missing=True)
        if self.has_panel:
            yield Place(self.at(FOREIGN, FOREIGN_ROW), FOREIGN)
            yield Place(self.at(MISSING, OWN_ROW), MISSING, is_missing=True)


@dataclass(frozen=True)
class Place:
    """An address, and what it names."""

    path: str
    panel: str
    is_missing: bool = False


def value(route: Route, name: str, panel: str, row: str) -> str:
    if name == PANEL:
        return panel
    if name in ROWS:
        return row
    if name in WORDS:
        return WORDS[name]
    raise AssertionError(
        f"{route} has a parameter {{{name}}} that tests/support/routes.py does not know: if it names a row of a panel, add it to ROWS "
        f"(and plant that row in tests/web/test_matrix.py), else add a value for it to WORDS."
    )


@cache
def routes() -> list[Route]:
    database = Database(address("sqlite:///never-opened.db", Path("/nowhere")))
    return sorted(
        of(create_app(Settings(web=Web(plain_http=True)), database, vault=VAULT)), key=lambda r: (r.path, r.method)
    )


def of(app: Litestar) -> Iterator[Route]:
    for route in app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path} is no HTTP route"
        for handler in route.route_handlers:
            opt: dict[str, Any] = handler.opt
            for method in sorted(handler.http_methods - {"OPTIONS"}):
                yield Route(method, asked(route.path_format), opt["permission"], handler.name)


def asked(path: str) -> str:
    return f"{path}?{ASKED[path]}" if path in ASKED else path
