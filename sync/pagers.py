"""How a list that moves while it is read is read whole: by seek where the upstream filters by creation time, else by overlapping offsets.

Seek asks for everything up to the oldest second seen, inclusive, from offset 0: rows that appear or vanish elsewhere cannot shift it.
Offsets overlap by 20 rows, and a page must hold a row of the tail before it, else rows moved up meanwhile and it steps back.
What ends a list is a page without anything new, or one that says so from an upstream that has ever said otherwise; a short page alone
may be a server's cap. A few rows with odd times must end nothing: edges are taken from the fifth row from the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import lt

from msgspec.structs import replace

from sync.connectors.base import Ask, Page
from sync.cursors import OVERLAP_ROWS, Manners, Walk, newest

ODD_ROWS = 0.05
EDGE = 5
VAGUE = 26 * 3600
"""Seconds by which a wall clock read in the wrong zone can be off."""


@dataclass(frozen=True)
class Step:
    """`walk` is the next position, None at the end; `proven` is whether no row can have slipped through so far."""

    walk: Walk | None
    manners: Manners
    top: int | None
    proven: bool


def ask(walk: Walk, stream: str, limit: int, manners: Manners) -> Ask:
    """The request for a position."""
    if not manners.seek:
        return Ask(stream, limit, offset=walk.offset)
    floor = walk.to if walk.offset > 0 else walk.floor
    return Ask(stream, limit, created_from=moment(floor), created_to=moment(walk.to), offset=walk.offset)


def after(walk: Walk, page: Page, limit: int, manners: Manners, now: float) -> Step:
    """The position after a page. `now` is the panel's clock, in unix seconds."""
    known = dated(page, manners)
    longest = max(walk.longest, len(page))
    walk = replace(walk, top=newest(walk.top, known, now), longest=longest, pages=walk.pages + 1)
    learned = corrected(walk, page, known, manners)
    if learned != manners:
        anew = Walk(floor=walk.floor, top=walk.top, proven=walk.proven, pages=walk.pages)
        return Step(anew, learned, walk.top, walk.proven)
    walk = replace(walk, unsorted=walk.unsorted or disordered(known))
    longest = min(max(manners.cap, len(page)), limit)
    manners = replace(manners, cap=longest, tells_more=manners.tells_more or page.more is True)
    by_offset = not manners.seek or (walk.offset > 0 and walk.to is None)
    following = overlap(walk, page, known) if by_offset else seek(walk, page, known, manners)
    if following is None and said_to_end(page, manners):
        return Step(None, manners, walk.top, walk.proven)
    if following is None and by_offset and not believable_end(walk, page, known):
        return Step(None, manners, walk.top, proven=False)
    return Step(following, manners, walk.top, (following or walk).proven)


def corrected(walk: Walk, page: Page, known: Sequence[int], manners: Manners) -> Manners:
    """What this page shows the upstream does not do: obey its filter, or keep the order by last update. The walk begins anew then."""
    if manners.seek and (not page.exact_times or ignored(walk, known) or disordered(known)):
        return replace(manners, seek=False)
    if manners.touched and page.touched and disordered(known):
        return replace(manners, touched=False)
    return manners


def stamps(page: Page, manners: Manners) -> list[int | None]:
    """The times that the list is in the order of, as far as is known: those of the last update where it has them, else of creation."""
    return page.touched if page.touched and manners.touched else page.created


def dated(page: Page, manners: Manners) -> list[int]:
    """The same without the records that have none."""
    found = stamps(page, manners)
    return [stamp for stamp in found if stamp is not None] if None in found else found  # type: ignore[return-value]


def ignored(walk: Walk, known: Sequence[int]) -> bool:
    """Whether rows lie outside what was asked for: such a filter is not applied by the upstream. A few odd rows are only odd rows."""
    low, high = bounds(walk)
    if not known or (low <= min(known) and max(known) <= high):
        return False
    return sum(not low <= stamp <= high for stamp in known) > max(1, len(known) * ODD_ROWS)


def disordered(known: Sequence[int]) -> bool:
    """Whether the page is not newest first: then the last row's time says nothing about what follows."""
    rises: int = sum(map(lt, known, known[1:]))
    return rises > max(2, len(known) * ODD_ROWS)


def bounds(walk: Walk) -> tuple[int, int]:
    floor = walk.to if walk.offset else walk.floor
    return floor if floor is not None else 0, walk.to if walk.to is not None else 2**62


