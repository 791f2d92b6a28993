"""The outermost part of the API: its address recognised, its key looked at before anything else, one line in the log for each call.

Cookies mean nothing here, so no other site can act in a browser's name. An address may stand behind `/p/PANEL`: then the call sees that
panel alone, and a script that knows nothing of several panels finds one.
"""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog
from litestar.connection import Request
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Send

from hyperpanel.api import answers
from hyperpanel.api.admission import admitted
from hyperpanel.api.callers import Api, Caller
from hyperpanel.api.errors import BadAsk, MethodUnknown
from hyperpanel.support import error_numbers
from hyperpanel.support.client_addresses import client_address
from hyperpanel.support.compression import Zipping, takes_gzip
from hyperpanel.support.outermost import as_get, bodiless, header, with_headers

LOG = structlog.get_logger("hyperpanel.api")
PREFIX = re.compile(r"(?P<base>(?:/p/(?P<panel>[^/]+))?(?:/admin)?/adminapi(?:/v2(?=/|$))?)(?P<path>/.*)?", re.DOTALL)
NOWHERE = "/no-such-version"
KEYLESS = "/health"
METHODS = frozenset({"GET", "HEAD", "POST", "DELETE"})
SECRET = re.compile(r"hp_[a-z]+_\w+")
LONGEST_PATH = 2000
LONGEST_QUERY = 16_000


def is_api(path: str) -> bool:
    return PREFIX.fullmatch(path) is not None


class Door:
    """An ASGI application around the API's routes."""

    def __init__(self, inside: ASGIApp, api: Api) -> None:
        self.inside = inside
        self.api = api

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        started, status = time.perf_counter(), 0
        scope.setdefault("state", {})
        zipping = Zipping(
            send if scope["method"] != "HEAD" else bodiless(send), takes_gzip(header(scope, b"accept-encoding"))
        )

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = with_headers([*message["headers"], *rates(scope)])
            await zipping(message)

        try:
            await self.guard(scope, receive, answer, lambda: status > 0 and not zipping.held)
        finally:
            tell(scope, status, time.perf_counter() - started)

    async def guard(self, scope: HTTPScope, receive: Receive, answer: Send, began: Callable[[], bool]) -> None:
        """Nothing gets out but an envelope; an answer that breaks off is left to the server, which hangs up."""
        inner: Any = {**as_get(scope)}
        inner["state"]["is_bodiless"] = scope["method"] == "HEAD"
        request: Request[Any, Any, Any] = Request(inner, receive, answer)
        try:
            inner["path"] = await self.admit(request)
            await self.inside(inner, receive, answer)
        except Exception as problem:
            scope["state"].setdefault("key_id", getattr(problem, "key_id", None))
            if began():
                error_numbers.numbered(scope, problem, 500)
                raise
            response = answers.answer(request, problem)
            await response.to_asgi_response(app=None, request=request)(scope, receive, answer)

    async def admit(self, request: Request[Any, Any, Any]) -> str:
        """The path inside of the API; who calls is put into the request's state. Raises what refuses it."""
        found = PREFIX.fullmatch(request.scope["path"])
        path = (found["path"] or "/") if found and found["base"].endswith("/v2") and not is_odd(request) else NOWHERE
        if path != KEYLESS or (found and found["panel"]):
            caller = await self.caller(request)
            request.scope["state"]["caller"] = caller
            caller = replace(caller, base=found["base"] if found else caller.base)
            if found and found["panel"]:
                caller = caller.at(found["panel"])
            request.scope["state"]["caller"] = caller
        refuse_damaged(request)
        return path

    async def caller(self, request: Request[Any, Any, Any]) -> Caller:
        proxies = self.api.settings.web.proxies
        peer = request.client.host if request.client else ""
        address = client_address(peer, header(request.scope, b"x-forwarded-for"), proxies)
        keys = [value.decode("latin-1") for name, value in request.scope["headers"] if name == b"x-api-key"]
        return await admitted(self.api, keys[0] if len(keys) == 1 else None, address, self.api.clock.now())


def is_odd(request: Request[Any, Any, Any]) -> bool:
    """Litestar takes two slashes for one; and one that was written as %2F stands in no path of ours."""
    return "//" in request.scope["path"] or b"%2f" in request.scope.get("raw_path", b"").lower()


def rates(scope: HTTPScope) -> list[tuple[bytes, bytes]]:
    caller: Caller | None = scope["state"].get("caller")
    return [(name.lower().encode(), value.encode()) for name, value in caller.headers.items()] if caller else []


def refuse_damaged(request: Request[Any, Any, Any]) -> None:
    scope = request.scope
    if request.method not in METHODS:
        raise MethodUnknown
    if len(scope["path"]) > LONGEST_PATH or len(scope["query_string"]) > LONGEST_QUERY:
        raise BadAsk("This address is too long. Ask for less at once.")
    if "\x00" in scope["path"] or b"\x00" in scope["query_string"] or b"%00" in scope["query_string"]:
        raise BadAsk("This address holds a NUL, which nothing here does.")


def tell(scope: HTTPScope, status: int, seconds: float) -> None:
    """Metadata alone: no query, no body, no key. Escaped, since a path may hold anything."""
    caller: Caller | None = scope["state"].get("caller")
    LOG.info(
        "call",
        method=scope["method"],
        path=SECRET.sub("hp_…", scope["path"][:LONGEST_PATH]).encode("unicode_escape").decode("ascii"),
        status=status,
        ms=round(seconds * 1000, 1),
        key=caller.key.id if caller else scope["state"].get("key_id"),
        error=scope["state"].get("error"),
    )
