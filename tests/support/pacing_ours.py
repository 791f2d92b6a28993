"""The console's own pacing as a policy of the play: pulses hear each poll, and once a minute the intervals are allotted anew.

It is told the budget, never the world. A due time moves only when its plan's interval does, and by as much: who waits for a call goes on
waiting from where it was.
"""

from collections.abc import Container
from datetime import UTC, datetime

from sync import pulses
from sync.allotments import Allotment, Bidder, Caps, intervals
from tests.support.pacing_fleets import FEEDS, HOUR, MINUTE, PANELS, panel_of
from tests.support.pacing_play import CALLS_A_MINUTE, REST, Agenda

USUAL = FEEDS * MINUTE / CALLS_A_MINUTE
SHORTEST, LONGEST = float(REST), 1.0 * HOUR
PRIOR = 1 / 600
CAPS = Caps(CALLS_A_MINUTE / MINUTE, dict.fromkeys(range(PANELS), 1 / REST))


class Paced:
    def __init__(self) -> None:
        self.pulses = [pulses.load(None, PRIOR)] * FEEDS
        self.gaps = [USUAL] * FEEDS
        self.agenda = Agenda([feed * USUAL / FEEDS for feed in range(FEEDS)])

    def next_poll(self, at: float, resting: Container[int]) -> int | None:
        if at % MINUTE == 0:
            self.allot(at)
        return self.agenda.due(at, resting)

    def polled(self, feed: int, at: float, news: int, since: float) -> None:
        self.pulses[feed] = self.pulses[feed].heard(moment(since), moment(at), news)
        self.agenda.plan(feed, max(at, self.agenda.dues[feed] + self.gaps[feed]))

    def allot(self, at: float) -> None:
        now = moment(at)
        for feed, allotted in intervals([self.bidder(feed, now) for feed in range(FEEDS)], CAPS).items():
            self.move(int(str(feed)), at, allotted)

    def bidder(self, feed: int, now: datetime) -> Bidder:
        rate = self.pulses[feed].rate(now)
        return Bidder(feed, panel_of(feed), rate, USUAL, SHORTEST, LONGEST, held=self.gaps[feed])

    def move(self, feed: int, at: float, allotted: Allotment) -> None:
        moved = allotted.seconds - self.gaps[feed]
        if moved:
            self.gaps[feed] = allotted.seconds
            self.agenda.plan(feed, max(at, self.agenda.dues[feed] + moved))


def moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
