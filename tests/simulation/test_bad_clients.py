"""The auditor finds the four clients that are known to be wrong, in most of the worlds where it matters; and nothing in the same worlds else."""

from contextlib import nullcontext

import pytest

from hyperpanel.db.store import DatabaseStore
from tests.simulation import bad_clients
from tests.simulation.bad_clients import DeletesOnEmpty, NeverWaits, OlderOverNewer

SEEDS = range(8)
CLIENTS = {
    "a naive pager": (bad_clients.shrinking, bad_clients.naive_pager, DatabaseStore, {"I2", "I4"}),
    "older over newer": (bad_clients.changing, nullcontext, OlderOverNewer, {"I5"}),
    "delete on an empty page": (bad_clients.emptied, nullcontext, DeletesOnEmpty, {"I3"}),
    "no Retry-After": (bad_clients.refusing, bad_clients.never_held, NeverWaits, {"I8"}),
}


@pytest.mark.parametrize(("world", "patched", "store", "named"), CLIENTS.values(), ids=CLIENTS)
def test_a_wrong_client_is_found_in_most_worlds_and_the_real_one_in_none(run_folder, world, patched, store, named):
    caught = 0
    for seed in SEEDS:
        assert bad_clients.found(seed, world, run_folder) == set()
        with patched():
            caught += bool(named & bad_clients.found(seed, world, run_folder, store=store))
    assert caught > len(SEEDS) / 2
