"""The sandbox's clock: it can stop, run fast and step forward; never back, since no panel un-creates an order."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Clock:
    def __init__(
        self, now: datetime, speed: float = 1.0, stopped: bool = False, tick: Callable[[], float] = time.monotonic
    ) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0; stop the clock to hold it")
        self.tick = self._tick = tick
        self._base = now.timestamp()
        self._since = tick()
        self._speed = speed
        self.stopped = stopped

    @property
    def speed(self) -> float:
        return self._speed

    def seconds(self) -> float:
        """Unix seconds, as this world counts them."""
        if self.stopped:
            return self._base
        return self._base + (self._tick() - self._since) * self._speed

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def stop(self) -> None:
        self._rebase()
        self.stopped = True

    def start(self) -> None:
        self._rebase()
        self.stopped = False

    def run(self, speed: float) -> None:
        if speed <= 0:
            raise ValueError("speed must be above 0; stop the clock to hold it")
        self._rebase()
        self._speed = speed

    def step(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("the clock only steps forward")
        self._rebase()
        self._base += seconds

    def _rebase(self) -> None:
        self._base, self._since = self.seconds(), self._tick()
