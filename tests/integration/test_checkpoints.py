"""A run that is broken off after any of its pages and begun again ends as one that was never broken off."""

from datetime import timedelta

import pytest

from hyperpanel.db.claims import LEASE
from sync.cursors import OVERLAP_ROWS as OVERLAP
from sync.pagers import EDGE
from tests.support import databases
from tests.support.drifting import Killed, Mix, Moving, moving
from tests.support.worlds import World, world_of

PAGES, CAP = 50, 30
WAYS = {"backfill by time": ("backfill", Mix("orders")), "sweep by offset": ("sweep", Mix("payments"))}


def still(mix: Mix):
    by_offset = mix.stream == "payments"
    source = moving(mix, 7, count=PAGES * (CAP - OVERLAP) + OVERLAP if by_offset else PAGES * (CAP - EDGE))
    source.cap, source.still = CAP, True
    return source


async def told_to_stop(found: World[Moving], plan: str, pages: int) -> None:
    assert not (await found.run(plan, pages=pages)).done


async def killed(found: World[Moving], plan: str, pages: int) -> None:
    """In the next request: what was not committed is lost, and the feed is held until its lease runs out."""
    found.source.left = pages
    with pytest.raises(Killed):
        await found.run(plan)
    found.source.left = None
    found.kit.clock.time += LEASE + timedelta(seconds=1)


BREAK_OFF = {"backfill": told_to_stop, "sweep": killed}


async def end(run_folder, folder, mix: Mix, plan: str, broken_off_after: int | None) -> dict[str, str]:
    source = still(mix)
    url = databases.sqlite_copy(run_folder, folder, migrated=True)
    async with world_of(url, folder, source, mix.stream) as found:
        if broken_off_after:
            await BREAK_OFF[plan](found, plan, broken_off_after)
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
