"""How busy each hour of a panel is: quiet before dawn, busy in the evening, growing over the months.

Whatever comes about there (orders, payments, tickets) beats with it, in the history and in the hours still to come.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hyperpanel.sandbox.chance import salt, share
from hyperpanel.sandbox.providers import HOUR

DAYS = 120
SLOTS = DAYS * 24
NEVER = 2**32 - 1

# Share of a day's orders by hour of the panel's own day.
RHYTHM = (5, 4, 3, 2, 2, 2, 3, 4, 6, 7, 8, 9, 9, 9, 9, 9, 10, 10, 11, 12, 12, 11, 9, 7)


class Place(NamedTuple):
    """Whose world: what its chance hangs on, and whose evenings are busy."""

    seed: int
    panel: str
    zone: ZoneInfo


class Pulse:
    def __init__(self, place: Place, now: int) -> None:
        self.seed, self.panel, self.zone = place
        self.now = now
        self.start = now - SLOTS * HOUR
        self._days, self._hours = salt(self.seed, self.panel, "day"), salt(self.seed, self.panel, "hour")
        self._day = 1.0
        self._weights: list[float] = []
        self._reached = [0.0]
        self._extend(SLOTS)

    def count(self, number: int, total: int) -> int:
        """How many of something fall into an hour, where the history holds `total` of it."""
        self._extend(number + 1)
        scale = total / self._reached[SLOTS]
        return round(self._reached[number + 1] * scale) - round(self._reached[number] * scale)

    def busy(self, total: int) -> list[int]:
        """The hours of the history into which anything falls: where little does, most have nothing."""
        scale = total / self._reached[SLOTS]
        upto = [round(reached * scale) for reached in self._reached[: SLOTS + 1]]
        return [number for number in range(SLOTS) if upto[number + 1] > upto[number]]

    def _extend(self, upto: int) -> None:
        for number in range(len(self._weights), upto):
            self._weights.append(self._weight(number))
            self._reached.append(self._reached[-1] + self._weights[-1])

    def _weight(self, number: int) -> float:
        if number % 24 == 0:
            self._day = 0.8 + 0.45 * share(self._days, number // 24)
        usual, weekend = _usual(self.start + number * HOUR, self.zone)
        growth = 0.6 + 0.8 * min(number, SLOTS) / SLOTS
        return usual * growth * self._day * weekend * (0.6 + 0.9 * share(self._hours, number))


@lru_cache(10 * SLOTS)
def _usual(moment: int, zone: ZoneInfo) -> tuple[int, float]:
    """By the hour and the day of the week there; the panels of a fleet, and the fleets of a test run, share both."""
    local = datetime.fromtimestamp(moment, UTC).astimezone(zone)
    return RHYTHM[local.hour], 0.85 if local.weekday() >= 5 else 1.0
