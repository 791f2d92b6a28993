"""`hyperpanel ai`: providers looked at, prompts scored and compared, costs summed; each trouble one line and exit 1."""

import asyncio
from pathlib import Path

import pytest

from hyperpanel.config import Security
from hyperpanel.db import ai_prompts
from hyperpanel.db.ai_prompts import Wording
from hyperpanel.db.ai_providers import Chosen
from hyperpanel.sandbox import ai_server
from hyperpanel.vault import open_vault
from tests.support import canned

pytestmark = pytest.mark.loopback
INTENT = ("ai", "eval", "--purpose", "intent")


@pytest.fixture(scope="module")
def server():
    with ai_server.alone() as base:
        yield base


@pytest.fixture
def given(home, opened, server):
    """An installation that has the canned server as its main provider."""
    home.done("panel", "list")

    def give(budgets=None, **changes):
        async def put():
            vault = open_vault(Security(), home.folder, new=False)
            async with opened() as database:
                await canned.set_up(database, canned.provider(server, vault, **changes), budgets=budgets)

        asyncio.run(put())

    return give


def test_without_a_provider_each_says_so(home):
    result = home.run("ai", "check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "AI is not set up." in result.stderr
    assert "AI is not set up." in home.run(*INTENT, "--cases", "5").stderr
    assert home.done("ai", "ledger") == "No model was asked in the last 7 days.\n"


def test_a_provider_that_answers_is_one_line(home, given):
    given()
    said = home.done("ai", "check")
    assert said.startswith("ok    compatible  main      canned answered in ")
    assert said.count("\n") == 1
    [row] = home.told("ai", "ledger")["purposes"]
    assert (row["purpose"], row["calls"], row["failed"], row["without_price"]) == ("test", 1, 0, 0)


def test_a_main_provider_that_does_not_answer_fails_the_command(home, given):
    given(model="no-such-model")
    result = home.run("ai", "check")
    assert result.exit_code == 1
    assert "does not know the model" in result.stdout
    assert canned.KEY not in result.output


def test_prompts_are_scored_and_compared_over_the_same_cases(home, given):
    given()
    first = home.told(*INTENT, "--language", "en", "--cases", "8")
    assert (first["of_cases"], first["all"]["unanswered"], first["earlier"]) == (8, 0, [])
    assert first["prompt"]["name"] == "built-in"
    assert [one["id"][:2] for one in first["cases"]] == ["en"] * 8
    Path("mine.txt").write_text("Say what the customer wants.")
    said = home.done(*INTENT, "--language", "en", "--cases", "8", "--system-file", "mine.txt")
    assert "Other prompts over the same cases:" in said
    assert "no difference shown (better 0, worse 0, p = 1)" in said
    assert "this text" in said.splitlines()[0]


def test_a_kept_prompt_is_called_by_its_title_and_version(home, given, opened):
    given()

    async def keep():
        async with opened() as database, database.write() as connection:
            await ai_prompts.add(connection, "intent", "Short", Wording("", "", "Be short.", ""), "ana", canned.SET_UP)

    asyncio.run(keep())
    assert home.told(*INTENT, "--prompt", "1@1", "--cases", "2")["prompt"]["name"] == "Short v1"
    assert "is for intent" in home.refused("ai", "eval", "--purpose", "translate", "--prompt", "1")
    assert "There is no prompt 7." in home.refused(*INTENT, "--prompt", "7")
    assert "is no prompt" in home.refused(*INTENT, "--prompt", "x")


def test_a_budget_ends_it_with_what_was_scored(home, given):
    given(Chosen(day_tokens=4_000))
    result = home.run(*INTENT, "--cases", "30")
    assert result.exit_code == 1
    assert "budget is used up" in result.stderr
    assert "language  cases" in result.stdout


def test_a_missing_set_is_a_sentence(home, monkeypatch):
    monkeypatch.setattr("hyperpanel.paths.EVALUATION", home.folder / "nowhere")
    assert "The evaluation set is not there" in home.refused(*INTENT)
