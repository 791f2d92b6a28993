"""Settings → AI ledger: what was asked of providers, by whom and at what cost, of the panels that somebody may see."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert

from hyperpanel.db.schema import ai_calls, ai_prompt_versions, ai_prompts, ai_settings, staff
from tests.db.test_ai_ledger import ROW
from tests.support.staged import NOON

HERE = "/settings/ai/ledger"
CALLS: tuple[dict[str, object], ...] = (
    {},
    {"panel_id": 2, "ticket_id": "88", "by": "ben", "purpose": "intent", "cost": None, "is_estimated": True},
    {"panel_id": None, "ticket_id": None, "purpose": "test", "state": "failed", "problem": "key_refused", "tokens_in": None,
     "tokens_out": None, "cost": None, "ms": None},
)  # fmt: skip


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def calls(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<tr id="c-(\d+)"', page)]


@pytest.fixture
async def told(staged):
    async with staged.database.write() as connection:
        rows = [{**ROW, "at": NOON - timedelta(hours=number), **change} for number, change in enumerate(CALLS)]
        await connection.execute(insert(ai_calls), rows)
    return staged


async def budget(staged, **limits):
    row = {"id": 1, "main": "openai", "fallback": "", "updated_at": NOON, "updated_by": "ana", **limits}
    async with staged.database.write() as connection:
        await connection.execute(insert(ai_settings).values(**row))


async def test_index_lists_the_latest_call_first(told, ana):
    page = (await ana.get(HERE)).text
    assert calls(page) == [1, 2, 3]
    assert 'href="/tickets/eu-1/70"' in page
    assert 'href="/settings/ai/prompts/show?purpose=translate"' in page
    assert "Key refused" in words(page)


async def test_index_says_that_a_cost_without_a_price_is_unknown(told, ana):
    page = words((await ana.get(f"{HERE}?by=purpose")).text)
    assert "Intent 1 100 20 1 unknown" in page
    assert "Translate 1 100 20 0.0001 USD 420 ms" in page
    assert "In all 3 1 200 40 1 + 1 without a price 0.0001 USD" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("staff=ben", [2]), ("purpose=test", [3]), ("purpose=test&purpose=intent", [2, 3]), ("state=failed", [3]),
        ("provider=anthropic", []), ("ticket=88", [2]), ("ticket=1", []), ("panel=us-2", [2]), ("from=2026-03-01+11:30", [1]),
        ("to=2026-03-01+11:30", [2, 3]), ("from=-1h", [1, 2]), ("by=nonsense", [1, 2, 3]),
    ],
)  # fmt: skip
async def test_index_is_narrowed_by_its_address(told, ana, query, found):
    assert calls((await ana.get(f"{HERE}?{query}")).text) == found


@pytest.mark.parametrize("way", ["day", "model", "purpose", "person", "panel", "prompt"])
async def test_index_is_put_together_every_way(told, ana, way):
    assert "In all" in words((await ana.get(f"{HERE}?by={way}")).text)


@pytest.mark.parametrize(
    "query", ["from=2030-01-01", "from=9999-12-31", "to=0001-01-05", "from=0001-01-01&to=0001-01-05"]
)
async def test_a_span_without_any_call_is_empty(told, ana, query):
    page = await ana.get(f"{HERE}?by=day&{query}")
    assert "No call is like that." in words(page.text)
    assert (await ana.get(f"{HERE}/file?by=day&{query}")).text.splitlines()[1:] == []


async def test_index_goes_on_where_a_page_ends(told, ana, monkeypatch):
    monkeypatch.setattr("hyperpanel.db.ai_ledger.page.__defaults__", (None, 2))
    first = (await ana.get(HERE)).text
    older = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert calls(first) == [1, 2]
    assert older
    assert calls((await ana.get(older[1].replace("&amp;", "&"))).text) == [3]


async def test_index_refuses_a_place_that_no_page_leads_to(told, ana):
    assert (await ana.get(f"{HERE}?after=x")).status_code == 422


async def test_index_shows_some_panels_only_to_whoever_sees_some(told):
    await told.change(staff, {"role": "manager"}, username="ben")
    await budget(told, day_tokens=1_000, panel_tokens=500, person_tokens=400)
    page = (await (await told.signed_in("ben")).get(HERE)).text
    assert calls(page) == [1]
    assert "eu-1 120 / 500" in words(page)
    assert "/ 1,000" not in page
    assert "/ 400" not in page
    assert calls((await (await told.signed_in("ben")).get(f"{HERE}?ticket=88")).text) == []


async def test_index_shows_what_is_used_of_todays_budgets(told, ana):
    await budget(told, day_tokens=240, panel_tokens=150)
    page = (await ana.get(HERE)).text
    assert "In all 240 / 240" in words(page)
    assert "gauge-bad" in page
    assert "gauge-warn" in page


async def test_index_says_that_nothing_limits_without_a_budget(staged, ana):
    page = words((await ana.get(HERE)).text)
    assert "No budget is set" in page
    assert "No provider was asked yet." in page


@pytest.mark.parametrize("name", ["ben", "vic", "nia"])
async def test_index_is_for_managers(told, name):
    assert (await (await told.signed_in(name)).get(HERE)).status_code == 403


async def test_index_names_prompts_with_their_version(told, ana):
    prompt = {
        "id": 5,
        "purpose": "intent",
        "title": "Short gist",
        "folded": "short gist",
        "version": 2,
        "in_use": False,
    }
    version = {
        "prompt_id": 5,
        "version": 2,
        "provider": "",
        "model": "",
        "system": "",
        "body": "",
        "by": "ana",
        "at": NOON,
    }
    async with told.database.write() as connection:
        await connection.execute(insert(ai_prompts).values(**prompt, created_at=NOON, updated_at=NOON))
        await connection.execute(insert(ai_prompt_versions).values(version))
        await connection.execute(insert(ai_calls).values({**ROW, "prompt_id": 5, "prompt_version": 2}))
    page = (await ana.get(HERE)).text
    assert "Short gist, version 2" in words(page)
    assert 'href="/settings/ai/prompts/show?prompt=5&amp;version=2"' in page


async def test_index_shows_hostile_text_as_text(staged, ana):
    hostile = "<b>x</b>\u202e"
    async with staged.database.write() as connection:
        row = {**ROW, "model": hostile, "by": hostile, "ticket_id": hostile, "provider": hostile, "purpose": hostile}
        await connection.execute(insert(ai_calls).values(row))
    for way in ("model", "person", "purpose", "prompt"):
        page = (await ana.get(f"{HERE}?by={way}")).text
        assert "<b>x" not in page
        assert "\u202e" not in page


async def test_file_has_the_sums_with_all_digits(told, ana):
    answer = await ana.get(f"{HERE}/file?by=purpose")
    assert answer.headers["content-disposition"] == 'attachment; filename="ai-ledger-by-purpose.csv"'
    assert "Translate,,1,0,100,20,0,0.00005000,0,420,420" in answer.text
    assert "Intent,,1,0,100,20,1,,1,420,420" in answer.text
