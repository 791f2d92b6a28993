"""What can go wrong on purpose: each kind with its number of times, and a count of how often it has struck."""

from collections import Counter
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

Kind = Literal[
    # instead of an answer
    "401", "403", "429", "500", "502", "503", "504",
    "401_in_200", "403_in_200", "challenge", "challenge_403", "redirect", "error_envelope", "bomb", "timeout", "reset",
    # somebody else answers
    "website", "admin_v1", "rental_panel", "socpanel",
    # to the rows of a list
    "duplicated_page", "reordered", "empty_page", "short_page", "wrong_count",
    "bad_money", "missing_id", "wrong_type", "unknown_status", "null_time", "future_time",
    # to the bytes on their way
    "truncated", "cut", "drip", "hang_up",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)
ROWS = frozenset(KINDS[KINDS.index("duplicated_page") : KINDS.index("truncated")])
BYTES = frozenset(KINDS[KINDS.index("truncated") :])
NO_MONEY = frozenset(("tickets",))  # lists in which that cannot be wrong
NO_STATE = frozenset(("services",))  # nor a status or a time


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    """One thing that goes wrong `times` times (None: until taken away) on requests whose path holds `path`."""

    kind: Kind
    times: Annotated[int, Meta(ge=1)] | None = None
    path: str = ""
    every: Annotated[int, Meta(ge=1)] = 1  # strikes only each so many matching requests
    seconds: float = (
        30.0  # of a time-out, after which the answer comes all the same; of a drip; what Retry-After asks for
    )
    retry_after: Literal["absent", "seconds", "date", "absurd"] | None = None  # None: as the panel's switch says
    met: int = 0


class Faults:
    def __init__(self) -> None:
        self.set: list[Fault] = []
        self.struck: Counter[str] = Counter()

    def add(self, fault: Fault) -> None:
        self.set.append(fault)

    def clear(self) -> None:
        self.set.clear()

    def strike(self, path: str, stream: str | None) -> Fault | None:
        """The first fault whose turn it is; row faults wait for a list whose rows they can spoil."""
        for fault in self.set:
            if fault.path not in path or (fault.kind in ROWS and not _spoils(fault.kind, stream)):
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


def _spoils(kind: str, stream: str | None) -> bool:
    if kind == "bad_money":
        return stream is not None and stream not in NO_MONEY
    if kind in ("unknown_status", "null_time", "future_time", "wrong_count"):
        return stream is not None and stream not in NO_STATE
    return stream is not None


def parse(text: str) -> list[Fault]:
    """`500:3,timeout@orders,429` as a command line writes it: kind, how many times, on which path."""
    return [_one(part.strip()) for part in text.split(",") if part.strip()]


def _one(text: str) -> Fault:
    head, _, path = text.partition("@")
    kind, _, times = head.partition(":")
    if kind not in KINDS:
        raise ValueError(f"no fault {kind!r}; there are {', '.join(KINDS)}")
    if times and not times.isdigit():
        raise ValueError(f"{text!r}: after the colon comes how many times, a number")
    return msgspec.convert({"kind": kind, "times": int(times) if times else None, "path": path}, Fault)
