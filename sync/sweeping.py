"""Sweep: all that is held once more, slowly. The only source of tombstones, and of the figure how much the other plans had missed.

Pages are compared as they come: the part of the list between the edges of two pages was read whole, so what is held in it and did not
come was absent. One absence proves nothing (rows move, answers err): a record is gone when it was absent from two whole sweeps on end
and is not there when it is asked for by id; where it cannot be asked for, three sweeps stand for that.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from msgspec.structs import replace as moved

from sync import pagers
from sync.connectors.base import Ask, Page
from sync.cursors import Manners, Sweep, Walk
from sync.reading import Run, commit, doubt, fetch, held_from, idle, ids_at_once, learn, merged, panel_now, spec
from sync.store import Batch, Outcome, Swept, Window
from sync.verdicts import Trouble, Verdict

ABSENT_AND_ASKED = 2
ABSENT_ALONE = 3
AT_ONCE = 100
IN_A_ROW = 3
ENDLESS = 200_000
"""Pages after which a walk is taken to go in circles, and begins anew."""

COLUMNS = {"touched": "last_update_at", "created": "created_at"}


async def sweep(work: Run, cursor: Sweep) -> Outcome:
    """Raises Trouble."""
    if not 0 < cursor.number <= work.claim.run:  # none is under way, or the position is damaged
        started = work.clock.now().timestamp()
        cursor = Sweep(number=work.claim.run, started=started, walk=Walk(floor=held_from(work)))
    left = work.limits.pages
    while cursor.walk is not None:
        if left is not None and left <= 0:
            return Outcome(work.tally, done=False, proven=cursor.proven)
        cursor = await compare(work, cursor, cursor.walk)
        left = None if left is None else left - 1
    if not cursor.asking:
        cursor = await judged(work, cursor)
    return await ask_after(work, cursor, left)


async def compare(work: Run, cursor: Sweep, walk: Walk) -> Sweep:
    """One page of the walk, held against what is held in its part of the list."""
    question = pagers.ask(walk, work.stream, work.limits.per_fetch, work.manners)
    batch, page = await fetch(work, question)
    before, step = work.manners, pagers.after(walk, page, question.limit, work.manners, panel_now(work, page))
    learn(work, step.manners)
    if walk.pages >= ENDLESS:
        await commit(work, batch, Sweep())
        raise Trouble("paging")
    if step.manners.seek != before.seek or step.manners.touched != before.touched:
        cursor = Sweep(number=cursor.number, started=cursor.started, walk=step.walk)
        await commit(work, batch, cursor)
        return cursor
    cursor = moved(cursor, proven=cursor.proven and not work.nameless)
    cursor, window = framed(cursor, walk, page, step, work.manners)
    cursor, window = vouched(work, cursor, window, page)
    cursor = moved(cursor, walk=step.walk)
    await commit(work, replace(batch, window=window), cursor)
    return cursor


def framed(cursor: Sweep, walk: Walk, page: Page, step: pagers.Step, manners: Manners) -> tuple[Sweep, Window | None]:
    """The part of the list that this page ends, if it joins the one before; and where the next one begins."""
    found = pagers.stamps(page, manners)
    known = pagers.dated(page, manners)
    ascends = direction(cursor.ascends, known)
    in_the_middle = cursor.edge is None and (walk.to is not None or walk.offset > 0)
    tells = ascends is not None and bool(known or not len(page))  # without times nothing says where a record belongs
    cursor = moved(cursor, ascends=ascends, proven=cursor.proven and step.proven and tells and not in_the_middle)
    if not cursor.proven or not known or not joins(walk, page, manners):
        return proving_nothing(cursor, page, step), None
    excused = [*cursor.ties, *walk.tail, *(unread.key for unread in page.unread)]
    frame = Frame(cursor, COLUMNS["touched" if found is page.touched else "created"], excused, bool(ascends))
    if step.walk is None:
        return cursor, frame.to_the_end(walk.floor)
    edge = following_edge(step.walk, known, manners, frame.ascends)
    if edge is None or not frame.advances(edge):
        return cursor, None
    ties = tuple(key for key, stamp in zip(page.keys, found, strict=True) if stamp == edge)
    ties = () if manners.seek and len(ties) > AT_ONCE else ties  # by time they are asked for once more
    return moved(cursor, edge=edge, ties=ties, proven=cursor.proven), frame.up_to(edge)


def vouched(work: Run, cursor: Sweep, window: Window | None, page: Page) -> tuple[Sweep, Window | None]:
    """What the holder of copies has let go of, or has not read yet, is absent and may be there: nothing older than it vouches for is judged,
    and nothing that is younger than its copies are."""
    if not spec(work).copies:
        return cursor, window
    if page.held_since is None:
        return moved(cursor, proven=False), None
    if window is None:
        return cursor, None
    youngest = None if page.as_of is None else int(page.as_of.timestamp())
    high = min((end for end in (window.high, youngest) if end is not None), default=None)
    if high is not None and window.low is not None and window.low >= high:
        return cursor, None
    return cursor, replace(window, high=high, since=int(page.held_since.timestamp()) + 1)


def proving_nothing(cursor: Sweep, page: Page, step: pagers.Step) -> Sweep:
    """A list that ends with an empty page: the rows before were asked for again and did not come, or there never were any."""
    return moved(cursor, proven=False) if step.walk is None and not len(page) else cursor


class Frame:
    """The next part of a list in one direction. A Window is half-open, and rows of the edge's own second belong to both sides of it."""

    def __init__(self, cursor: Sweep, column: str, excused: Sequence[str], ascends: bool) -> None:
        self.sweep, self.edge, self.column, self.excused, self.ascends = (
            cursor.number,
            cursor.edge,
            column,
            excused,
            ascends,
        )

    def advances(self, edge: int) -> bool:
        return self.edge is None or (edge > self.edge if self.ascends else edge < self.edge)

    def up_to(self, edge: int) -> Window:
        if self.ascends:
            return self.window(self.edge, edge)
        return self.window(edge + 1, None if self.edge is None else self.edge + 1)

    def to_the_end(self, floor: int | None) -> Window:
        if self.ascends:
            return self.window(self.edge if self.edge is not None else floor, None)
        return self.window(floor, None if self.edge is None else self.edge + 1)

    def window(self, low: int | None, high: int | None) -> Window:
        return Window(self.sweep, self.column, low, high, self.excused)


