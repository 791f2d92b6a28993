"""What a report on complaints would take, on the page that begins one. Nothing is asked of a model by looking."""

import pytest
from sqlalchemy import select

from hyperpanel.db.schema import ai_calls, ai_reports, staff
from tests.support.ai_complaints import HERE, answering, complained
from tests.support.conversations import plain

NEW = f"{HERE}/new"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
async def manager(staged):
    return await staged.signed_in("max")


@pytest.fixture
async def ready(staged):
    await complained(staged)
    await answering(staged, NOWHERE)
    return staged


async def test_new_says_what_it_comes_to_before_the_press(ready, manager):
    answer = await manager.get(NEW)
    text = plain(answer)
    assert "Services 4 Tickets to read 13 Calls at most 4 Tokens at most, about" in text
    assert "Cost at most, about" in text
    assert "7 Likes 7 eu-1 4 4 Refill 3" in text
    assert "No order found eu-1 3 3" in text
    assert "AI is off for these panels, which are left out: dark." in text
    assert f'action="{HERE}/begin"' in answer.text
    assert await ready.rows(select(ai_calls.c.id)) == []


async def test_new_leaves_out_services_with_fewer_tickets_than_wanted(ready, manager):
    text = plain(await manager.get(f"{NEW}?least=4"))
    assert "Services 1 Tickets to read 4" in text
    assert "No service has so many tickets" in plain(await manager.get(f"{NEW}?least=500"))


@pytest.mark.parametrize("query", ["least=0", "least=many", "least=1001", "hours=no"])
async def test_new_says_what_cannot_be_used_and_begins_nothing(ready, manager, query):
    answer = await manager.get(f"{NEW}?{query}")
    assert answer.status_code == 422
    assert f"{HERE}/begin" not in answer.text
    await manager.post(f"{HERE}/begin?{query}")
    assert await ready.rows(select(ai_reports.c.id)) == []


async def test_new_without_a_provider_says_so_and_begins_nothing(staged, manager):
    await complained(staged)
    assert "AI is not set up." in plain(await manager.get(NEW))
    assert (await manager.post(f"{HERE}/begin")).headers["location"] == NEW
    assert await staged.rows(select(ai_reports.c.id)) == []


async def test_new_where_ai_is_off_names_the_panels(ready, manager):
    assert "AI is off for these panels, which are left out: dark." in plain(await manager.get(f"{NEW}?panel=dark"))


async def test_who_may_see_one_panel_begins_a_report_on_it_alone(ready):
    await ready.change(staff, {"role": "manager"}, username="ben")
    ben = await ready.signed_in("ben")
    text = plain(await ben.get(NEW))
    assert "Services 3 Tickets to read 10" in text
    assert "us-2" not in text
    assert (await ben.get(f"{NEW}?panel=us-2")).status_code == 404
    async with ready.console.reporting:
        await ben.post(f"{HERE}/begin")
    found = await ready.rows(select(ai_reports.c.panels, ai_reports.c.least, ai_reports.c.language))
    assert [tuple(row) for row in found] == [("[1]", 3, "en")]
