"""Every call to the database fails once, in each of the things that sync does: nothing is half done, and the same is done after that."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from hyperpanel.db import holds, panels
from hyperpanel.db.schema import absences
from hyperpanel.db.schema import holds as table
from hyperpanel.db.scope import EVERYTHING
from sync.connectors.base import Unread
from sync.cursors import Head, Manners, Walk
from sync.store import Caller, Claim, Outcome, Swept, Tally, Window
from sync.verdicts import Trouble
from tests.support.failing_calls import KINDS, FailingCalls, dump
from tests.support.kits import Kit, kit_over
from tests.support.records import NOON, batch, order

Doing = Callable[[], Awaitable[object]]
CALLER = Caller("host:1:a", rank=0)


class Trial:
    """`met`: how many calls of each thing were made to fail."""

    def __init__(self, kit: Kit, kind: str) -> None:
        self.kit, self.failing = kit, FailingCalls(kit.database)
        self.failing.kind = kind
        self.met: dict[str, int] = {}
        self.partial: list[str] = []

    async def of(self, name: str, doing: Doing) -> Any:
        """What it comes to in the end."""
        before = await self.kit.database.read(dump)
        while True:
            self.failing.left = self.met.get(name, 0)
            try:
                done = await doing()
            except Exception:
                if self.failing.is_set:  # another than ours
                    raise
                if await self.kit.database.read(dump) != before:
                    self.partial.append(f"{name}, call {self.met.get(name, 0) + 1}")
                self.met[name] = self.met.get(name, 0) + 1
                continue
            self.failing.left = None
            assert await self.kit.database.read(dump) != before
            return done


@pytest.mark.parametrize("kind", KINDS)
async def test_whichever_call_fails_nothing_is_half_done(database_url, tmp_path, kind):
    async with kit_over(database_url, tmp_path) as kit:
        trial = Trial(kit, kind)
        await sync_something(trial)
        await steer(trial)
    assert trial.partial == []
    assert min(trial.met.values()) >= 2
    assert len(trial.met) == 12


async def sync_something(trial: Trial) -> None:
    store, feed = trial.kit.store, trial.kit.feed
    claim: Claim = await trial.of("claim", lambda: store.claim(feed, "head", "host:1:a"))
    turn = await trial.of("turn", lambda: store.turn(feed.panel_id, CALLER))
    page = batch(turn.number, order("1"), order("2"))
    apart = [Unread("3", "an amount is no number", "{}")]
    page = replace(page, unread=apart)
    at = Head(mark=5, walk=Walk(to=7))
    await trial.of("page", lambda: store.commit(claim, page, at, Manners(), CALLER.without(turn)))
    changed = batch(turn.number + 5, order("1", status="completed"), order("4"))
    await trial.of("changes", lambda: store.commit(claim, changed, Head(mark=9), Manners()))
    await trial.of("end", lambda: store.finish(claim, Outcome(Tally(calls=2), proven=False)))
    await trial.kit.claim("sweep")
    await trial.of("release", lambda: store.release("host:1:a"))
    sweep = await trial.kit.claim("sweep")
    window = replace(batch(turn.number + 9, order("1")), window=Window(1, "created_at", None, None), keys=["1"])
    await trial.of("window", lambda: store.commit(sweep, window, sweep.cursor, Manners()))
    await trial.of("sweep", lambda: store.swept(sweep, Swept(1, NOON, proven=True)))
    refused = Outcome(done=False, trouble=Trouble("auth", panel="eu-1"))
    await trial.of("refusal", lambda: store.finish(sweep, refused))


async def steer(trial: Trial) -> None:
    """What people do."""
    kit, now = trial.kit, NOON + timedelta(hours=1)

    async def resume() -> None:
        async with kit.database.write() as connection:
            await panels.resume(connection, kit.feed.panel_id, None, "ana", now)

    async def pause() -> None:
        async with kit.database.write() as connection:
            await panels.pause(connection, kit.feed.panel_id, "orders", "ana", "a pause", now)

    async def decide() -> None:
        async with kit.database.write() as connection:
            assert hold is not None
            assert await holds.decide(connection, hold, "accept", "ana", now)

    await trial.of("resume", resume)
    await trial.of("pause", pause)
    await ask(kit)
    hold = await kit.database.read(lambda read: holds.one(read, EVERYTHING, kit.feed.panel_id, "a"))
    await trial.of("decision", decide)


async def ask(kit: Kit) -> None:
    """Whether a record that two sweeps did not find is gone."""
    mine = {"panel_id": kit.feed.panel_id, "stream": "orders"}
    hold = {**mine, "id": "a", "kind": "deletes", "what": "", "rows": 60, "of_rows": 70, "at": NOON}
    absent = {**mine, "record_id": "9", "times": 2, "sweep": 1, "first_at": NOON}
    async with kit.database.write() as connection:
        await connection.execute(insert(table).values(**hold))
        await connection.execute(insert(absences).values(**absent))
