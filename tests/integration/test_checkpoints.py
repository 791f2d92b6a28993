"""A run that is broken off after any of its pages and begun again ends as one that was never broken off."""

import pytest

from sync.cursors import OVERLAP_ROWS as OVERLAP
from sync.pagers import EDGE
from tests.support import databases
from tests.support.drifting import Mix, moving
from tests.support.worlds import world_of

PAGES, CAP = 50, 30
WAYS = {"backfill by time": ("backfill", Mix("orders")), "sweep by offset": ("sweep", Mix("payments"))}


def still(mix: Mix):
    by_offset = mix.stream == "payments"
    source = moving(mix, 7, count=PAGES * (CAP - OVERLAP) + OVERLAP if by_offset else PAGES * (CAP - EDGE))
    source.cap, source.still = CAP, True
    return source


async def end(run_folder, folder, mix: Mix, plan: str, broken_off_after: int | None) -> dict[str, str]:
    source = still(mix)
    url = databases.sqlite_copy(run_folder, folder, migrated=True)
    async with world_of(url, folder, source, mix.stream) as found:
        if broken_off_after:
            assert not (await found.run(plan, pages=broken_off_after)).done
        outcome = await found.whole(plan)
        assert (outcome.trouble, outcome.proven) == (None, True)
        held, gone = await found.held()
        assert gone == set()
        return held


@pytest.mark.parametrize(("plan", "mix"), WAYS.values(), ids=WAYS)
async def test_a_restart_from_every_checkpoint_ends_alike(run_folder, tmp_path, plan, mix):
    whole = await end(run_folder, tmp_path, mix, plan, None)
    assert whole == still(mix).there()
    for pages in range(1, PAGES):
        assert await end(run_folder, tmp_path, mix, plan, pages) == whole
