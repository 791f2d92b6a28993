"""The outermost part of the console: every answer leaves with the security headers and one line in the log, whatever
made it.

It finds out who asks before routing, so that even "no such page" is said in their language, and it refuses what
another site sent.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import structlog
from litestar.connection import Request
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from hyperpanel.db import sessions
from hyperpanel.db.sessions import Session
from hyperpanel.errors import HyperpanelError, Refused
from hyperpanel.support import error_numbers
from hyperpanel.support.client_addresses import client_address
from hyperpanel.support.compression import Zipping, takes_gzip
from hyperpanel.support.outermost import as_get, bodiless, header, with_headers
from hyperpanel.web import errors, refusals, view_addresses
from hyperpanel.web.addresses import Address, parts
from hyperpanel.web.cookies import new_token
from hyperpanel.web.languages import chosen
from hyperpanel.web.refusals import nameable
from hyperpanel.web.saved import Saved
from hyperpanel.web.visits import LONGEST_BROWSER, Console, Visit, visit_of

LOG = structlog.get_logger("hyperpanel.web")
SAFE = frozenset({"GET", "HEAD"})
METHODS = SAFE | {"POST", "PUT", "DELETE"}
WITHOUT_VISITOR = ("/static/", "/healthz")


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
        zipping = Zipping(
            send if scope["method"] != "HEAD" else bodiless(send), takes_gzip(header(scope, b"accept-encoding"))
        )

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
                error_numbers.numbered(scope, problem, 500)
                raise
            response = errors.answer(request, problem)
            await response.to_asgi_response(app=None, request=request)(scope, receive, answer)

    async def admit(self, request: Request[Any, Any, Any]) -> None:
        state = request.scope["state"]
        state["visit"] = self.visit(request, None)
        if not request.scope["path"].startswith(WITHOUT_VISITOR):
            state["visit"] = self.visit(request, *await self.session(request))
        visit = visit_of(request)
        refuse_damaged(visit.url)
        try:
            refuse_strangers(request, self.console.settings.web.public_url)
        except Refused:
            if visit.session:
                await refusals.tell(visit, why=refusals.ANOTHER_SITE)
            raise

    def visit(self, request: Request[Any, Any, Any], session: Session | None, views: Sequence[Saved] = ()) -> Visit:
        web = self.console.settings.web
        person = session.person if session else None
        device = request.cookies.get(self.console.cookies.device, "")[:100]
        return Visit(
            console=self.console,
            now=self.console.clock.now(),
            url=Address(request.scope["path"], tuple(parse_qsl(request.scope["query_string"].decode("latin-1")))),
            address=address_of(request, web.proxies),
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
            views=views,
        )

    async def session(self, request: Request[Any, Any, Any]) -> tuple[Session | None, Sequence[Saved]]:
        """With the saved views, where the answer may be a page that has a navigation."""
        token = request.cookies.get(self.console.cookies.session)
        if not token:
            return None, ()
        now, idle, has_frame = self.console.clock.now(), self.console.idle, is_whole(request)

        def read(connection: Connection) -> tuple[Session | None, Sequence[Saved]]:
            found = sessions.find(connection, token, idle, now)
            return found, view_addresses.offered(connection, found.person) if found and has_frame else ()

        found, views = await self.console.database.read(read)
        if found and found.slides(now) and not is_poll(request):
            self.do_later(found)
        return found, views

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


def tell(scope: HTTPScope, status: int, seconds: float) -> None:
    """Metadata alone: no query, no body, no cookie. Escaped, since a path may hold anything."""
    visit: Visit | None = scope["state"].get("visit")
    LOG.info(
        "request",
        method=scope["method"],
        path=nameable(scope["path"]).encode("unicode_escape").decode("ascii"),
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


def is_whole(request: Request[Any, Any, Any]) -> bool:
    """Whether it may be answered with more than a part of a page."""
    asks_part = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    return not asks_part and request.scope["path"] != "/live"


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


def address_of(request: Request[Any, Any, Any], proxies: Sequence[str]) -> str:
    peer = request.client.host if request.client else ""
    return client_address(peer, request.headers.get("x-forwarded-for", ""), proxies)
