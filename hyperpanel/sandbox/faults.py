"""What is set to go wrong: each fault with its number of times, and a count of how often it has struck.

A fault is set the same way wherever it strikes: `panel.faults.add(Fault("cut", times=2))`, a POST to `/_truth/PANEL/faults`, or
`--faults cut:2`. In process as over HTTP, `visit.visit` is the panel: call it as an ASGI application would be. It waits by the running
event loop's own clock, so a loop with virtual time needs no real second for a time-out or a drip; the panel's limit counts by
`panel.clock.tick`, which `Fleet(tick=…)` sets. Where a socket would be torn, ConnectionResetError is raised instead, and what was sent until
then is what arrived. Faults of the line strike through `panel.line`, those of a process by `note`.
"""

from collections import Counter
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from hyperpanel.sandbox.fault_kinds import KINDS, PLACES, STRIKES, fits

NOT_BY_A_PANEL = frozenset((*PLACES["line"], *PLACES["process"]))
BY_THE_PANEL = tuple(kind for kind in KINDS if kind not in NOT_BY_A_PANEL)


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    """One thing that goes wrong `times` times (None: until taken away) on requests whose path (of the line: host) holds `path`."""

    kind: str
    times: Annotated[int, Meta(ge=1)] | None = None
    path: str = ""
    every: Annotated[int, Meta(ge=1)] = 1  # strikes only each so many matching requests
    # of a time-out, of a drip, of anything without an end; after which a late effect comes; what Retry-After asks for
    seconds: float = 30.0
    retry_after: Literal["absent", "seconds", "date", "absurd"] | None = None  # None: as the panel's switch says
    met: int = 0

    def __post_init__(self) -> None:
        if self.kind not in STRIKES:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(KINDS)}")

    @property
    def place(self) -> str:
        return STRIKES[self.kind]


class Faults:
    def __init__(self) -> None:
        self.set: list[Fault] = []
        self.struck: Counter[str] = Counter()

    def add(self, fault: Fault) -> None:
        self.set.append(fault)

    def clear(self) -> None:
        self.set.clear()

    def note(self, kind: str) -> None:
        """Somebody else made it happen."""
        self.struck[Fault(kind).kind] += 1

    def strike(self, path: str, stream: str | None) -> Fault | None:
        """The first fault whose turn it is at a panel; one of the rows waits for a list whose rows it can spoil."""
        return self._turn([fault for fault in self.set if fault.kind not in NOT_BY_A_PANEL], path, stream)

    def connect(self, host: str) -> Fault | None:
        """The first fault whose turn it is as somebody connects."""
        return self._turn([fault for fault in self.set if fault.place == "line"], host, None)

    def _turn(self, waiting: list[Fault], path: str, stream: str | None) -> Fault | None:
        for fault in waiting:
            if fault.path not in path or not fits(fault.kind, stream):
                continue
            fault.met += 1
            if fault.met % fault.every == 0:
                self._spend(fault)
                return fault
        return None

    def _spend(self, fault: Fault) -> None:
        self.struck[fault.kind] += 1
        if fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                self.set.remove(fault)


def parse(text: str) -> list[Fault]:
    """`500:3,timeout@orders,429` as a command line writes it: kind, how many times, on which path."""
    return [_one(part.strip()) for part in text.split(",") if part.strip()]


def _one(text: str) -> Fault:
    head, _, path = text.partition("@")
    kind, _, times = head.partition(":")
    if kind not in BY_THE_PANEL:
        why = "is not a panel's doing" if kind in NOT_BY_A_PANEL else "is unknown"
        raise ValueError(f"no fault {kind!r}, which {why}; there are {', '.join(BY_THE_PANEL)}")
    if times and not times.isdigit():
        raise ValueError(f"{text!r}: after the colon comes how many times, a number")
    return msgspec.convert({"kind": kind, "times": int(times) if times else None, "path": path}, Fault)
