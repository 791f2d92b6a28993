"""One answer for many askers, on real HTTP and both databases: in one process and across two, whoever goes away, whatever fails."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select, update

from hyperpanel.ai import desk as desks
from hyperpanel.ai.answers import Made, Make, Wanted, answered
from hyperpanel.ai.asks import About, AiTrouble, Hear
from hyperpanel.ai.desk import Desk
from hyperpanel.clock import SystemClock
from hyperpanel.db import ai_answers
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import ai_answers as kept
from hyperpanel.db.scope import EVERYTHING, Scope
from tests.support.ai_desks import NOW, PROMPT, VAULT, Served, ai_served, asked, desk_of
from tests.support.staged import cast

PANEL = 1
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with ai_served() as made:
        yield made


@pytest.fixture(autouse=True)
def _fair(served: Served) -> None:
    served.reset()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    made = Database(address(database_url, Path.cwd()))
    await cast(made)
    yield made
    await made.close()


@pytest.fixture
async def desk(database: Database, served: Served) -> Desk:
    return await desk_of(database, served.url, panel_ids=[PANEL])


def wanted(text: str = "Merhaba 906386", language: str = "en") -> Wanted:
    return Wanted("translate", PANEL, "77", text, language, PROMPT, "ana")


def making(desk: Desk, text: str = "Merhaba 906386") -> Make:
    async def make(hear: Hear) -> Made:
        said = await desks.ask(desk, asked(text, About("translate", "ana", panel_id=PANEL, ticket_id="77")), hear)
        return Made(msgspec.json.decode(said.text), said.provider, said.model)

    return make


async def test_twenty_at_once_cost_one_call_and_all_hear_it(served, desk):
    served.behave({"kind": "late_and_slow", "seconds": 0.2, "each": 0.02})
    heard: list[list[str]] = [[] for _ in range(20)]
    told = await asyncio.gather(*(answered(desk, wanted(), making(desk), one.append) for one in heard))
    assert len(served.bench.asked) == 1
    assert len({answer.key for answer in told}) == 1
    assert all(answer.answer == told[0].answer for answer in told)
    assert all(len(one) > 1 and one == heard[0] for one in heard)


async def test_of_two_processes_one_asks_and_the_other_waits_for_it(served, database, desk):
    other_way = Database(database.url)
    other = Desk(other_way, VAULT, SystemClock(), desk.zone)
    first = Desk(database, VAULT, SystemClock(), desk.zone)
    served.behave({"kind": "late", "seconds": 0.4})
    ours = [answered(first, wanted(), making(first)) for _ in range(10)]
    theirs = [answered(other, wanted(), making(other)) for _ in range(10)]
    told = await asyncio.gather(*ours, *theirs)
    assert len(served.bench.asked) == 1
    assert {tuple(answer.answer or {}) for answer in told} == {("language", "text")}
    await other_way.close()


async def test_what_is_held_is_given_back_for_the_same_text_language_and_prompt_alone(served, desk):
    first = await answered(desk, wanted(), making(desk))
    assert await answered(desk, wanted(), making(desk)) == await held(desk)
    assert len(served.bench.asked) == 1
    await answered(desk, wanted(language="tr"), making(desk))
    await answered(desk, wanted("Merhaba 906387"), making(desk))
    assert len(served.bench.asked) == 3
    assert first.state == "done"


async def held(desk: Desk) -> ai_answers.Answer | None:
    return await desk.database.read(lambda connection: ai_answers.one(connection, EVERYTHING, PANEL, wanted().key))


async def test_a_failure_is_told_to_all_who_wait_and_may_be_tried_again(served, desk):
    served.behave({"kind": "refusal", "times": 1})
    told = await asyncio.gather(*(answered(desk, wanted(), making(desk)) for _ in range(5)), return_exceptions=True)
    assert [one.kind for one in told if isinstance(one, AiTrouble)] == ["declined"] * 5
    failed = await held(desk)
    assert failed is not None
    assert (failed.state, failed.problem) == ("failed", "declined")
    assert (await answered(desk, wanted(), making(desk))).state == "done"
    assert len(served.bench.asked) == 2


@ON_SQLITE
async def test_a_failure_in_another_process_is_told_to_those_who_wait_for_it(served, database, desk):
    other = Desk(database, VAULT, SystemClock(), desk.zone)
    first = Desk(database, VAULT, SystemClock(), desk.zone)
    served.behave({"kind": "404"})
    waiting = asyncio.create_task(answered(first, wanted(), making(first)))
    told = await asyncio.gather(waiting, answered(other, wanted(), making(other)), return_exceptions=True)
    assert [one.kind for one in told if isinstance(one, AiTrouble)] == ["no_model"] * 2
    assert len(served.bench.asked) == 1


@ON_SQLITE
async def test_whoever_goes_away_does_not_end_it(served, desk):
    served.behave({"kind": "late", "seconds": 0.2})
    asking = asyncio.create_task(answered(desk, wanted(), making(desk)))
    while not served.bench.asked:  # noqa: ASYNC110 -- the server is in another thread
        await asyncio.sleep(0.01)
    asking.cancel()
    assert (await answered(desk, wanted(), making(desk))).state == "done"
    assert len(served.bench.asked) == 1


@ON_SQLITE
async def test_one_whose_process_ends_is_free_at_once_and_one_that_fell_silent_after_a_minute(served, desk):
    served.behave({"kind": "late", "seconds": 9})
    asking = asyncio.create_task(answered(desk, wanted(), making(desk)))
    while not served.bench.asked:  # noqa: ASYNC110 -- the server is in another thread
        await asyncio.sleep(0.01)
    await desk.close()
    with pytest.raises(AiTrouble, match="cut"):
        await asking
    assert await state(desk) == ("failed", "cut")
    silent = update(kept).values(state="asking", holder="gone", seen_at=desk.clock.now() - timedelta(seconds=59))
    async with desk.database.write() as connection:
        await connection.execute(silent)
    before = desk.clock.now()
    assert (await answered(desk, wanted(), making(desk))).state == "done"
    assert desk.clock.now() > before


async def state(desk: Desk) -> tuple[str, str | None]:
    found = await held(desk)
    assert found is not None
    return found.state, found.problem


@ON_SQLITE
async def test_a_bug_is_told_as_one_and_leaves_nothing_claimed(desk):
    async def broken(_: Hear) -> Made:
        raise RuntimeError("what a customer wrote")

    with pytest.raises(AiTrouble, match="broken"):
        await answered(desk, wanted(), broken)
    assert await state(desk) == ("failed", "broken")


@ON_SQLITE
async def test_one_who_cannot_hear_keeps_nobody_from_it(served, desk):
    def deaf(_: str) -> None:
        raise ConnectionError

    heard: list[str] = []
    told = await asyncio.gather(
        answered(desk, wanted(), making(desk), deaf), answered(desk, wanted(), making(desk), heard.append)
    )
    assert {answer.state for answer in told} == {"done"}
    assert heard


@ON_SQLITE
async def test_a_panel_that_is_off_or_gone_is_not_asked_about(served, database):
    desk = await desk_of(database, served.url)
    with pytest.raises(AiTrouble, match="off") as caught:
        await answered(desk, wanted(), making(desk))
    assert caught.value.values == {"panel": "eu-1"}
    elsewhere = Wanted("translate", 999, "77", "Merhaba", "en", PROMPT, "ana")
    with pytest.raises(AiTrouble, match="gone"):
        await answered(desk, elsewhere, making(desk))
    assert not served.bench.asked


@ON_SQLITE
async def test_the_latest_of_each_text_is_found_within_the_scope_alone(desk: Desk):
    made = await answered(desk, wanted(), making(desk))

    async def found(scope: Scope) -> dict[str, ai_answers.Answer]:
        return await desk.database.read(
            lambda connection: ai_answers.of_digests(connection, scope, PANEL, "translate", [made.digest, "x"], "en")
        )

    assert await found(EVERYTHING) == {made.digest: made}
    assert await found(Scope(frozenset({2}))) == {}


@ON_SQLITE
async def test_that_an_answer_is_used_is_noted_once_a_day(desk):
    await answered(desk, wanted(), making(desk))
    await desk.clock.sleep(3600)
    await answered(desk, wanted(), making(desk))
    assert desk.database.read_now(lambda connection: connection.scalar(select(kept.c.used_at))) == NOW
    await desk.clock.sleep(86_400)
    await answered(desk, wanted(), making(desk))
    assert desk.database.read_now(lambda connection: connection.scalar(select(kept.c.used_at))) == desk.clock.now()


@ON_SQLITE
async def test_somebody_elses_used_up_budget_is_nobody_elses(served, database):
    desk = await desk_of(database, served.url, panel_ids=[PANEL], person_tokens=5)

    async def made_by(staff_id: int | None) -> str:
        about = About("translate", "ana", staff_id=staff_id, panel_id=PANEL)

        async def make(hear: Hear) -> Made:
            said = await desks.ask(desk, asked(about=about), hear)
            return Made(msgspec.json.decode(said.text), said.provider, said.model)

        try:
            return (await answered(desk, wanted(), make)).state
        except AiTrouble as trouble:
            return trouble.kind

    told = await asyncio.gather(made_by(1), made_by(2), made_by(None), made_by(None))
    assert list(told) == ["person_budget", "person_budget", "done", "done"]
    assert len(served.bench.asked) == 1
