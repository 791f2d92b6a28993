"""How long a service's name takes to read: `python tests/bench/speeds.py`.

The names are those labelled by hand for development, each read afresh; the goal is 60 µs a name, so that 100,000 names cost a reader
process six seconds once. Figures hold for the machine they were taken on and what else it was doing.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from reports.speeds import promise
from tests.support.speed_labels import labels

TIMES = 21
GOAL = 60.0


def round_of(names: list[str]) -> float:
    """Microseconds of processor time a name."""
    began = time.process_time()
    for name in names:
        promise.__wrapped__(name)
    return (time.process_time() - began) / len(names) * 1_000_000


def main() -> None:
    names = [label["name"] for label in labels("development")]
    rounds = sorted(round_of(names) for _ in range(TIMES))
    median = rounds[TIMES // 2]
    print(
        f"{len(names)} names, {TIMES} rounds: {median:.0f} µs a name at the median, {rounds[0]:.0f} at best; goal {GOAL:.0f}"
    )


if __name__ == "__main__":
    main()
