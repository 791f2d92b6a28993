"""The figures of a scored prompt in words: its points, how they stand beside those of the one in use, and whether that may be chance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from hyperpanel.ai.asks import KINDS, AiTrouble
from hyperpanel.ai.eval_scores import Figures, Score
from hyperpanel.db.ai_scores import Run
from hyperpanel.support import ai_prompt_scoring as scoring
from hyperpanel.support.ai_prompt_scoring import Beside
from hyperpanel.web import ai_words
from hyperpanel.web.ai_ledger_rows import dollars
from hyperpanel.web.languages import N_, NN_
from hyperpanel.web.visits import Visit

TOLD = NN_("%(score)s over %(number)s case", "%(score)s over %(number)s cases")
AGAINST: Mapping[str, tuple[str, str]] = {
    "worse": (N_("Worse than the one in use: %(mine)s against %(used)s points over the same cases."), "bad"),
    "lower": (N_("Lower than the one in use: %(mine)s against %(used)s points over the same cases."), "warn"),
    "even": (N_("As good as the one in use: %(mine)s points over the same cases."), "idle"),
    "higher": (N_("Higher than the one in use: %(mine)s against %(used)s points over the same cases."), "idle"),
    "better": (N_("Better than the one in use: %(mine)s against %(used)s points over the same cases."), "ok"),
}
"""By verdict the sentence and its tone."""

SPLIT = NN_(
    "Of %(number)s case it did better in %(better)s and worse in %(worse)s.",
    "Of %(number)s cases it did better in %(better)s and worse in %(worse)s.",
)
CHANCE = N_("That may be chance (sign test, p = %(p)s).")
NO_CHANCE = N_("That is hardly chance (sign test, p = %(p)s).")
ENDED = {
    "stopped": N_("It was stopped."),
    "interrupted": N_("It was broken off, since the process that asked has ended."),
}
SO_FAR = N_("%(done)s of %(all)s cases were scored until then.")
UNANSWERED = NN_(
    "For %(number)s case the provider gave no answer; it is not in the points.",
    "For %(number)s cases the provider gave no answer; they are not in the points.",
)
SHARES: Sequence[tuple[str, str]] = (
    ("accuracy", N_("Right intent")),
    ("recall", N_("Orders found")),
    ("precision", N_("Orders right")),
    ("kept", N_("Numbers and links kept")),
)
COUNTS: Sequence[tuple[str, str]] = (
    ("forbidden", N_("Said what it must not")),
    ("unsupported", N_("Numbers made up")),
    ("formless", N_("Not of the form")),
)


@dataclass(frozen=True)
class Row:
    """`used`: of the prompt in use, empty where it has no such figure."""

    label: str
    mine: str
    used: str


def told(visit: Visit, run: Run) -> str:
    """In one line of a list."""
    found = scoring.score(run)
    if found is None or found.headline is None:
        return ""
    cases = found.all.cases - found.all.unanswered
    return visit.count(*TOLD, cases, score=points(visit, found.headline), number=visit.fmt.number(cases))


def points(visit: Visit, score: float | None) -> str:
    return "–" if score is None else visit.fmt.number(round(score, 1))


def standing(found: Beside) -> str:
    """Worse and better are said of what is hardly chance alone."""
    if found.mine == found.used:
        return "even"
    if found.compared.verdict == "same":
        return "lower" if found.is_lower else "higher"
    return "worse" if found.is_lower else "better"


def against(visit: Visit, found: Beside) -> tuple[str, str]:
    """The whole verdict in words, and its tone."""
    text, tone = AGAINST[standing(found)]
    one, number = found.compared, visit.fmt.number
    said = visit.say(text, mine=points(visit, found.mine), used=points(visit, found.used))
    split = visit.count(*SPLIT, one.cases, number=number(one.cases), better=number(one.better), worse=number(one.worse))
    if one.better + one.worse == 0:
        return f"{said} {split}", tone
    doubt = CHANCE if one.verdict == "same" else NO_CHANCE
    return f"{said} {split} {visit.say(doubt, p=number(max(round(one.p, 3), 0.001)))}", tone


def rows(visit: Visit, mine: Score, used: Score | None) -> Sequence[Row]:
    """The points in all and by language, then what they are made of."""

    def row(label: str, told: Callable[[Figures], str]) -> Row:
        return Row(label, told(mine.all), told(used.all) if used else "")

    names = visit.language.locale.languages
    found = [row(visit.say("All languages"), lambda one: points(visit, one.score))]
    for code, figures in mine.languages.items():
        other = used.languages.get(code) if used else None
        found.append(
            Row(str(names.get(code, code)), points(visit, figures.score), points(visit, other.score) if other else "")
        )
    shares = [(name, label) for name, label in SHARES if getattr(mine.all, name) is not None]
    found += [row(visit.say(label), partial(shared, visit, name)) for name, label in shares]
    found += [row(visit.say(label), partial(counted, visit, name)) for name, label in COUNTS]
    return [*found, row(visit.say("Cost"), lambda one: cost(visit, one))]


def shared(visit: Visit, name: str, one: Figures) -> str:
    found = getattr(one, name)
    return "–" if found is None else f"{visit.fmt.number(round(100 * found))}\u00a0%"


def counted(visit: Visit, name: str, one: Figures) -> str:
    return visit.fmt.number(getattr(one, name))


def cost(visit: Visit, one: Figures) -> str:
    return visit.say("unknown") if one.cost is None else dollars(visit, one.cost)


def notes(visit: Visit, run: Run) -> Sequence[str]:
    """Why it ended early, and what is not in it."""
    found, number = scoring.score(run), visit.fmt.number
    said = [ended(visit, run.problem)] if run.problem else []
    if run.problem:
        said.append(visit.say(SO_FAR, done=number(run.done), all=number(run.of_cases)))
    if found and found.all.unanswered:
        said.append(visit.count(*UNANSWERED, found.all.unanswered, number=number(found.all.unanswered)))
    return said


def ended(visit: Visit, problem: str) -> str:
    if problem in ENDED:
        return visit.say(ENDED[problem])
    return ai_words.sentence(visit, AiTrouble(problem if problem in KINDS else "broken"))
