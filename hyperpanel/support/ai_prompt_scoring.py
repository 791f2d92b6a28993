"""Which prompts were scored over which cases of the evaluation set, and two texts beside each other over the same cases.

A score belongs to the text, the provider, the model and the cases: for the same again nobody is asked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Connection

from hyperpanel.ai import eval_runs, eval_scores, evaluating, prompts
from hyperpanel.ai.asks import Prompt
from hyperpanel.ai.eval_scores import Compared, Score
from hyperpanel.ai.evaluating import Case
from hyperpanel.db import ai_providers, ai_scores
from hyperpanel.db.ai_scores import Run
from hyperpanel.errors import BadInput, Missing
from hyperpanel.paths import EVALUATION

SETS: Mapping[str, int | None] = {"20": 20, "all": None}
"""How many cases can be chosen: a few, spread over languages and intents, or every one."""


@cache
def every_case() -> tuple[Case, ...]:
    """None where the checkout's tests are not there."""
    try:
        return tuple(evaluating.cases(EVALUATION))
    except (Missing, BadInput):
        return ()


@cache
def chosen(word: str) -> tuple[Case, ...]:
    return tuple(evaluating.some(every_case(), SETS[word]))


@cache
def digest(word: str) -> str:
    return evaluating.digest(chosen(word))


def set_of(run: Run) -> str | None:
    """Which of our sets a run was over; others are chosen on the command line."""
    return next((word for word in SETS if digest(word) == run.of.cases), None)


def latest(connection: Connection, purpose: str, wanted: Collection[Prompt], word: str | None = None) -> dict[str, Run]:
    """Of each prompt, by its digest, its latest run that came to something with the provider and model that it goes to now."""
    if not wanted or purpose not in evaluating.PURPOSES:
        return {}
    cases = digest(word) if word else None
    runs = ai_scores.latest(connection, purpose, {prompt.digest for prompt in wanted}, cases)
    main, known = ai_providers.chosen(connection).main, ai_providers.all_of(connection)
    names = {prompt.digest: (prompt.provider or main, prompt.model) for prompt in wanted}
    places = {
        key: (name, model or (known[name].model if name in known else "")) for key, (name, model) in names.items()
    }
    return {key: run for key, run in runs.items() if places[key] == (run.of.provider, run.of.model)}


def under_way(connection: Connection, purpose: str, prompt: Prompt, word: str, now: datetime) -> Run | None:
    return ai_scores.under_way(connection, eval_runs.of(connection, prompt, purpose, chosen(word)), now)


def score(run: Run) -> Score | None:
    return eval_scores.read(run.result) if run.result else None


@dataclass(frozen=True)
class Beside:
    """Two texts over the same cases, with the mean points of each over those that both have answered."""

    mine: float
    used: float
    compared: Compared

    @property
    def is_lower(self) -> bool:
        return self.mine < self.used


def beside(mine: Score, used: Score) -> Beside | None:
    """None where no case was scored in both."""
    theirs = {one.id: one.points for one in used.outcomes if one.points is not None}
    both = [(one.points, theirs[one.id]) for one in mine.outcomes if one.points is not None and one.id in theirs]
    if not both:
        return None
    ours, others = (sum(points) / len(both) for points in zip(*both, strict=True))
    return Beside(round(ours, 1), round(others, 1), eval_scores.compared(used, mine))


def against_used(connection: Connection, purpose: str, prompt: Prompt) -> Beside | None:
    """A text beside the one in use, over the most cases that both were scored over; None where there are none, or they are the same."""
    used = prompts.in_use(connection, purpose)
    if used.digest == prompt.digest or not every_case():
        return None
    for word in sorted(SETS, reverse=True):
        runs = latest(connection, purpose, (prompt, used), word)
        scores = [score(runs[key]) for key in (prompt.digest, used.digest) if key in runs]
        if len(scores) == 2 and scores[0] and scores[1] and (found := beside(scores[0], scores[1])):
            return found
    return None
