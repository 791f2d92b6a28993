"""A conversation in a browser: what wants something of it gets nothing, and it begins at its end."""

import pytest
from sqlalchemy import insert

from hyperpanel.db.schema import messages, tickets
from tests.support.conversations import said, ticket
from tests.support.payloads import PAYLOADS

NUMBER = "9255"
HERE = f"/tickets/eu-1/{NUMBER}"
WITHIN = """() => [...document.querySelectorAll('.body *')].filter(one => !one.matches(
    'b, i, em, strong, p, br, ul, ol, li, code, pre, blockquote, a[href][rel], bdi, span:is(.named, .status)')).map(one => one.outerHTML)"""
ODD = """() => [...document.querySelectorAll('.body *')].flatMap(one => one.getAttributeNames())
    .filter(name => !['class', 'href', 'target', 'rel', 'dir'].includes(name))"""
FROM_ITS_END = "box => box.scrollHeight - box.clientHeight > 100 && Math.abs(box.scrollTop) < 1"


@pytest.fixture
async def hostile(site):
    rows = [said(place, body, NUMBER) for place, body in enumerate(PAYLOADS)]
    async with site.database.write() as connection:
        await connection.execute(insert(tickets), [ticket(NUMBER)])
        await connection.execute(insert(messages), rows)
    return site


async def test_nothing_that_others_wrote_runs_loads_or_leaves_its_place(hostile, ana):
    asked: list[str] = []
    ana.on("dialog", lambda dialog: asked.append(dialog.message))
    path, seen = HERE, 0
    while path:
        await ana.goto(hostile.url + path)
        seen += await ana.locator(".message").count()
        assert await ana.evaluate(WITHIN) == []
        assert await ana.evaluate(ODD) == []
        older = ana.locator(".elsewhere a[href*=before]")
        path = await older.get_attribute("href") if await older.count() else ""
    assert asked == []
    assert seen == len(PAYLOADS)


async def test_a_conversation_begins_at_its_end_beside_the_list_and_by_itself(hostile, ana):
    await ana.goto(f"{hostile.url}/tickets?number={NUMBER}")
    await ana.keyboard.press("j")
    await ana.keyboard.press("Enter")
    await ana.locator("#drawer .message").first.wait_for()
    assert await ana.locator(".thread-box").evaluate(FROM_ITS_END)
    await ana.goto(hostile.url + HERE)
    assert await ana.locator(".thread-box").evaluate(FROM_ITS_END)
