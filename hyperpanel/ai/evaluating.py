"""Runs a prompt over the evaluation set, two cases at a time, and scores what is said.

No panel is asked about, so the budgets of the day and of the person bind alone. Where one is used up the run ends with what it has.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hyperpanel.ai import eval_judging
from hyperpanel.ai.asks import About, AiTrouble, Prompt
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.eval_cases import Case, cases, digest, some
from hyperpanel.ai.eval_scores import Compared, Figures, Outcome, Score, compared

__all__ = [
    "AT_ONCE",
    "PURPOSES",
    "Case",
    "Compared",
    "Figures",
    "Outcome",
    "Progress",
    "Score",
    "Stopped",
    "Tell",
    "came_to",
    "cases",
    "compared",
    "digest",
    "run",
    "some",
]

PURPOSES = ("intent", "analyze", "translate")
AT_ONCE = 2
ENDS = frozenset(
    {"none", "off", "address", "day_budget", "panel_budget", "person_budget", "key_refused", "no_model", "not_allowed"}
)
"""Troubles that every further case would have as well."""

PROVIDERS_OWN = frozenset({"unreachable", "timeout", "limited", "overloaded", "server", "broken", "gone"})
"""They say nothing about the prompt."""

MOST_IN_A_ROW = 6


class Stopped(Exception):
    """Raised by whoever is told of the progress: enough. What was scored so far stands."""


@dataclass(frozen=True)
class Progress:
    done: int
    of_cases: int
    last: Outcome


Tell = Callable[[Progress], None]


def nobody(_progress: Progress) -> None:
    pass


async def run(
    desk: Desk,
    prompt: Prompt,
    purpose: str,
    cases: Sequence[Case],
    tell: Tell = nobody,
    about: About | None = None,
    reader: str = "en",
) -> Score:
    """`about`: who asks; `reader`: the language of whoever would read the answers. Outcomes are in the order of the cases."""
    going = Going(desk, prompt, purpose, list(cases), tell, about or About(purpose, "command line"), reader)
    await asyncio.gather(*(going.work() for _ in range(AT_ONCE)))
    return came_to(purpose, cases, going.outcomes, going.stopped)


def came_to(purpose: str, cases: Sequence[Case], outcomes: Sequence[Outcome], stopped: str) -> Score:
    order = {case.id: at for at, case in enumerate(cases)}
    return Score(purpose, len(cases), tuple(sorted(outcomes, key=lambda one: order[one.id])), stopped)


class Going:
    """A run under way: what is still to be asked, and what came of the rest."""

    def __init__(
        self, desk: Desk, prompt: Prompt, purpose: str, cases: list[Case], tell: Tell, about: About, reader: str
    ) -> None:
        self.desk, self.prompt, self.purpose, self.tell, self.about, self.reader = (
            desk,
            prompt,
            purpose,
            tell,
            about,
            reader,
        )
        self.left, self.of_cases = cases[::-1], len(cases)
        self.outcomes: list[Outcome] = []
        self.stopped = ""
        self.in_a_row = 0

    async def work(self) -> None:
        while self.left and not self.stopped:
            await self.one(self.left.pop())

    async def one(self, case: Case) -> None:
        try:
            outcome = await eval_judging.judged(self.desk, self.about, self.prompt, self.purpose, case, self.reader)
        except AiTrouble as trouble:
            if trouble.kind in ENDS:
                self.stopped = self.stopped or trouble.kind
                return
            outcome = self.failed(case, trouble.kind)
        self.count(outcome)
        try:
            self.tell(Progress(len(self.outcomes), self.of_cases, outcome))
        except Stopped:
            self.stopped = self.stopped or "stopped"

    def failed(self, case: Case, kind: str) -> Outcome:
        points = None if kind in PROVIDERS_OWN else 0.0
        return Outcome(case.id, case.language, points, kind, case.intents[0])

    def count(self, outcome: Outcome) -> None:
        """A provider that answers nothing any more is not asked two hundred times."""
        self.outcomes.append(outcome)
        self.in_a_row = self.in_a_row + 1 if outcome.points is None else 0
        if self.in_a_row >= MOST_IN_A_ROW:
            self.stopped = self.stopped or outcome.problem
