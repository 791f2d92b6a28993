"""One full cycle, and the sweeps after it: each plan of each feed begun anew and run to its end, by the worker that is there.

What only a person does is done here: paused panels are resumed, and where many are gone at once somebody says yes.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from hyperpanel.db import absences
from hyperpanel.db.schema import holds, plans
from hyperpanel.db.scope import EVERYTHING
from sync.cursors import load, under_way
from sync.store import FeedKey
from tests.simulation import inline
from tests.simulation.auditor import rows

if TYPE_CHECKING:
    from tests.simulation.world import World

PATIENCE = 6 * 3600.0
"""Virtual seconds after which a full cycle that is not over is stuck."""

APART = 310.0
FIRST = ("orders", "payments", "tickets", "services")
"""Streams that are read before those which hang on them: the messages of tickets, the users of orders."""


async def whole_cycle(world: "World") -> None:
    later = [stream for stream in world.plan.streams if stream not in FIRST]
    sooner = [stream for stream in world.plan.streams if stream in FIRST]
    for streams in (sooner, later):
        inline.RAW.execute("UPDATE threads SET retry_at = NULL")  # a ticket that failed is left alone no longer
        await through(world, streams, ("head", "refresh", "backfill"))
    world.auditor.look()
    if world.plan.sweeps == 0:
        return
    for _ in range(world.plan.sweeps):
        await through(
            world, [stream for stream in world.plan.streams if stream not in ("messages", "services")], ("sweep",)
        )
        await agree(world)
    threads = [stream for stream in world.plan.streams if stream == "messages"]
    for _ in threads * min(world.plan.sweeps, 2):  # a message is gone when two reads lacked it that lie apart
        await through(world, threads, ("sweep",))
        await asyncio.sleep(APART)


async def through(world: "World", streams: list[str], names: tuple[str, ...]) -> None:
    """These plans, each begun after now and run to its end; one that is in the middle of something goes to that end first."""
    since, before = world.auditor.now(), dict(rows("SELECT panel_id, max(number) FROM runs GROUP BY 1"))
    wanted = {
        (panel_id, stream, name): 2 if under_way(load(name, cursor)) else 1
        for panel_id, stream, name, cursor in rows("SELECT panel_id, stream, plan, cursor FROM plans")
        if stream in streams and name in names
    }
    while left := unread(wanted, before):
        if world.auditor.now() - since > PATIENCE:
            world.auditor.blame("stuck", f"not read within {PATIENCE / 3600:.0f} hours: {left}")
            return
        await hasten(world, left)
        await asyncio.sleep(5.0)


def unread(wanted: Mapping[tuple[int, str, str], int], before: Mapping[int, int]) -> list[tuple[int, str, str]]:
    done = Counter(
        (panel_id, stream, name)
        for panel_id, stream, name, number in rows("SELECT panel_id, stream, plan, number FROM runs WHERE done")
        if number > before.get(panel_id, 0)
    )
    return [plan for plan, times in wanted.items() if done[plan] < times]


async def hasten(world: "World", left: list[tuple[int, str, str]]) -> None:
    """Due now, but for what is failing and waits its time; and whoever is paused again is resumed."""
    now = world.clock.now()

    def work(connection: Any) -> None:
        for panel_id, stream, name in left:
            mine = (plans.c.panel_id == panel_id, plans.c.stream == stream, plans.c.plan == name)
            connection.execute(update(plans).where(*mine, plans.c.due_at > now).values(due_at=now))

    await world.database.commit(work)
    for worker in world.workers:
        worker.wake()


async def agree(world: "World") -> None:
    """A person says yes when asked whether so many are gone."""

    def decide(connection: Any) -> None:
        asked = connection.execute(EVERYTHING.select(holds).where(holds.c.decision.is_(None))).all()
        for row in asked:
            connection.execute(update(holds).where(holds.c.id == row.id).values(decision="accept"))
            absences.agree(connection, FeedKey(row.panel_id, row.stream))

    await world.database.commit(decide)
