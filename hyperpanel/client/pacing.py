"""The key's limit, as its answers tell of it: calls are held back a moment instead of running into a refusal. All threads share it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from threading import Lock

MINUTE = 60.0


@dataclass
class Pace:
    """`left`: calls that may go at once, None where nothing was told; `step`: how long one more takes to be earned; `free_at`: when the next
    may go, by the clock of whoever asks."""

    left: int | None = None
    step: float = 0.0
    free_at: float = 0.0
    lock: Lock = field(default_factory=Lock, repr=False)

    def take(self, now: float, until: float = inf) -> float:
        """Seconds to wait before the call; those who wait go one after another. Beyond `until` nothing is taken: it would be nobody's."""
        with self.lock:
            slot = max(now, self.free_at)
            if slot > until:
                return slot - now
            if self.left is not None and self.left > 0:
                self.left -= 1
            elif self.left is not None:
                self.free_at = slot + self.step
            return slot - now

    def learn(self, headers: Mapping[str, str], now: float) -> None:
        """`X-RateLimit-…` of an answer. A server that has none is not paced."""
        limit, left = (number(headers.get(f"x-ratelimit-{name}")) for name in ("limit", "remaining"))
        if not limit or left is None:
            return
        reset = number(headers.get("x-ratelimit-reset"))
        with self.lock:
            self.left, self.step = int(left), MINUTE / limit
            if self.left == 0:
                self.free_at = max(self.free_at, now + min(self.step, self.step if reset is None else reset))

    def hold(self, after: float, now: float) -> None:
        """Nothing goes for so many seconds."""
        with self.lock:
            self.free_at = max(self.free_at, now + after)


def number(text: str | None) -> float | None:
    """None for what is no number, and for one that no clock can be set by."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < float("inf") else None
