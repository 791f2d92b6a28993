"""The calls one panel allows, shared by everything that calls it: never more than the rate in any second.

The Store hands out slots 1.02/rate apart. A request that is more than 20 ms late for its slot takes another one, so that within any
second at most `rate` leave: rate + 1 of them span rate x 1.02/rate = 1.02 s, and lateness can shorten that by 20 ms at most.
"""

import asyncio

from sync.clocks import Clock
from sync.store import Store, Turn
from sync.verdicts import Trouble

SPACING = 1.02
LATE = 0.02
PATIENCE = 30.0
"""Seconds a run waits for its turn; beyond that it gives its feed back."""


class Gate:
    """One panel's queue within this process."""

    def __init__(self, store: Store, clock: Clock, panel_id: int) -> None:
        self.store, self.clock, self.panel_id = store, clock, panel_id
        self.queue = asyncio.Lock()
        self.held_until = 0.0
        self.spacing = 0.0
        """Seconds between this process's last two requests: how fast pages come."""
        self.sent_at: float | None = None

    def hold(self, seconds: float | None) -> None:
        """The panel complained: a slot that was taken before that is not used."""
        self.held_until = self.clock.monotonic() + min(seconds or 0.0, PATIENCE)

    def note(self) -> None:
        now = self.clock.monotonic()
        self.spacing = 0.0 if self.sent_at is None else now - self.sent_at
        self.sent_at = now

    async def take(self, turn: Turn | None = None) -> int:
        """Wait for a slot, `turn` if one was taken before; returns the observation number. Raises Trouble where the wait would be long."""
        async with self.queue:
            while True:
                turn = turn or await self.store.turn(self.panel_id)
                wait = (turn.at - self.clock.now()).total_seconds()
                if wait > PATIENCE:
                    raise Trouble("waiting", retry_after=wait, seconds=round(wait))
                if wait > 0:
                    await self.clock.sleep(wait)
                late = (self.clock.now() - turn.at).total_seconds() > LATE
                if not late and self.clock.monotonic() >= self.held_until:
                    self.note()
                    return turn.number
                turn = None
