"""What a console tells of itself before any record is read: that it is one, what a key may do there, and which panels it sees.

Whether it is one is asked without the key, which is nothing that another server should be shown.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

import httpx2
import msgspec

from sync import http
from sync.connectors import answers, wire
from sync.verdicts import Trouble

API = "/adminapi/v2"
BELOW = "/p/"
SCOPES = {
    "orders": "orders:read",
    "users": "users:read",
    "payments": "payments:read",
    "tickets": "tickets:read",
    "messages": "tickets:read",
    "services": "services:read",
    "panels": "panels:read",
}
"""Without which a stream is not told, or not which panels there are."""

PANELS = SCOPES["panels"]
PROVIDERS = "providers:read"
"""Without which orders come without their provider, what it charges, and their number there."""

AT_ONCE = 1000
T = TypeVar("T")
BeforeCall = Callable[[], Awaitable[object]]


class Health(msgspec.Struct):
    ok: bool


class Own(msgspec.Struct):
    """The key that asks."""

    scopes: list[str]
    per_minute: int


class StreamLine(msgspec.Struct):
    """`as_of`: to when the console has read it; None where it has not read it yet."""

    stream: str
    as_of: datetime | None = None


class Line(msgspec.Struct):
    """One of its panels, with the streams that the console reads of it."""

    name: str
    currency: str
    time_zone: str
    streams: list[StreamLine]
    kind: str = ""


class Place(msgspec.Struct):
    next_cursor: str = ""


class Placed(msgspec.Struct):
    """A list, as far as it says where it goes on."""

    pagination: Place = msgspec.field(default_factory=Place)


@dataclass(frozen=True)
class Console:
    """`lines`: the panels that the key sees, in the console's order."""

    own: Own
    lines: Sequence[Line]


HEALTH = msgspec.json.Decoder(Health)
OWN = msgspec.json.Decoder(Own)
LINE = msgspec.json.Decoder(Line)
PLACED = msgspec.json.Decoder(Placed)


async def told(client: httpx2.AsyncClient, url: str, key: str, before_call: BeforeCall) -> Console:
    """Three requests, and more where there are more panels than one tells. Raises Trouble."""
    await before_call()
    refuse_others(await get(client, f"{base(url)}{API}/health", {}))
    if not key.isascii():
        raise Trouble("auth")
    keyed = {"X-Api-Key": key}
    await before_call()
    own = detail(await get(client, f"{url}{API}/key", keyed), OWN)
    if PANELS not in own.scopes:
        raise Trouble("scope", scope=PANELS, detail=f"it lacks the scope {PANELS}")
    return Console(own, await every_line(client, f"{url}{API}/panels", keyed, before_call))


async def every_line(
    client: httpx2.AsyncClient, url: str, headers: dict[str, str], before_call: BeforeCall
) -> list[Line]:
    found: list[Line] = []
    query = {"limit": str(AT_ONCE)}
    while True:
        await before_call()
        answer = await get(client, f"{url}?{urlencode(query)}", headers)
        some = lines(answer)
        found += some
        cursor = read(PLACED, msgspec.Raw(answer.body)).pagination.next_cursor
        if not cursor or not some:
            return found
        query["cursor"] = cursor


def base(url: str) -> str:
    """Of the console itself, where this is the address of one of its panels."""
    head, mark, name = url.rpartition(BELOW)
    return head if mark and name and "/" not in name else url


def lines(answer: http.Answer) -> list[Line]:
    return [read(LINE, row) for row in answers.listed(answer, "panels").data.list]


async def get(client: httpx2.AsyncClient, url: str, headers: dict[str, str]) -> http.Answer:
    return await http.fetch(client, client.build_request("GET", url, headers=headers))


def refuse_others(answer: http.Answer) -> None:
    """A panel, or any other server, does not answer so."""
    answers.judge(answer)
    try:
        if answer.status == 200 and wire.decoded(HEALTH, answer.body).ok:
            return
    except wire.UNREADABLE:
        pass
    raise Trouble("no_console")


def detail(answer: http.Answer, form: msgspec.json.Decoder[T]) -> T:
    found = answers.single(answer)
    if found is None:
        raise Trouble("not_found", status=answer.status)
    return read(form, found)


def read(form: msgspec.json.Decoder[T], raw: msgspec.Raw) -> T:
    try:
        return wire.decoded(form, bytes(raw))
    except wire.UNREADABLE as problem:
        raise Trouble("shape", detail=str(problem)) from None


def scoped(trouble: Trouble, stream: str) -> Trouble:
    """Only a scope is ever lacking where a console says 403: another address is refused as another key is."""
    if trouble.code != "forbidden" or stream not in SCOPES:
        return trouble
    return Trouble("scope", scope=SCOPES[stream], detail=f"it lacks the scope {SCOPES[stream]}")
