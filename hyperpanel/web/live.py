"""An open page is told what changes under it: server-sent events from the hub, for as long as the page is looked at.

A stream ends after some minutes by itself, so that whoever asks is looked at anew. EventSource can send no header of ours: the number up
to which a page was told comes in its address at first, and as Last-Event-ID when the browser comes again by itself.
"""

import random
from collections.abc import AsyncIterator, Sequence

from litestar import get
from litestar.response import Stream
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import news, panels
from hyperpanel.db.news import Item
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput
from hyperpanel.web import tidings
from hyperpanel.web.errors import SignInFirst
from hyperpanel.web.guards import demand
from hyperpanel.web.listeners import Listener
from hyperpanel.web.panel_choice import chosen
from hyperpanel.web.visits import Visit, visit_of

PERMISSIONS = {
    "orders": "orders:read",
    "tickets": "tickets:read",
    "messages": "tickets:read",
    "users": "users:read",
    "payments": "payments:read",
    "services": "services:read",
}
LASTS = (300.0, 600.0)
COMES_AGAIN = (1000, 4000)
"""Milliseconds: pages that were cut off together do not come back together."""

MOST_MISSED = 300
LATE = 30.0
"""Seconds in which a commit on PostgreSQL has appeared, whatever its number."""

HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@get("/live", name="live", opt={"permission": "self"})
async def live(request: HTMXRequest) -> Stream:
    visit = visit_of(request)
    streams = await asked(visit)
    some = await visit.read(lambda connection: chosen(visit, panels.all_of(connection, visit.scope)))
    since = number(request.headers.get("last-event-id") or value(visit, "since"))
    listener = listening(visit, streams, some)
    visit.console.hub.refuse_crowd(listener.session.person.id)
    return Stream(events(visit, listener, since), media_type="text/event-stream", headers=HEADERS)


async def asked(visit: Visit) -> frozenset[str]:
    """Raises BadInput for what is no stream, and Refused for one that this person may not read."""
    streams = frozenset(name for name in value(visit, "streams").split(",") if name)
    if not streams or streams - PERMISSIONS.keys():
        raise BadInput("no such stream", "streams")
    for stream in sorted(streams):
        await demand(visit, PERMISSIONS[stream])
    return streams


def value(visit: Visit, name: str) -> str:
    return next((value for key, value in visit.url.pairs if key == name), "")


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def listening(visit: Visit, streams: frozenset[str], some: Sequence[Panel]) -> Listener:
    if visit.session is None:
        raise SignInFirst
    until = visit.console.clock.monotonic() + random.uniform(*LASTS)  # noqa: S311 -- not a secret
    return Listener(visit.session, streams, {panel.id: panel.name for panel in some}, until)


async def events(visit: Visit, listener: Listener, since: int | None) -> AsyncIterator[bytes]:
    hub = visit.console.hub
    with hub.listening(listener):
        await hub.begun.wait()
        words, listener.heard = await visit.read(lambda connection: missed(connection, visit, listener, since))
        yield b"retry: %d\n\n%s" % (random.randint(*COMES_AGAIN), words)  # noqa: S311 -- not a secret
        while (chunk := await listener.queue.get()) is not None:
            yield chunk


def missed(connection: Connection, visit: Visit, listener: Listener, since: int | None) -> tuple[bytes, int]:
    """What was committed since the page was made, and the number up to which this tells."""
    last = news.last(connection)
    if since is None or (since == last and not visit.console.hub.back):
        return b"", last
    if since > last or since < news.reach(connection):
        return tidings.resync(last), last
    scope = visit.scope.narrowed(listener.panels)
    found = news.since(connection, since - visit.console.hub.back, MOST_MISSED, scope)
    items = [item for item in found if listener.concerns(item) and (item.number > since or is_late(visit, item))]
    if len(found) >= MOST_MISSED:
        return tidings.resync(last), last
    told = (tidings.news(item, listener.panels[item.panel_id]) for item in tidings.together(items))
    return b"".join(told), last


def is_late(visit: Visit, item: Item) -> bool:
    return (visit.console.clock.now() - item.at).total_seconds() < LATE
