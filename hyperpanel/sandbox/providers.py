"""Providers: who fulfils the orders, with good and bad days. One serves several panels: its bad day is theirs too."""

from typing import NamedTuple

from hyperpanel.sandbox.chance import salt, share

PROVIDERS = (
    "boostline.example", "provider-a.example", "mainsource.example", "panelhub.example",
    "provider-b.example", "fastsocial.example", "reseller-one.example", "cheapviews.example",
)  # fmt: skip
HOUR = 3600
DAYS_BACK, DAYS_AHEAD = 121, 400
DOWN = 0.0


class Span(NamedTuple):
    start: int
    length: int
    mood: float


class Moods:
    """How quickly one provider works, hour by hour: 1 as usual, less on a slow day, 0 while it is down.

    Known from the first day to the last, and worked out for the days that somebody asks about: most fleets are small.
    """

    def __init__(self, seed: int, provider: str, now: int) -> None:
        self.first = now // HOUR - DAYS_BACK * 24
        self.last = (DAYS_BACK + DAYS_AHEAD) * 24
        self._salts = [salt(seed, provider, what) for what in ("luck", "when", "how much")]
        self._trouble = 0.4 + 1.2 * share(self._salts[0], -1)
        self._recent = _recent(provider)
        self._days: dict[int, list[float]] = {}

    def mood(self, hour: int) -> float:
        """Of an hour, counted from the first; as usual beyond the last."""
        if hour >= self.last:
            return 1.0
        day = self._days.get(hour // 24)
        if day is None:
            day = self._days[hour // 24] = self._day(hour // 24)
        return day[hour % 24]

    def clear(self, hour: int) -> int:
        """The first hour from there on in which the provider works."""
        while hour < self.last and self.mood(hour) == DOWN:
            hour += 1
        return hour

    def _day(self, day: int) -> list[float]:
        """What began the day before may last into it."""
        hours = [1.0] * 24
        for span in (*self._span(day - 1), *self._span(day), *self._recent):
            for hour in range(max(span.start, day * 24), min(span.start + span.length, day * 24 + 24)):
                hours[hour % 24] = span.mood
        return hours

    def _span(self, day: int) -> list[Span]:
        if day < 0:
            return []
        luck, when, much = (share(salt, self.first // 24 + day) for salt in self._salts)
        if luck < 0.03 * self._trouble:
            return [Span(day * 24 + int(when * 24), 3 + int(much * 12), DOWN)]
        return [Span(day * 24, 24, 0.15 + 0.35 * much)] if luck < 0.08 * self._trouble else []


def _recent(provider: str) -> list[Span]:
    """Something to see at once: one provider was down last night, another has been slow since yesterday."""
    now = DAYS_BACK * 24
    if provider == PROVIDERS[2]:
        return [Span(now - 17, 14, DOWN)]
    return [Span(now - 30, 36, 0.3)] if provider == PROVIDERS[0] else []
