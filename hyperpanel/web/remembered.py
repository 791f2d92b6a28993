"""What happened a moment ago, one memory for each process: counts that were made, and refusals that were told."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hyperpanel.db.lists import Count

LASTS = timedelta(seconds=10)
MOST = 2000
WINDOW = timedelta(hours=1)


@dataclass
class Counts:
    """Several threads may count the same at once, and come to the same."""

    made: dict[Hashable, tuple[datetime, Count]] = field(default_factory=dict)

    def get(self, key: Hashable, now: datetime) -> Count | None:
        at, count = self.made.get(key, (now - LASTS, None))
        return count if now - at < LASTS else None

    def put(self, key: Hashable, count: Count, now: datetime) -> None:
        if len(self.made) >= MOST:
            self.made.clear()
        self.made[key] = now, count


@dataclass
class Firsts:
    """What was told already in its hour."""

    told: dict[Hashable, datetime] = field(default_factory=dict)

    def is_first(self, key: Hashable, now: datetime) -> bool:
        at = self.told.get(key)
        if at is not None and now - at < WINDOW:
            return False
        if len(self.told) >= MOST:
            self.told.clear()
        self.told[key] = now
        return True
