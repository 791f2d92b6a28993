"""A run of the evaluation set that is kept: begun once, told of as it goes on, ended early when somebody stops it, and read again later.

Each answer was paid for, so a run that is broken off keeps what was scored until then. Only one whose process is killed has nothing.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import uuid4

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from hyperpanel.ai import eval_scores, evaluating, prompts
from hyperpanel.ai.asks import About, Prompt
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.eval_cases import Case, digest
from hyperpanel.ai.eval_scores import Outcome, Score
from hyperpanel.ai.evaluating import Progress, Stopped, Tell
from hyperpanel.db import ai_prompts, ai_providers, ai_scores
from hyperpanel.db.ai_scores import Of, Run
from hyperpanel.errors import Conflict

EVERY = 1.0
"""Seconds between two looks at whether it has been stopped."""


class UnderWay(Conflict):
    """Two runs of one prompt over the same cases would cost twice and tell the same."""

    def __init__(self) -> None:
        super().__init__("This prompt is being scored over these cases just now. Wait for it, or stop it first.")


def of(connection: Connection, prompt: Prompt, purpose: str, cases: Sequence[Case]) -> Of:
    """What a score of this prompt belongs to, as the settings are now."""
    provider = prompt.provider or ai_providers.chosen(connection).main
    known = ai_providers.all_of(connection).get(provider)
    return Of(purpose, prompt.digest, provider, prompt.model or (known.model if known else ""), digest(cases))


def earlier(connection: Connection, mine: Of) -> list[Run]:
    """The latest of every other prompt, provider or model over the same cases."""
    found = dict[Of, Run]()
    for run in ai_scores.kept(connection, mine.purpose):
        if run.of != mine and run.of.cases == mine.cases:
            found.setdefault(run.of, run)
    return list(found.values())


def names(connection: Connection, purpose: str) -> dict[str, str]:
    """What prompts are called, by their digests: all versions of those that stand, and the built-in one."""
    kept = [one for one in ai_prompts.all_of(connection) if one.purpose == purpose]
    versions = [version for one in kept for version in reversed(ai_prompts.history(connection, one.id))]
    told = {prompts.of_kept(one).digest: f"{one.title} v{one.version}" for one in versions}
    return told | {prompts.built_in(purpose).digest: "built-in"}


async def begin(desk: Desk, prompt: Prompt, purpose: str, cases: Sequence[Case], by: str) -> tuple[int, str]:
    """The run's id, and the name of its holder, who has to go on with `kept`. Raises UnderWay."""
    holder = uuid4().hex
    mine = await desk.database.read(lambda connection: of(connection, prompt, purpose, cases))
    async with desk.database.write() as connection:
        run_id = await ai_scores.begin(connection, mine, len(cases), by, holder, desk.clock.now())
    if run_id is None:
        raise UnderWay
    return run_id, holder


async def kept(
    desk: Desk,
    run: tuple[int, str],
    prompt: Prompt,
    purpose: str,
    cases: Sequence[Case],
    tell: Tell = evaluating.nobody,
    about: About | None = None,
    reader: str = "en",
) -> Score:
    """Does a run that was begun, and keeps what it came to; also where it is broken off."""
    pulse = Pulse(desk, run, tell)
    beat = asyncio.create_task(pulse.beat())
    try:
        score = await evaluating.run(desk, prompt, purpose, cases, pulse.hear, about, reader)
    except BaseException as problem:
        is_cut = isinstance(problem, asyncio.CancelledError)
        so_far = evaluating.came_to(purpose, cases, pulse.outcomes, "interrupted" if is_cut else "broken")
        await end(desk, run, ai_scores.STOPPED if is_cut else ai_scores.FAILED, so_far)
        raise
    finally:
        beat.cancel()
        await asyncio.gather(beat, return_exceptions=True)
    await end(desk, run, ai_scores.STOPPED if score.stopped else ai_scores.DONE, score)
    return score


async def end(desk: Desk, run: tuple[int, str], state: str, score: Score) -> None:
    result = eval_scores.kept(score) if score.outcomes else None
    async with desk.database.write() as connection:
        now, done = desk.clock.now(), len(score.outcomes)
        await ai_scores.end(connection, *run, state, done, result, score.stopped or None, now)


class Pulse:
    """Says now and then how far a run is, and hears whether it is to go on."""

    def __init__(self, desk: Desk, run: tuple[int, str], tell: Tell) -> None:
        self.desk, self.run, self.tell = desk, run, tell
        self.outcomes: list[Outcome] = []
        self.goes_on = True

    def hear(self, progress: Progress) -> None:
        self.outcomes.append(progress.last)
        self.tell(progress)
        if not self.goes_on:
            raise Stopped

    async def beat(self) -> None:
        while self.goes_on:
            await self.desk.clock.sleep(EVERY)
            with suppress(SQLAlchemyError):  # it is said again in a moment, long before the run is taken for gone
                await self.say()

    async def say(self) -> None:
        async with self.desk.database.write() as connection:
            now, done = self.desk.clock.now(), len(self.outcomes)
            self.goes_on = await ai_scores.tell(connection, *self.run, done, now)
