"""Settings → Panels → Remove: it says what goes, asks for the name, and goes on until nothing is left."""

import asyncio
import json

import pytest
from sqlalchemy import insert, select

from hyperpanel.db import removals
from hyperpanel.db.panels import named
from hyperpanel.db.schema import audit, feeds, order_flips, orders, panels, pauses
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support.removals import take_up
from tests.support.staged import NOON, order

PLACE = "/settings/panels/eu-1/remove"


@pytest.fixture
async def held(staged):
    await staged.keep(order("1", "eu-1"), order("2", "eu-1"), order("3", "us-2"))
    flip = {"panel_id": 1, "order_id": "1", "number": 2, "was": "a", "now": "b", "not_before": NOON, "not_after": NOON}
    async with staged.database.write() as connection:
        await connection.execute(insert(order_flips).values(**flip))
    return staged


async def ended(staged) -> None:
    """All that was begun in the background."""
    await asyncio.gather(*staged.console.works)


async def names(staged) -> set[str]:
    return {row.name for row in await staged.rows(select(panels.c.name).execution_options(scoped=True))}


async def test_it_names_what_goes_in_rows(held, ana):
    page = " ".join((await ana.get(PLACE)).text.split())
    assert "Remove eu-1 and 3 rows" in page
    assert 'Orders</th> <td class="num">2</td>' in page


@pytest.mark.parametrize("typed", ["", "us-2", "eu"])
async def test_without_the_panels_name_nothing_is_removed(held, ana, typed):
    answer = await ana.post(PLACE, data={"name": typed})
    assert answer.status_code == 422
    assert "Type the panel’s name, eu-1, to remove it." in answer.text
    assert await held.rows(select(pauses).execution_options(scoped=True)) == []


async def test_everything_of_the_panel_goes_and_nothing_of_another(held, ana):
    answer = await ana.post(PLACE, data={"name": " EU-1 "})
    assert answer.headers["location"] == "/settings/panels?done=removing&of=eu-1"
    await ended(held)
    assert await names(held) == {"us-2", "dark"}
    left = await held.rows(select(orders.c.id).execution_options(scoped=True))
    assert [row.id for row in left] == ["3"]


async def test_the_audit_says_who_removed_what_and_when_it_was_done(held, ana):
    await ana.post(PLACE, data={"name": "eu-1"})
    await ended(held)
    begun, done = await held.rows(select(audit).order_by(audit.c.id))
    assert (begun.actor, begun.action, begun.target) == ("ana", "panel-remove", "eu-1")
    assert json.loads(begun.details)["rows"]["orders"] == 2
    assert (done.actor, done.action, done.target) == ("ana", "panel-removed", "eu-1")


async def begun(staged) -> None:
    [panel] = await staged.database.read(lambda connection: named(connection, EVERYTHING, ["eu-1"]))
    async with staged.database.write() as connection:
        await removals.mark(connection, panel, "ana", NOON)


async def test_a_removal_that_was_broken_off_says_so_and_goes_on_when_pressed_again(held, ana):
    await begun(held)
    assert "is being removed" in (await ana.get(PLACE)).text
    assert (await ana.post(PLACE)).status_code == 303
    await ended(held)
    assert await names(held) == {"us-2", "dark"}


async def test_a_removal_that_was_broken_off_goes_on_at_the_next_start(held):
    await begun(held)
    assert await take_up(held.database, held.clock) == 1
    assert await names(held) == {"us-2", "dark"}


async def test_nobody_reads_a_panel_that_is_being_removed(held, ana):
    await held.change(feeds, {"holder": "h", "fence": 3}, panel_id=1, stream="orders")
    await begun(held)
    [feed] = await held.rows(
        select(feeds).where(feeds.c.panel_id == 1, feeds.c.stream == "orders").execution_options(scoped=True)
    )
    assert (feed.holder, feed.fence) == (None, 4)


async def test_a_name_can_be_used_again_at_once(held, ana):
    await ana.post(PLACE, data={"name": "eu-1"})
    await ended(held)
    again = {"name": "eu-1", "url": "https://eu-1.example", "admin_key": "k"}
    assert (await ana.post("/settings/panels/new", data=again)).status_code == 303
