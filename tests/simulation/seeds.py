"""A seed lived, and told in one line where something was found; the same for a test, for many at once and for a person who replays one."""

import tempfile
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.simulation import inline
from tests.simulation.plans import Plan, plan
from tests.simulation.world import Result, World
from tests.support import databases

TOLD = 4
"""Findings of a seed that are told; the others mostly follow from them."""


@lru_cache(maxsize=1)
def empty(run: Path | None = None) -> Any:
    """A migrated database, kept in memory for all worlds of this process; of a run of tests its template."""
    with tempfile.TemporaryDirectory() as folder:
        if run is None:
            return inline.template(inline.migrated(f"{folder}/template.db"))
        return inline.template(databases.sqlite_copy(run, Path(folder), migrated=True).removeprefix("sqlite:///"))


def live(chosen: Plan | int, run: Path | None = None, trace: Callable[[str], None] | None = None, **how: Any) -> Result:
    chosen = plan(chosen) if isinstance(chosen, int) else chosen
    return World(chosen, empty(run), trace=trace, **how).live()


def told(seed: int, result: Result) -> str | None:
    """What was found, and the command that shows how it came about; None where nothing was."""
    found = [*(f"{one.invariant} at {one.at:.1f} s: {one.words}" for one in result.auditor.findings), *result.unhandled]
    if not found:
        return None
    more = [f"… and {len(found) - TOLD} more"] if len(found) > TOLD else []
    lines = [f"SEED={seed}", *(f"  {line[:400]}" for line in found[:TOLD]), *more]
    return "\n".join([*lines, f"  replay: python -m tests.simulation --seed {seed} --trace"])


def many(seeds: Iterable[int], run: Path | None = None) -> tuple[list[str], list[set[str]]]:
    """What was found in any of them, and the faults that fired in each."""
    found, fired = list[str](), list[set[str]]()
    for seed in seeds:
        result = live(seed, run)
        fired.append(set(result.fired))
        words = told(seed, result)
        if words is not None:
            found.append(words)
    return found, fired
