"""Providers: who fulfils the orders, with good and bad days. One serves several panels: its bad day is theirs too."""

from hyperpanel.sandbox.chance import salt, share

PROVIDERS = (
    "boostline.example", "provider-a.example", "mainsource.example", "panelhub.example",
    "provider-b.example", "fastsocial.example", "reseller-one.example", "cheapviews.example",
)  # fmt: skip
HOUR = 3600
DAYS_BACK, DAYS_AHEAD = 121, 400
DOWN = 0.0


class Moods:
    """How quickly one provider works, hour by hour: 1 as usual, less on a slow day, 0 while it is down."""

    def __init__(self, seed: int, provider: str, now: int) -> None:
        self.first = now // HOUR - DAYS_BACK * 24
        self.hours = [1.0] * ((DAYS_BACK + DAYS_AHEAD) * 24)
        self.salts = [salt(seed, provider, what) for what in ("luck", "when", "how much")]
        trouble = 0.4 + 1.2 * share(self.salts[0], -1)
        for day in range(DAYS_BACK + DAYS_AHEAD):
            self._live(day * 24, self.first // 24 + day, trouble)
        self._recent(provider)
        self.clear = self._clear()

    def _live(self, start: int, day: int, trouble: float) -> None:
        luck, when, much = (share(salt, day) for salt in self.salts)
        if luck < 0.03 * trouble:
            self._set(start + int(when * 24), 3 + int(much * 12), DOWN)
        elif luck < 0.08 * trouble:
            self._set(start, 24, 0.15 + 0.35 * much)

    def _recent(self, provider: str) -> None:
        """Something to see at once: one provider was down last night, another has been slow since yesterday."""
        now = DAYS_BACK * 24
        if provider == PROVIDERS[2]:
            self._set(now - 17, 14, DOWN)
        if provider == PROVIDERS[0]:
            self._set(now - 30, 36, 0.3)

    def _set(self, start: int, length: int, mood: float) -> None:
        for hour in range(max(0, start), min(len(self.hours), start + length)):
            self.hours[hour] = mood

    def _clear(self) -> list[int]:
        """For each hour the first one from there on in which the provider works."""
        clear, following = [0] * len(self.hours), len(self.hours)
        for hour in range(len(self.hours) - 1, -1, -1):
            following = hour if self.hours[hour] > DOWN else following
            clear[hour] = following
        return clear
