"""The one seam to storage: what the engine asks of a database. `hyperpanel/db/store.py` implements it.

A page, the position after it and the run's counts are committed together, and only by the holder of the feed's current fence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from sync.connectors.base import Unread
from sync.cursors import Cursor, Manners
from sync.records import Message, Record
from sync.verdicts import Trouble


class ClaimLost(Exception):
    """Someone else holds the feed now (our lease ran out): stop at once, nothing of this page was written."""


@dataclass(frozen=True, order=True)
class FeedKey:
    """One stream of one panel."""

    panel_id: int
    stream: str


@dataclass(frozen=True)
class Claim:
    """A feed held for one run of one plan. `run` is its number within the panel."""

    feed: FeedKey
    plan: str
    holder: str
    fence: int
    run: int
    cursor: Cursor
    manners: Manners
    backfilled: bool = False
    """Whether the past has been read already: what a head walk leaves out then, nobody reads."""
    cached: int = 0
    mark: int | None = None
    """How many records of the feed are held, and the newest that a head walk has seen."""
    failures: int = 0
    """Runs of this plan in a row that ended in trouble."""


@dataclass(frozen=True)
class Turn:
    """Permission for one request: when to send it, and its observation number, which orders it among all of the panel. One that is not
    `granted` says when to ask again: somebody else goes first, or two calls are out; `is_down`: the panel does not answer."""

    at: datetime
    number: int
    granted: bool = True
    is_down: bool = False


@dataclass(frozen=True)
class Caller:
    """Who asks for a turn: the lowest `rank` goes first. `name` is its own among all processes, `run` that of its run (0: none).
    `landed`: the number of its call that is over; `took`: how many seconds that needed, where it was answered."""

    name: str
    rank: int
    run: int = 0
    landed: int | None = None
    took: float | None = None

    def without(self, turn: Turn) -> "Caller":
        """The same, giving back a turn that it did not use."""
        return replace(self, landed=turn.number if turn.granted else None, took=None)


class Fresh(NamedTuple):
    """A record that differs from its live row, with the digests to keep: of its bytes, and of its whitelisted fields."""

    record: Record
    digest: int
    fields: int


@dataclass(frozen=True)
class Window:
    """A part of a list that a sweep has read whole: what is held in it and did not come was absent. Stamps are unix seconds of `column`,
    from `low` up to but without `high`; None is without bound. `excused`: ids that came on the page before.
    `since`: what was created earlier proves nothing by its absence, nor does what has no such time; None is without bound."""

    sweep: int
    column: str
    low: int | None
    high: int | None
    excused: Sequence[str] = ()
    since: int | None = None


@dataclass(frozen=True)
class Thread:
    """All messages of a ticket as they came, oldest first. `read_for`: the ticket's digest when the thread was asked for; None where it could
    not be read, and is tried again after a while; `fleeting`: for a reason that time heals.
    `digest` is of the messages' bytes; `messages` is None where it equals the one that is held, so nothing was decoded."""

    ticket: str
    read_for: int | None
    digest: int
    messages: Sequence[Message] | None
    whole: bool = True
    """False where a message could not be read: then nothing that is held is taken to be absent."""
    fleeting: bool = False
    behind: bool = False
    """It may be older than its ticket, so it is asked for again soon."""


@dataclass(frozen=True)
class Batch:
    """What one answer brought. `at` is when it was asked for: the records are as of then, not later; of an upstream that holds copies they are
    as of `as_of`, if that is earlier.

    `empty`: fields without a value in all of the many records whose bytes had changed. `gone`: ids that were asked for alone and are no
    longer there, or (without a request, number 0) that were absent often enough. `heard`: the hints (username, number) it has answered.
    """

    number: int
    at: datetime
    read: int
    fresh: Sequence[Fresh] = ()
    unread: Sequence[Unread] = ()
    missing: int = 0
    keys: Sequence[str] = ()
    calls: int = 1
    empty: Sequence[str] = ()
    window: Window | None = None
    thread: Thread | None = None
    gone: Sequence[str] = ()
    heard: Sequence[tuple[str, int]] = ()
    as_of: datetime | None = None

    @property
    def so_at(self) -> datetime:
        """When what it says was last surely so; that it was so no earlier than `at` nobody says."""
        return self.at if self.as_of is None else min(self.at, self.as_of)


