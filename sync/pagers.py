"""How a list that moves while it is read is read whole: by seek where the upstream filters by creation time, else by overlapping offsets.

Seek asks for everything up to the oldest second seen, inclusive, from offset 0: rows that appear or vanish elsewhere cannot shift it.
Offsets overlap by 20 rows, and a page must hold a row of the tail before it, else rows moved up meanwhile and it steps back.
What ends a list is an empty page or one that says so and is shorter than the longest seen; a short page alone may be a server's cap.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from sync.connectors.base import Ask, Page
from sync.cursors import OVERLAP_ROWS, Manners, Walk, newest

ODD_ROWS = 0.05
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
    inside_second = walk.offset > 0
    floor = walk.to if inside_second else walk.floor
    return Ask(stream, limit, created_from=moment(floor), created_to=moment(walk.to), offset=walk.offset)


def after(walk: Walk, page: Page, limit: int, manners: Manners, now: float) -> Step:
    """The position after a page. `now` is the panel's clock, in unix seconds."""
    top = newest(walk.top, dated(page), now)
    walk = msgspec.structs.replace(walk, top=top)
    if manners.seek and (not page.exact_times or ignored(walk, page)):
        manners = msgspec.structs.replace(manners, seek=False)
        return Step(Walk(floor=walk.floor, top=top, proven=walk.proven), manners, top, walk.proven)
    manners = msgspec.structs.replace(manners, cap=max(manners.cap, len(page)))
    following = seek(walk, page, manners) if manners.seek else overlap(walk, page, manners)
    return Step(following, manners, top, (following or walk).proven)


def ignored(walk: Walk, page: Page) -> bool:
    """Whether rows lie outside what was asked for: such a filter is not applied by the upstream. One odd row is only an odd row."""
    floor = walk.to if walk.offset else walk.floor
    low, high = floor if floor is not None else 0, walk.to if walk.to is not None else 2**62
    known = dated(page)
    if not known or (low <= min(known) and max(known) <= high):
        return False
    outside = sum(not low <= stamp <= high for stamp in known)
    return outside > max(1, len(page) * ODD_ROWS)


def dated(page: Page) -> list[int]:
    """The creation times that the page's records have."""
    return [stamp for stamp in page.created if stamp is not None] if None in page.created else page.created  # type: ignore[return-value]


def seek(walk: Walk, page: Page, manners: Manners) -> Walk | None:
    known = dated(page)
    if walk.offset:
        return within_second(walk, page)
    if not known:
        # The boundary row was asked for inclusively, so nothing at all is odd: it is asked once more before it is believed.
        retry = walk.to is not None and not walk.asked_again
        return msgspec.structs.replace(walk, asked_again=True) if retry else None
    oldest, full = min(known), len(page) >= manners.cap
    if page.more is False and not full:
        return None
    if oldest != walk.to:
        return msgspec.structs.replace(walk, to=oldest, asked_again=False)
    if not full:
        return None
    return msgspec.structs.replace(
        walk, offset=max(1, len(page) - OVERLAP_ROWS), tail=tuple(page.keys[-OVERLAP_ROWS:]), proven=False
    )


def within_second(walk: Walk, page: Page) -> Walk | None:
    """More rows in one second than a page holds: offsets inside it, unproven since ties have no fixed order."""
    if walk.to is None:
        return None
    fresh = [key for key in page.keys if key not in walk.tail]
    if fresh:
        return msgspec.structs.replace(walk, offset=walk.offset + len(fresh), tail=tuple(page.keys[-OVERLAP_ROWS:]))
    below = walk.to - 1
    return (
        None
        if walk.floor is not None and below < walk.floor
        else msgspec.structs.replace(walk, to=below, offset=0, tail=(), asked_again=True)
    )


def overlap(walk: Walk, page: Page, manners: Manners) -> Walk | None:
    """Ended is where a page short of the longest holds nothing beyond the tail before it: inserted rows push old ones down for ever."""
    if walk.tail and not set(walk.tail) & set(page.keys):
        return stepped_back(walk, page, manners)
    known = dated(page)
    slack = 0 if page.exact_times else VAGUE
    if walk.floor is not None and known and min(known) < walk.floor - slack:
        return None
    if (len(page) < manners.cap or walk.asked_again) and (page.more is False or not beyond(walk.tail, page.keys)):
        return None
    offset = max(walk.offset + 1, walk.offset + len(page) - OVERLAP_ROWS)
    return msgspec.structs.replace(walk, offset=offset, tail=tuple(page.keys[-OVERLAP_ROWS:]), asked_again=False)


def beyond(tail: tuple[str, ...], keys: list[str]) -> list[str]:
    """The rows after the last one that the page before ended with."""
    last = max((index for index, key in enumerate(keys) if key in tail), default=-1)
    return keys[last + 1 :]


def stepped_back(walk: Walk, page: Page, manners: Manners) -> Walk | None:
    """No row of the tail came again: more rows vanished than the overlap holds, or (an empty page) the list ended before the offset."""
    ended = len(page) == 0
    if walk.offset == 0:
        return None if ended else msgspec.structs.replace(walk, tail=(), proven=False)
    back = max(0, walk.offset - max(manners.cap // 2, OVERLAP_ROWS))
    return msgspec.structs.replace(walk, offset=back, asked_again=ended)


def moment(stamp: int | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
