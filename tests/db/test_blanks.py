"""A field that comes empty in every changed record blanks nothing before a person has said that it is meant."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from hyperpanel.db.blanks import LEAST
from hyperpanel.db.holds import decide, waiting
from hyperpanel.db.schema import holds, orders, pauses
from hyperpanel.db.scope import EVERYTHING
from sync.store import Outcome
from sync.verdicts import Trouble
from tests.support.kits import kit_over
from tests.support.records import NOON, batch, order, payment, ticket, user

KEYS = [str(number) for number in range(1000, 1010)]


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        await made.read(batch(10, *map(order, KEYS)))
        yield made


def without(field: str, *keys: str, number: int = 20):
    """A page of changed records that no longer have this field."""
    return replace(batch(number, *(order(key, **{field: None}) for key in keys)), empty=[field])


async def refused(kit, page) -> str:
    claim = await kit.claim()
    with pytest.raises(Trouble) as raised:
        await kit.commit(claim, page)
    await kit.store.finish(claim, Outcome(done=False, trouble=raised.value))
    return str(raised.value)


async def charges(kit) -> set[int | None]:
    return {row.charge for row in await kit.rows(orders)}


async def test_a_field_that_vanished_writes_nothing_of_its_page(kit):
    page = without("charge", *KEYS)
    assert "charge" in await refused(kit, replace(page, fresh=[*page.fresh, *batch(20, order("2000")).fresh]))
    assert ({row.observed for row in await kit.rows(orders)}, await charges(kit)) == ({10}, {3_000_000})


async def test_it_stops_the_stream_and_asks_once_a_field(kit):
    for number in (20, 21):
        await refused(kit, without("charge", *KEYS, number=number))
        await kit.change(lambda connection: connection.execute(update(pauses).values(ended_at=NOON)))
    await refused(kit, without("link", *KEYS, number=22))
    found = [(row.kind, row.what, row.rows, row.of_rows) for row in await kit.rows(holds)]
    assert sorted(found) == [("fields", "charge", 10, 10), ("fields", "link", 10, 10)]
    assert [row.stream for row in await kit.rows(pauses, ended_at=None)] == ["orders"]


async def test_what_a_person_accepts_is_written(kit):
    await refused(kit, without("charge", *KEYS))
    [hold] = await kit.database.read(lambda connection: waiting(connection, EVERYTHING))
    async with kit.database.write() as connection:
        await decide(connection, hold, "accept", "ana", NOON)
    await kit.read(without("charge", *KEYS, number=30))
    assert (await charges(kit), await kit.rows(pauses, ended_at=None)) == ({None}, [])


async def test_what_a_person_accepts_is_that_field_alone(kit):
    await refused(kit, without("charge", *KEYS))
    [hold] = await kit.database.read(lambda connection: waiting(connection, EVERYTHING))
    async with kit.database.write() as connection:
        await decide(connection, hold, "accept", "ana", NOON)
    assert "link" in await refused(kit, without("link", *KEYS, number=30))


async def test_few_rows_are_no_drift(kit):
    await kit.read(without("charge", *KEYS[: LEAST - 1]))
    assert await charges(kit) == {3_000_000, None}


async def test_a_field_that_few_of_them_had_is_no_loss(kit):
    await kit.change(
        lambda connection: connection.execute(update(orders).where(orders.c.id > KEYS[3]).values(link=None))
    )
    await kit.read(without("link", *KEYS))
    assert {row.link for row in await kit.rows(orders)} == {None}


async def test_rows_that_are_gone_lose_nothing(kit):
    await kit.change(
        lambda connection: connection.execute(update(orders).where(orders.c.id > KEYS[3]).values(gone_at=NOON))
    )
    await kit.read(without("charge", *KEYS))
    assert await charges(kit) == {None}


async def test_records_never_seen_before_may_come_without_it(kit):
    await kit.read(without("charge", *(str(number) for number in range(2000, 2010))))
    assert await charges(kit) == {3_000_000, None}


async def test_the_last_update_is_kept_and_no_reason_to_ask(kit):
    await kit.read(batch(20, *(order(key, last_update_at=NOON, remains=1) for key in KEYS)))
    await kit.read(without("last_update_at", *KEYS, number=30))
    assert {row.last_update_at for row in await kit.rows(orders)} == {NOON}


async def test_records_that_came_to_their_end_may_lose_a_field(kit):
    done = [order(key, status="completed", remains=None) for key in KEYS]
    await kit.read(replace(batch(20, *done), empty=["remains"]))
    assert {row.remains for row in await kit.rows(orders)} == {None}


@pytest.mark.parametrize(
    ("stream", "make", "field"),
    [("users", user, "email"), ("payments", payment, "method"), ("tickets", ticket, "subject")],
)
async def test_every_stream_is_watched(kit, stream, make, field):
    other = kit.of(stream)
    await other.read(batch(11, *map(make, KEYS)))
    page = replace(batch(20, *(make(key, **{field: None}) for key in KEYS)), empty=[field])
    assert field in await refused(other, page)
