"""What changed since a cursor, for whoever keeps a copy: each record as it is now, or that it is gone.

A key is told of its own panels and streams alone. The cursor says which panels a follower knows: one that is no longer the key's is told
as gone, one that is new as a list to be read, since what it held before was no change.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any, cast

import msgspec
from litestar import get
from litestar.connection import Request
from litestar.params import QueryParameter
from litestar.response import Stream
from sqlalchemy import Connection

from hyperpanel.api import change_cursors, change_records
from hyperpanel.api.asking import ANY, GroupName, Limit, PanelNames
from hyperpanel.api.callers import Caller, Calling
from hyperpanel.api.change_cursors import LONGEST, Cursor, Known
from hyperpanel.api.errors import BadAsk, Expired
from hyperpanel.api.listing import AS_LINES, AT_ONCE, chosen, is_bodiless, still_good, takes_lines
from hyperpanel.client.following import AnyChange, Followed, FollowedEnd, Following, PanelChange, Told
from hyperpanel.db import changes
from hyperpanel.db.changes import STREAMS

NEEDS = {
    "orders": "orders:read",
    "users": "users:read",
    "payments": "payments:read",
    "tickets": "tickets:read",
    "messages": "tickets:read",
    "services": "services:read",
}
"""The scope that each stream asks for."""

ENCODER = msgspec.json.Encoder()
Since = Annotated[
    str,
    QueryParameter(
        max_length=LONGEST,
        description="`next_cursor` of the answer before. Without it nothing is told but the cursor of now.",
    ),
]
Streams = Annotated[
    str,
    QueryParameter(
        max_length=200,
        description="Of these alone, with commas between: orders, users, payments, tickets, messages, services. Else what the cursor "
        "follows, and at the beginning all that this key may read.",
    ),
]


@dataclass(frozen=True)
class Asked:
    """`cursor` None: from now on. `panel_ids`: those to be told of."""

    cursor: Cursor | None
    streams: frozenset[str]
    panel_ids: Sequence[int]
    most: int


@get("/changes", name="changes.index", opt={"scope": ANY})
async def index(
    request: Request[Any, Any, Any],
    caller: Calling,
    since: Since = "",
    streams: Streams = "",
    panel: PanelNames = "",
    group: GroupName = "",
    limit: Limit = 100,
) -> Following:
    """What came, changed or ended since a cursor, so far as this key has the scope of each stream. Begin without `since`, read the lists,
    then follow. Cursors are good for some days; with one that is too old the answer is 410 and holds a new one: read the lists anew, then go on
    from there."""
    cursor = change_cursors.load(since) if since else None
    asked = Asked(cursor, wanted(caller, streams, cursor), chosen(caller, panel, group), limit)
    lines = takes_lines(request)
    if lines and "limit" not in request.query_params and not is_bodiless(request):
        asked = replace(asked, most=AT_ONCE)
        return cast(Following, Stream(all_of(caller, asked, await part(caller, asked)), headers=AS_LINES))
    told = await part(caller, asked)
    return cast(Following, Stream(once(told), headers=AS_LINES)) if lines else Following(told)


def wanted(caller: Caller, text: str, cursor: Cursor | None) -> frozenset[str]:
    """Raises NotAllowed for one that this key may not read, also where the cursor follows it: going on without it, a scope that comes back
    would find its changes passed over. Raises BadAsk for one that the cursor has not followed."""
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    if unknown := sorted(names - {*STREAMS}):
        raise BadAsk(f"streams: there is no {unknown[0][:50]}. Known: {', '.join(STREAMS)}.", ["streams"])
    if cursor and (fresh := sorted(names - cursor.streams)):
        told = f"streams: this cursor has not followed {fresh[0]}. Begin anew without since, and read its list."
        raise BadAsk(told, ["streams"])
    followed = names or (cursor.streams if cursor else frozenset())
    for name in sorted(followed):
        caller.demand(NEEDS[name])
    if followed:
        return followed
    found = frozenset(name for name in STREAMS if caller.may(NEEDS[name]))
    if not found:
        caller.demand(NEEDS["orders"])
    return found


async def part(caller: Caller, asked: Asked) -> Told:
    return await caller.read(lambda connection: told(connection, caller, asked))


def told(connection: Connection, caller: Caller, asked: Asked) -> Told:
    """In one snapshot: the records are no older than the cursor that goes with them. Raises Expired."""
    mine = known(caller, asked.panel_ids)
    cursor = asked.cursor
    if cursor is None:
        return Told([], 0, False, fresh(connection, caller, asked, mine))
    kept = timedelta(days=caller.api.settings.api.changes_days)
    if not changes.stands(connection, cursor.place, caller.now, kept):
        raise Expired(fresh(connection, caller, asked, mine))
    scope = caller.scope.narrowed(mine)
    found = changes.since(connection, cursor.place, caller.now, scope, asked.streams, asked.most)
    away = away_of(caller, cursor)
    if any(one.is_digest for one in away.values()):  # there was no room for its name, by which it would have to be told
        raise Expired(fresh(connection, caller, asked, mine))
    new = [one.name for key, one in mine.items() if not is_same(cursor.panels.get(key), one)]
    rows: list[AnyChange] = [
        *panels_of([one.name for one in away.values()], new),
        *change_records.of(connection, caller, found.items),
    ]
    onward = Cursor(found.place, asked.streams, kept_in_mind(cursor, away) | mine)
    return Told(rows, len(rows), found.has_more, change_cursors.dump(onward))


def known(caller: Caller, panel_ids: Sequence[int]) -> dict[int, Known]:
    sight = " providers" if caller.may("providers:read") else ""
    lines = [line for line in caller.panels.values() if line.id in set(panel_ids)]
    return {line.id: Known(line.name, f"{line.currency} {line.zone}{sight}") for line in lines}


def fresh(connection: Connection, caller: Caller, asked: Asked, panels: dict[int, Known]) -> str:
    return change_cursors.dump(Cursor(changes.here(connection, caller.now), asked.streams, panels))


def panels_of(gone: Sequence[str], new: Sequence[str]) -> list[PanelChange]:
    """One that has another name by now is gone under its old one, and one whose records are written in another currency or time zone, or with
    other fields, is to be read anew."""
    said = [(name, True) for name in sorted(gone)] + [(name, False) for name in sorted(new)]
    return [PanelChange(panel=name, id=name, gone=is_gone) for name, is_gone in said]


def away_of(caller: Caller, cursor: Cursor) -> dict[int, Known]:
    """Those that are not the key's any more, or not by that name. What was only not asked for this time is not gone; and an address of one
    panel knows nothing of others."""
    if is_narrowed(caller):
        return {}
    seen = {line.id: line.name for line in caller.panels.values()}
    return {key: one for key, one in cursor.panels.items() if not one.is_called(seen.get(key))}


def kept_in_mind(cursor: Cursor, away: Mapping[int, Known]) -> dict[int, Known]:
    """Panels that were told of before and are not asked for this time: to be read anew when they are, and told as gone when they go."""
    return {key: one._replace(terms="") for key, one in cursor.panels.items() if key not in away}


def is_narrowed(caller: Caller) -> bool:
    return "/p/" in caller.base


def is_same(before: Known | None, now: Known) -> bool:
    return before is not None and before.terms == now.terms and before.is_called(now.name)


async def once(told: Told) -> AsyncIterator[bytes]:
    yield ENCODER.encode_lines(told.list)
    yield ENCODER.encode_lines([FollowedEnd(Followed(told.count, told.has_more, told.next_cursor))])


async def all_of(caller: Caller, asked: Asked, told: Told) -> AsyncIterator[bytes]:
    """Page after page, until there are no more."""
    sent = 0
    while True:
        yield ENCODER.encode_lines(told.list)
        sent += told.count
        if not told.has_more:
            break
        await still_good(caller)
        told = await part(caller, replace(asked, cursor=change_cursors.load(told.next_cursor)))
    yield ENCODER.encode_lines([FollowedEnd(Followed(sent, told.has_more, told.next_cursor))])
