"""Lists and details of what was read from panels, whatever of: the same walk, the same places, the same refusals.

A page is one statement for its rows and one for the age of what they are of, however many panels there are. Pages go on behind the last
row's key, so that nothing is passed over or told twice while orders arrive; an offset is turned into the key that stands there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table

from hyperpanel.api.asking import PanelNames
from hyperpanel.api.callers import Caller
from hyperpanel.api.errors import Ambiguous, BadAsk
from hyperpanel.api.listing import Asked, Page, chosen, reply
from hyperpanel.client.envelopes import Detail, Listed
from hyperpanel.db import list_pages, stream_ages, whereabouts
from hyperpanel.db.list_pages import COUNTED_TO
from hyperpanel.db.lists import Count, Filters, Key, Listing, Place
from hyperpanel.db.stream_ages import Held
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import cursors
from hyperpanel.support.cursors import Cursor
from sync.records import folded

T = TypeVar("T")
SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)
MOST_IDS = 1_000
MOST_WORDS = 100
LONGEST_ID = 200


@dataclass(frozen=True)
class View:
    """What rows are written with: the names and time zones of their panels, and as of when each is."""

    names: Mapping[int, str]
    zones: Mapping[int, ZoneInfo]
    held: Mapping[int, Held]
    sees_providers: bool

    def as_of(self, panel_id: int) -> datetime | None:
        held = self.held.get(panel_id)
        return held.as_of if held else None

    @cached_property
    def told(self) -> Mapping[int, tuple[str, ZoneInfo, datetime | None]]:
        """All three of each panel at once: a page asks for them a thousand times."""
        return {panel_id: (name, self.zones[panel_id], self.as_of(panel_id)) for panel_id, name in self.names.items()}


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A stream as it is told. `sorts`: by the word that is asked with, the list's order and whether the largest come first."""

    stream: str
    listing: Listing
    sorts: Mapping[str, tuple[str, bool]]
    row: Callable[[View, Any], T]


@dataclass(frozen=True)
class Question:
    """A kind's rows that match, in an order."""

    kind: Kind[Any]
    filters: Filters = field(default_factory=dict)
    sort: str = ""

    @property
    def order(self) -> tuple[str, bool]:
        return self.kind.sorts[self.sort] if self.sort else next(iter(self.kind.sorts.values()))


Narrowing = Callable[[Connection, Filters], Filters | None]
"""What a filter comes to once the database was asked; None where nothing can match."""


async def listed(caller: Caller, asked: Asked, question: Question, narrowing: Narrowing | None = None) -> Listed[Any]:
    async def fetch(part: Asked) -> Page[Any]:
        return await caller.read(lambda connection: page(connection, caller, part, question, narrowing))

    return await reply(asked, fetch)


def page(
    connection: Connection, caller: Caller, asked: Asked, question: Question, narrowing: Narrowing | None
) -> Page[Any]:
    seen = view(connection, caller, asked.panel_ids, question.kind.stream)
    filters = narrowing(connection, question.filters) if narrowing else question.filters
    if filters is None:
        return Page((), as_of=oldest(seen, asked.panel_ids), reaches_back_to=reach(seen, asked.panel_ids))
    return turned(connection, caller, asked, Question(question.kind, filters, question.sort), seen)


def turned(connection: Connection, caller: Caller, asked: Asked, question: Question, seen: View) -> Page[Any]:
    kind, listing, (sort, falling) = question.kind, question.kind.listing, question.order
    start = placed(asked.cursor, question) if asked.cursor else None
    is_beyond = False
    if asked.offset:
        place = Place(sort, falling)
        start = list_pages.passed(
            connection, caller.scope, asked.panel_ids, listing, question.filters, place, asked.offset
        )
        is_beyond = start is None
    found = [] if is_beyond else rows(connection, caller, asked, question, start)
    lines, has_more = found[: asked.rows], len(found) > asked.rows
    is_all = not (asked.cursor or asked.offset or has_more)
    count = Count(len(lines), True) if is_all else counted(connection, caller, asked, question, seen)
    return Page(
        rows=[kind.row(seen, line) for line in lines],
        next_cursor=f"{mark(question)}{Cursor(listing.key(lines[-1], sort))}" if has_more else "",
        count=count.number,
        is_total=count.is_whole,
        as_of=oldest(seen, asked.panel_ids),
        reaches_back_to=reach(seen, asked.panel_ids),
    )


def rows(connection: Connection, caller: Caller, asked: Asked, question: Question, start: Key | None) -> list[Any]:
    """One more than is asked for, which tells whether there are any beyond."""
    place = Place(*question.order, start)
    listing = question.kind.listing
    return list_pages.page(connection, caller.scope, asked.panel_ids, listing, question.filters, place, asked.rows + 1)


