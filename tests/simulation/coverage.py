"""Which faults fired in how many seeds, and which two of them in one: gathered from all processes of a run, and printed at its end."""

import json
from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from hyperpanel.sandbox.fault_kinds import NAMED, WHICH

FOLDER = "simulated"


class Floor(NamedTuple):
    """In how many seeds each fault has to fire at least, and each pair, where that many were lived."""

    seeds: int
    each: int
    pair: int


FLOORS = (Floor(20_000, 100, 5), Floor(2_000, 1, 0))
NEEDLESS = frozenset({"workers"})


def write(run: Path, name: str, fired: Iterable[Iterable[str]]) -> None:
    """The faults of each seed, as one process met them."""
    folder = run / FOLDER
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps([sorted(of_a_seed(kinds)) for kinds in fired]))


def of_a_seed(kinds: Iterable[str]) -> set[str]:
    """In the words of the 48; what is beyond them by its own name."""
    return {WHICH[kind].words if kind in WHICH else kind for kind in kinds if kind not in NEEDLESS}


def gathered(run: Path) -> tuple[int, Counter[str], Counter[tuple[str, str]]]:
    """Seeds, and in how many of them each fault and each pair of the 48 fired."""
    seeds, each, pairs = 0, Counter[str](), Counter[tuple[str, str]]()
    ours = {named.words for named in NAMED}
    for file in sorted((run / FOLDER).glob("*.json")):
        for words in json.loads(file.read_text()):
            seeds += 1
            each.update(words)
            pairs.update(combinations(sorted(ours.intersection(words)), 2))
    return seeds, each, pairs


def table(run: Path) -> list[str]:
    """For the end of a run; empty where nothing was simulated."""
    seeds, each, pairs = gathered(run)
    if not seeds:
        return []
    lines = [f"{seeds} seeds; each fault by the number of seeds in which it fired"]
    for section in dict.fromkeys(named.section for named in NAMED):
        told = ", ".join(f"{named.words} {each[named.words]}" for named in NAMED if named.section == section)
        lines.append(f"{section}: {told}")
    beyond = sorted(set(each) - {named.words for named in NAMED})
    lines.append("beyond the 48: " + ", ".join(f"{name} {each[name]}" for name in beyond))
    return [*lines, told_of_pairs(pairs), *(f"too rare: {words}" for words in lacking(run))]


def lacking(run: Path) -> list[str]:
    """Which faults fired too rarely for so many seeds; of a part of them nothing is asked."""
    seeds, each, pairs = gathered(run)
    floor = next((floor for floor in FLOORS if seeds >= floor.seeds), None)
    if floor is None:
        return []
    rare = [f"{named.words} fired in {each[named.words]} seeds" for named in NAMED if each[named.words] < floor.each]
    return rare + [
        f"{one} and {other} fired together in {pairs[one, other]}"
        for one, other in possible()
        if pairs[one, other] < floor.pair
    ]


def told_of_pairs(pairs: Counter[tuple[str, str]]) -> str:
    every = [pairs[pair] for pair in possible()]
    return (
        f"pairs: {sum(count > 0 for count in every)} of {len(every)} fired together, the rarest in {min(every)} seeds"
    )


def possible() -> list[tuple[str, str]]:
    return list(combinations(sorted(named.words for named in NAMED), 2))
