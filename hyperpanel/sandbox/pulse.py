"""How busy each hour of a panel is: quiet before dawn, busy in the evening, growing over the months.

Whatever comes about there (orders, payments, tickets) beats with it, in the history and in the hours still to come.
"""

from datetime import UTC, datetime
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
        self._weights: list[float] = []
        self._reached = [0.0]
        self._extend(SLOTS)

    def count(self, number: int, total: int) -> int:
        """How many of something fall into an hour, where the history holds `total` of it."""
        self._extend(number + 1)
        scale = total / self._reached[SLOTS]
        return round(self._reached[number + 1] * scale) - round(self._reached[number] * scale)

    def _extend(self, upto: int) -> None:
        for number in range(len(self._weights), upto):
            self._weights.append(self._weight(number))
            self._reached.append(self._reached[-1] + self._weights[-1])

    def _weight(self, number: int) -> float:
        moment = datetime.fromtimestamp(self.start + number * HOUR, UTC).astimezone(self.zone)
        growth = 0.6 + 0.8 * min(number, SLOTS) / SLOTS
        day = 0.8 + 0.45 * share(self._days, number // 24)
        weekend = 0.85 if moment.weekday() >= 5 else 1.0
        return RHYTHM[moment.hour] * growth * day * weekend * (0.6 + 0.9 * share(self._hours, number))
