"""How often something changes, learned from what each read found, and kept with its plan as JSON: a mean, a daily rhythm, a level.

Changes are taken to come at the rate mean x rhythm(hour, UTC) x level. Mean and rhythm are Gamma-Poisson estimates that forget; an hour is
shrunk to the mean by a few changes' worth, and its neighbours speak for it too. The level is how things are just now: it stands still, then
jumps to one drawn from the levels at which this very plan has spent its time. So a plan whose changes come evenly is not stirred by
chance, one with bursts follows them from the first read, and quiet is believed only after reads that should have found something.
Changes that come in lumps (somebody orders a hundred at once, and the next read finds none) are no burst: how lumpy a plan is shows in reads
that stand out from both of their neighbours, and a lump says as much about the level as one change does.

A read tells how many records were new or changed, not how often: several changes of one record between two reads count once. The rate is
then too low, by (1 - exp(-x))/x for x changes of a record between two reads; but one read brings them all, so what is not counted costs
no freshness, only news that an earlier read would have told. Cho and Garcia-Molina, "Estimating frequency of change" (ACM TOIT 3(3),
2003), correct for it where a read says no more than "changed or not"; here it says how many, and the bias is left as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from math import exp, log
from operator import mul
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta
from msgspec.structs import replace

LEVELS = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
LOGS = tuple(log(level) for level in LEVELS)
BELIEVED = (0.005, 0.02, 0.06, 0.82, 0.05, 0.02, 0.012, 0.007, 0.004, 0.002)
"""The share of its time that a plan spends at each level, for all that is known before it was heard."""

BELIEF = 12 * 3600.0
"""Seconds of hearing that weigh as much as that."""

HOLD = 3600.0
"""Seconds between two jumps of the level, in the mean."""

HALF_LIFE = 7 * 86400.0
"""Seconds of hearing after which mean and rhythm weigh half; of the time spent at levels, MOODS."""
MOODS = 3 * 86400.0

HOURS = 24
AROUND = ((-2, 0.25), (-1, 0.5), (0, 1.0), (1, 0.5), (2, 0.25))
SHRUNK = 12.0
"""Changes' worth of belief that an hour is like the mean."""

FIRST = 0.5
"""Changes' worth of belief in the prior rate: so little that some reads overrule it."""

EVEN = 40.0
"""Changes' worth of belief that they come one by one."""

LONGEST_SPAN = 86400.0
"""A read that looks back on more (after an outage, or a clock that jumped) teaches nothing: it says little of any hour."""

STRAY = 32
"""One read teaches no more than so many changes beyond what the highest level explains: a list that was all read anew is no rate."""

MOST = 1e12
"""What is kept is never more than that, or it could not be read again."""

Amount = Annotated[float, Meta(ge=0, le=MOST)]
Hours = Annotated[tuple[Amount, ...], Meta(min_length=HOURS, max_length=HOURS)]
Pair = Annotated[tuple[Amount, ...], Meta(min_length=2, max_length=2)]
Levels = Annotated[tuple[Amount, ...], Meta(min_length=len(LEVELS), max_length=len(LEVELS))]


class Part(NamedTuple):
    """What of a span lies in one hour of the day; `expected`: changes, at level 1."""

    hour: int
    seconds: float
    expected: float


