"""Messages of tickets. Upstreams give them no id, so each is told apart by what it is: ticket, time, side, sender and text.

A thread comes whole, a request for each ticket. Against what is held, a message is the same if all of that is; else if only the sender's
name is another (customers are renamed); else, at the same time by the same sender, its text was edited and the old one becomes a version.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace as moved
from xxhash import xxh3_64_intdigest, xxh3_128_hexdigest

from sync.connectors.base import Ask, Page, Unread
from sync.cursors import Backfill, Cursor, Head, Refresh, Sweep
from sync.reading import Run, commit, idle, spec
from sync.records import Message
from sync.store import Batch, DueThread, Outcome, Thread
from sync.verdicts import Trouble, UnreadableRecord

AT_ONCE = 20
IN_A_ROW = 3
"""Threads that fail one after another are no matter of the single ticket any more."""
OF_THE_TICKET = frozenset(
    {"refused", "shape", "not_json", "too_large", "not_found", "server", "timeout", "cut", "html", "web_page"}
)
FLEETING = frozenset({"timeout", "cut", "server"})
HALF = 2**63
SPACES = re.compile(r"\s+")


class Held(NamedTuple):
    """A message as it is held."""

    id: str
    place: int
    message: Message


class Matched(NamedTuple):
    """A message that came. `before` is what is held of it, None for a new one."""

    id: str
    place: int
    message: Message
    before: Held | None

    @property
    def is_news(self) -> bool:
        return self.before is None or (self.before.place, self.before.message) != (self.place, self.message)

    @property
    def was_edited(self) -> bool:
        return self.before is not None and self.before.message.body != self.message.body


async def read(work: Run) -> Outcome:
    """The threads that this plan has to read, one after another. Raises Trouble."""
    vouched, cursor, left = await vouching(work), begun(work), work.limits.pages
    while due := await work.store.due_threads(work.claim.feed, way(work, cursor), place(cursor), AT_ONCE):
        cursor = await some(work, due[:left], cursor)
        if left is not None:
            left -= min(left, len(due))
            if not left:
                return Outcome(work.tally, done=False)
    after, cursor = is_asked_again(cursor), ended(cursor)
    await commit(work, vouched or idle(work), cursor)
    done = not after or (isinstance(cursor, Backfill) and cursor.done)
    return Outcome(work.tally, done=done, proven=not work.tally.set_aside)


async def vouching(work: Run) -> Batch | None:
    """How old the upstream's own copies are altogether, before any of them is read: a thread may not have changed for a long time."""
    if not spec(work).copies or work.claim.plan != "head":
        return None
    number, at, page = await work.ask(Ask(work.stream))
    return Batch(number, at, 0, as_of=page.as_of)


async def these(work: Run, due: Sequence[DueThread]) -> Outcome:
    """Those that a person waits for; the plan that they were claimed under goes on afterwards. Raises Trouble."""
    await some(work, due, Head())
    return Outcome(work.tally, done=False, proven=not work.tally.set_aside)


async def some(work: Run, due: Sequence[DueThread], cursor: Cursor) -> Cursor:
    """Those that fail wait until another has come: where three fail on end, none of the tickets is to blame, and none is set aside."""
    waiting: list[tuple[Batch, Cursor]] = []
    for one in due:
        batch, trouble = await thread(work, one)
        cursor = beyond(cursor, one.place)
        waiting.append((batch, cursor))
        if trouble is None:
            await commit_all(work, waiting)
        elif len(waiting) >= IN_A_ROW:
            raise trouble
    await commit_all(work, waiting)
    return cursor


async def commit_all(work: Run, waiting: list[tuple[Batch, Cursor]]) -> None:
    while waiting:
        await commit(work, *waiting.pop(0))


async def thread(work: Run, due: DueThread) -> tuple[Batch, Trouble | None]:
    """What is wrong with one ticket is set aside; then the next one is read."""
    try:
        number, at, page = await work.ask(Ask(work.stream, ids=(due.ticket,)))
    except Trouble as trouble:
        if trouble.code not in OF_THE_TICKET or work.landed is None:
            raise
        number, at = work.landed, work.clock.now()
        nothing = Thread(due.ticket, None, due.digest or 0, None, fleeting=trouble.code in FLEETING)
        return Batch(number, at, 0, unread=[Unread(due.ticket, str(trouble))], thread=nothing), trouble
    told, unread = decoded(work, due, page)
    told = replace(told, read_for=None, behind=True, whole=False) if page.behind else told
    return Batch(number, at, len(page), unread=unread, keys=[due.ticket], thread=told, as_of=page.as_of), None


