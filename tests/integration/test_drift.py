"""Sweeps over lists that change between any two requests: nothing that was there is missed, nothing that is there is taken to be gone."""

import pytest

from tests.support.drifting import Mix, Moving, moving, naive
from tests.support.worlds import World, world_of

MIXES = {
    "news": Mix("orders", inserts=3, moves=4),
    "rare deletes": Mix("users", inserts=2, moves=3, deletes=0.3),
    "many deletes": Mix("payments", inserts=6, moves=2, deletes=5),
    "unstable ties": Mix("orders", inserts=2, moves=2, deletes=1, unstable_ties=True, per_second=9),
    "last update first": Mix("tickets", inserts=2, moves=3, deletes=1, order="touched"),
}
UPHILL = Mix("users", inserts=2, moves=3, deletes=1, order="ascending", unstable_ties=True)
WORLDS = 10
SWEEPS = 10
TO_BE_GONE = 4
"""Sweeps after which what was deleted must be found gone: three that lack it whole, and the one during which it was deleted."""


async def drift(folder, mix: Mix, seed: int) -> tuple[int, int]:
    """Misses, and sweeps that were proven. A person agrees whenever many are gone at once."""
    source = moving(mix, seed)
    async with world_of(f"sqlite:///{folder}/{seed}.db", folder, source, mix.stream) as found:
        return await sweeps_of(found, source)


async def sweeps_of(found: World[Moving], source: Moving) -> tuple[int, int]:
    missed = proven = 0
    deleted: list[set[str]] = []
    for _ in range(SWEEPS):
        before = source.there()
        outcome = await found.whole("sweep")
        assert outcome.trouble is None
        proven += outcome.proven
        after = source.there()
        held, gone = await found.held()
        must = {key: word for key, word in before.items() if after.get(key) == word}
        missed += sum(held.get(key) != word for key, word in must.items())
        assert not gone & after.keys()
        deleted.append(before.keys() - after.keys())
        assert not set().union(*deleted[:-TO_BE_GONE]) & held.keys()
        await found.agree()
    return missed, proven


@pytest.mark.parametrize("mix", [*MIXES.values(), UPHILL], ids=[*MIXES, "uphill"])
async def test_no_sweep_misses_what_it_had_to_see(tmp_path, mix):
    worlds = WORLDS if mix is not UPHILL else 3
    done = [await drift(tmp_path, mix, seed) for seed in range(worlds)]
    assert (sum(missed for missed, _ in done), sum(proven for _, proven in done)) == (0, worlds * SWEEPS)


@pytest.mark.full
@pytest.mark.parametrize("mix", [*MIXES.values(), UPHILL], ids=[*MIXES, "uphill"])
@pytest.mark.parametrize("tens", range(1, 11))
async def test_a_thousand_sweeps_miss_nothing(tmp_path, mix, tens):
    done = [await drift(tmp_path, mix, seed) for seed in range(WORLDS * tens, WORLDS * (tens + 1))]
    assert sum(missed for missed, _ in done) == 0


def still_open(source) -> dict[int, int]:
    return {key: row.version for key, row in source.rows.items() if source.is_open(key)}


async def test_plain_offsets_miss_rows_in_most_sweeps_of_the_same_worlds():
    sweeps = missed = 0
    for mix in [*MIXES.values(), UPHILL]:
        for seed in range(WORLDS):
            source = moving(mix, seed)
            for _ in range(SWEEPS):
                before = still_open(source)
                seen = await naive(source)
                missed += bool({key for key, _ in before.items() & still_open(source).items()} - seen)
                sweeps += 1
    assert missed > sweeps / 2