def counted(connection: Connection, caller: Caller, asked: Asked, question: Question, seen: View) -> Count:
    if not asked.counts:
        return Count(0, False)
    if not question.filters and sum(held.rows for held in seen.held.values()) > COUNTED_TO:
        return Count(COUNTED_TO, False)
    return list_pages.count(
        connection, caller.scope, asked.panel_ids, question.kind.listing, question.filters, question.order[0]
    )


def mark(question: Question) -> str:
    """What a cursor begins with: its place is one of this list in this order, and of no other."""
    sorts = list(question.kind.sorts)
    return f"{question.kind.stream[0]}{sorts.index(question.sort) if question.sort else 0}."


def placed(cursor: str, question: Question) -> Key:
    """Raises BadAsk."""
    begin, _, text = cursor.rpartition(".")
    try:
        key = cursors.read(text).key
    except BadInput as problem:
        raise BadAsk(f"cursor: {problem}. Give the next_cursor of a page of this list.", ["cursor"]) from None
    if f"{begin}." != mark(question) or not question.kind.listing.sorts[question.order[0]].fits(key):
        raise BadAsk("cursor: it is of another list, or of this one in another order.", ["cursor"])
    return key


def view(connection: Connection, caller: Caller, panel_ids: Sequence[int], stream: str) -> View:
    panels = [line for line in caller.panels.values() if line.id in set(panel_ids)]
    return View(
        names={line.id: line.name for line in panels},
        zones={line.id: zone_of(line.zone) for line in panels},
        held=stream_ages.held(connection, caller.scope, panel_ids, stream),
        sees_providers=caller.may("providers:read"),
    )


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def oldest(seen: View, panel_ids: Sequence[int]) -> datetime | None:
    """None where any was never read: nothing is known of how that one is."""
    ages = [seen.as_of(panel_id) for panel_id in panel_ids]
    known = [age for age in ages if age is not None]
    return min(known) if known and len(known) == len(ages) else None


def reach(seen: View, panel_ids: Sequence[int]) -> datetime | None:
    """From when on all of them are held; None where that is not known of any."""
    found = [held.reached for panel_id in panel_ids if (held := seen.held.get(panel_id))]
    known = [moment for moment in found if moment is not None]
    return max(known) if known and len(known) == len(panel_ids) else None


async def detailed(
    caller: Caller,
    panel: PanelNames,
    kind: Kind[Any],
    record_id: str,
    read: Callable[[Connection, View, int], T | None],
) -> Detail[T]:
    """Raises Missing, and Ambiguous where several panels have it."""
    panel_ids = chosen(caller, panel, "")

    def work(connection: Connection) -> T | None:
        panel_id = whose(connection, caller, panel_ids, kind.listing.table, record_id)
        return read(connection, view(connection, caller, [panel_id], kind.stream), panel_id)

    found = await caller.read(work)
    if found is None:
        raise Missing(kind.stream)
    return Detail(found)


def whose(connection: Connection, caller: Caller, panel_ids: Sequence[int], table: Table, record_id: str) -> int:
    if len(record_id) > LONGEST_ID:
        raise Missing(table.name)
    holders = whereabouts.holders(connection, caller.scope, panel_ids, table, record_id)
    if not holders:
        raise Missing(table.name)
    if len(holders) > 1:
        names = {line.id: line.name for line in caller.panels.values()}
        raise Ambiguous(sorted(names[holder] for holder in holders))
    return holders[0]


def given(**filters: str | tuple[Any, ...] | None) -> Filters:
    """What was asked for; what is empty is not."""
    asked = {name: value if isinstance(value, tuple) else (value,) for name, value in filters.items() if value}
    return asked


def words(text: str | None, name: str, most: int = MOST_WORDS) -> tuple[str, ...]:
    """A list with commas between. One that has nothing but commas finds nothing, as a panel has it."""
    if not text:
        return ()
    found = tuple(dict.fromkeys(word for part in text.split(",") if (word := part.strip()))) or ("",)
    if len(found) > most:
        raise BadAsk(f"{name}: at most {most} at once.", [name])
    return found


def statuses(text: str | None, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded(word) for word in words(text, name)))


def spellings(address: str | None) -> tuple[str, ...]:
    """Of an e-mail address, as either database has it in small letters: SQLite leaves those beyond ASCII as they are."""
    if not address:
        return ()
    return tuple(dict.fromkeys((address.lower(), address.translate(SMALL), address.upper().translate(SMALL))))


def since(seconds: int | None) -> tuple[datetime, ...]:
    return () if seconds is None else (datetime.fromtimestamp(seconds, UTC),)


def until(seconds: int | None) -> tuple[datetime, ...]:
    """The second itself is in it."""
    return () if seconds is None else (datetime.fromtimestamp(seconds, UTC) + timedelta(seconds=1),)
