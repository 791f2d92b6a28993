"""Where each plan of a feed stands, as small values that the Store keeps as JSON. Times are the upstream's, in unix seconds.

The high-water mark rises only when a walk has ended; until then a crash resumes at the walk's position, and a page and the position
after it are committed together.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

OVERLAP_ROWS = 20
"""Rows read twice between two pages taken by offset: rows that others delete move the rest up."""

HEAD_OVERLAP = 15 * 60
"""Seconds read again before the mark: upstreams commit late and out of order."""

FUTURE = 300
"""A record dated later than this beyond the panel's clock does not raise the mark: it would hide what comes until then."""


Stamp = Annotated[int, Meta(ge=-62_000_000_000, le=253_402_300_799)]
"""What can be a moment. A position beyond that is damaged, and begins anew as one that is not JSON does."""

Clock = Annotated[float, Meta(ge=0, le=253_402_300_799)]


class Walk(msgspec.Struct, frozen=True):
    """A position on the way from new to old. `to` and `offset` are what the next request asks for."""

    floor: Stamp | None = None
    to: Stamp | None = None
    offset: Annotated[int, Meta(ge=0)] = 0
    tail: tuple[str, ...] = ()
    top: Stamp | None = None
    longest: int = 0
    proven: bool = True
    asked_again: bool = False
    pages: int = 0
    unsorted: bool = False
    """A page was not newest first: then no row's time says what follows, and only the list's end ends the walk."""


class Head(msgspec.Struct, frozen=True):
    mark: Stamp | None = None
    walk: Walk | None = None


class Again(msgspec.Struct, frozen=True):
    """A span of the past that somebody (`by`) asked to have read once more, down to `since`: the way it has gone. Of messages, `after` is the
    last ticket read."""

    since: Stamp
    begun: Clock
    by: str = ""
    walk: Walk | None = None
    after: str | None = None


class Backfill(msgspec.Struct, frozen=True):
    """`reached`: everything newer than this is held; `done`: down to the floor, or to the end of the list. Of messages, `after` is the place
    of the last ticket read. `again` goes first, and takes nothing back of what is held."""

    reached: Stamp | None = None
    floor: Stamp | None = None
    walk: Walk | None = None
    done: bool = False
    after: str | None = None
    again: Again | None = None

    def read_down_to(self, since: int) -> "Backfill":
        """Everything newer than `since` has been read."""
        if self.reached is not None and self.reached <= since:
            return self
        further = self.walk if self.walk is not None and self.walk.to is not None and self.walk.to <= since else None
        floor = since if self.done and (self.floor is None or since < self.floor) else self.floor
        return msgspec.structs.replace(self, reached=since, floor=floor, walk=further)

    def held_since(self, bound: int) -> "Backfill":
        """What is older has been let go of: should more be held one day, it is read from here on."""
        found = self
        if found.again is not None and found.again.since < bound:
            found = msgspec.structs.replace(found, again=msgspec.structs.replace(found.again, since=bound))
        if found.reached is None or found.reached >= bound:
            return found
        floor = None if found.floor is None else max(found.floor, bound)
        further = found.walk if found.walk is not None and found.walk.to is None else None
        return msgspec.structs.replace(found, reached=bound, floor=floor, walk=further)

    def anew(self) -> "Backfill":
        """The past is to be read again; what somebody asked for goes on."""
        return Backfill(again=self.again)


class Refresh(msgspec.Struct, frozen=True):
    """`after`: the last open id read in the pass under way. Where the upstream has no filter by ids, a walk instead."""

    after: str | None = None
    started: Clock | None = None
    whole: bool = True
    covered: Clock | None = None
    walk: Walk | None = None


class Sweep(msgspec.Struct, frozen=True):
    """`number` is that of the run which began it, 0 while none is under way. What is newer than `edge` (older, where the list ascends) has
    been compared with what is held, but for the rows of that very second that came: `ties`. `asking`: the walk is over, and those that
    were absent again and again are asked for by id, in their order beyond `after`. Of messages, `after` is the last ticket read.
    """

    number: Annotated[int, Meta(ge=0, lt=2**62)] = 0
    started: Clock = 0.0
    walk: Walk | None = None
    edge: Stamp | None = None
    ties: tuple[str, ...] = ()
    ascends: bool | None = None
    proven: bool = True
    asking: bool = False
    after: str | None = None


class Manners(msgspec.Struct, frozen=True):
    """What a feed has learned of its upstream: whether its filters work, the longest page it gave, whether it ever said that more follows.
    `touched`: whether the list comes in the order of last updates, where records tell them.

    What speaks against a filter may have been one bad answer, so it is tried again a day after it was doubted.
    """

    seek: bool = True
    by_ids: bool = True
    by_user: bool = True
    touched: bool = True
    cap: int = 0
    tells_more: bool = False
    doubted: int = 0

    def renewed(self, now: float) -> "Manners":
        believed = self.seek and self.by_ids and self.by_user and self.touched
        if believed or abs(now - self.doubted) < DOUBTED_FOR:
            return self
        return msgspec.structs.replace(self, seek=True, by_ids=True, by_user=True, touched=True)


DOUBTED_FOR = 86400

Cursor = Head | Backfill | Refresh | Sweep
CURSORS: dict[str, type[Cursor]] = {
    "head": Head,
    "watch": Refresh,
    "refresh": Refresh,
    "backfill": Backfill,
    "sweep": Sweep,
}


def load(plan: str, text: str | None) -> Cursor:
    """A cursor that cannot be read begins anew: reading again is harmless, a silent stop is not."""
    kind = CURSORS[plan]
    try:
        return msgspec.json.decode(text or "{}", type=kind)
    except msgspec.MsgspecError:
        return kind()


def dump(value: Cursor | Manners) -> str:
    return msgspec.json.encode(value).decode()


def newest(top: int | None, created: Sequence[int], now: float) -> int | None:
    """The newest creation time seen so far that the panel's clock has reached."""
    if created and (latest := max(created)) <= now + FUTURE:
        return latest if top is None else max(top, latest)
    known = [stamp for stamp in created if stamp <= now + FUTURE]
    return max([*known, *([top] if top is not None else [])], default=None)


def manners(text: str | None) -> Manners:
    """As `load`: what cannot be read is learned anew."""
    try:
        return msgspec.json.decode(text or "{}", type=Manners)
    except msgspec.MsgspecError:
        return Manners()


def under_way(cursor: Cursor) -> bool:
    """Whether a run stopped in the middle of this plan."""
    if isinstance(cursor, Sweep):
        return cursor.number > 0
    if isinstance(cursor, Backfill) and cursor.again is not None and cursor.again.walk is not None:
        return True
    return cursor.walk is not None or (isinstance(cursor, Refresh) and cursor.started is not None)
