"""Cursors that are wrong, and clocks that are: a damaged position is read past, never believed into silence."""

import pytest
from sqlalchemy import update

from hyperpanel.db.schema import order_flips, pauses, plans, set_aside
from hyperpanel.db.scope import EVERYTHING
from tests.support.attached import SWEEP, attached

DAMAGED = ['{"mark": 32503680000}', '{"mark": 5}', "not json", "", None]
PEOPLE = (150, 200, 30)
NEWS = {"orders": 250, "users": 30, "payments": 130, "tickets": 12}


async def set_cursors(found, plan: str, text: str | None) -> None:
    async with found.installation.database.write() as connection:
        await connection.execute(update(plans).where(plans.c.plan == plan).values(cursor=text))


async def true(found) -> bool:
    return await found.wrong("orders") == []


@pytest.mark.parametrize("text", DAMAGED, ids=["2999", "1970", "garbage", "empty", "none"])
@pytest.mark.parametrize("plan", ["head", "backfill", "refresh", "sweep"])
async def test_damaged_cursors_of_all_streams_lose_nothing(tmp_path, plan, text):
    async with attached(f"sqlite:///{tmp_path}/x.db", tmp_path, order_count=400, people=PEOPLE) as found:
        await found.lever("eu-1/switches", {"page_cap": 100})
        await found.sync()
        for stream, count in NEWS.items():
            await found.lever(f"eu-1/{stream}/new", {"count": count})
        await set_cursors(found, plan, text)
        await found.sync()
        assert [line for line in await found.wrong() if "not held" in line] == []
        await found.sync(plans=SWEEP)
        assert await found.wrong() == []


async def test_two_bad_orders_do_not_halt_the_others(tmp_path):
    async with attached(f"sqlite:///{tmp_path}/x.db", tmp_path, order_count=600) as found:
        await found.lever("eu-1/faults", {"kind": "bad_money", "path": "orders"})
        for _ in range(3):
            await found.sync()
        stopped = await found.installation.database.read(lambda c: c.execute(EVERYTHING.select(pauses)).all())
        assert stopped == []


async def test_a_mended_record_leaves_no_trace_aside(tmp_path):
    async with attached(f"sqlite:///{tmp_path}/x.db", tmp_path, order_count=600) as found:
        await found.lever("eu-1/faults", {"kind": "bad_money", "times": 2, "path": "orders"})
        await found.sync()
        await found.sync()
        apart = await found.installation.database.read(lambda c: c.execute(EVERYTHING.select(set_aside)).all())
        assert (apart, await true(found)) == ([], True)


async def test_flips_lie_between_what_was_seen_and_what_is(tmp_path):
    async with attached(f"sqlite:///{tmp_path}/x.db", tmp_path, order_count=1500) as found:
        await found.sync()
        moved = set((await found.lever("eu-1/orders/move", {"count": 10}))["ids"])
        await found.sync()
        flips = await found.installation.database.read(lambda c: c.execute(EVERYTHING.select(order_flips)).all())
        assert {flip.order_id for flip in flips} <= moved
        assert all(flip.not_before <= flip.not_after for flip in flips)
        assert flips
