"""The calls one panel allows, shared by everything that calls it: never more than the rate in any second, never more than two at a time.

The Store hands out slots 1.02/rate apart. A request that is more than 20 ms late for its slot takes another one, so that within any
second at most `rate` leave: rate + 1 of them span rate x 1.02/rate = 1.02 s, and lateness can shorten that by 20 ms at most.

Where several ask for the same slot the one of the lowest rank has it, and each step of rank is made up for by some seconds of waiting: a
person's click goes before a sweep, and a sweep is not put off for ever.
"""

from dataclasses import dataclass

from sync.clocks import Clock
from sync.store import Caller, Store, Turn
from sync.verdicts import Trouble

SPACING = 1.02
LATE = 0.02
LOOKS_AHEAD = 0.05
"""Seconds before a slot at which it is asked once more whether the panel may be called."""

PATIENCE = 30.0
"""Seconds a run waits for its turn; beyond that it gives its feed back."""

IN_FLIGHT = 2
CLICK = 0
EFFECT = 1
OPEN_TICKETS = 2
RANKS = {"head": 3, "refresh": 4, "backfill": 5, "sweep": 6}
CONVERSATIONS = frozenset({"tickets", "messages"})


def rank(stream: str, plan: str) -> int:
    """Who goes first, the lowest first: a click and an effect (which are no plan), open tickets, head walks, refresh, backfill, sweep."""
    if plan == "watch" or (plan == "head" and stream in CONVERSATIONS):
        return OPEN_TICKETS
    return RANKS.get(plan, len(RANKS))


@dataclass
class Gate:
    """One panel's budget as this process sees it."""

    store: Store
    clock: Clock
    panel_id: int
    held_until: float = 0.0
    spacing: float = 0.0
    """Seconds between this process's last two requests: how fast pages come."""
    sent_at: float | None = None

    def hold(self, seconds: float | None) -> None:
        """The panel complained: a slot that was taken before that is not used."""
        self.held_until = self.clock.monotonic() + min(seconds or 0.0, PATIENCE)

    def note(self) -> None:
        now = self.clock.monotonic()
        self.spacing = 0.0 if self.sent_at is None else now - self.sent_at
        self.sent_at = now

    async def take(self, caller: Caller, turn: Turn | None = None) -> int:
        """Wait for a slot, `turn` if one was taken before; returns the observation number. Raises Trouble where the wait would be long."""
        begun = self.clock.monotonic()
        while True:
            turn = turn or await self.store.turn(self.panel_id, caller)
            wait = (turn.at - self.clock.now()).total_seconds()
            self.refuse(turn, wait, self.clock.monotonic() - begun)
            if await self.waited_for(turn, wait) and turn.granted and self.is_in_time(turn):
                self.note()
                return turn.number
            caller = caller.without(turn)
            turn = None

    def refuse(self, turn: Turn, wait: float, waited: float) -> None:
        if turn.is_down:
            raise Trouble("down", retry_after=wait, seconds=round(wait))
        if wait > PATIENCE or (not turn.granted and waited > PATIENCE):
            raise Trouble("waiting", retry_after=max(wait, 1.0), seconds=round(max(wait, 1.0)))

    async def waited_for(self, turn: Turn, wait: float) -> bool:
        """Until the turn's time; False where another process was told to stop meanwhile. That is read before the time has come, so that
        nothing but the request is left to do then."""
        if wait > 0:
            await self.clock.sleep(max(wait - LOOKS_AHEAD, 0.0))
        if wait > 0 and turn.granted and not await self.store.allowed(self.panel_id):
            return False
        left = (turn.at - self.clock.now()).total_seconds()
        if wait > 0 and left > 0:
            await self.clock.sleep(min(left, wait))
        return True

    def is_in_time(self, turn: Turn) -> bool:
        return (self.clock.now() - turn.at).total_seconds() <= LATE and self.clock.monotonic() >= self.held_until
