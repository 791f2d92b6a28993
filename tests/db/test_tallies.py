"""What is held by status and what it comes to: after every page the same as if all rows were counted anew."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db import tallies
from hyperpanel.db.pages import COUNTED
from hyperpanel.db.schema import MIRRORED
from hyperpanel.db.scope import EVERYTHING, Scope
from sync.store import Batch
from tests.support import records
from tests.support.kits import kit_over
from tests.support.records import NOON, batch, order

STATUSES = ("pending", "completed", "fail", "on_the_moon")
AMOUNTS = ((3_000_000, "USD"), (-5, "USD"), (None, "USD"), (None, None), (9_000_000_000_000_000_000, "IRT"))
BUILD = {"orders": records.order, "payments": records.payment, "tickets": records.ticket, "users": records.user}


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        yield made


def told(kit) -> dict[tuple[str, str], tuple[int, int]]:
    held = kit.database.read_now(lambda c: tallies.all_of(c, EVERYTHING))
    return {(one.status, one.currency): (one.held, one.units) for one in held}


def counted(kit, stream: str = "orders") -> dict[tuple[str, str], tuple[int, int]]:
    table = MIRRORED[stream]
    asked = select(*(table.c[name] for name in COUNTED[stream])).where(table.c.gone_at.is_(None))
    rows = kit.database.read_now(lambda c: [(*row, None, None)[:3] for row in c.execute(asked)])
    keys = [(status, "" if units is None else currency or "") for status, units, currency in rows]
    sums: Counter[tuple[str, str]] = Counter()
    for key, (_, units, _) in zip(keys, rows, strict=True):
        sums[key] += units or 0
    return {key: (held, sums[key]) for key, held in Counter(keys).items()}


def drawn(chance: random.Random, stream: str, key: str):
    amount, currency = chance.choice(AMOUNTS)
    names = dict(zip(COUNTED[stream][1:], (amount, currency), strict=False))
    return BUILD[stream](key, status=chance.choice(STATUSES), **names)


@pytest.mark.parametrize("stream", COUNTED)
async def test_they_stay_what_a_count_of_all_rows_would_be(database_url, tmp_path, stream):
    """New, changed, corrected, gone because asked for or unseen, there again, and reread by a request that began too early."""
    chance = random.Random(stream)
    keys = [str(number) for number in range(1000, 1030)]
    async with kit_over(database_url, tmp_path, stream) as kit:
        claim = await kit.claim()
        for number in range(10, 50):
            seen, gone = chance.sample(keys, 8), chance.sample(keys, chance.choice((0, 0, 3, 20)))
            when = chance.choice((number, number, number, number - 5))
            await kit.commit(claim, batch(when, *(drawn(chance, stream, key) for key in seen), digest=number))
            await kit.commit(claim, Batch(chance.choice((0, number)), NOON + timedelta(hours=1), 0, gone=gone))
            assert told(kit) == counted(kit, stream)


async def test_sums_outgrow_64_bits_and_stay_whole(kit):
    dear = {"charge": 9_000_000_000_000_000_000, "charge_currency": "IRT"}
    await kit.read(batch(10, *(order(str(key), **dear) for key in range(1000, 1005))))
    assert told(kit) == {("pending", "IRT"): (5, 45_000_000_000_000_000_000)}


async def test_a_reread_that_changes_nothing_writes_nothing(kit):
    await kit.read(batch(10, order("1000"), order("1001")))
    before = told(kit)
    await kit.read(batch(11, order("1000", remains=5)))
    assert told(kit) == before == {("pending", "USD"): (2, 6_000_000)}


async def test_a_status_that_nobody_has_any_more_is_not_told(kit):
    await kit.read(batch(10, order("1000")))
    await kit.read(batch(11, order("1000", status="completed")))
    assert told(kit) == {("completed", "USD"): (1, 3_000_000)}


async def test_a_scope_hides_what_it_does_not_hold(kit):
    await kit.read(batch(10, order("1000")))
    assert kit.database.read_now(lambda c: tallies.all_of(c, Scope(frozenset()))) == []
