"""A clock that is moved by hand; sleeping moves it."""

from datetime import datetime, timedelta

from tests.support.records import NOON


class Hand:
    def __init__(self, time: datetime = NOON) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
