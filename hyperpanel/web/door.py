"""The outermost part of the console: every answer leaves with the security headers and one line in the log, whatever
made it.

It finds out who asks before routing, so that even "no such page" is said in their language, and it refuses what
another site sent. HEAD is GET to all that is inside: health checks ask so, and routes know only GET.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import structlog
from litestar.connection import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from sqlalchemy.exc import SQLAlchemyError

from hyperpanel.db import sessions
from hyperpanel.db.sessions import Session
from hyperpanel.errors import HyperpanelError, Refused
from hyperpanel.web import errors
from hyperpanel.web.addresses import Address, parts
from hyperpanel.web.compression import Zipping, takes_gzip
from hyperpanel.web.cookies import new_token
from hyperpanel.web.languages import chosen
from hyperpanel.web.visits import LONGEST_BROWSER, Console, Visit, visit_of

LOG = structlog.get_logger("hyperpanel.web")
SAFE = frozenset({"GET", "HEAD"})
METHODS = SAFE | {"POST", "PUT", "DELETE"}
WITHOUT_VISITOR = ("/static/", "/healthz")
POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")),
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
NO_STORE = (b"cache-control", b"no-store")


class MethodUnknown(HyperpanelError):
    status = 405


class DamagedAddress(HyperpanelError):
    """It holds a NUL, which no text of ours does and PostgreSQL does not take."""


class Door:
    """An ASGI application around the console's."""

    def __init__(self, inside: ASGIApp, console: Console) -> None:
        self.inside = inside
        self.console = console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.inside(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        zipping = Zipping(send if scope["method"] != "HEAD" else bodiless(send), takes_gzip(accepted(scope)))

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = with_headers(message["headers"])
            await zipping(message)

        try:
            await self.guard(as_get(scope), receive, answer, lambda: status > 0 and not zipping.held)
        finally:
            tell(scope, status, time.perf_counter() - started)

    async def guard(self, scope: HTTPScope, receive: Receive, answer: Send, began: Callable[[], bool]) -> None:
        """Nothing gets out but an answer of ours; one that breaks off is left to the server, which hangs up."""
        request: Request[Any, Any, Any] = Request(scope, receive, answer)
        try:
            await self.admit(request)
            await self.inside(scope, receive, answer)
        except Exception as problem:
            if began():
                errors.numbered(scope, problem, 500)
                raise
            response = errors.answer(request, problem)
            await response.to_asgi_response(app=None, request=request)(scope, receive, answer)

    async def admit(self, request: Request[Any, Any, Any]) -> None:
        state = request.scope["state"]
        state["visit"] = self.visit(request, None)
        if not request.scope["path"].startswith(WITHOUT_VISITOR):
            state["visit"] = self.visit(request, await self.session(request))
        refuse_damaged(visit_of(request).url)
        refuse_strangers(request, self.console.settings.web.public_url)

    def visit(self, request: Request[Any, Any, Any], session: Session | None) -> Visit:
        web = self.console.settings.web
        person = session.person if session else None
        device = request.cookies.get(self.console.cookies.device, "")[:100]
        return Visit(
            console=self.console,
            now=self.console.clock.now(),
            url=Address(request.scope["path"], tuple(parse_qsl(request.scope["query_string"].decode("latin-1")))),
            address=client_address(request, web.proxies),
            browser=request.headers.get("user-agent", "")[:LONGEST_BROWSER],
            device=device or new_token(),
            is_new_device=not device,
            session=session,
            language=chosen(
                self.console.languages,
                person.language if person else None,
                request.headers.get("accept-language", ""),
                web.language,
            ),
            zone=ZoneInfo((person.time_zone if person else None) or web.time_zone),
        )

    async def session(self, request: Request[Any, Any, Any]) -> Session | None:
        token = request.cookies.get(self.console.cookies.session)
        if not token:
            return None
        now, idle = self.console.clock.now(), self.console.idle
        found = await self.console.database.read(lambda connection: sessions.find(connection, token, idle, now))
        if found and found.slides(now) and not is_poll(request):
            self.do_later(found)
        return found

    def do_later(self, session: Session) -> None:
        """Note that somebody is there, without anybody waiting for the database's one writer."""
        chore = asyncio.create_task(self.slide(session))
        self.console.chores.add(chore)
        chore.add_done_callback(self.console.chores.discard)

    async def slide(self, session: Session) -> None:
        try:
            async with self.console.database.write() as connection:
                await sessions.slide(connection, session, self.console.clock.now())
        except SQLAlchemyError as problem:
            LOG.warning("session not renewed", problem=type(problem).__name__)


def as_get(scope: HTTPScope) -> HTTPScope:
    """The state is shared with the request as it came: its line in the log has the method that was asked."""
    scope.setdefault("state", {})
    return {**scope, "method": "GET"} if scope["method"] == "HEAD" else scope


def bodiless(send: Send) -> Send:
    """The headers are those that GET would have got."""

    async def answer(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return answer


def accepted(scope: HTTPScope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-encoding"), "")


def with_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """What an answer says of caching stands; one that says nothing is not kept."""
    given = list(headers)
    cached = any(name.lower() == b"cache-control" for name, _ in given)
    return [*given, *RAW_HEADERS, *(() if cached else (NO_STORE,))]


def tell(scope: HTTPScope, status: int, seconds: float) -> None:
    """Metadata alone: no query, no body, no cookie. Escaped, since a path may hold anything."""
    visit: Visit | None = scope["state"].get("visit")
    LOG.info(
        "request",
        method=scope["method"],
        path=scope["path"].encode("unicode_escape").decode("ascii"),
        status=status,
        ms=round(seconds * 1000, 1),
        staff=visit.person.id if visit and visit.person else None,
        error=scope["state"].get("error"),
    )


def is_poll(request: Request[Any, Any, Any]) -> bool:
    """A block that asks for itself, or an open page that listens: nobody need be sitting there."""
    if request.scope["path"] == "/live":
        return True
    target = request.headers.get("hx-target")
    return target is not None and target == request.headers.get("hx-trigger")


def refuse_damaged(url: Address) -> None:
    if any("\x00" in text for text in (url.path, *chain.from_iterable(url.pairs))):
        raise DamagedAddress


def refuse_strangers(request: Request[Any, Any, Any], public_url: str) -> None:
    """What changes something must have been sent by a page of this console: the browser says so, and a page cannot
    forge it."""
    if request.method not in METHODS:
        raise MethodUnknown(request.method)
    if request.method in SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "")
    ours = {request.headers.get("host", ""), parts(public_url).netloc} - {""}
    if site not in ("same-origin", "none") if site is not None else parts(origin).netloc not in ours:
        raise Refused("another site")


def client_address(request: Request[Any, Any, Any], proxies: tuple[str, ...]) -> str:
    """The peer; or, where that is a proxy of ours, the nearest address it forwards for that is none."""
    peer = request.client.host if request.client else ""
    if not is_one_of(peer, proxies):
        return peer
    for hop in reversed(request.headers.get("x-forwarded-for", "").split(",")):
        if hop.strip() and not is_one_of(hop.strip(), proxies):
            return hop.strip()[:64]
    return peer


def is_one_of(address: str, networks: tuple[str, ...]) -> bool:
    try:
        return any(ip_address(address) in ip_network(item, strict=False) for item in networks)
    except ValueError:
        return False
