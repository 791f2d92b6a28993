"""Which rows a lever is pulled on: so many, by a chance that repeats, or just those that are named."""

from collections.abc import Callable, Sequence
from random import Random

import msgspec

from hyperpanel.sandbox.between import Many
from hyperpanel.sandbox.chance import rng
from hyperpanel.sandbox.panel import Panel


class New(msgspec.Struct, forbid_unknown_fields=True):
    count: Many = 1


class Which(msgspec.Struct, forbid_unknown_fields=True):
    """So many, or just these."""

    count: Many = 1
    ids: tuple[str, ...] = ()


def chance(panel: Panel, stream: str, moves: int) -> Random:
    """Another one for each pull, the same ones for the same seed."""
    pulse = panel.orders.world.pulse
    return rng(pulse.seed, pulse.panel, stream, moves)


def some(random: Random, places: Sequence[int], count: int) -> list[int]:
    return sorted(random.sample(places, min(count, len(places))))


def named(ids: Sequence[str], place: Callable[[int], int | None]) -> list[int]:
    """Where those stand; an unknown one is the caller's mistake."""
    found = [(number, place(int(number)) if number.isdigit() else None) for number in ids]
    if unknown := [number for number, where in found if where is None]:
        raise ValueError(f"there is no {', '.join(unknown)}")
    return [where for _, where in found if where is not None]
