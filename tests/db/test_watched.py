"""Open orders that open tickets name, ahead of all others that are open."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from hyperpanel.db.schema import messages, orders, tickets
from hyperpanel.db.watched import orders_asked_about
from tests.support.conversations import said
from tests.support.kits import kit_over
from tests.support.records import NOON
from tests.support.sources import ORDERS, Source
from tests.support.staged import mirrored
from tests.support.worlds import World


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path, streams=Source(ORDERS).streams()) as kit:
        yield kit


async def keep(kit, table, *rows: dict[str, Any]) -> None:
    await kit.change(lambda connection: connection.execute(insert(table), list(rows)))


async def watched(kit, limit: int = 100) -> list[str]:
    found = await kit.database.read(lambda connection: orders_asked_about(connection, kit.feed.panel_id, limit))
    return list(found)


def ticket(id: str, minutes: int, **changes: Any) -> dict[str, Any]:
    return mirrored("tickets", id, last_update_at=NOON - timedelta(minutes=minutes), **{"status": "pending", **changes})


async def test_only_open_orders_of_open_tickets_are_watched(kit):
    running = [mirrored("orders", f"10000{number}", status="in_progress") for number in range(6)]
    await keep(kit, orders, *running, mirrored("orders", "200001", status="completed"))
    await keep(
        kit,
        tickets,
        ticket("1", 5, subject="Orders 100001, 200001"),
        ticket("2", 1, subject="Refill"),
        ticket("3", 2, subject="100003", status="closed"),
        ticket("5", 9, subject="77"),
    )
    await keep(kit, tickets, {**ticket("4", 3, subject="100004"), "gone_at": NOON})
    await keep(kit, messages, said(0, "<p>where is 100002?</p>", "2"), said(1, "https://x.example/100005", "2"))
    assert await watched(kit) == ["100002", "100001"]
    assert await watched(kit, limit=1) == ["100002"]


async def test_a_panel_without_open_tickets_watches_nothing(kit):
    await keep(kit, orders, mirrored("orders", "100001", status="in_progress"))
    assert await watched(kit) == []


async def test_what_is_watched_is_read_with_one_request_and_nothing_else(kit):
    source = Source(ORDERS)
    await keep(kit, orders, mirrored("orders", "100001", status="in_progress"), mirrored("orders", "100002"))
    await keep(kit, tickets, ticket("1", 5, subject="100001"))
    world = World(kit, source)
    assert (await world.run("watch")).done
    assert [tuple(ask.ids) for ask in source.asked] == [("100001",)]


async def test_nothing_to_watch_costs_no_request(kit):
    source = Source(ORDERS)
    assert (await World(kit, source).run("watch")).done
    assert source.asked == []
