"""A ticket's own answer as a page of its messages, oldest first, whichever way the upstream tells them.

Most list the oldest first, some the newest; messages of one second keep the upstream's own direction, since nothing else orders them.
"""

from collections.abc import Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from sync.connectors import wire
from sync.connectors.base import Page
from sync.connectors.columns import Times, digests
from sync.connectors.wire import Id, Number
from sync.verdicts import Trouble

MOST_MESSAGES = 10_000
REPEATED = 3600
"""Seconds by which a wall clock falls when summer time ends: no reason to change the order of what was said."""


class Detail(msgspec.Struct):
    id: Id
    messages: list[msgspec.Raw]


class MessageTime(msgspec.Struct, gc=False):
    created_timestamp: Number = None
    created: str | None = None


DETAIL = msgspec.json.Decoder(Detail)
TIME = msgspec.json.Decoder(MessageTime)


def page(detail: msgspec.Raw, ticket: str, zone: ZoneInfo, version: int) -> Page:
    """Raises Trouble where this is not that ticket with its messages."""
    told = messages(detail, ticket)
    times = Times(zone)
    for raw in told:
        add_time(times, raw)
    stamps = times.settled()
    places = oldest_first(stamps, times.are_exact)
    raws = [told[place] for place in places]
    return Page(
        keys=[str(place) for place in range(len(raws))],
        created=[stamps[place] for place in places],
        raws=raws,
        digests=digests(raws, version),
        more=False,
        exact_times=times.are_exact,
        whole=True,
    )


def messages(detail: msgspec.Raw, ticket: str) -> list[msgspec.Raw]:
    try:
        found = wire.decoded(DETAIL, bytes(detail))
        identity = wire.key(found.id)
    except wire.UNREADABLE:
        raise Trouble("shape", detail="a ticket came without its messages") from None
    if identity != ticket:
        raise Trouble("shape", detail=f"ticket {ticket} was asked for and {identity} came")
    if len(found.messages) > MOST_MESSAGES:
        raise Trouble("shape", detail=f"a ticket came with {len(found.messages)} messages")
    return found.messages


def add_time(times: Times, raw: msgspec.Raw) -> None:
    try:
        time = wire.decoded(TIME, bytes(raw))
        times.add(time.created_timestamp, time.created)
    except wire.UNREADABLE:
        times.stamps.append(None)


def oldest_first(stamps: Sequence[int | None], are_exact: bool) -> list[int]:
    """The places in the order of time; what has no time stays beside what stands before it."""
    known = [stamp for stamp in stamps if stamp is not None]
    falls = sum(earlier > later for earlier, later in pairwise(known))
    rises = sum(earlier < later for earlier, later in pairwise(known))
    places = list(range(len(stamps)))
    if falls > rises:
        places.reverse()
        known.reverse()
    if not are_exact and all(earlier - later <= REPEATED for earlier, later in pairwise(known)):
        return places
    carried, last = {}, 0
    for place in places:
        last = carried[place] = stamps[place] or last
    return sorted(places, key=carried.__getitem__)
