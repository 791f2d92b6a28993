"""Deny by default: each route names the permission it needs, and whatever changes something must repeat the session's
own token."""

import hmac
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection, Request
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from hyperpanel.errors import Refused
from hyperpanel.support.roles import PERMISSIONS
from hyperpanel.web import refusals
from hyperpanel.web.errors import SignInFirst
from hyperpanel.web.masks import unmasked
from hyperpanel.web.refusals import WRONG_TOKEN
from hyperpanel.web.visits import Visit, visit_of

PUBLIC = "public"
FIELD, HEADER = "csrf", "x-csrf"
UNSAFE = frozenset({"POST", "PUT", "DELETE", "PATCH"})


async def permitted(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    permission = handler.opt["permission"]
    if permission != PUBLIC:
        await demand(visit_of(connection), permission)


async def demand(visit: Visit, permission: str) -> None:
    """A refusal is told to the audit, in a transaction of its own."""
    if visit.session is None:
        raise SignInFirst
    if not visit.may(permission):
        await refusals.tell(visit, permission=permission)
        raise Refused(permission)


async def genuine(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    if not isinstance(connection, Request) or connection.method not in UNSAFE:
        return
    token = connection.headers.get(HEADER)
    if token is None:
        token = str((await connection.form()).get(FIELD, ""))
    visit = visit_of(connection)
    if not hmac.compare_digest(unmasked(token), visit.csrf.encode()):
        await (refusals.tell(visit, why=WRONG_TOKEN) if visit.session else refusals.tell_first(visit, WRONG_TOKEN))
        raise Refused("token")


def require_permissions(app: Litestar) -> None:
    """Raises at start for a route without one, or with one that no role has."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            raise TypeError(f"{route.path} is not guarded: only HTTP routes are")
        for handler in route.route_handlers:
            if set(handler.http_methods) != {"OPTIONS"} and handler.opt.get("permission") not in PERMISSIONS | {PUBLIC}:
                raise LookupError(f"The route {route.path} declares no known permission.")
