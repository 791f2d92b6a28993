"""When a console reads a simulated panel: every so often from the day it was attached, but for the hours in which it was late."""

from dataclasses import dataclass

from tests.support.simulated_fleets import Panel


@dataclass(frozen=True)
class Reads:
    panel: Panel

    def first(self, at: int) -> int:
        """The first read at this second or after it."""
        found = self.tick(max(at, self.panel.attached), up=True)
        for since, until in self.panel.late:
            if since <= found < until:
                found = self.tick(until, up=True)
        return found

    def last(self, at: int) -> int | None:
        """The last read at this second or before it."""
        found = self.tick(at, up=False)
        for since, until in reversed(self.panel.late):
            if since <= found < until:
                found = self.tick(since - 1, up=False)
        return found if found >= self.panel.attached else None

    def tick(self, at: int, up: bool) -> int:
        """The clock's next or previous beat."""
        every, phase = self.panel.every, self.panel.phase
        beats = (at - phase) // every
        return (beats + (up and phase + beats * every < at)) * every + phase
