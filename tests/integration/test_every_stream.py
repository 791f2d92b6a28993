"""All streams of panels with any two habits together, held against the truth: at first, after a day, and after lists moved while they were read.

Each fleet has three panels with habits of their own, so that one run covers three rows of the pairs.
"""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support import pairs
from tests.support.attached import SWEEP, attached
from tests.support.habits import HABITS

ROWS = pairs.rows(HABITS)
FLEETS = [ROWS[first : first + 3] for first in range(0, len(ROWS), 3)]
LARGE_PAGES = [row for row in ROWS if row["page_cap"] == 1000][:3]
OF_EACH = {"order_count": 20_000, "people": (2_000, 3_000, 500)}
A_TENTH = {"order_count": 2_000, "people": (200, 300, 50)}
TEN_TIMES = {"order_count": 200_000, "people": (20_000, 30_000, 5_000)}
DAY = {"step": 86_400}
SWEEPS_TO_BE_SURE = 4
"""Two that lack a record, its search by id, and one more where a person was asked first."""

MOVING = {
    "new": 3,
    "move": 3,
    "delete": 1,
    "users": {"new": 1, "move": 1, "rename": 1},
    "payments": {"new": 1, "move": 1},
    "tickets": {"new": 1, "reply": 1, "edit": 1, "move": 1, "delete": 1},
    "services": {"change": 1},
}
LISTS = ("orders", "users", "payments", "tickets")
GONE = {"orders": 3, "users": 3, "payments": 3, "tickets": 2}


async def read(found, sweeps: int = 0) -> None:
    for plans in [None, *[SWEEP] * sweeps]:
        results = await found.sync(**({"plans": plans} if plans else {}))
        assert {result.trouble for result in results} == {None}


async def live_through(found, habits) -> None:
    """Everything that a cache must be true through."""
    for panel, row in zip(found.panels, habits, strict=True):
        await found.lever(f"{panel.name}/switches", row)
    await read(found)
    assert await found.wrong() == []
    await found.lever("clock", DAY)
    await read(found, sweeps=1)
    assert await found.wrong() == []
    for panel in found.panels:
        await found.lever(f"{panel.name}/between-pages", MOVING)
    await found.lever("clock", {"stopped": False, "speed": 60})
    await read(found)
    await found.lever("clock", {"stopped": True})
    for panel in found.panels:
        await found.lever(f"{panel.name}/between-pages", {})
        for stream, count in GONE.items():
            await found.lever(f"{panel.name}/{stream}/delete", {"count": count})
    await read(found)
    await agreed_sweeps(found)
    assert await found.wrong() == []


async def agreed_sweeps(found) -> None:
    """A person says yes where more are gone than is believed without one."""
    for _ in range(SWEEPS_TO_BE_SURE):
        await found.sync(plans=SWEEP, streams=LISTS)
        await found.agree()
    await found.sync(plans=SWEEP, streams=["messages"])


async def lived(folder, habits, size) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1, minutes=5)
    url = f"sqlite:///{folder}/x.db"
    async with attached(url, folder, rate=5000, now=yesterday, panel_count=len(habits), **size) as found:
        await live_through(found, habits)


@pytest.mark.parametrize("number", range(len(FLEETS)))
async def test_the_cache_is_true_for_any_two_habits_together(tmp_path, number):
    await lived(tmp_path, FLEETS[number], A_TENTH)


@pytest.mark.timeout(600)
async def test_three_panels_of_20_000_orders_are_held_truly_through_all_of_it(tmp_path):
    await lived(tmp_path, LARGE_PAGES, OF_EACH)


@pytest.mark.full
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("number", range(len(FLEETS)))
async def test_any_two_habits_of_panels_with_20_000_orders(tmp_path, number):
    await lived(tmp_path, FLEETS[number], OF_EACH)


@pytest.mark.full
@pytest.mark.timeout(7200)
async def test_three_panels_of_200_000_orders(tmp_path):
    await lived(tmp_path, FLEETS[0], TEN_TIMES)