def direction(known_before: bool | None, known: Sequence[int]) -> bool | None:
    """Whether the list ascends; None where it has no order, so that no page says what lies between two of its rows. A page of few rows, or of
    ties, does not tell, and is taken to descend while none has told otherwise."""
    rises, falls = pagers.disordered(known), pagers.disordered(known[::-1])
    if falls and (rises or known_before):
        return None
    return rises or bool(known_before)


def joins(walk: Walk, page: Page, manners: Manners) -> bool:
    """Whether nothing can lie unseen between this page and the one before."""
    if manners.seek:
        return walk.offset == 0
    return not walk.tail or bool(set(walk.tail) & set(page.keys))


def following_edge(walk: Walk, known: Sequence[int], manners: Manners, ascends: bool) -> int | None:
    """Up to where the page is whole: to the position that is asked for next, or to the fifth row from its end."""
    if manners.seek:
        return walk.to if walk.offset == 0 else None
    if not known:
        return None
    return -pagers.edge([-stamp for stamp in known]) if ascends else pagers.edge(known)


async def judged(work: Run, cursor: Sweep) -> Sweep:
    """The walk is over: its absences count now."""
    started = datetime.fromtimestamp(cursor.started, UTC)
    await work.store.swept(work.claim, Swept(cursor.number, started, cursor.proven))
    cursor = moved(cursor, asking=True, walk=None, ties=())
    await commit(work, idle(work), cursor)
    return cursor


