"""The console's pages as the conventions see them: routes, templates and views of one name."""

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from hyperpanel.app import create_app
from hyperpanel.config import Database, Security, Settings
from hyperpanel.paths import ROOT, TEMPLATES

NOT_PAGES = {"parts"}  # folders of pieces that pages are made of
ROUTELESS = {"errors.show"}  # any request can end there


@dataclass(frozen=True)
class Page:
    name: str

    @property
    def noun(self) -> str:
        return self.name.partition(".")[0]

    @property
    def verb(self) -> str:
        return self.name.partition(".")[2]

    @property
    def template(self) -> str:
        return f"{self.noun}/{self.verb}.html"

    @property
    def tests(self) -> Path:
        return ROOT / "tests" / "web" / f"test_{self.noun}.py"

    @property
    def module(self) -> Any:
        return importlib.import_module(f"hyperpanel.web.{self.noun}")

    @property
    def view(self) -> Any:
        return getattr(self.module, self.verb.capitalize())


def console(folder: Path) -> Litestar:
    """The application itself, with everything that it might write in the folder."""
    database = Database(url=f"sqlite:///{folder / 'console.db'}")
    return create_app(Settings(database=database, security=Security(key_file=str(folder / "console.key"))))


def get_handlers(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            yield from ((route.path, handler) for handler in route.route_handlers if "GET" in handler.http_methods)


def routed(app: Litestar) -> set[str]:
    return {handler.name for _, handler in get_handlers(app) if handler.name and "." in handler.name}


def drawn() -> set[str]:
    """The pages that have a template."""
    pieces = (path.relative_to(TEMPLATES).with_suffix("").parts for path in TEMPLATES.glob("*/*.html"))
    return {".".join(parts) for parts in pieces if parts[0] not in NOT_PAGES}


def pages() -> list[Page]:
    return [Page(name) for name in sorted(drawn())]
