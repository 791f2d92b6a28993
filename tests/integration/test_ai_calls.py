"""Asking by a desk over real HTTP: once more, or another provider, where that helps; each attempt in the ledger; budgets that many keep."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hyperpanel.ai import desk as desks
from hyperpanel.ai.asks import About, AiTrouble, Ask
from hyperpanel.ai.desk import Desk
from hyperpanel.db import ai_calls
from hyperpanel.db.ai_providers import Chosen
from hyperpanel.db.engine import Database, address
from tests.support.ai_desks import ABOUT, NOW, Served, a_desk, ai_served, asked, desk_of, ledger, on, provided, provider
from tests.support.ai_servers import odd, spoken

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
    yield made
    await made.close()


async def kind(desk: Desk, wanted: Ask) -> str:
    try:
        await desks.ask(desk, wanted)
    except AiTrouble as trouble:
        return trouble.kind
    return "said"


async def begun(served: Served) -> None:
    """Until a question has arrived, which is in another thread."""
    while not served.bench.asked:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def test_an_answer_comes_with_what_it_took_and_cost(served, database):
    desk = await desk_of(database, served.url)
    said = await desks.ask(desk, asked())
    [billed] = served.bench.asked
    assert (said.tokens_in, said.tokens_out) == (billed.tokens_in, billed.tokens_out)
    assert said.cost == billed.tokens_in * 250 + billed.tokens_out * 1000
    [row] = await ledger(database, "state", "problem", "tokens_in", "tokens_out", "cost", "attempt", "by", "purpose")
    assert row == ("done", None, said.tokens_in, said.tokens_out, said.cost, 1, "ana", "translate")


@ON_SQLITE
@pytest.mark.parametrize("fault", ["500", "529", "503", "cut", "reset", {"kind": "429", "seconds": 2}, "prose"])
async def test_what_may_pass_is_tried_once_more(served, database, fault):
    desk = await desk_of(database, served.url)
    served.behave(fault)
    assert await kind(desk, asked()) == "said"
    assert await ledger(database, "attempt", "state") == [(1, "failed"), (2, "done")]
    assert desk.clock.now() > NOW


@ON_SQLITE
@pytest.mark.parametrize(
    "fault", ["401", "403", "404", "quota", "429_none", {"kind": "429", "seconds": 60}, "redirect"]
)
async def test_what_stays_so_goes_to_the_fallback_at_once(served, database, fault):
    desk = await desk_of(database, served.url, fallback="anthropic")
    served.behave({**(fault if isinstance(fault, dict) else {"kind": fault}), "path": "openai"})
    said = await desks.ask(desk, asked())
    assert said.provider == "anthropic"
    assert await ledger(database, "attempt", "provider", "state") == [(1, "openai", "failed"), (2, "anthropic", "done")]


@ON_SQLITE
async def test_a_provider_is_asked_twice_and_its_fallback_once(served, database):
    desk = await desk_of(database, served.url, fallback="anthropic")
    served.behave({"kind": "500", "times": None})
    assert await kind(desk, asked()) == "server"
    providers = [row[0] for row in await ledger(database, "provider")]
    assert providers == ["openai", "openai", "anthropic"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("fault", "told", "attempts"), [("refusal", "declined", 1), ("length", "too_long", 1), ("prose", "form", 2)]
)
async def test_what_a_model_will_not_or_cannot_say_is_asked_of_no_other(served, database, fault, told, attempts):
    desk = await desk_of(database, served.url, fallback="anthropic")
    served.behave({"kind": fault, "times": None})
    assert await kind(desk, asked()) == told
    assert [row[0] for row in await ledger(database, "provider")] == ["openai"] * attempts


@ON_SQLITE
async def test_a_server_that_knows_little_is_asked_more_plainly_and_that_is_remembered(served, database):
    desk = await desk_of(database, served.url, main="compatible")
    served.behave({"kind": "no_json_schema", "times": None})
    assert await kind(desk, asked()) == "said"
    assert await kind(desk, asked("again")) == "said"
    assert await ledger(database, "state", "problem") == [("failed", "broken"), ("done", None), ("done", None)]
    assert "max_tokens" in served.bench.asked[-1].body


@ON_SQLITE
async def test_many_that_find_out_at_once_how_plainly_to_ask_all_get_their_answers(served, database):
    desk = await desk_of(database, served.url, main="compatible")
    served.behave({"kind": "no_json_schema", "times": None})
    assert await asyncio.gather(*(kind(desk, asked(f"Merhaba {place}")) for place in range(8))) == ["said"] * 8
    assert list(desk.plain.values()) == [1]


@ON_SQLITE
async def test_one_that_takes_no_form_at_all_is_asked_in_words(database):
    async with odd([], "HTTP/1.1 400 No\r\ncontent-length: 0\r\n\r\n") as stubborn:
        await provided(database, [provider("compatible", f"{stubborn.url}/v1")], Chosen(main="compatible"))
        assert await kind(a_desk(database), asked()) == "broken"
        asked_for = [b"json_schema" in sent and b"response_format" in sent for sent in stubborn.sent]
        assert asked_for == [True, False, False]
        assert b"json_object" in stubborn.sent[1]
        assert b"response_format" not in stubborn.sent[2]
        assert b"JSON Schema" in stubborn.sent[2]


@ON_SQLITE
async def test_what_a_server_does_not_count_is_estimated_in_the_ledger(database):
    async with odd(spoken(usage="")) as server:
        await provided(database, [provider("compatible", f"{server.url}/v1")], Chosen(main="compatible"))
        await desks.ask(a_desk(database), asked())
    [(is_estimated, tokens_in, tokens_out)] = await ledger(database, "is_estimated", "tokens_in", "tokens_out")
    assert is_estimated
    assert tokens_in
    assert tokens_out


@ON_SQLITE
@pytest.mark.parametrize("fault", ["late", "reset_after_headers", "html"])
async def test_what_left_and_brought_nothing_is_counted_all_the_same(served, database, monkeypatch, fault):
    monkeypatch.setattr(desks, "DEADLINE", 1.0)
    desk = await desk_of(database, served.url)
    served.behave({"kind": fault, "seconds": 3, "times": None})
    assert await kind(desk, asked()) in ("timeout", "cut")
    for is_estimated, tokens_in, tokens_out, cost in await ledger(
        database, "is_estimated", "tokens_in", "tokens_out", "cost"
    ):
        assert is_estimated
        assert tokens_in > 0
        assert (tokens_out, cost) == (0, tokens_in * 250)


@ON_SQLITE
@pytest.mark.parametrize("address", ["http://127.0.0.1:1/v1", ""])
async def test_what_never_arrived_or_was_turned_away_costs_nothing(served, database, address):
    await provided(database, [provider("openai", address or served.url)], Chosen(main="openai"))
    served.behave({"kind": "500", "times": None})
    assert await kind(a_desk(database), asked()) in ("unreachable", "server")
    assert set(await ledger(database, "tokens_in", "tokens_out", "cost")) == {(None, None, None)}


@ON_SQLITE
async def test_a_prompt_that_names_its_provider_is_sent_to_no_other(served, database):
    desk = await desk_of(database, served.url, fallback="anthropic")
    served.behave({"kind": "500", "times": None})
    assert await kind(desk, asked(prompt=on("compatible"))) == "server"
    assert await ledger(database, "provider") == [("compatible",)] * 2


@ON_SQLITE
@pytest.mark.parametrize("lacks", [{"sealed": None}, {"sealed": b"of another master key" * 3}])
async def test_where_the_main_one_cannot_be_asked_its_fallback_is_unless_it_is_named(served, database, lacks):
    every = [provider("openai", served.url, **lacks), provider("anthropic", served.url)]
    await provided(database, every, Chosen(main="openai", fallback="anthropic"))
    desk = a_desk(database)
    assert (await desks.ask(desk, asked())).provider == "anthropic"
    assert await kind(desk, asked(prompt=on("openai"))) in ("none", "key_refused")
    assert await ledger(database, "provider") == [("anthropic",)]


@ON_SQLITE
async def test_a_prompt_may_name_its_provider_and_model(served, database):
    desk = await desk_of(database, served.url)
    said = await desks.ask(desk, asked(prompt=replace(on("anthropic"), model="canned-slow")))
    assert (said.provider, said.model) == ("anthropic", "canned-slow")


@ON_SQLITE
async def test_without_a_provider_nothing_leaves(served, database):
    assert await kind(a_desk(database), asked()) == "none"
    await provided(database, [provider("openai", served.url, sealed=None)], Chosen(main="openai"))
    assert await kind(a_desk(database), asked()) == "none"
    assert not served.bench.asked


@ON_SQLITE
async def test_whoever_goes_away_leaves_no_row_open(served, database):
    desk = await desk_of(database, served.url)
    served.behave({"kind": "late", "seconds": 0.3})
    asking = asyncio.create_task(desks.ask(desk, asked()))
    await begun(served)
    asking.cancel()
    await asyncio.wait(desk.works)
    assert await ledger(database, "state") == [("done",)]


@ON_SQLITE
async def test_a_process_that_ends_settles_what_is_under_way(served, database):
    desk = await desk_of(database, served.url)
    served.behave({"kind": "late", "seconds": 5})
    asking = asyncio.create_task(desks.ask(desk, asked()))
    await begun(served)
    await desk.close()
    await asyncio.wait([asking])
    assert await ledger(database, "state", "problem", "is_estimated") == [("failed", "interrupted", True)]


@ON_SQLITE
async def test_what_was_said_until_then_is_counted(served, database):
    desk, heard = await desk_of(database, served.url), list[str]()
    served.behave({"kind": "drip", "each": 0.2})
    asking = asyncio.create_task(desks.ask(desk, asked("Merhaba 906386 " * 40), heard.append))
    while not heard:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    await desk.close()
    await asyncio.wait([asking])
    [(problem, tokens_in, tokens_out)] = await ledger(database, "problem", "tokens_in", "tokens_out")
    assert problem == "interrupted"
    assert tokens_in > tokens_out > 0


FAULTS = (
    "fair", "fair", "fair", "500", "529", "401", "429", "429_none", "refusal", "content_filter", "length", "prose",
    "fenced", "tool_call", "empty", "too_long", "503", "quota", "404",
)  # fmt: skip


@ON_SQLITE
async def test_after_300_calls_with_faults_the_ledger_equals_the_providers_own_count(served, database):
    chance = random.Random(8)
    desk = await desk_of(database, served.url, fallback="anthropic")
    names = [chance.choice(("openai", "anthropic", "compatible")) for _ in range(300)]
    served.behave(*({"kind": chance.choice(FAULTS), "seconds": 1} for _ in names))
    for start in range(0, 300, 10):
        wanted = [
            asked(f"Merhaba {start + place}", prompt=on(name)) for place, name in enumerate(names[start : start + 10])
        ]
        await asyncio.gather(*(kind(desk, one) for one in wanted))
    rows = await ledger(database, "provider", "tokens_in", "tokens_out", "is_estimated", "state")
    counts = served.bench.counts()
    assert len(rows) == counts["requests"] > 300
    assert sum(row[1] or 0 for row in rows) == counts["tokens_in"]
    assert sum(row[2] or 0 for row in rows) == counts["tokens_out"]
    assert not any(row[3] for row in rows)
    assert {row[4] for row in rows} == {"done", "failed"}
    assert counts["outcomes"]["done"] == counts["billed"]


async def test_fifty_at_once_do_not_pass_a_budget_together(served, database):
    desk = await desk_of(database, served.url, day_tokens=1500)
    told = await asyncio.gather(*(kind(desk, asked(f"Merhaba {place}", most_out=60)) for place in range(50)))
    assert set(told) == {"said", "day_budget"}
    assert served.bench.counts()["requests"] == told.count("said")
    while await kind(desk, asked(most_out=60)) == "said":
        pass
    counts = served.bench.counts()
    assert 1000 < counts["tokens_in"] + counts["tokens_out"] <= 1500
    rows = await ledger(database, "tokens_in", "tokens_out")
    assert sum(map(sum, rows)) == counts["tokens_in"] + counts["tokens_out"]


@ON_SQLITE
async def test_a_budget_is_told_with_when_it_begins_again_and_in_time_it_does(served, database):
    desk = await desk_of(database, served.url, day_tokens=1200)
    while (told := await kind(desk, asked())) == "said":
        pass
    with pytest.raises(AiTrouble) as caught:
        await desks.ask(desk, asked())
    assert told == caught.value.kind == "day_budget"
    assert caught.value.values["until"] == NOW.replace(day=1, month=2, hour=0)
    await desk.clock.sleep(13 * 3600)
    assert await kind(desk, asked()) == "said"


@ON_SQLITE
async def test_a_budget_in_money_does_not_ask_who_has_no_price(served, database):
    every = [provider("openai", served.url, price_in=None)]
    await provided(database, every, Chosen(main="openai", day_cost=10**12))
    assert await kind(a_desk(database), asked()) == "day_budget"
    assert not served.bench.asked


@ON_SQLITE
async def test_what_a_killed_process_had_reserved_stays_counted(served, database):
    desk = await desk_of(database, served.url, day_tokens=1000)
    row = {**vars(replace(ABOUT, by="ben")), "provider": "openai", "model": "canned", "attempt": 1, "reserved": 900}
    await database.commit(lambda connection: ai_calls.begin(connection, NOW, row))
    assert await kind(desk, asked()) == "day_budget"
    async with database.write() as connection:
        assert await ai_calls.settle_lost(connection, NOW + ai_calls.LOST_AFTER / 2) == 0
        assert await ai_calls.settle_lost(connection, NOW + ai_calls.LOST_AFTER * 2) == 1
    assert await ledger(database, "state", "problem") == [("failed", "interrupted")]
    assert await kind(desk, asked()) == "day_budget"


@ON_SQLITE
async def test_the_test_button_asks_one_provider_and_no_other(served, database):
    desk = await desk_of(database, served.url, fallback="anthropic")
    assert (await desks.try_out(desk, "compatible", About("test", "ana"))).text == '{"ok":"[canned]"}'
    served.behave("500")
    with pytest.raises(AiTrouble, match="server"):
        await desks.try_out(desk, "openai", About("test", "ana"))
    assert await ledger(database, "provider", "state", "purpose") == [
        ("compatible", "done", "test"),
        ("openai", "failed", "test"),
    ]


@ON_SQLITE
async def test_a_key_sealed_with_another_master_key_is_said_to_be_refused(served, database):
    strange = provider("openai", served.url, sealed=provider("anthropic", served.url).sealed)
    await provided(database, [strange], Chosen(main="openai"))
    assert await kind(a_desk(database), asked()) == "key_refused"