def decoded(work: Run, due: DueThread, page: Page) -> tuple[Thread, list[Unread]]:
    digest = digest_of(page.digests, work.connector.version)
    if page.gone or digest == due.digest:
        return Thread(due.ticket, due.read_for, due.digest or 0, None), []
    messages: list[Message] = []
    unread = [Unread(f"{due.ticket}/{item.key}", item.reason, item.values) for item in page.unread]
    for key, raw in zip(page.keys, page.raws, strict=True):
        try:
            messages.append(work.connector.message(raw))
        except UnreadableRecord as problem:
            unread.append(Unread(f"{due.ticket}/{key}", str(problem), work.connector.values(work.stream, raw)))
    whole = not unread
    return Thread(due.ticket, due.read_for, digest if whole else 0, messages, whole), unread


def digest_of(digests: Sequence[int], version: int) -> int:
    value = xxh3_64_intdigest(repr(digests).encode(), version)
    return value if value < HALF else value - 2 * HALF


def begun(work: Run) -> Cursor:
    cursor, now = work.claim.cursor, work.clock.now().timestamp()
    if isinstance(cursor, Refresh) and cursor.started is None:
        return Refresh(started=now)
    if isinstance(cursor, Sweep) and not cursor.number:
        return Sweep(number=work.claim.run, started=now)
    return Backfill() if isinstance(cursor, Backfill) and cursor.done and cursor.again is None else cursor


def is_asked_again(cursor: Cursor) -> bool:
    return isinstance(cursor, Backfill) and cursor.again is not None


def way(work: Run, cursor: Cursor) -> str:
    """All threads once more are those of a sweep, whether their tickets changed or not."""
    return "sweep" if is_asked_again(cursor) else work.claim.plan


def place(cursor: Cursor) -> str | None:
    if isinstance(cursor, Backfill) and cursor.again is not None:
        return cursor.again.after
    return None if isinstance(cursor, Head) else cursor.after


def beyond(cursor: Cursor, place: str) -> Cursor:
    """The head needs no place: what it has read is due no more."""
    if isinstance(cursor, Backfill) and cursor.again is not None:
        return moved(cursor, again=moved(cursor.again, after=place))
    return cursor if isinstance(cursor, Head) else moved(cursor, after=place)


def ended(cursor: Cursor) -> Cursor:
    if isinstance(cursor, Backfill):
        return moved(cursor, again=None) if cursor.again is not None else Backfill(done=True)
    if isinstance(cursor, Refresh):
        return Refresh(covered=cursor.started)
    return Head() if isinstance(cursor, Head) else Sweep()


def matched(ticket: str, held: Sequence[Held], told: Sequence[Message], gone: Sequence[Held] = ()) -> list[Matched]:
    """Each of `told`, in its order, with the held message that it is; or with one that was `gone` and is there again."""
    free, found = list(held), dict[int, Held]()
    for alike in (same, renamed, edited, both_at_once):
        pair(alike, free, told, found)
    pair(same, list(gone), told, found)
    used = {one.id for one in (*held, *gone)}
    result = []
    for index, message in enumerate(told):
        before = found.get(index)
        identity = before.id if before else new_id(ticket, message, used)
        used.add(identity)
        result.append(Matched(identity, index, message, before))
    return result


def pair(
    alike: Callable[[Message], Hashable], free: list[Held], told: Sequence[Message], found: dict[int, Held]
) -> None:
    """Equals are paired in their order: two messages that are wholly alike stay two."""
    waiting: dict[Hashable, deque[Held]] = {}
    for one in free:
        waiting.setdefault(alike(one.message), deque()).append(one)
    for index, message in enumerate(told):
        same_ones = waiting.get(alike(message))
        if index not in found and same_ones and (message.created_at is not None or alike in (same, renamed)):
            found[index] = same_ones.popleft()
    taken = {one.id for one in found.values()}
    free[:] = [one for one in free if one.id not in taken]


def same(message: Message) -> Hashable:
    return message.created_at, message.is_staff, message.sender, normal(message.body)


def renamed(message: Message) -> Hashable:
    return message.created_at, message.is_staff, normal(message.body)


def edited(message: Message) -> Hashable:
    return message.created_at, message.is_staff, message.sender


def both_at_once(message: Message) -> Hashable:
    """Edited by a customer who was renamed since: a ticket has one customer, but several of the staff may write in one second."""
    return message.created_at, message.is_staff, message.sender if message.is_staff else None


def new_id(ticket: str, message: Message, used: set[str]) -> str:
    parts = (ticket, stamp(message.created_at), str(message.is_staff), message.sender or "", normal(message.body))
    times = 0
    while (identity := xxh3_128_hexdigest("\x00".join((*parts, str(times))).encode())) in used:
        times += 1
    return identity


def stamp(moment: datetime | None) -> str:
    return "" if moment is None else str(int(moment.timestamp()))


def normal(body: str) -> str:
    """Spacing and composed letters are the writing's, not the text's."""
    return SPACES.sub(" ", unicodedata.normalize("NFC", body)).strip()
