"""What could not be read is set aside once, sealed, until it can be read; what a person dismissed stays so for the same reason."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from hyperpanel.db import aside as module
from hyperpanel.db.schema import set_aside
from sync.connectors.base import Unread
from sync.store import Batch, Thread
from tests.support.kits import kit_over
from tests.support.records import NOON, batch, message, order

VALUES = '{"charge": "12,5o of kadir"}'


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        yield made


def met(number: int, *unread: Unread, **how) -> Batch:
    return Batch(number, NOON, len(unread), unread=unread, **how)


def bad(key: str, reason: str = "charge is no number") -> Unread:
    return Unread(key, reason, VALUES)


async def apart(kit) -> list[str]:
    return [row.record_id for row in await kit.rows(set_aside)]


async def dismiss(kit) -> None:
    values = {"dismissed_at": NOON, "dismissed_by": "ana"}
    await kit.change(lambda connection: connection.execute(update(set_aside).values(**values)))


async def test_one_row_a_record_with_the_latest_reason(kit):
    await kit.read(met(10, bad("77")), met(20, bad("77", "no status"), bad("78")))
    rows = [(row.record_id, row.reason, row.number) for row in await kit.rows(set_aside)]
    assert rows == [("77", "no status", 20), ("78", "charge is no number", 20)]


async def test_the_same_id_of_another_stream_is_another_record(kit):
    await kit.read(met(10, bad("77")))
    await kit.of("users").read(met(11, bad("77")))
    await kit.read(batch(20, order("77")))
    assert [row.stream for row in await kit.rows(set_aside)] == ["users"]


async def test_sealed_values_are_opened_by_the_vault_alone(kit):
    await kit.read(met(10, bad("77")))
    [row] = await kit.rows(set_aside)
    vault, place = kit.installation.vault, module.place(kit.feed.panel_id, "orders", "77")
    assert (vault.open(bytes(row.sealed), place), b"kadir" in bytes(row.sealed)) == (VALUES, False)


async def test_the_values_are_no_plain_text_in_the_file(kit):
    await kit.read(met(10, bad("77")))
    if kit.database.is_sqlite:
        files = Path(kit.database.url.database).parent.glob(f"{Path(kit.database.url.database).name}*")
        assert not [file for file in files if b"12,5o" in file.read_bytes()]


async def test_one_without_values_has_nothing_sealed(kit):
    await kit.read(met(10, bad("77")), met(20, Unread("77", "not even JSON")))
    assert [row.sealed for row in await kit.rows(set_aside)] == [None]


async def test_a_reason_is_cut_and_its_null_bytes_are_replaced(kit):
    await kit.read(met(10, bad("77", "a\x00b" + "c" * 1000)))
    [row] = await kit.rows(set_aside)
    assert (row.reason[:3], len(row.reason)) == ("a\ufffdb", module.LONGEST_REASON)


async def test_a_dismissed_one_stays_so_for_the_same_reason(kit):
    await kit.read(met(10, bad("77")))
    await dismiss(kit)
    await kit.read(met(20, bad("77")))
    assert [(row.dismissed_at, row.dismissed_by) for row in await kit.rows(set_aside)] == [(NOON, "ana")]


async def test_a_dismissed_one_comes_back_for_another_reason(kit):
    await kit.read(met(10, bad("77")))
    await dismiss(kit)
    await kit.read(met(20, bad("77", "no status")))
    assert [(row.dismissed_at, row.dismissed_by) for row in await kit.rows(set_aside)] == [(None, None)]


async def test_a_mended_record_leaves_whether_it_is_news_or_not(kit):
    await kit.read(met(10, bad("77"), bad("78"), bad("79")))
    await kit.read(batch(20, order("77")), Batch(21, NOON, 1, keys=["78"]))
    assert await apart(kit) == ["79"]


async def test_one_that_came_and_could_not_be_read_stays(kit):
    await kit.read(met(10, bad("77")))
    await kit.read(met(20, bad("77"), keys=["77"]))
    assert await apart(kit) == ["77"]


async def test_mended_records_leave_however_many_are_set_aside(kit, monkeypatch):
    monkeypatch.setattr(module, "LISTED", 2)
    await kit.read(met(10, *(bad(str(key)) for key in range(70, 80))))
    await kit.read(batch(20, *(order(str(key)) for key in range(71, 80))))
    assert await apart(kit) == ["70"]


async def test_those_that_wait_are_asked_for_and_the_dismissed_are_not(kit):
    await kit.read(met(10, bad("77"), bad("?abc")))
    assert await kit.store.open_ids(kit.feed, None, 10) == ["77"]
    await dismiss(kit)
    assert await kit.store.open_ids(kit.feed, None, 10) == []


def thread(number: int, *unread: Unread, came: bool = True) -> Batch:
    told = Thread("255", 7, 1, [message()] if came else None, whole=not unread)
    return Batch(number, NOON, 1, unread=unread, keys=["255"], thread=told)


@pytest.fixture
async def spoilt(kit):
    """A ticket of which two messages could not be read, beside another's."""
    messages = kit.of("messages")
    other = replace(thread(9, bad("2550/0")), thread=Thread("2550", 7, 1, [], whole=False), keys=["2550"])
    await messages.read(other, thread(10, bad("255/3"), bad("255/5")))
    return messages


async def test_the_parts_of_a_thread_leave_when_it_is_read_whole(spoilt):
    await spoilt.read(thread(20))
    assert await apart(spoilt) == ["2550/0"]


async def test_the_parts_of_a_thread_leave_one_by_one(spoilt):
    await spoilt.read(thread(20, bad("255/5")))
    assert await apart(spoilt) == ["255/5", "2550/0"]


async def test_a_thread_that_did_not_come_says_nothing_about_its_parts(spoilt):
    await spoilt.read(replace(thread(20, bad("255", "refused"), came=False), keys=[]))
    assert await apart(spoilt) == ["255", "255/3", "255/5", "2550/0"]
    await spoilt.read(thread(30))
    assert await apart(spoilt) == ["2550/0"]
