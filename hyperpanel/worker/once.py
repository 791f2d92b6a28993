"""`hyperpanel sync`: chosen feeds read to the end now, panels beside each other, feeds and plans of a panel one after another."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from hyperpanel.clock import SystemClock
from hyperpanel.db.opening import Installation
from hyperpanel.db.panels import Panel
from hyperpanel.db.store import DatabaseStore, new_holder
from hyperpanel.support.sync_settings import limits, pace
from hyperpanel.support.upstreams import Connectors
from sync import engine
from sync.budget import Gate
from sync.engine import Limits
from sync.store import Claim, ClaimLost, FeedKey, Outcome, Tally
from sync.verdicts import Trouble, Verdict

PLANS = ("head", "backfill", "refresh")
"""What makes the cache true of now; a sweep, which looks for what nobody told of, is asked for by name."""

ORDER = ("orders", "payments", "tickets", "messages", "users", "services")
"""Messages are found by their tickets, and users by what names them."""

ATTEMPTS = {Verdict.RETRY: 3, Verdict.SLOW_DOWN: 20}
HELD_ELSEWHERE = 60.0
LONGEST_WAIT = 900.0


@dataclass
class Result:
    """What reading one feed came to."""

    panel: str
    stream: str
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0
    proven: bool = True
    trouble: str | None = None


Said = Callable[[Result], None]


@dataclass
class Syncing:
    """One command's work."""

    installation: Installation
    said: Said
    since: timedelta | None

    def __post_init__(self) -> None:
        self.clock = SystemClock()
        found = self.installation
        self.store = DatabaseStore(found.database, self.clock, pace(found.settings.sync), found.vault)
        self.connectors = Connectors(self.installation)
        self.holder = new_holder()

    async def all(self, panels: Sequence[Panel], streams: Sequence[str], plans: Sequence[str]) -> list[Result]:
        await self.store.release_dead()
        await self.store.learn_rules()
        try:
            work = (self.panel(panel, streams, plans) for panel in panels)
            done = await asyncio.gather(
                *work, return_exceptions=True
            )  # one panel's fault must not cut the others short
        finally:
            await self.connectors.close()
            await self.store.release(self.holder)
        for bug in done:
            if isinstance(bug, BaseException):
                raise bug
        return [result for results in done if not isinstance(results, BaseException) for result in results]

    async def panel(self, panel: Panel, streams: Sequence[str], plans: Sequence[str]) -> list[Result]:
        gate = Gate(self.store, self.clock, panel.id)
        feeds = await self.store.feeds(panel.id)
        chosen = [feed for feed in feeds if not streams or feed.stream in streams]
        chosen.sort(key=lambda feed: ORDER.index(feed.stream) if feed.stream in ORDER else len(ORDER))
        return [await self.feed(panel, feed, gate, plans) for feed in chosen]

    async def feed(self, panel: Panel, feed: FeedKey, gate: Gate, plans: Sequence[str]) -> Result:
        result, start = Result(panel.name, feed.stream), time.monotonic()
        for plan in plans:
            if result.trouble is None and await self.store.has_plan(feed, plan):
                await self.plan(feed, plan, gate, result, start)
        result.seconds = round(time.monotonic() - start, 3)
        self.said(result)
        return result

    async def plan(self, feed: FeedKey, plan: str, gate: Gate, result: Result, start: float) -> None:
        """Again after what time heals, a few times; what a person must mend ends it."""
        attempts: dict[Verdict, int] = {}
        while True:
            outcome = await self.attempt(feed, plan, gate, result, start)
            add(result.tally, outcome.tally)
            result.proven = result.proven and outcome.proven
            if outcome.trouble is None:
                return
            verdict = outcome.trouble.verdict
            attempts[verdict] = attempts.get(verdict, 0) + 1
            if attempts[verdict] >= ATTEMPTS.get(verdict, 1):
                result.trouble = str(outcome.trouble)
                return
            await self.clock.sleep(min(outcome.trouble.retry_after or 2.0 ** attempts[verdict] / 2, LONGEST_WAIT))

    async def attempt(self, feed: FeedKey, plan: str, gate: Gate, result: Result, start: float) -> Outcome:
        claim = await self.claim(feed, plan)
        if isinstance(claim, Trouble):
            return Outcome(trouble=claim.of(result.panel), done=False)
        connector = await self.connectors.connect(feed.panel_id)

        def said(tally: Tally) -> None:
            so_far = replace(result, tally=replace(result.tally), seconds=time.monotonic() - start)
            add(so_far.tally, tally)
            self.said(so_far)

        try:
            return await engine.run(claim, connector, self.store, gate, self.clock, self.limits(feed), said)
        except ClaimLost:
            return Outcome(trouble=Trouble("held", panel=result.panel), done=False)

    def limits(self, feed: FeedKey) -> Limits:
        bounds = limits(self.installation.settings.sync, self.store.rules, feed)
        return replace(bounds, since=self.since or bounds.since)

    async def claim(self, feed: FeedKey, plan: str) -> Claim | Trouble:
        """A worker may hold the feed: its slice ends soon, or its lease does."""
        until = self.clock.monotonic() + HELD_ELSEWHERE
        while True:
            claim = await self.store.claim(feed, plan, self.holder)
            if claim is not None:
                return claim
            why = await self.store.paused_because(feed)
            if why is not None:
                return Trouble("paused", detail=why)
            if self.clock.monotonic() > until:
                return Trouble("held")
            await self.clock.sleep(0.5)


def add(total: Tally, more: Tally) -> None:
    for name in Tally.__dataclass_fields__:
        setattr(total, name, getattr(total, name) + getattr(more, name))


async def sync(
    installation: Installation,
    panels: Sequence[Panel],
    *,
    streams: Sequence[str] = (),
    plans: Sequence[str] = PLANS,
    since: timedelta | None = None,
    said: Said = lambda result: None,
) -> list[Result]:
    """Results in the order of the panels and their feeds; `said` hears each feed's counts as they grow."""
    return await Syncing(installation, said, since).all(panels, streams, plans)
