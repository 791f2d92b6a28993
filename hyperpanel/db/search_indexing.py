"""Indexing what is queued, some hundred records at a time, each time in a transaction of its own: broken off, it goes on where it stopped.

A record is looked at as it is now, whatever happened since it was queued: its texts are indexed anew if they are another, and taken out if it
is gone. SQLite's index takes rows fastest in the order of their numbers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Connection, Select, bindparam, delete, func, insert, select, union_all, update

from hyperpanel.db.schema import MIRRORED, text_queue, texts, user_renames
from hyperpanel.db.search_tables import grams_of
from hyperpanel.db.search_texts import (
    SLOTS,
    TEXTS,
    digest,
    first_of,
    folded,
    grams,
    hashed,
    numbered,
    panel_sign,
    rank,
    span,
)

AT_ONCE = 300
QUEUED = 100
"""Rows of the queue that are taken together: most pages change one or two records."""

AHEAD = 20_000
"""Numbers among which a free one is looked for: first among those of its second, then among some times as many."""

WIDER = 4
RANGES = 32
"""That are read by one statement."""

ENDS = ("low", "high")
NO_RANGE = (-1, -1)


def in_range(place: int) -> Select[Any]:
    low, high = (bindparam(f"{name}_{place}", type_=BigInteger) for name in ENDS)
    return select(texts.c.number).where(texts.c.number.between(low, high))


IN_RANGES = union_all(*map(in_range, range(RANGES)))
"""Each by itself, since of many ranges joined by OR a planner may rather read the whole index."""


@dataclass(frozen=True)
class Text:
    """What is to be indexed of one record."""

    id: str
    created_at: datetime | None
    folded: str


def step(connection: Connection, at_once: int = AT_ONCE) -> int:
    """How many records were looked at; 0 when nothing is queued. What is new does not wait for all that was held before."""
    waiting = select(text_queue).order_by(text_queue.c.ids.is_(None), text_queue.c.number).limit(QUEUED)
    queue = connection.execute(waiting.with_for_update()).all()
    if not queue:
        return 0
    first = queue[0]
    if first.ids is None:
        return walk(connection, first, at_once)
    taken: list[str] = []
    for row in queue:
        if (row.panel_id, row.stream, row.ids is None) != (first.panel_id, first.stream, False) or len(
            taken
        ) >= at_once:
            break
        taken += take(connection, row, at_once - len(taken))
    index(connection, first.panel_id, first.stream, list(dict.fromkeys(taken)))
    return len(taken)


def take(connection: Connection, row: Any, most: int) -> list[str]:
    """Some ids of a row of the queue, which keeps the others."""
    ids: list[str] = msgspec.json.decode(row.ids)
    mine = text_queue.c.number == row.number
    if len(ids) <= most:
        connection.execute(delete(text_queue).where(mine))
    else:
        left = {"ids": msgspec.json.encode(ids[most:]).decode(), "rows": len(ids) - most}
        connection.execute(update(text_queue).where(mine).values(left))
    return ids[:most]


def walk(connection: Connection, row: Any, most: int) -> int:
    """The next of all records of a stream, in the order of their ids."""
    held = MIRRORED[row.stream]
    asked = select(held.c.id).where(held.c.panel_id == row.panel_id, held.c.gone_at.is_(None))
    asked = asked if row.after is None else asked.where(held.c.id > row.after)
    ids = connection.scalars(asked.order_by(held.c.id).limit(most)).all()
    index(connection, row.panel_id, row.stream, ids)
    mine = text_queue.c.number == row.number
    if len(ids) < most:
        connection.execute(delete(text_queue).where(mine))
    else:
        left = {"after": ids[-1], "rows": max(1, row.rows - most)}
        connection.execute(update(text_queue).where(mine).values(left))
    return max(1, len(ids))


def index(connection: Connection, panel_id: int, stream: str, ids: Sequence[str]) -> None:
    """Raises nothing for records that are no longer there: what was indexed of them goes."""
    if not ids:
        return
    now = {text.id: text for text in read(connection, panel_id, stream, ids) if text.folded}
    of = (texts.c.panel_id == panel_id, texts.c.stream == stream)
    asked = select(texts.c.record_id, texts.c.digest).where(*of, texts.c.record_id.in_(ids))
    was = {row.record_id: row.digest for row in connection.execute(asked)}
    same = {id for id, known in was.items() if id in now and digest(now[id].folded) == known}
    stale = sorted(was.keys() - same)
    if stale:
        connection.execute(delete(texts).where(*of, texts.c.record_id.in_(stale)))
    fresh = [text for text in now.values() if text.id not in same]
    if fresh:
        add(connection, panel_id, stream, fresh)


def read(connection: Connection, panel_id: int, stream: str, ids: Sequence[str]) -> list[Text]:
    """Held against an erasure meanwhile: whatever is indexed of a record goes with it."""
    held = MIRRORED[stream]
    created = held.c.get("created_at")
    asked = select(held.c.id, *(held.c[name] for name in TEXTS[stream]), *(() if created is None else (created,)))
    mine = asked.where(held.c.panel_id == panel_id, held.c.id.in_(ids), held.c.gone_at.is_(None))
    rows = connection.execute(mine.with_for_update(read=True)).all()
    before = renamed(connection, panel_id, ids) if stream == "users" else {}
    last = 1 + len(TEXTS[stream])
    return [
        Text(row.id, None if created is None else row.created_at, folded((*row[1:last], *before.get(row.id, ()))))
        for row in rows
    ]


def renamed(connection: Connection, panel_id: int, ids: Sequence[str]) -> dict[str, list[str]]:
    """Names that users had."""
    found: dict[str, list[str]] = {}
    of = (user_renames.c.panel_id == panel_id, user_renames.c.user_id.in_(ids))
    for row in connection.execute(select(user_renames.c.user_id, user_renames.c.was).where(*of)):
        found.setdefault(row.user_id, []).append(row.was)
    return found


def add(connection: Connection, panel_id: int, stream: str, fresh: Sequence[Text]) -> None:
    numbers = free(connection, stream, [rank(text.created_at, text.id) for text in fresh])
    known = sorted(zip(numbers, fresh, strict=True), key=lambda one: one[0])
    on_sqlite = connection.dialect.name == "sqlite"
    connection.execute(
        insert(texts),
        [
            {
                "panel_id": panel_id,
                "stream": stream,
                "record_id": text.id,
                "number": number,
                "digest": digest(text.folded),
                "grams": None
                if on_sqlite
                else [hashed(gram) for gram in (stream, panel_sign(panel_id), *grams(text.folded))],
            }
            for number, text in known
        ],
    )
    if on_sqlite:
        rows = [{"rowid": number, "panel": panel_sign(panel_id), "text": text.folded} for number, text in known]
        connection.execute(insert(grams_of(stream)), rows)


def free(connection: Connection, stream: str, ranks: Sequence[int]) -> list[int]:
    """A number for each, as near where it belongs as one is free. Where too many are of one moment, all count as the stream's newest."""
    starts = {one: first_of(stream, one) for one in ranks}
    rooms = dict.fromkeys(ranks, 0)
    taken: set[int] = set()
    while True:
        found = numbered(stream, ranks, set(taken))
        crowded = {one for one, number in zip(ranks, found, strict=True) if number >= starts[one] + rooms[one]}
        if not crowded:
            return found
        rooms |= {one: rooms[one] * WIDER or SLOTS for one in crowded}
        if max(rooms.values()) > AHEAD:
            return newest(connection, stream, len(ranks))
        taken |= held(connection, joined([(starts[one], starts[one] + rooms[one] - 1) for one in crowded]))


def joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that touch each other as one, so that nothing is read twice."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def held(connection: Connection, ranges: Sequence[tuple[int, int]]) -> set[int]:
    """The numbers in these ranges, and none between them: records of one batch may lie years apart."""
    found: set[int] = set()
    for first in range(0, len(ranges), RANGES):
        some = ranges[first : first + RANGES]
        padded = [*some, *[NO_RANGE] * (RANGES - len(some))]
        given = {
            f"{name}_{place}": at for place, both in enumerate(padded) for name, at in zip(ENDS, both, strict=True)
        }
        found.update(connection.scalars(IN_RANGES, given))
    return found


def newest(connection: Connection, stream: str, many: int) -> list[int]:
    first, last = span(stream)
    number = connection.scalar(select(func.max(texts.c.number)).where(texts.c.number.between(first, last)))
    return [(first if number is None else number) + 1 + place for place in range(many)]
