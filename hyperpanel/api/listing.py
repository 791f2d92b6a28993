"""Lists, whatever of: the part that is asked for, and the envelope or the lines that its rows leave in.

A list's module says how one page of it is fetched; asked for NDJSON, pages follow one another until there are no more, and no more than
one of them is in memory.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar, cast
from urllib.parse import parse_qsl, urlencode

import msgspec
from litestar.connection import Request
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Stream

from hyperpanel.api.asking import LARGEST_OFFSET, CursorText, GroupName, Limit, Offset, PanelNames
from hyperpanel.api.callers import Caller, caller_of
from hyperpanel.api.errors import BadAsk, BadKey
from hyperpanel.client.envelopes import End, Ended, Listed, Pagination, Rows
from hyperpanel.db import api_keys
from hyperpanel.db.panels import folded
from hyperpanel.errors import Missing
from hyperpanel.support import api_keys as rules

T = TypeVar("T")
NDJSON = "application/x-ndjson"
AS_LINES = {"Content-Type": NDJSON}
"""As a header: what a stream is told as its media type, the handler's own takes the place of."""

AT_ONCE = 1000
ENCODER = msgspec.json.Encoder()
POSITION = ("cursor", "offset")


@dataclass(frozen=True)
class Asked:
    """The part of a list that is asked for. `panel_ids`: the panels it is about, all of them the caller's; `pairs`: the query as it came;
    `limit` None: all there are, of an answer in lines; `counts`: whether the total is told."""

    limit: int | None
    offset: int
    cursor: str
    panel_ids: Sequence[int]
    pairs: Sequence[tuple[str, str]] = ()
    path: str = ""
    wants_lines: bool = False
    counts: bool = True
    caller: Caller | None = None

    @property
    def rows(self) -> int:
        """How many to fetch."""
        return AT_ONCE if self.limit is None else self.limit


Asking = NamedDependency[SkipValidation[Asked]]
"""How a handler asks for it: `asked: Asking`; so it takes limit, offset, cursor, panel and group."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """`next_cursor`: empty where there are no more rows; `count`: of the whole list, exact where `is_total`; `reaches_back_to`: None where
    that is not known, or rows are no records."""

    rows: Sequence[T]
    next_cursor: str = ""
    count: int = 0
    is_total: bool = True
    as_of: datetime | None = None
    reaches_back_to: datetime | None = None


def asked(
    request: Request[Any, Any, Any],
    limit: Limit = 100,
    offset: Offset = 0,
    cursor: CursorText = "",
    panel: PanelNames = "",
    group: GroupName = "",
) -> Asked:
    if offset > LARGEST_OFFSET:
        raise BadAsk(
            f"offset: at most {LARGEST_OFFSET}. Go on by cursor, which is quicker, or narrow the list down by its dates.",
            ["offset"],
        )
    if cursor and offset:
        raise BadAsk("cursor, offset: give one of the two.", ["cursor", "offset"])
    caller, lines = caller_of(request), takes_lines(request)
    pairs = tuple(parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True))
    is_whole = lines and not is_bodiless(request) and not any(name == "limit" for name, _ in pairs)
    return Asked(
        limit=None if is_whole else limit,
        offset=offset,
        cursor=cursor,
        panel_ids=chosen(caller, panel, group),
        pairs=pairs,
        path=caller.base + request.scope["path"],
        wants_lines=lines,
        counts=not lines,
        caller=caller,
    )


def takes_lines(request: Request[Any, Any, Any]) -> bool:
    return NDJSON in request.headers.get("accept", "")


def is_bodiless(request: Request[Any, Any, Any]) -> bool:
    """HEAD: nobody reads the lines, so there is no use in going through all of them."""
    return bool(request.scope["state"].get("is_bodiless"))


def chosen(caller: Caller, panel: str, group: str) -> Sequence[int]:
    """The panels that are named, by themselves or by their group; else all. Raises Missing for a name that is none of the caller's."""
    names = [name for name in panel.split(",") if name.strip()]
    if panel and not names:
        raise BadAsk("panel: no panel is named. Leave it out, or name one.", ["panel"])
    if group and not group.strip():
        raise BadAsk("group: no group is named. Leave it out, or name one.", ["group"])
    found = {caller.panel(name).id for name in names}
    if group:
        members = {line.id for line in caller.panels.values() if folded(line.group or "") == folded(group)}
        if not members:
            raise Missing("panel")
        found |= members
    return sorted(found) if names or group else sorted(line.id for line in caller.panels.values())


async def reply(asked: Asked, fetch: Callable[[Asked], Awaitable[Page[T]]]) -> Listed[T]:
    """The page in its envelope; or where lines are asked for, the answer that sends them, which Litestar takes in its place."""
    first = await fetch(asked)
    if asked.wants_lines:
        return cast(Listed[T], Stream(lines(asked, first, fetch), headers=AS_LINES))
    return answer(asked, first)


def answer(asked: Asked, page: Page[T]) -> Listed[T]:
    onward = pointing(asked, cursor=page.next_cursor) if page.next_cursor else ""
    limit = asked.rows
    before = pointing(asked, offset=str(max(0, asked.offset - limit))) if asked.offset else ""
    return Listed(
        data=Rows(page.count, page.is_total, page.rows),
        pagination=Pagination(before, onward, asked.offset, limit, page.next_cursor),
        as_of=page.as_of,
        reaches_back_to=page.reaches_back_to,
    )


def pointing(asked: Asked, **place: str) -> str:
    kept = [pair for pair in asked.pairs if pair[0] not in POSITION]
    return f"{asked.path}?{urlencode([*kept, *place.items()])}"


async def still_good(caller: Caller) -> None:
    """Raises BadKey for one that may do less by now than when its answer began: a long one must not outlast its key."""
    held = await caller.read(lambda connection: api_keys.held(connection, caller.key.id))
    allowed = held and rules.rights(held, caller.api.clock.now())
    sees = allowed and all(allowed.scope.holds(line.id) for line in caller.panels.values())
    if not allowed or not sees or not caller.scopes <= allowed.scopes:
        raise BadKey


async def lines(asked: Asked, page: Page[T], fetch: Callable[[Asked], Awaitable[Page[T]]]) -> AsyncIterator[bytes]:
    """Each page's rows together, so that a million rows are a thousand pieces; at last how many they were."""
    sent = 0
    while True:
        yield ENCODER.encode_lines(page.rows)
        sent += len(page.rows)
        left = None if asked.limit is None else asked.limit - sent
        if not page.next_cursor or (left is not None and left <= 0):
            break
        if asked.caller:
            await still_good(asked.caller)
        page = await fetch(
            replace(asked, limit=left if left is None else min(left, AT_ONCE), offset=0, cursor=page.next_cursor)
        )
    yield ENCODER.encode_lines([End(Ended(sent, page.next_cursor))])