@dataclass(frozen=True)
class Swept:
    """A sweep that has come to its end. What it read, and what of that was news, is in the counts of its runs."""

    sweep: int
    started_at: datetime
    proven: bool


class Hint(NamedTuple):
    """A user who occurs in what changed. `id` is None where no user of this name is held: new, or renamed."""

    username: str
    number: int
    id: str | None


class DueThread(NamedTuple):
    """A ticket whose messages are to be read. `read_for` is the ticket's digest now; `digest` that of the messages held; `place` says where
    in its plan's order it stands."""

    ticket: str
    read_for: int
    digest: int | None
    place: str


@dataclass(frozen=True)
class Committed:
    """`again`: ids whose rows were not written because a later request of this stream has been committed already.
    `turn`: the next request's, where one was asked for along with the commit."""

    new: int = 0
    changed: int = 0
    again: Sequence[str] = ()
    turn: Turn | None = None


@dataclass
class Tally:
    """One run in numbers."""

    calls: int = 0
    read: int = 0
    new: int = 0
    changed: int = 0
    set_aside: int = 0
    missing: int = 0

    @property
    def unchanged(self) -> int:
        return self.read - self.new - self.changed - self.set_aside


@dataclass(frozen=True)
class Outcome:
    """How a run (or a slice of one) ended. `done` is False where it stopped in the middle and is to go on; `answered`: one of its calls was."""

    tally: Tally = field(default_factory=Tally)
    done: bool = True
    proven: bool = True
    trouble: Trouble | None = None
    answered: bool = True

    @property
    def was_heard(self) -> bool:
        """Whether the panel speaks: a run that had nothing to ask says nothing of it."""
        return self.answered and self.tally.calls > 0


class Store(Protocol):
    async def claim(self, feed: FeedKey, plan: str, holder: str, lease: timedelta) -> Claim | None:
        """Hold a feed, if nobody does and nothing is paused; None otherwise."""

    async def turn(self, panel_id: int, caller: Caller) -> Turn:
        """Take one request from the panel's budget, or learn when to ask again."""

    async def allowed(self, panel_id: int) -> bool:
        """Whether nobody was told to stop calling the panel."""

    async def landed(self, panel_id: int, caller: Caller, trouble: Trouble | None) -> None:
        """A call outside of all runs is over."""

    async def slow_down(self, panel_id: int, retry_after: float | None) -> None:
        """The panel said that calls come too fast."""

    async def known(self, feed: FeedKey, keys: Sequence[str]) -> Mapping[str, tuple[int, int]]:
        """The digests (bytes, fields) of the live rows among these keys."""

    async def hints(self, feed: FeedKey, limit: int) -> Sequence[Hint]:
        """Users who occur in what changed since they were last read."""

    async def due_threads(self, feed: FeedKey, plan: str, after: str | None, limit: int) -> Sequence[DueThread]:
        """Tickets whose messages are to be read: for the head those of open and recent tickets that changed; for the others, beyond the
        place `after`: the backfill all that changed, the newest first; the refresh open tickets, the sweep all."""

    async def swept(self, claim: Claim, swept: Swept) -> None:
        """A sweep's end. An unproven one accuses nobody; one that finds too many gone is held for a person."""

    async def accused(self, feed: FeedKey, after: str | None, limit: int, times: int) -> Sequence[str]:
        """Ids absent from so many proven sweeps on end, in their order beyond `after`; none while a person has yet to decide."""

    async def open_ids(self, feed: FeedKey, after: str | None, limit: int) -> Sequence[str]:
        """Ids of records not final, and of those set aside, in the order of ids, beyond `after`."""

    async def watched(self, feed: FeedKey, limit: int) -> Sequence[str]:
        """Ids of records not final that an open ticket names, of the ticket touched last first."""

    async def open_since(self, feed: FeedKey, touched: bool) -> datetime | None:
        """When the oldest record that is not final was created, or (`touched`) last updated; 1970 where one of them has no such time."""

    async def commit(
        self, claim: Claim, batch: Batch, cursor: Cursor, manners: Manners, onward: Caller | None = None
    ) -> Committed:
        """Write a page and the position after it, or raise ClaimLost; where it goes `onward`, its caller takes the next turn in the same
        transaction."""

    async def finish(self, claim: Claim, outcome: Outcome) -> None:
        """End the run and release the feed; a lost claim is left alone."""
