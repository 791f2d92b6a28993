"""Which of the records set aside a page is about, and which part of their list: from the address and back to addresses.

`after` and `before` lead on from a row; `at` holds the first page still while newer records wait above it. What is done to all of them is
done to those that stood in the list: records that came since are left alone, since nobody has seen them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from hyperpanel.db import lists, set_aside
from hyperpanel.db.scope import Scope
from hyperpanel.db.set_aside import PAGE, Filters, Key, Line, Place
from hyperpanel.db.types import from_micros, micros
from hyperpanel.errors import BadInput
from hyperpanel.support import cursors
from hyperpanel.support.cursors import EARLIEST, LATEST, Cursor
from hyperpanel.web.addresses import Address
from hyperpanel.web.ages import STREAMS
from hyperpanel.web.frame import POSITION
from hyperpanel.web.panel_choice import CHOICE

HERE = "/settings/set-aside"
DISMISSED = "dismissed"
LIST = (*CHOICE, "stream", "state")
NEWER_TO = 100


@dataclass(frozen=True)
class Asked:
    filters: Filters
    place: Place

    @property
    def is_top(self) -> bool:
        return self.place.key is None or self.place.inclusive


@dataclass(frozen=True)
class Turned:
    """A page of the list; `newer`: how many came above it since."""

    asked: Asked
    rows: Sequence[Line]
    has_more: bool
    newer: int


def asked(address: Address) -> Asked:
    """Raises BadInput for what no page of ours leads to."""
    one = {name: value for name, value in reversed(address.pairs) if value}
    if one.get("stream", "orders") not in STREAMS or one.get("state", DISMISSED) != DISMISSED:
        raise BadInput("no such stream or state")
    filters = Filters(
        stream=one.get("stream"),
        record_id=one.get("record"),
        dismissed="state" in one,
        until=moment(one.get("until")),
        dismissed_at=moment(one.get("of")),
    )
    places = [(name, one[name]) for name in POSITION if name in one]
    if len(places) > 1:
        raise BadInput("two places at once")
    return Asked(filters, place(*places[0]) if places else Place())


def moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not EARLIEST <= int(text[:20]) <= LATEST:
        raise BadInput("an impossible time")
    return from_micros(int(text))


def place(name: str, text: str) -> Place:
    """The cursor is that of other lists, with the stream written before the id."""
    key = cursors.read(text).key
    stream, slash, record_id = key.id.partition("/")
    if key.at is None or len(key.at) != 1 or not isinstance(key.at[0], datetime) or not slash:
        raise BadInput("a place in another list")
    return Place(Key(key.at[0], key.panel_id, stream, record_id), name == "at", name == "before")


def cursor(row: Line) -> str:
    return str(Cursor(lists.Key((row.first_at,), row.panel_id, f"{row.stream}/{row.record_id}")))


def turn(connection: Connection, scope: Scope, wanted: Asked) -> Turned:
    """One row more than a page tells whether any is beyond; a page before the first is the first."""
    rows = set_aside.page(connection, scope, wanted.filters, wanted.place, PAGE + 1)
    if wanted.place.backwards and len(rows) <= PAGE:
        wanted = replace(wanted, place=Place())
        rows = set_aside.page(connection, scope, wanted.filters, wanted.place, PAGE + 1)
    has_more = len(rows) > PAGE
    rows = rows[-PAGE:] if wanted.place.backwards else rows[:PAGE]
    held = wanted.place.key if wanted.place.inclusive else None
    newer = set_aside.newer(connection, scope, wanted.filters, held, NEWER_TO + 1) if held else 0
    return Turned(wanted, rows, has_more or wanted.place.backwards, newer)


def older(address: Address, page: Turned) -> str | None:
    return str(top(address).having(after=cursor(page.rows[-1]))) if page.has_more and page.rows else None


def newer(address: Address, page: Turned) -> str | None:
    if page.asked.is_top:
        return str(top(address)) if page.newer else None
    return str(top(address).having(before=cursor(page.rows[0]))) if page.rows else str(top(address))


def live(address: Address, page: Turned) -> str:
    """The same rows again."""
    return str(top(address).having(at=cursor(page.rows[0]))) if page.asked.is_top and page.rows else str(address)


def top(address: Address) -> Address:
    return address.only(LIST)


def until(page: Turned, now: datetime) -> datetime:
    """Up to when all records of the list were first met."""
    return page.asked.place.key.first_at if page.asked.place.inclusive and page.asked.place.key else now


def act(address: Address, verb: str, bound: datetime) -> str:
    """Where something is done to all records of the list that were met by then."""
    return str(address.only(LIST, f"{HERE}/{verb}").having(until=str(micros(bound))))
