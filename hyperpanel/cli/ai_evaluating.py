"""`hyperpanel ai eval`: a prompt over the evaluation set, beside what other prompts came to over the same cases."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli.ai_evaluated import Evaluated, facts, show, why
from hyperpanel.cli.asking import at_desk
from hyperpanel.cli.frame import Place, as_json, complain, in_place, run
from hyperpanel.cli.output import machine
from hyperpanel.cli.progress import shown
from hyperpanel.errors import BadInput, Missing, Unusable

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hyperpanel.ai.asks import Prompt
    from hyperpanel.ai.desk import Desk
    from hyperpanel.ai.eval_cases import Case
    from hyperpanel.ai.eval_scores import Score

LANGUAGES = ("en", "tr", "ru", "fa", "pt")
PURPOSES = ("intent", "analyze", "translate")
PROVIDERS = ("openai", "anthropic", "compatible")
LONGEST_SYSTEM = 8_000


@dataclass(frozen=True)
class Wanted:
    """As it was typed."""

    purpose: str
    prompt: str | None
    system: Path | None
    provider: str
    model: str
    cases: int | None
    language: str | None


@click.command("eval")
@click.option("--purpose", type=click.Choice(PURPOSES), required=True, help="What is asked of the model.")
@click.option("--prompt", metavar="ID[@VERSION]", help="A prompt of Settings → AI prompts; else the one in use.")
@click.option(
    "--system-file",
    "system",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A system prompt in a file of its own, with the built-in rest.",
)
@click.option("--provider", type=click.Choice(PROVIDERS), help="Ask this one instead of the prompt's.")
@click.option("--model", default="", help="Ask this model instead of the prompt's.")
@click.option("--cases", type=click.IntRange(1), help="So many, spread over languages and intents; else all.")
@click.option("--language", type=click.Choice(LANGUAGES), help="The cases of this language alone.")
@as_json
@in_place
def evaluate(
    place: Place,
    purpose: str,
    prompt: str | None,
    system: Path | None,
    provider: str | None,
    model: str,
    cases: int | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Run a prompt over the evaluation set, and compare it with others.

    The set is invented tickets in five languages (tests/ai_eval in the checkout), each with what a right answer says and must not say.
    Every case is one question to the provider, which costs what such a question costs; the budgets of the day hold. The score is kept.

    \b
    Examples:
    $ hyperpanel ai eval --purpose intent --cases 40
    $ hyperpanel ai eval --purpose analyze --prompt 3@2 --language tr --json
    """
    if prompt and system:
        raise BadInput("--prompt and --system-file name two prompts. Give one of them.", "prompt")
    found = run(evaluated(place, Wanted(purpose, prompt, system, provider or "", model, cases, language)))
    machine(facts(found)) if as_json else show(found)
    if found.score.stopped:
        complain(f"It ended after {len(found.score.outcomes)} of {found.score.of_cases} cases: {why(found)}")
        sys.exit(1)


async def evaluated(place: Place, wanted: Wanted) -> Evaluated:
    from hyperpanel.ai import eval_cases, eval_runs
    from hyperpanel.ai.evaluating import Progress
    from hyperpanel.db.machines import COMMAND_LINE
    from hyperpanel.paths import EVALUATION

    cases = eval_cases.some(eval_cases.cases(EVALUATION), wanted.cases, wanted.language)
    async with at_desk(place) as desk:
        prompt = await desk.database.read(lambda connection: prompt_of(connection, wanted))
        begun = await eval_runs.begin(desk, prompt, wanted.purpose, cases, COMMAND_LINE)
        with shown(f"of {len(cases)} cases") as tell:

            def told(progress: Progress) -> None:
                tell(wanted.purpose, progress.done)

            score = await eval_runs.kept(desk, begun, prompt, wanted.purpose, cases, told)
        return await beside(desk, prompt, score, cases)


def prompt_of(connection: "Connection", wanted: Wanted) -> "Prompt":
    from hyperpanel.ai import prompts
    from hyperpanel.db.ai_prompts import Wording

    if wanted.system:
        found = prompts.worded(wanted.purpose, Wording("", "", system_text(wanted.system), ""))
    elif wanted.prompt:
        found = named(connection, wanted.prompt, wanted.purpose)
    else:
        found = prompts.in_use(connection, wanted.purpose)
    other = wanted.provider and wanted.provider != found.provider
    model = wanted.model or ("" if other else found.model)
    return replace(found, provider=wanted.provider or found.provider, model=model)


def system_text(file: Path) -> str:
    try:
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise Unusable(f"The file {file} cannot be read: {problem}.") from None
    if not text or len(text) > LONGEST_SYSTEM:
        raise BadInput(f"The file {file} must have 1 to {LONGEST_SYSTEM} characters.", "system-file")
    return text


def named(connection: "Connection", text: str, purpose: str) -> "Prompt":
    from hyperpanel.ai import prompts
    from hyperpanel.db import ai_prompts

    number, _, version = text.partition("@")
    if not number.isdecimal() or (version and not version.isdecimal()) or len(text) > 20:
        raise BadInput(
            f"--prompt {text!r} is no prompt. Write its number, or its number and version: 3 or 3@2.", "prompt"
        )
    kept = ai_prompts.one(connection, int(number), int(version) if version else None)
    if kept is None:
        raise Missing(f"There is no prompt {text}. Settings → AI prompts has their numbers in the addresses.")
    if kept.purpose != purpose:
        raise BadInput(f"Prompt {text} is for {kept.purpose}, not for {purpose}.", "prompt")
    return prompts.of_kept(kept)


async def beside(desk: "Desk", prompt: "Prompt", score: "Score", cases: "Sequence[Case]") -> Evaluated:
    from hyperpanel.ai import eval_runs, eval_scores

    def read(connection: "Connection") -> Evaluated:
        mine = eval_runs.of(connection, prompt, score.purpose, cases)
        runs = eval_runs.earlier(connection, mine)
        scores = [(one, eval_scores.read(one.result or "")) for one in runs]
        names = eval_runs.names(connection, score.purpose)
        return Evaluated(prompt, mine.provider, mine.model, score, scores, names, desk.clock.now())

    return await desk.database.read(read)
