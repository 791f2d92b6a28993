"""What is remembered of a change, and between which two reads it lies: statuses, names of users, names and prices of services."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from hyperpanel.db.schema import order_flips, orders, service_changes, services, user_renames
from sync.store import Outcome
from tests.support.kits import kit_over
from tests.support.records import NOON, batch, order, service, user

HOUR = timedelta(hours=1)


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        yield made


async def bounds(kit, table) -> list[tuple[datetime, datetime]]:
    return [(row.not_before, row.not_after) for row in await kit.rows(table)]


async def at(kit, hours: int, *pages, plan: str = "head", proven: bool = True) -> None:
    """A run at that hour."""
    kit.clock.time = NOON + hours * HOUR
    claim = await kit.claim(plan)
    for page in pages:
        await kit.commit(claim, page)
    await kit.store.finish(claim, Outcome(proven=proven))


async def test_each_step_of_a_status_is_a_flip(kit):
    for number, status in ((10, "pending"), (20, "in_progress"), (30, "completed")):
        await at(kit, number, batch(number, order(status=status), at=NOON + number * HOUR))
    assert [(row.was, row.now) for row in await kit.rows(order_flips)] == [
        ("pending", "in_progress"),
        ("in_progress", "completed"),
    ]
    assert await bounds(kit, order_flips) == [
        (NOON + 10 * HOUR, NOON + 20 * HOUR),
        (NOON + 20 * HOUR, NOON + 30 * HOUR),
    ]


async def test_a_whole_refresh_raises_the_bound_of_those_it_saw_alone(kit):
    await at(kit, 0, batch(10, order("1"), order("2", status="completed"), at=NOON))
    await at(kit, 1, plan="refresh")
    await at(kit, 2, batch(20, order("3"), at=NOON + 2 * HOUR))
    moved = (order("1", status="completed"), order("2", status="refunded"), order("3", status="completed"))
    await at(kit, 3, batch(30, *moved, at=NOON + 3 * HOUR))
    assert [row.not_before for row in await kit.rows(order_flips)] == [NOON + HOUR, NOON, NOON + 2 * HOUR]


async def test_a_refresh_has_not_seen_what_was_gone(kit):
    await at(kit, 0, batch(10, order(), at=NOON))
    await kit.change(lambda connection: connection.execute(update(orders).values(gone_at=NOON)))
    await at(kit, 1, plan="refresh")
    await at(kit, 2, batch(20, order(status="completed"), at=NOON + 2 * HOUR))
    assert await bounds(kit, order_flips) == [(NOON, NOON + 2 * HOUR)]


async def test_a_rename_is_remembered_by_the_users_id(kit):
    users = kit.of("users")
    await at(users, 0, batch(10, user("7", username="kadir"), user("8"), at=NOON))
    await at(users, 1, batch(20, user("7", username="kadir2"), user("8", balance=1), at=NOON + HOUR))
    assert [(row.user_id, row.was, row.now, row.number) for row in await kit.rows(user_renames)] == [
        ("7", "kadir", "kadir2", 20)
    ]
    assert await bounds(kit, user_renames) == [(NOON, NOON + HOUR)]


@pytest.mark.parametrize("change", [{"name": "Views"}, {"rate": 95_000_000}, {"rate": None}])
async def test_a_service_keeps_the_history_of_its_name_and_price(kit, change):
    catalogue = kit.of("services")
    await at(catalogue, 0, batch(10, service(), at=NOON))
    await at(catalogue, 1, batch(20, service(**change), at=NOON + HOUR))
    [row] = await kit.rows(service_changes)
    assert (row.name_was, row.rate_was) == ("Followers [10K/Day]", 90_000_000)
    assert (row.name_now, row.rate_now) == (change.get("name", row.name_was), change.get("rate", row.rate_was))


async def test_other_changes_of_a_service_are_no_history(kit):
    await kit.of("services").read(batch(10, service()), batch(20, service(min=60)))
    assert await kit.rows(service_changes) == []


async def test_an_old_price_stood_until_the_catalogue_was_last_read(kit):
    catalogue = kit.of("services")
    await at(catalogue, 0, batch(10, service(), at=NOON))
    await at(catalogue, 5)
    await at(catalogue, 6, batch(20, service(rate=1), at=NOON + 6 * HOUR))
    assert await bounds(kit, service_changes) == [(NOON + 5 * HOUR, NOON + 6 * HOUR)]


async def test_the_price_of_a_service_that_was_gone_stood_until_it_was_last_seen(kit):
    catalogue = kit.of("services")
    await at(catalogue, 0, batch(10, service(), at=NOON))
    await kit.change(lambda connection: connection.execute(update(services).values(gone_at=NOON + HOUR)))
    await at(catalogue, 5)
    await at(catalogue, 6, batch(20, service(rate=1), at=NOON + 6 * HOUR))
    assert await bounds(kit, service_changes) == [(NOON, NOON + 6 * HOUR)]


async def test_a_clock_that_ran_back_turns_no_bounds_around(kit):
    await at(kit, 5, batch(10, order(), at=NOON + 5 * HOUR))
    await at(kit, 1, batch(20, order(status="completed"), at=NOON + HOUR))
    assert await bounds(kit, order_flips) == [(NOON + HOUR, NOON + HOUR)]
