"""The API's routes as its router has them, and addresses for each: of the key's own panel, of a foreign one and of one that is not there.

A route that comes later joins by itself; only a path parameter of a new name has to be told here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from litestar.routes import HTTPRoute

from hyperpanel.api.asking import ANY, PUBLIC
from hyperpanel.api.frame import application

PARAMETER = re.compile(r"{(\w+)}")
PLACES = {"own": ("eu-1", "1000"), "foreign": ("us-2", "2000"), "missing": ("zz-9", "3000")}
"""A panel, and a record that it alone has; the last are nowhere."""

PANEL = "panel"
ROWS = {"order_id", "payment_id", "ticket_id", "service_id"}
WORDS = {"stream": "orders", "record_id": "1000"}
"""Parameters that are the same for every panel."""

UNBUILT = re.compile(r"/(orders|cancel|refill|payments|users|tickets)\b")
"""Whatever of these is posted is refused."""


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    scope: str
    query: frozenset[str]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_safe(self) -> bool:
        return self.method == "GET"

    @property
    def is_unbuilt(self) -> bool:
        return not self.is_safe and UNBUILT.match(self.path) is not None

    @property
    def names_place(self) -> bool:
        return any(name in ROWS or name == PANEL for name in PARAMETER.findall(self.path))

    def at(self, place: str) -> str:
        panel, row = PLACES[place]
        return PARAMETER.sub(lambda found: self.value(found[1], panel, row), self.path)

    def value(self, name: str, panel: str, row: str) -> str:
        if name == PANEL:
            return panel
        if name in ROWS:
            return row
        assert name in WORDS, (
            f"{self} has a parameter {{{name}}} that tests/support/api_routes.py does not know: if it names a record of a panel, add it "
            "to ROWS (and plant that record in tests/api/test_matrix.py), else add a value for it to WORDS."
        )
        return WORDS[name]

    def allows(self, scopes: frozenset[str]) -> bool:
        return self.scope in (PUBLIC, ANY) or self.scope in scopes


@cache
def routes() -> list[Route]:
    return sorted(found(), key=str)


def found() -> Iterator[Route]:
    for route in application().routes:
        assert isinstance(route, HTTPRoute), f"{route.path} is no HTTP route"
        for handler in route.route_handlers:
            for method in handler.http_methods - {"OPTIONS"}:
                yield Route(str(method), route.path_format, handler.opt["scope"], handler.opt["parameters"])
