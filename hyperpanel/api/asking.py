"""What may be asked: every parameter stands in the signature of the handler that reads it, and one that stands nowhere is refused."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter
from litestar.routes import HTTPRoute

from hyperpanel.api.callers import caller_of
from hyperpanel.api.errors import BadAsk

PUBLIC = "public"
"""The scope of a route that needs no key."""

ANY = "any"
"""The scope of a route that every good key may call."""

LARGEST_OFFSET = 1_000_000
Limit = Annotated[int, QueryParameter(ge=1, le=1000, description="How many rows at most.")]
Offset = Annotated[
    int,
    QueryParameter(
        ge=0, description="How many rows to pass over, at most 1 000 000; `cursor` is quicker and holds still."
    ),
]
CursorText = Annotated[
    str, QueryParameter(max_length=500, description="`next_cursor` of the page before: goes on after its last row.")
]
PanelNames = Annotated[
    str, QueryParameter(max_length=4000, description="Of these panels alone: a name, or several with commas between.")
]
GroupName = Annotated[str, QueryParameter(max_length=200, description="Of the panels of this group alone.")]


async def permitted(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Deny by default: each route names the scope it needs. A filter that is not known would give everything, were it passed over."""
    scope, known = handler.opt["scope"], handler.opt["parameters"]
    if scope not in (PUBLIC, ANY):
        caller_of(connection).demand(scope)
    pairs = parse_qsl(connection.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    asked = [name for name, _ in pairs]  # an empty value too: a form sends those, and a panel passes them over
    unknown = sorted({name for name in asked if name not in known})
    if unknown:
        raise unknown_names(unknown, known, handler.opt.get("refused", {}))
    if len(asked) != len(set(asked)):
        twice = sorted({name for name in asked if asked.count(name) > 1})
        raise BadAsk(f"{', '.join(twice)}: give it once, several values with commas between.", twice)


def unknown_names(unknown: Iterable[str], known: Iterable[str], refused: Mapping[str, str] | None = None) -> BadAsk:
    """`refused`: of those that a panel takes, why they are not taken here."""
    listed = [name[:100] for name in unknown]
    told = ", ".join(sorted(known)) or "none"
    reasons = "".join(f" {name}: {(refused or {})[name]}." for name in listed if name in (refused or {}))
    return BadAsk(f"There is no parameter {', '.join(listed)} here.{reasons} Known: {told}.", listed)


def require_scopes(app: Litestar) -> None:
    """Raises at start for a route without one. What a query may hold is found once, from what each handler and its dependencies take."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            raise TypeError(f"{route.path} is not guarded: only HTTP routes are")
        for handler, model in route.route_handler_map.values():
            if set(handler.http_methods) != {"OPTIONS"}:
                if not handler.opt.get("scope"):
                    raise LookupError(f"The route {route.path} declares no scope.")
                handler.opt["parameters"] = frozenset(one.field_alias for one in model.expected_query_params)
