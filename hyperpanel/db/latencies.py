"""How long a panel's answers take: when they suddenly take much longer, it is under load, and is asked less often before it says so.

Two means of the times of answers are kept, one that follows quickly and one slowly. A jump is a quick one far above the slow one; after it
the slow one is left some time to follow, so that a panel that has become slower for good is not slowed down again and again.
"""

from typing import NamedTuple

import msgspec

QUICK, SLOW = 0.3, 0.03
JUMPS = 3.0
NOTICED = 1.0
"""Seconds below which no answer is slow."""

EASES = 0.7
ONCE = 10.0
"""Seconds between two jumps."""

ENOUGH = 10
"""Answers before which nothing is known."""


class Latency(NamedTuple):
    """Seconds; `jumped_at` in unix seconds."""

    quick: float
    slow: float
    heard: int = 0
    jumped_at: float = 0.0


DECODER = msgspec.json.Decoder(Latency)


def load(text: str | None) -> Latency | None:
    try:
        return None if text is None else DECODER.decode(text)
    except msgspec.MsgspecError:
        return None


def heard(text: str | None, took: float, now: float) -> tuple[str, bool]:
    """The means with one more answer, and whether its time is a jump."""
    before = load(text)
    if before is None:
        return dump(Latency(took, took, 1)), False
    after = Latency(
        mean(before.quick, took, QUICK), mean(before.slow, took, SLOW), min(before.heard + 1, ENOUGH), before.jumped_at
    )
    is_jump = (
        after.heard >= ENOUGH
        and after.quick > max(JUMPS * before.slow, NOTICED)
        and not 0 <= now - before.jumped_at < ONCE
    )
    return dump(after._replace(jumped_at=now) if is_jump else after), is_jump


def mean(so_far: float, one: float, share: float) -> float:
    return round(so_far + share * (one - so_far), 4)


def dump(latency: Latency) -> str:
    return msgspec.json.encode(latency).decode()
