"""How a prompt scores, beside the one in use: what is known of both over the same cases, what is being scored now, and what can be."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hyperpanel.ai import evaluating, prompts
from hyperpanel.ai.asks import AiTrouble, Prompt
from hyperpanel.ai.eval_scores import Score
from hyperpanel.db import ai_providers, ai_scores
from hyperpanel.db.ai_scores import Run
from hyperpanel.support import ai_prompt_scoring as scoring
from hyperpanel.support.ai_prompt_scoring import SETS
from hyperpanel.web import ai_prompt_figures as figures
from hyperpanel.web import ai_prompt_rights as rights
from hyperpanel.web import ai_words
from hyperpanel.web.ai_prompt_figures import Row
from hyperpanel.web.languages import N_
from hyperpanel.web.visits import Visit

FEW = "20"
DEFINITIONS: Mapping[str, str] = {
    "intent": N_(
        "Of 100 points a case gives 70 for the right intent and 30 for the right order numbers; a wrong form, or saying what it must not, "
        "gives none."
    ),
    "analyze": N_(
        "Of 100 points a case gives 60 for the right orders and 40 if every number is in what was given; a wrong form, or saying what it "
        "must not, gives none."
    ),
    "translate": N_(
        "Of 100 points a case gives 70 if every number, link and name came back unchanged, and 30 if it is in the wanted language and of a "
        "fitting length; a wrong form gives none."
    ),
}
NOT_HERE = N_("The evaluation set is not here: it comes with the checkout, in tests/ai_eval.")
NO_SET = N_("There is no evaluation set for ticket reports.")
NOT_SCORED = N_("This text has not been scored.")
USED_NOT = N_("The one in use has not been scored over these cases.")
IS_USED = N_("This is the text in use.")


@dataclass(frozen=True)
class Running:
    """`share`: in hundredths."""

    id: int
    label: str
    done: str
    of_cases: str
    share: int


@dataclass(frozen=True)
class Scores:
    """`why_not`: why nothing can be scored; `chosen`: of the sets; `tone` and `verdict`: this text beside the one in use; `has_used`: whether
    that has figures; `may_score_used`: whether it wants some; `may_score` and `may_stop`: whether this person may;
    `poll_href`: where a run is looked at again while it goes on."""

    why_not: str = ""
    settings_href: str | None = None
    sets: Sequence[tuple[str, str]] = ()
    chosen: str = FEW
    running: Sequence[Running] = ()
    tone: str = "idle"
    verdict: str = ""
    rows: Sequence[Row] = ()
    has_used: bool = False
    notes: Sequence[str] = ()
    definition: str = ""
    may_score_used: bool = False
    may_score: bool = True
    may_stop: bool = True
    poll_href: str = ""
    refused: str = ""


@dataclass(frozen=True)
class Standing:
    """Of one text: its latest run over some cases that came to something, and one under way."""

    run: Run | None = None
    going: Run | None = None

    @property
    def score(self) -> Score | None:
        return scoring.score(self.run) if self.run else None


def told(connection: Connection, visit: Visit, wanted: Mapping[str, Collection[Prompt]]) -> dict[tuple[str, str], str]:
    """For lists, by purpose and digest."""
    return {
        (purpose, digest): figures.told(visit, run)
        for purpose, some in wanted.items()
        for digest, run in scoring.latest(connection, purpose, some).items()
    }


def scores(
    connection: Connection,
    visit: Visit,
    purpose: str,
    prompt: Prompt | None,
    sent: Mapping[str, str],
    href: str,
    refused: str = "",
) -> Scores:
    """Of a text, or of the run that is named in `sent`. `href`: of the page."""
    why_not, settings_href = why(connection, visit, purpose)
    if why_not:
        return Scores(why_not, settings_href)
    used = prompts.in_use(connection, purpose)
    word, digest, mine = found(connection, visit, purpose, prompt, sent)
    is_used = digest == used.digest
    theirs = Standing() if is_used else look(connection, visit, purpose, used, word)
    going = [(visit.say("This text"), mine.going), (visit.say("The one in use"), theirs.going)]
    running = [progress(visit, label, run) for label, run in going if run]
    number = f"&run={mine.going.id}" if mine.going else f"&run={mine.run.id}" if mine.run else ""
    verdict, tone = judged(visit, mine, theirs, is_used)
    return Scores(
        sets=sets(visit),
        chosen=word,
        running=running,
        tone=tone,
        verdict=verdict,
        rows=figures.rows(visit, mine.score, theirs.score) if mine.score else (),
        has_used=theirs.score is not None,
        notes=figures.notes(visit, mine.run) if mine.run else (),
        definition=visit.say(DEFINITIONS[purpose]),
        may_score_used=mine.score is not None and not is_used and theirs.run is None and theirs.going is None,
        may_score=rights.may_change(visit),
        may_stop=all(rights.may_stop(visit, run) for _, run in going if run),
        poll_href=f"{href}&cases={word}{number}" if running else "",
        refused=refused,
    )


def why(connection: Connection, visit: Visit, purpose: str) -> tuple[str, str | None]:
    if purpose not in evaluating.PURPOSES:
        return visit.say(NO_SET), None
    if not scoring.every_case():
        return visit.say(NOT_HERE), None
    if not ai_providers.is_set_up(connection):
        return ai_words.sentence(visit, AiTrouble("none")), ai_words.settings_href(visit)
    return "", None


def found(
    connection: Connection, visit: Visit, purpose: str, prompt: Prompt | None, sent: Mapping[str, str]
) -> tuple[str, str, Standing]:
    """The chosen cases, the digest of the text, and how it stands over them."""
    run, word = named(connection, purpose, sent.get("run", "")), sent.get("cases", "")
    if run is not None:
        is_going = run.is_under_way(visit.now)
        standing = Standing(None if is_going else run, run if is_going else None)
        return scoring.set_of(run) or FEW, run.of.prompt, standing
    if prompt is None:
        return word if word in SETS else FEW, "", Standing()
    if word not in SETS:
        latest = scoring.latest(connection, purpose, (prompt,)).get(prompt.digest)
        word = (scoring.set_of(latest) if latest else None) or FEW
    return word, prompt.digest, look(connection, visit, purpose, prompt, word)


def named(connection: Connection, purpose: str, text: str) -> Run | None:
    run = ai_scores.one(connection, int(text)) if text.isascii() and text.isdecimal() and len(text) < 16 else None
    return run if run and run.of.purpose == purpose else None


def look(connection: Connection, visit: Visit, purpose: str, prompt: Prompt, word: str) -> Standing:
    run = scoring.latest(connection, purpose, (prompt,), word).get(prompt.digest)
    return Standing(run, scoring.under_way(connection, purpose, prompt, word, visit.now))


def sets(visit: Visit) -> Sequence[tuple[str, str]]:
    few, every = (visit.fmt.number(len(scoring.chosen(word))) for word in (FEW, "all"))
    return [
        (FEW, visit.say("%(number)s cases, spread over the languages", number=few)),
        ("all", visit.say("All %(number)s cases", number=every)),
    ]


def progress(visit: Visit, label: str, run: Run) -> Running:
    number = visit.fmt.number
    return Running(run.id, label, number(run.done), number(run.of_cases), 100 * run.done // max(1, run.of_cases))


def judged(visit: Visit, mine: Standing, theirs: Standing, is_used: bool) -> tuple[str, str]:
    if mine.going:
        return "", "idle"
    if mine.score is None:
        return visit.say(NOT_SCORED), "idle"
    if is_used:
        return visit.say(IS_USED), "idle"
    beside = scoring.beside(mine.score, theirs.score) if theirs.score else None
    return figures.against(visit, beside) if beside else (visit.say(USED_NOT), "idle")


def worse(connection: Connection, visit: Visit, purpose: str, prompt: Prompt) -> str:
    """What is said before a text is put to use that scored lower than the one in use; empty for any other."""
    beside = scoring.against_used(connection, purpose, prompt)
    return figures.against(visit, beside)[0] if beside and beside.is_lower else ""
