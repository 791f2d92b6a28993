"""Fleets for a seed: made once for a few of them, and copied from there, since to make one takes as long as to read it empty.

What cannot be pickled, or never changes once it is made, is shared between the copies; the clock becomes the virtual one.
"""

import io
import pickle
from collections.abc import Callable
from functools import lru_cache
from types import FunctionType
from typing import Any
from zoneinfo import ZoneInfo

from hyperpanel.sandbox.catalogue import Service
from hyperpanel.sandbox.clock import Clock
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.providers import Moods
from tests.simulation.virtual import BEGINNING

MADE = 24
"""Worlds of which the seeds' are copies."""

ORDERS, USERS, PAYMENTS, TICKETS = (30, 50, 80), (12, 20, 40), (15, 25, 45), (2, 4, 7)
SERVICES = 25
SHARED = (FunctionType, Moods, ZoneInfo, Service)


class Packer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(file, protocol=5)
        self.shared = shared

    def reducer_override(self, value: Any) -> Any:
        if value is shared or not isinstance(value, SHARED):
            return NotImplemented
        self.shared.append(value)
        return shared, (id(self.shared), len(self.shared) - 1)


KEPT: dict[int, list[Any]] = {}


def shared(where: int, place: int) -> Any:
    return KEPT[where][place]


@lru_cache(maxsize=MADE)
def packed(number: int) -> bytes:
    fleet = Fleet(
        seed=number,
        panels=3 if number % 6 == 0 else 2,
        orders=ORDERS[number % 3],
        users=USERS[number // 3 % 3],
        payments=PAYMENTS[number // 2 % 3],
        tickets=TICKETS[number // 4 % 3],
        services=SERVICES,
        now=BEGINNING,
        stopped=True,
    )
    file, held = io.BytesIO(), list[Any]()
    KEPT[id(held)] = held
    Packer(file, held).dump(fleet)
    return file.getvalue()


def fleet(number: int, tick: Callable[[], float]) -> Fleet:
    """A copy whose clock ticks with `tick`; its panels' windows do too."""
    made: Fleet = pickle.loads(packed(number % MADE))  # noqa: S301 -- packed above
    Clock.__init__(made.clock, BEGINNING, tick=tick)
    return made
