"""Cursors that are wrong, and clocks that are: a damaged position is read past, never believed into silence."""

import pytest
from sqlalchemy import update

from hyperpanel.db.schema import order_flips, pauses, plans, set_aside
from hyperpanel.db.scope import EVERYTHING
from tests.support.attached import SWEEP, attached

POSITIONS = {
    "head": ('{"mark": AT}', '{"mark": AT, "walk": {"floor": AT, "to": AT, "offset": 300}}'),
    "backfill": ('{"reached": AT}', '{"walk": {"floor": AT, "to": AT, "offset": 300}}'),
    "refresh": ('{"started": AT, "covered": AT}', '{"started": 1, "after": "zzz", "walk": {"to": AT, "offset": 300}}'),
    "sweep": ('{"number": 1, "edge": AT, "walk": {"to": AT}}', '{"number": 1, "walk": {"to": AT, "offset": 300}}'),
}
"""Two for each plan, at a moment that is far off; the second is that of a walk that is lost in the middle."""
YEARS = {"2999": "32472144000", "1970": "5"}
NONE = {
    "garbage": "not json",
    "another plan's": '{"mark": 5, "done": 7}',
    "no moment": '{"mark": 1e18}',
    "empty": "",
    "none": None,
}
DAMAGES = {
    f"{plan}-{year}-{number}": {plan: text.replace("AT", at)}
    for plan, texts in POSITIONS.items()
    for year, at in YEARS.items()
    for number, text in enumerate(texts)
} | {name: dict.fromkeys(POSITIONS, text) for name, text in NONE.items()}
PEOPLE = (150, 150, 12)
NEWS = {"orders": 250, "users": 30, "payments": 130, "tickets": 4}


async def damage(found, texts) -> None:
    """The cursors of these plans, of all streams."""
    async with found.installation.database.write() as connection:
        for plan, text in texts.items():
            await connection.execute(update(plans).where(plans.c.plan == plan).values(cursor=text))


async def true(found) -> bool:
    return not await found.wrong("orders")


@pytest.mark.parametrize("texts", DAMAGES.values(), ids=DAMAGES)
async def test_damaged_cursors_of_all_streams_recover_by_themselves_and_lose_nothing(tmp_path, texts):
    async with attached(f"sqlite:///{tmp_path}/x.db", tmp_path, order_count=400, people=PEOPLE) as found:
        await found.lever("eu-1/switches", {"page_cap": 100})
        await found.sync()
        for stream, count in NEWS.items():
            await found.lever(f"eu-1/{stream}/new", {"count": count})
        await damage(found, texts)
        for plans_of_a_day in ({}, {"plans": SWEEP}, {}):
            assert {result.trouble for result in await found.sync(**plans_of_a_day)} == {None}
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