class Pulse(msgspec.Struct, frozen=True):
    """`counts` and `spans` are what each hour of the day told: changes, and seconds times the level then. `level`: how likely each is at the
    time `at`. `last` and `former`: what the last two reads found, and what was to be expected at level 1. `stood_out` and `weighed`: how
    far reads stood out from both neighbours, and the changes that were held against each other so. Times are unix seconds, rates changes
    a second."""

    prior: Annotated[float, Meta(gt=1e-12, le=1e6)]
    news: Amount = 0.0
    seconds: Amount = 0.0
    counts: Hours = (0.0,) * HOURS
    spans: Hours = (0.0,) * HOURS
    level: Levels = BELIEVED
    spent: Levels = tuple(share * BELIEF for share in BELIEVED)
    last: Pair = (0.0, 0.0)
    former: Pair = (0.0, 0.0)
    stood_out: Amount = EVEN / 2
    weighed: Annotated[float, Meta(ge=1, le=MOST)] = EVEN
    at: Annotated[float, Meta(ge=0, le=253_402_300_799)] = 0.0

    def heard(self, since: datetime, at: datetime, news: int) -> "Pulse":
        """After a read at `at` that found what was new or changed since the one at `since`. A span that cannot be is ignored."""
        start, end = since.timestamp(), at.timestamp()
        if not 0 < end - start <= LONGEST_SPAN:
            return self
        parts = self.parts(start, end)
        expected = sum(part.expected for part in parts)
        found = min(float(max(news, 0)), LEVELS[-1] * expected + STRAY)
        level = self.supposed(end - start, found, expected)
        return (
            self.beside(found, expected, end - start)
            .rhythmic(parts, found / expected, dot(level, LEVELS))
            .learned(end - start, found, level, end)
        )

    def rate(self, at: datetime) -> float:
        """Changes a second to be expected at that time, from all that was heard until now."""
        now = at.timestamp()
        stays = exp(-max(0.0, now - self.at) / HOLD)
        level = stays * dot(self.level, LEVELS) + (1 - stays) * dot(self.spent, LEVELS) / sum(self.spent)
        return self.mean() * self.rhythm(int(now // 3600) % HOURS) * level

    def mean(self) -> float:
        return (self.news + FIRST) / (self.seconds + FIRST / self.prior)

    def rhythm(self, hour: int) -> float:
        """This hour of the day against the mean of all."""
        even = (sum(self.counts) + FIRST) / (sum(self.spans) + FIRST / self.prior)
        counts = sum(weight * self.counts[(hour + off) % HOURS] for off, weight in AROUND)
        spans = sum(weight * self.spans[(hour + off) % HOURS] for off, weight in AROUND)
        shrunk = SHRUNK * self.lump()
        return (counts + shrunk) / (spans * even + shrunk)

    def lump(self) -> float:
        """How many changes come at once, where one read after another finds them: the variance of what reads find to its mean."""
        return max(1.0, 2 * self.stood_out / self.weighed)

    def parts(self, start: float, end: float) -> list[Part]:
        mean = self.mean()
        return [Part(hour, span, mean * self.rhythm(hour) * span) for hour, span in hours(start, end)]

    def supposed(self, span: float, found: float, expected: float) -> Sequence[float]:
        """How likely each level is, after a span that brought `found` where level 1 lets so many be expected (Bayes; Poisson)."""
        stays, total = exp(-span / HOLD), sum(self.spent)
        lump = self.lump()
        speaks = [(found * logarithm - expected * level) / lump for logarithm, level in zip(LOGS, LEVELS, strict=True)]
        most = max(speaks)
        likely = [
            (stays * now + (1 - stays) * spent / total) * exp(word - most)
            for now, spent, word in zip(self.level, self.spent, speaks, strict=True)
        ]
        whole = sum(likely)
        return [one / whole for one in likely] if whole > 0 else BELIEVED

    def beside(self, found: float, expected: float, span: float) -> "Pulse":
        """Holds the last read against the one before it and this one: what differs from both is a lump, from one a burst's begin or end."""
        now = (found, expected)
        fades = 0.5 ** (span / MOODS)
        alone = min(apart(self.former, self.last), apart(self.last, now))
        counted = (self.former[0] + 2 * self.last[0] + found) / 2 if self.former[1] else 0.0
        stood_out = min(self.stood_out * fades + alone + (1 - fades) * EVEN / 2, MOST)
        weighed = min(self.weighed * fades + counted + (1 - fades) * EVEN, MOST)
        return replace(self, last=now, former=self.last, stood_out=stood_out, weighed=weighed)

    def rhythmic(self, parts: Sequence[Part], share: float, level: float) -> "Pulse":
        """What the hours learn: a burst is no rhythm, so their seconds count as often as the level says."""
        counts, spans = list(self.counts), list(self.spans)
        for hour, seconds, expected in parts:
            fades = 0.5 ** (seconds * HOURS / HALF_LIFE)
            counts[hour] = counts[hour] * fades + expected * share
            spans[hour] = spans[hour] * fades + seconds * level
        return replace(self, counts=tuple(counts), spans=tuple(spans))

    def learned(self, span: float, found: float, level: Sequence[float], at: float) -> "Pulse":
        fades, dims = 0.5 ** (span / HALF_LIFE), 0.5 ** (span / MOODS)
        spent = tuple(
            old * dims + span * now + (1 - dims) * BELIEF * believed
            for old, now, believed in zip(self.spent, level, BELIEVED, strict=True)
        )
        news, seconds = self.news * fades + found, self.seconds * fades + span
        return replace(self, news=news, seconds=seconds, level=tuple(level), spent=spent, at=at)


def apart(one: Pair, other: Pair) -> float:
    """The squared difference of what two reads found, each for its span; nought where there was no read."""
    (left, of_left), (right, of_right) = one, other
    return (left * of_right - right * of_left) ** 2 / (of_left * of_right) if of_left and of_right else 0.0


def dot(left: Sequence[float], right: Sequence[float]) -> float:
    total: float = sum(map(mul, left, right))
    return total


def hours(start: float, end: float) -> Iterator[tuple[int, float]]:
    """The hours of the day (UTC) that a span touches, and the seconds of it in each."""
    while start < end:
        number = int(start // 3600)
        stop = min(end, (number + 1) * 3600.0)
        yield number % HOURS, stop - start
        start = stop


def load(text: str | None, prior: float) -> Pulse:
    """As a cursor's: what cannot be read is learned anew, from a rate that is usual for such plans."""
    fresh = Pulse(prior=min(max(prior, 1e-9), 1e6))
    try:
        kept = msgspec.json.decode(text or "", type=Pulse)
    except msgspec.MsgspecError:
        return fresh
    return kept if 0.9 < sum(kept.level) < 1.1 and sum(kept.spent) > 1 else fresh


def dump(pulse: Pulse) -> str:
    """Six digits are enough for anything that is guessed; so it takes half a kilobyte."""
    rough = {
        name: tuple(map(rounded, value)) if isinstance(value, tuple) else rounded(value)
        for name, value in msgspec.structs.asdict(pulse).items()
        if name != "at"
    }
    return msgspec.json.encode(replace(pulse, **rough)).decode()


def rounded(value: float) -> float:
    return float(f"{value:.6g}")


def typical(pulses: Iterable[Pulse], otherwise: float) -> float:
    """The mean rate of plans that were heard, a prior for one of their kind that was not."""
    heard = [pulse for pulse in pulses if pulse.seconds > 0]
    changes = FIRST + sum(pulse.news for pulse in heard)
    return changes / (FIRST / otherwise + sum(pulse.seconds for pulse in heard))
