"""What a look at a panel tells of clocks: the Date of its answers, times to come, and wall clocks in another zone than the panel is set to.

Perfect Panel writes most times twice, as unix seconds and as its own wall clock without a zone; some panels write the wall clock alone,
and then only the future tells that it was read in the wrong zone.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from sync.connectors import wire
from sync.connectors.base import Detail, Probe
from sync.connectors.sights import Seen

TOLERATED = timedelta(minutes=2)
LONGEST = timedelta(hours=26)
"""What lies farther in the future than any two time zones are apart is an odd record rather than a clock."""
QUARTER = timedelta(minutes=15)
"""Offsets from UTC are whole numbers of it."""


class Written(msgspec.Struct):
    """When a record was made, in both ways of writing it."""

    created: str | None = None
    created_timestamp: wire.Number = None


WRITTEN = msgspec.json.Decoder(Written)


def clock(seen: Seen) -> Iterator[Probe]:
    found = [*skew(seen), *(list(zone(seen)) or future(seen))]
    yield from found
    if not found and any(both.theirs for both in seen.clocks):
        yield Probe("clock", "ok", "clock_ok", {"panel": seen.access.panel})


def skew(seen: Seen) -> Iterator[Probe]:
    """By the Date of the last answer that gave one."""
    differences = [both.theirs - both.ours for both in seen.clocks if both.theirs]
    if differences and abs(differences[-1]) > TOLERATED:
        code = "clock_ahead" if differences[-1] > timedelta() else "clock_behind"
        yield Probe("clock", "note", code, {"panel": seen.access.panel, "minutes": minutes(abs(differences[-1]))})


def minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)


def zone(seen: Seen) -> Iterator[Probe]:
    """By the newest record that says when it was made both with and without a zone: an older one may follow older rules."""
    latest = (seen.clocks[-1].ours + LONGEST).timestamp()
    both = [pair for row in seen.rows if (pair := written(row.raw)) and pair[0] < latest]
    if not both:
        return
    stamp, wall = max(both)
    off = wall - datetime.fromtimestamp(stamp, UTC).replace(tzinfo=None)
    theirs, ours = round(off / QUARTER) * QUARTER, offset(seen.access.zone, stamp)
    if theirs != ours and abs(off - theirs) <= TOLERATED:
        said = {"seen": signed(theirs), "ours": signed(ours), "zone": seen.access.zone.key}
        yield Probe("clock", "wrong", "zone", {"panel": seen.access.panel, **said})


def written(raw: msgspec.Raw) -> tuple[int, datetime] | None:
    """Unix seconds and the wall clock; None where either is missing or says nothing."""
    try:
        found = wire.decoded(WRITTEN, bytes(raw))
        stamp = wire.whole(found.created_timestamp, "a time")
        wall = datetime.fromisoformat(found.created or "")
    except (*wire.UNREADABLE, ValueError):
        return None
    if stamp is None or not 0 < stamp < wire.BEYOND or wall.tzinfo is not None:
        return None
    return stamp, wall


def offset(zone: ZoneInfo, stamp: int) -> timedelta:
    return datetime.fromtimestamp(stamp, zone).utcoffset() or timedelta()


def signed(span: timedelta) -> str:
    sign, total = "-" if span < timedelta() else "+", minutes(abs(span))
    return f"{sign}{total // 60:02d}:{total % 60:02d}"


def future(seen: Seen) -> Iterator[Probe]:
    """What was made later than now by either clock: one of them is wrong, or the zone in which a bare wall clock was read."""
    last = seen.clocks[-1]
    now = max(last.ours, last.theirs or last.ours)
    ahead = [(made - now, row) for row in seen.rows if (made := getattr(row.record, "created_at", None))]
    late = [(span, row) for span, row in ahead if TOLERATED < span < LONGEST]
    if not late:
        return
    span, row = max(late, key=lambda pair: pair[0])
    said: dict[str, Detail] = {"panel": seen.access.panel, "streams": (row.stream,), "minutes": minutes(span)}
    if written(row.raw):
        yield Probe("clock", "note", "future", said)
    else:
        yield Probe("clock", "wrong", "zone_ahead", {**said, "zone": seen.access.zone.key})
