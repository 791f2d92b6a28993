"""Pairwise coverage: few rows in which each two values of any two parameters stand together at least once.

Greedy, after AETG (Cohen, Dalal, Fredman and Patton, 1997): each row is grown value by value towards the most pairs not covered yet.
"""

import random
from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from typing import Any

TRIES = 12


def rows(values: Mapping[str, Sequence[Any]], seed: int = 1) -> list[dict[str, Any]]:
    """The first row holds each parameter's first value."""
    chance = random.Random(seed)
    names = list(values)
    open_pairs = {
        pair
        for one, other in combinations(names, 2)
        for pair in (frozenset({(one, a), (other, b)}) for a in keys(values[one]) for b in keys(values[other]))
    }
    chosen: list[dict[str, int]] = [dict.fromkeys(names, 0)]
    open_pairs -= covered(chosen[0])
    while open_pairs:
        row = max((grown(values, open_pairs, chance) for _ in range(TRIES)), key=lambda r: len(covered(r) & open_pairs))
        open_pairs -= covered(row)
        chosen.append(row)
    return [{name: values[name][index] for name, index in row.items()} for row in chosen]


def keys(options: Sequence[Any]) -> range:
    return range(len(options))


def covered(row: Mapping[str, int]) -> set[frozenset[Hashable]]:
    return {frozenset(pair) for pair in combinations(row.items(), 2)}


def grown(values: Mapping[str, Sequence[Any]], wanted: set[frozenset[Any]], chance: random.Random) -> dict[str, int]:
    """From a pair that is still wanted; every further value is the one that covers most with those chosen."""
    row = dict(chance.choice(sorted(wanted, key=sorted)))
    rest = [name for name in values if name not in row]
    chance.shuffle(rest)
    for name in rest:
        options = list(keys(values[name]))
        chance.shuffle(options)
        row[name] = max(options, key=lambda index: gain(row, name, index, wanted))
    return row


def gain(row: Mapping[str, int], name: str, index: int, wanted: set[frozenset[Any]]) -> int:
    return sum(frozenset({other, (name, index)}) in wanted for other in row.items())
