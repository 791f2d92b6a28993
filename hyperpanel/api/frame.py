"""The admin API put together: its routes behind its door, and the document that is made of them."""

from functools import cache
from typing import Any

from litestar import Litestar
from litestar.connection import Request
from litestar.di import Provide

from hyperpanel.api import answers, documents
from hyperpanel.api.asking import permitted, require_scopes
from hyperpanel.api.callers import Api, Caller, caller_of
from hyperpanel.api.door import Door
from hyperpanel.api.listing import asked
from hyperpanel.api.routes import ROUTES

__all__ = ["Api", "build", "document"]

LARGEST_BODY = 65_536


def build(api: Api) -> Door:
    return Door(application(), api)


@cache
def application() -> Litestar:
    """The routes alone: they know no console, so one serves all that a process makes."""
    app = Litestar(
        ROUTES,
        guards=[permitted],
        dependencies=given(),
        exception_handlers={Exception: answers.answer},
        request_max_body_size=LARGEST_BODY,
        logging_config=None,
        openapi_config=None,
    )
    require_scopes(app)
    app.state.document = document()
    return app


@cache
def document() -> dict[str, Any]:
    return documents.document(ROUTES, given())


def given() -> dict[str, Provide]:
    """What a handler may ask for by name."""
    return {"caller": Provide(caller, sync_to_thread=False), "asked": Provide(asked, sync_to_thread=False)}


def caller(request: Request[Any, Any, Any]) -> Caller:
    return caller_of(request)