def edge(known: Sequence[int]) -> int:
    """Where the page ends in time; of a page long enough the fifth-oldest row, so that odd old ones do not count."""
    return sorted(known)[EDGE - 1] if len(known) > EDGE else min(known)


def said_to_end(page: Page, manners: Manners) -> bool:
    return page.more is False and manners.tells_more and len(page) < manners.cap


def seek(walk: Walk, page: Page, known: Sequence[int], manners: Manners) -> Walk | None:
    if walk.offset:
        return within_second(walk, page)
    low, high = bounds(walk)
    inside = [stamp for stamp in known if low <= stamp <= high]
    if not inside:
        # Nothing at all is odd (the boundary row is asked for inclusively): it is asked for once more before it is believed.
        return None if walk.asked_again else replace(walk, asked_again=True)
    if said_to_end(page, manners):
        return None
    full = len(page) >= walk.longest
    oldest = edge(inside) if edge(inside) != walk.to or not full else min(inside)
    if oldest != walk.to:
        return replace(walk, to=oldest, asked_again=False)
    if not full:
        return None if walk.asked_again else replace(walk, asked_again=True)
    tail = tuple(page.keys[-OVERLAP_ROWS:])
    return replace(walk, offset=max(1, len(page) - OVERLAP_ROWS), tail=tail, proven=False)


def within_second(walk: Walk, page: Page) -> Walk | None:
    """More rows in one second than a page holds: offsets inside it, unproven since ties have no fixed order."""
    if walk.to is None:
        return None
    fresh = [key for key in page.keys if key not in walk.tail]
    if fresh:
        return replace(walk, offset=walk.offset + len(fresh), tail=tuple(page.keys[-OVERLAP_ROWS:]))
    below = walk.to - 1
    if walk.floor is not None and below < walk.floor:
        return None
    return replace(walk, to=below, offset=0, tail=(), asked_again=True)


def overlap(walk: Walk, page: Page, known: Sequence[int]) -> Walk | None:
    """The end is a page with nothing beyond the tail before it, and a second such: inserted rows push old ones down, and a short page may be
    cut short for once, so it is asked for again."""
    if walk.tail and not set(walk.tail) & set(page.keys):
        return stepped_back(walk, page)
    if not len(page):
        return None if walk.asked_again else replace(walk, asked_again=True)
    if below_floor(walk, page, known):
        return None
    stale = len(beyond(walk.tail, page.keys)) <= grown(walk, page)
    if stale and walk.asked_again:
        return None
    if stale and len(page) < walk.longest:
        return replace(walk, asked_again=True)
    offset = max(walk.offset + 1, walk.offset + len(page) - OVERLAP_ROWS)
    return replace(walk, offset=offset, tail=tuple(page.keys[-OVERLAP_ROWS:]), asked_again=stale)


def below_floor(walk: Walk, page: Page, known: Sequence[int]) -> bool:
    slack = 0 if page.exact_times else VAGUE
    return walk.floor is not None and bool(known) and not walk.unsorted and edge(known) < walk.floor - slack


def believable_end(walk: Walk, page: Page, known: Sequence[int]) -> bool:
    """An upstream that says more follows, or gives the same full page whatever the offset, has not shown its list's end."""
    if below_floor(walk, page, known):
        return True
    return page.more is not True and not (walk.offset > 0 and len(page) >= max(walk.longest, OVERLAP_ROWS + 1))


def grown(walk: Walk, page: Page) -> int:
    """A list that ends with its newest rows may grow with every request and never come to an end: a few new rows on a short page there are
    the next walk's."""
    return OVERLAP_ROWS if walk.unsorted and len(page) < walk.longest else 0


def beyond(tail: tuple[str, ...], keys: list[str]) -> list[str]:
    """The rows after the last one that the page before ended with."""
    last = max((index for index, key in enumerate(keys) if key in tail), default=-1)
    return keys[last + 1 :]


def stepped_back(walk: Walk, page: Page) -> Walk | None:
    """No row of the tail came again: more rows vanished than the overlap holds, or (an empty page) the list ended before the offset."""
    ended = len(page) == 0
    if walk.offset == 0:
        return None if ended else replace(walk, tail=(), proven=False)
    back = max(0, walk.offset - max(walk.longest // 2, OVERLAP_ROWS))
    return replace(walk, offset=back, asked_again=ended)


def moment(stamp: int | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
