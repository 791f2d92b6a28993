"""What a run of the evaluation set came to, in figures; and whether one run was better than another, or whether that may be chance.

A case that got no answer because of the provider (its limits, its network) says nothing about the prompt: it is counted and not scored.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, comb
from statistics import median

import msgspec

CHANCE = 0.05
"""How probable a difference may be among equals and still be called one."""

DEFINITIONS: Mapping[str, str] = {
    "intent": "Each case gives 70 points for the right intent and 30 for the order numbers (their F1). An answer of a wrong form, or one that "
    "says what it must not, gives 0. The score is the mean.",
    "analyze": "Each case gives 60 points for the orders concerned (their F1) and 40 if every number in the answer is in what was given. An "
    "answer of a wrong form, or one that says what it must not, gives 0. The score is the mean.",
    "translate": "Each case gives 70 points if every number, link and name came back once and unchanged, and 30 if the answer is in the letters "
    "of the wanted language and about as long as a translation is. An altered answer, or one of a wrong form, gives 0. The score is the mean.",
}
"""Of the headline score, 0 to 100, by purpose."""


@dataclass(frozen=True)
class Outcome:
    """Of one case. `points`: 0 to 100, None where the provider gave no answer; `problem`: the kind of trouble, empty for an answer.
    `intent`: the one that was said; `found`, `missed` and `extra`: order numbers; `forbidden`: names of statements that were said;
    `unsupported`: numbers and links that were not in what was given; `is_kept`: of a translation, whether what had to stay did."""

    id: str
    language: str
    points: float | None
    problem: str = ""
    expected: str = ""
    intent: str = ""
    found: int = 0
    missed: int = 0
    extra: int = 0
    forbidden: tuple[str, ...] = ()
    unsupported: int = 0
    is_kept: bool | None = None
    is_right: bool | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    cost: int | None = 0
    ms: int = 0


@dataclass(frozen=True)
class Figures:
    """Over some cases. Shares are 0 to 1, None where there is nothing to divide by; `score` is 0 to 100. `unanswered`: the provider gave
    nothing; `formless`: not of the form, declined or too long; `altered`: numbers, links or names had changed. `cost`: None where unknown."""

    cases: int
    score: float | None
    unanswered: int
    formless: int
    altered: int
    accuracy: float | None
    precision: float | None
    recall: float | None
    forbidden: int
    unsupported: int
    kept: float | None
    tokens_in: int
    tokens_out: int
    cost: int | None
    median_ms: int | None
    p95_ms: int | None


@dataclass(frozen=True)
class Score:
    """`stopped`: why it ended early (the kind of an AiTrouble, or `stopped` by a person), empty where every case was asked."""

    purpose: str
    of_cases: int
    outcomes: tuple[Outcome, ...] = ()
    stopped: str = ""
    all: Figures = field(init=False)
    languages: Mapping[str, Figures] = field(init=False)

    def __post_init__(self) -> None:
        found = sorted({one.language for one in self.outcomes})
        object.__setattr__(self, "all", figures(self.outcomes))
        by = {code: figures([one for one in self.outcomes if one.language == code]) for code in found}
        object.__setattr__(self, "languages", by)

    @property
    def headline(self) -> float | None:
        return self.all.score

    @property
    def confusion(self) -> Counter[tuple[str, str]]:
        """How often an intent was expected (first) and said (second)."""
        return Counter((one.expected, one.intent) for one in self.outcomes if one.intent)


def kept(score: Score) -> str:
    """As it is kept: the cases alone, since all else follows from them."""
    told = {"purpose": score.purpose, "of_cases": score.of_cases, "stopped": score.stopped, "outcomes": score.outcomes}
    return msgspec.json.encode(told).decode()


class Kept(msgspec.Struct):
    purpose: str
    of_cases: int
    stopped: str
    outcomes: tuple[Outcome, ...]


def read(text: str) -> Score:
    found = msgspec.json.decode(text, type=Kept)
    return Score(found.purpose, found.of_cases, found.outcomes, found.stopped)


FORMLESS = frozenset({"form", "declined", "too_long", "cut"})


def figures(outcomes: Sequence[Outcome]) -> Figures:
    scored = [one.points for one in outcomes if one.points is not None]
    found, missed, extra = (sum(getattr(one, name) for one in outcomes) for name in ("found", "missed", "extra"))
    times = sorted(one.ms for one in outcomes if one.ms)
    return Figures(
        cases=len(outcomes),
        score=round(sum(scored) / len(scored), 1) if scored else None,
        unanswered=len(outcomes) - len(scored),
        formless=sum(one.problem in FORMLESS for one in outcomes),
        altered=sum(one.problem == "altered" for one in outcomes),
        accuracy=share([one.is_right for one in outcomes if one.points is not None]),
        precision=found / (found + extra) if found + extra else None,
        recall=found / (found + missed) if found + missed else None,
        forbidden=sum(len(one.forbidden) for one in outcomes),
        unsupported=sum(one.unsupported for one in outcomes),
        kept=share([one.is_kept for one in outcomes]),
        tokens_in=sum(one.tokens_in for one in outcomes),
        tokens_out=sum(one.tokens_out for one in outcomes),
        cost=total([one.cost for one in outcomes]),
        median_ms=round(median(times)) if times else None,
        p95_ms=times[ceil(0.95 * len(times)) - 1] if times else None,
    )


def share(facts: Sequence[bool | None]) -> float | None:
    known = [fact for fact in facts if fact is not None]
    return sum(known) / len(known) if known else None


def total(costs: Sequence[int | None]) -> int | None:
    """Unknown where one is: a sum of some would be too little."""
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None


@dataclass(frozen=True)
class Compared:
    """Two runs over the cases that both scored. `verdict`: better, worse or same (no difference shown); `better` and `worse`: cases; `p`: how
    probable so uneven a split is among equals (exact sign test, both sides)."""

    verdict: str
    cases: int
    better: int
    worse: int
    p: float


def compared(before: Score, after: Score) -> Compared:
    """How `after` did, against `before`."""
    then = {one.id: one.points for one in before.outcomes if one.points is not None}
    pairs = [(then[one.id], one.points) for one in after.outcomes if one.points is not None and one.id in then]
    better, worse = sum(old < new for old, new in pairs), sum(old > new for old, new in pairs)
    p = sign_test(better, worse)
    verdict = "same" if p > CHANCE else "better" if better > worse else "worse"
    return Compared(verdict, len(pairs), better, worse, p)


def sign_test(better: int, worse: int) -> float:
    """Ties say nothing. Of right and wrong alone this is McNemar's test, exact."""
    count = better + worse
    tail = sum(comb(count, at) for at in range(min(better, worse) + 1))
    return min(1.0, 2 * tail / float(2**count))
