"""The panel's own limit: so many requests in any second, counted where they arrive. What is refused does not count."""

from collections import deque


class Window:
    """A sliding window over the last second; the time is an argument."""

    def __init__(self) -> None:
        self._taken: deque[float] = deque()

    def take(self, now: float, rate: int) -> bool:
        while self._taken and now - self._taken[0] >= 1.0:
            self._taken.popleft()
        if len(self._taken) >= rate:
            return False
        self._taken.append(now)
        return True

    def wait(self, now: float) -> float:
        """Seconds until a place is free again."""
        return max(0.0, 1.0 - (now - self._taken[0])) if self._taken else 0.0