async def ask_after(work: Run, cursor: Sweep, left: int | None) -> Outcome:
    """Those absent often enough, by id: what does not come is gone. One whose own address fails stays accused, and the others go on."""
    failed = 0
    while True:
        at_once = askable(work)
        times = ABSENT_AND_ASKED if at_once else ABSENT_ALONE
        ids = await work.store.accused(work.claim.feed, cursor.after, at_once or AT_ONCE, times)
        if not ids:
            await commit(work, idle(work), Sweep())
            return Outcome(work.tally, proven=cursor.proven)
        if left is not None and left <= 0:
            return Outcome(work.tally, done=False, proven=cursor.proven)
        after = ids[-1]
        try:
            batch, after = await looked_for(work, ids) if at_once else (replace(idle(work), gone=ids), after)
        except Trouble as trouble:
            failed += 1
            if not of_one_record(trouble, ids) or failed >= IN_A_ROW:
                raise
            batch = idle(work)
        else:
            failed = 0
        if batch is not None:
            cursor = moved(cursor, after=after)
            await commit(work, batch, cursor)
        left = None if left is None else left - 1


def of_one_record(trouble: Trouble, ids: Sequence[str]) -> bool:
    return len(ids) == 1 and (trouble.verdict is Verdict.RETRY or trouble.code == "shape")


def askable(work: Run) -> int:
    """How many ids one request can look for; 0 where none can."""
    return ids_at_once(work) or int(spec(work).alone)


async def looked_for(work: Run, ids: Sequence[str]) -> tuple[Batch | None, str]:
    """What of them is gone, and up to which that is certain. They are asked for twice before they are believed to be gone; and since a panel
    may look at the first few ids alone, one that is there stands behind them as a witness. No batch where others came: that filter is not
    obeyed, and tells nothing."""
    at_once = ids_at_once(work)
    batch, page = await fetch(work, Ask(work.stream, limit=len(ids), ids=ids, alone=not at_once))
    lacking = absent(ids, page)
    if strangers(ids, page) or not lacking:
        return obeyed(work, batch, ids, page), ids[-1]
    batches, witness = [batch], page.keys[:1] if len(lacking) > 1 else []
    if len(lacking) > 1 and not witness:
        newest, page = await fetch(work, Ask(work.stream, limit=1))
        batches, witness = [batch, newest], [key for key in page.keys[:1] if key not in ids]
    lacking = lacking[: max(at_once - 1, 1)]
    asked = [*lacking, *witness]
    again, page = await fetch(work, Ask(work.stream, limit=len(asked), ids=asked, alone=not at_once))
    certain = lacking if set(witness) & set(page.keys) else lacking[:1]
    gone = replace(merged([*batches, again]), gone=absent(certain, page))
    return obeyed(work, gone, asked, page), certain[-1]


def obeyed(work: Run, batch: Batch, ids: Sequence[str], page: Page) -> Batch | None:
    if not strangers(ids, page):
        return batch
    if not ids_at_once(work):
        raise Trouble("shape", detail=f"{ids[0]} was asked for and another record came")
    doubt(work, moved(work.manners, by_ids=False))
    return None


def absent(ids: Sequence[str], page: Page) -> list[str]:
    """None of them where a record came without an id, which may be one of them."""
    came = {*page.keys, *(unread.key for unread in page.unread)}
    return [] if any(key.startswith("?") for key in came) else [key for key in ids if key not in came]


def strangers(ids: Sequence[str], page: Page) -> bool:
    """Whether others came than were asked for."""
    return bool(set(page.keys) - set(ids))


async def catalogue(work: Run) -> Outcome:
    """A stream that comes whole in one answer is swept each time. An empty one is no proof of anything."""
    batch, page = await fetch(work, Ask(work.stream))
    if not len(page):
        await work.store.swept(work.claim, Swept(work.claim.run, work.clock.now(), proven=False))
        raise Trouble("refused", detail="an empty catalogue")
    excused = [unread.key for unread in page.unread]
    window = Window(work.claim.run, "", None, None, excused)
    await commit(work, replace(batch, window=window), work.claim.cursor)
    await work.store.swept(work.claim, Swept(work.claim.run, batch.at, proven=not page.unread))
    ids = await work.store.accused(work.claim.feed, None, AT_ONCE, ABSENT_ALONE)
    if ids:
        await commit(work, replace(idle(work), gone=ids), work.claim.cursor)
    return Outcome(work.tally)
