"""The whole set against the sandbox's canned server, over real HTTP: the figures that its known misses must give, the ledger, and early ends."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from hyperpanel.ai import eval_runs, evaluating
from hyperpanel.ai.eval_scores import read
from hyperpanel.ai.evaluating import Progress, Stopped, cases
from hyperpanel.ai.prompts import built_in
from hyperpanel.db import ai_scores
from hyperpanel.db.ai_providers import Chosen
from hyperpanel.db.engine import Database, address
from hyperpanel.paths import EVALUATION
from hyperpanel.sandbox import ai_server
from tests.support import canned, databases

pytestmark = pytest.mark.loopback
CASES = cases(EVALUATION)
SOME = evaluating.some(CASES, 10)


@pytest.fixture(scope="module")
def server():
    with ai_server.alone() as base:
        yield base


@pytest.fixture
async def database(run_folder, tmp_path):
    found = Database(address(databases.sqlite_copy(run_folder, tmp_path, True), Path.cwd()))
    yield found
    await found.close()


@pytest.fixture
async def desk(server, database):
    canned.truth(server, clear=True, forget=True)
    await canned.set_up(database, canned.provider(server))
    found = canned.desk(database)
    yield found
    await found.close()


async def test_canned_intents_are_often_wrong_and_their_score_says_so(server, desk):
    """Keywords: what names its intent is told, what only means it is not."""
    score = await evaluating.run(desk, built_in("intent"), "intent", CASES)
    assert (score.all.cases, score.all.unanswered, score.all.formless) == (len(CASES), 0, 0)
    assert 40 < (score.headline or 0) < 80
    assert 0.3 < (score.all.accuracy or 0) < 0.7
    assert (score.all.recall or 0) > 0.95
    assert score.confusion[("not_delivered", "other")] > 0
    billed = canned.truth(server)["requests"]
    assert (score.all.tokens_in, score.all.tokens_out) == tuple(
        sum(one[name] for one in billed) for name in ("tokens_in", "tokens_out")
    )


async def test_canned_translations_keep_everything_and_translate_nothing(desk):
    score = await evaluating.run(desk, built_in("translate"), "translate", evaluating.some(CASES, 60))
    assert (score.all.kept, score.all.altered, score.all.forbidden) == (1.0, 0, 0)
    points = {code: one.score or 0.0 for code, one in score.languages.items()}
    assert (points["en"], points["tr"], points["pt"]) == (100, 100, 100)
    assert 70 <= points["ru"] < 80
    assert 70 <= points["fa"] < 80


async def test_canned_analyses_name_the_orders(desk):
    """They quote the conversation up to a length, so a number that is cut in two is one that nobody gave."""
    score = await evaluating.run(desk, built_in("analyze"), "analyze", evaluating.some(CASES, 60))
    assert (score.all.recall or 0) > 0.95
    assert score.all.forbidden == 0
    assert 80 < (score.headline or 0) <= 100


async def test_hostile_and_formless_answers_score_nothing(server, desk):
    behave = [{"kind": "hostile", "number": 0}, "prose", "refusal", "extra_keys"]
    canned.truth(server, clear=True, behave=behave)
    score = await evaluating.run(desk, built_in("intent"), "intent", SOME[:4])
    assert score.all.formless >= 2
    assert all(one.points == 0 for one in score.outcomes if one.problem)


async def test_a_provider_that_is_down_is_not_asked_for_every_case(server, desk):
    canned.truth(server, clear=True, behave=[{"kind": "401", "times": None}])
    score = await evaluating.run(desk, built_in("intent"), "intent", SOME)
    canned.truth(server, clear=True)
    assert (score.stopped, score.outcomes, score.headline) == ("key_refused", (), None)


async def test_a_budget_ends_a_run_with_what_was_scored(server, database):
    await canned.set_up(database, canned.provider(server), budgets=Chosen(day_tokens=6_000))
    desk = canned.desk(database)
    score = await evaluating.run(desk, built_in("intent"), "intent", CASES)
    assert score.stopped == "day_budget"
    assert 0 < len(score.outcomes) < len(CASES)


async def test_a_kept_run_is_read_again_and_a_stopped_one_keeps_its_part(desk, database):
    prompt = built_in("intent")

    def enough(progress: Progress) -> None:
        if progress.done >= 3:
            raise Stopped

    run = await eval_runs.begin(desk, prompt, "intent", SOME, "ana")
    with pytest.raises(eval_runs.UnderWay):
        await eval_runs.begin(desk, prompt, "intent", SOME, "bob")
    score = await eval_runs.kept(desk, run, prompt, "intent", SOME, enough)
    kept = await database.read(lambda connection: ai_scores.one(connection, run[0]))
    assert (kept.state, kept.problem, kept.of.provider, kept.of.model) == ("stopped", "stopped", "compatible", "canned")
    assert read(kept.result) == score
    assert 3 <= kept.done < len(SOME)


async def begun(desk, database):
    """A run under way, and what it is when it has ended."""
    prompt, heard = built_in("intent"), asyncio.Event()

    def three(progress: Progress) -> None:
        if progress.done == 3:
            heard.set()

    run = await eval_runs.begin(desk, prompt, "intent", SOME, "ana")
    going = asyncio.create_task(eval_runs.kept(desk, run, prompt, "intent", SOME, three))
    await heard.wait()
    return going, lambda: database.read(lambda connection: ai_scores.one(connection, run[0]))


async def test_a_run_that_is_broken_off_keeps_what_was_paid_for(desk, database):
    going, kept = await begun(desk, database)
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    run = await kept()
    score = read(run.result)
    assert (run.state, run.problem, score.stopped) == ("stopped", "interrupted", "interrupted")
    assert run.done == len(score.outcomes) >= 3


async def test_a_database_that_fails_for_a_moment_ends_no_run(desk, database, monkeypatch):
    failed = []

    def fails(_connection, _cursor, statement, *_):
        if statement.startswith("UPDATE ai_scores SET done"):
            failed.append(statement)
            raise OperationalError(statement, {}, Exception("database is locked"))

    monkeypatch.setattr(eval_runs, "EVERY", 0)
    event.listen(database.writing.sync_engine, "before_cursor_execute", fails)
    going, kept = await begun(desk, database)
    score = await going
    run = await kept()
    assert len(failed) > 1
    assert (run.state, run.done, read(run.result)) == ("done", len(SOME), score)
