"""Twenty people press Translate at once, over HTTP: the model is asked once, and all see it grow and end; and what a budget does to them."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import update

from hyperpanel.db import sessions, staff
from hyperpanel.db.schema import ai_calls, ai_providers
from hyperpanel.web.masks import masked
from tests.support.analysed import LINES, Model, model, one_ticket, set_up
from tests.support.conversations import HERE
from tests.support.site import Site, site
from tests.support.staged import FROM_US, PASSWORD_HASH

MANY = 20
TEXT = "[canned translation] siparişim 2274209 nerede? 2274210, 2274211"
LASTS = timedelta(hours=1)
FORM = {"panel": "eu-1", "ticket": "255", "message": f"{1:032x}"}
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Crowd:
    site: Site
    model: Model
    browsers: list[httpx2.AsyncClient]


async def browser(made: Site, number: int) -> httpx2.AsyncClient:
    now, name = datetime.now(UTC), f"agent{number}"
    async with made.database.write() as connection:
        id = await staff.add(connection, name, PASSWORD_HASH, "support", [1], now)
        token = await sessions.begin(connection, id, LASTS, now, "", "")
    session = made.database.read_now(lambda connection: sessions.find(connection, token, LASTS, now))
    assert session is not None
    headers = {**FROM_US, "x-csrf": masked(session.csrf), "accept": LINES}
    return httpx2.AsyncClient(base_url=made.url, headers=headers, cookies={"hyperpanel": token}, timeout=60)


@pytest.fixture
async def crowd(database_url: str) -> AsyncIterator[Crowd]:
    with model() as canned:
        async with site(database_url) as made:
            await one_ticket(made)
            browsers = [await browser(made, number) for number in range(MANY)]
            yield Crowd(made, canned, browsers)
            for one in browsers:
                await one.aclose()


async def ask(one: httpx2.AsyncClient, what: str = "translate") -> list[dict[str, str]]:
    async with one.stream("POST", f"/tickets/{what}", data=FORM) as answer:
        assert answer.status_code == 200
        return [json.loads(line) async for line in answer.aiter_lines() if line]


async def test_all_see_one_answer_and_it_is_asked_for_once(crowd):
    await set_up(crowd.site, crowd.model, "eu-1")
    async with crowd.site.database.write() as connection:
        await connection.execute(update(ai_providers).values(model="canned-slow"))
    told = await asyncio.gather(*map(ask, crowd.browsers))
    assert all(TEXT in lines[-1]["html"] for lines in told)
    assert all(any("so_far" in line for line in lines) for lines in told)
    assert len(crowd.model.asked) == 1
    calls = await crowd.site.database.read(lambda connection: connection.execute(ai_calls.select()).all())
    assert [(row.state, row.purpose) for row in calls] == [("done", "translate")]


async def test_a_used_up_budget_is_told_to_all_and_the_ticket_is_unharmed(crowd):
    await set_up(crowd.site, crowd.model, "eu-1", panel_tokens=1)
    told = await asyncio.gather(*map(ask, crowd.browsers))
    assert {lines[-1].get("refused", "").partition(".")[0] for lines in told} <= {
        "Today’s AI budget of this panel is used up",
        "Today’s AI budget of eu-1 is used up",
    }
    page = await crowd.browsers[0].get(HERE, headers={"accept": "text/html"})
    assert (page.status_code, "siparişim" in page.text) == (200, True)
    assert crowd.model.asked == []
