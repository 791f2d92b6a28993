"""A day in the life of panels with given habits, and a cache that has to be true of all of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support import pairs
from tests.support.attached import SWEEP, Attached, attached
from tests.support.habits import HABITS

Size = Mapping[str, Any]
OF_EACH: Size = {"order_count": 20_000, "people": (2_000, 3_000, 500)}
A_TENTH: Size = {"order_count": 2_000, "people": (200, 300, 50)}
TEN_TIMES: Size = {"order_count": 200_000, "people": (20_000, 30_000, 5_000)}
ROWS = pairs.rows(HABITS)
"""For any two habits a panel that has both."""

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


async def be_true(found: Attached) -> None:
    wrong = await found.wrong()
    assert wrong == [], wrong[:3]


async def read(found: Attached, sweeps: int = 0) -> None:
    for plans in [None, *[SWEEP] * sweeps]:
        results = await found.sync(**({"plans": plans} if plans else {}))
        assert {result.trouble for result in results} == {None}


async def live_through(found: Attached, habits: Sequence[Mapping[str, Any]]) -> None:
    """Everything that a cache must be true through."""
    for panel, row in zip(found.panels, habits, strict=True):
        await found.lever(f"{panel.name}/switches", row)
    await read(found)
    await be_true(found)
    await found.lever("clock", DAY)
    await read(found, sweeps=1)
    await be_true(found)
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
    await be_true(found)


async def agreed_sweeps(found: Attached) -> None:
    """A person says yes where more are gone than is believed without one."""
    for _ in range(SWEEPS_TO_BE_SURE):
        await found.sync(plans=SWEEP, streams=LISTS)
        await found.agree()
    await found.sync(plans=SWEEP, streams=["messages"])


async def lived(folder: Path, habits: Sequence[Mapping[str, Any]], size: Size) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1, minutes=5)
    url = f"sqlite:///{folder}/x.db"
    async with attached(url, folder, rate=5000, now=yesterday, panel_count=len(habits), **size) as found:
        await live_through(found, habits)
