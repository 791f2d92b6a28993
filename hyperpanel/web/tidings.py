"""What a page is told, as server-sent events: `news` of rows, `ages` of what is held, `resync` where both are to be read anew, and `over` once
nobody is signed in there.

The id of each is the number of the news up to which the page has been told, so that a browser that comes again names it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from hyperpanel.db.news import MOST_IDS, Item
from reports import freshness

ALIVE = b":\n"
"""A comment: no page hears it, and no proxy takes the connection to be dead."""


def event(name: str, data: object) -> bytes:
    return b"event: %s\ndata: %s\n" % (name.encode(), msgspec.json.encode(data))


def numbered(words: bytes, number: int) -> bytes:
    return b"%sid: %d\n\n" % (words, number)


def resync(number: int) -> bytes:
    return numbered(event("resync", {}), number)


def over(number: int) -> bytes:
    """The session ended: there is nobody to tell anything."""
    return numbered(event("over", {}), number)


def news(item: Item, panel: str) -> bytes:
    told = {"stream": item.stream, "panel": panel, "ids": item.ids, "arrived": item.arrived}
    return numbered(event("news", told), item.number)


def ages(feeds: Sequence[freshness.Feed], now: datetime) -> bytes:
    at = freshness.oldest(feeds)
    return event("ages", {"at": at, "state": freshness.worst(freshness.state(feed, now) for feed in feeds)})


def together(items: Iterable[Item]) -> list[Item]:
    """One for each feed, under the last of their numbers."""
    found: dict[tuple[int, str], Item] = {}
    for item in items:
        before = found.get((item.panel_id, item.stream))
        found[item.panel_id, item.stream] = joined(before, item) if before else item
    return sorted(found.values(), key=lambda item: item.number)


def joined(one: Item, other: Item) -> Item:
    ids = None if one.ids is None or other.ids is None else tuple(dict.fromkeys((*one.ids, *other.ids)))
    few = ids if ids is not None and len(ids) <= MOST_IDS else None
    return replace(other, arrived=one.arrived + other.arrived, ids=few)
