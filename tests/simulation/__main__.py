"""Seeds by hand: `python -m tests.simulation --seed 7 --trace` tells everything that one world lives through; `--from 0 --to 1000` many."""

import argparse
import sys
import time

import hyperpanel  # noqa: F401 -- puts the safe SQLite in place before anything loads the other
from tests.simulation import seeds
from tests.simulation.plans import plan


def one(seed: int, is_traced: bool) -> int:
    chosen = plan(seed)
    print(f"{chosen.streams}, {chosen.sweeps} sweeps, {chosen.lasts:.0f} s")
    for switches in chosen.switches:
        print(f"  {dict(switches)}")
    result = seeds.live(chosen, trace=print if is_traced else None)
    words = seeds.told(seed, result)
    calls = sum(len(way.calls) for way in result.ways)
    print(words or f"SEED={seed}: nothing found; {calls} calls in {result.virtual:.0f} virtual seconds")
    return 1 if words else 0


def many(first: int, last: int) -> int:
    begun, failed, calls = time.process_time(), 0, 0
    for seed in range(first, last):
        result = seeds.live(seed)
        calls += sum(len(way.calls) for way in result.ways)
        if words := seeds.told(seed, result):
            failed += 1
            print(words, flush=True)
    took = time.process_time() - begun
    print(
        f"{last - first} seeds, {failed} with findings; {(last - first) / took:.1f} seeds and {calls / took:.0f} calls a second of CPU"
    )
    return 1 if failed else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--trace", action="store_true")
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--to", dest="last", type=int, default=100)
    asked = parser.parse_args()
    return one(asked.seed, asked.trace) if asked.seed is not None else many(asked.first, asked.last)


if __name__ == "__main__":
    sys.exit(main())
