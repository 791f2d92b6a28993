"""Sweeps: who is taken to be gone for not being in a list, and who never is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hyperpanel.db.schema import MIRRORED, absences, plans, sweeps
from sync.connectors.base import Ask, Page
from sync.records import Record
from tests.support import records
from tests.support.databases import sqlite_copy
from tests.support.records import NOON, batch
from tests.support.sources import ORDERS, PAYMENTS, TICKETS, USERS, Source, nameless, stamp
from tests.support.worlds import World, world_of

BUILD: dict[str, Callable[..., Record]] = {
    "orders": records.order,
    "users": records.user,
    "payments": records.payment,
    "tickets": records.ticket,
}


def row(stream: str, number: int):
    """The higher its number, the newer."""
    at = NOON - timedelta(days=2) + timedelta(minutes=number)
    changes = {"created_at": at, **({"last_update_at": at} if stream == "tickets" else {})}
    return BUILD[stream](str(1000 + number), **changes)


@pytest.fixture
def opened(run_folder, tmp_path):
    """A world that holds 250 records of a stream."""

    def open_world(stream, **how):
        source = Source(stream, **how)
        source.put(*(row(stream.name, number) for number in range(250)))
        return world_of(sqlite_copy(run_folder, tmp_path, migrated=True), tmp_path, source, stream.name)

    return open_world


async def sweep(found: World[Source], times: int = 1) -> list[bool]:
    proven = []
    for _ in range(times):
        outcome = await found.whole("sweep")
        assert outcome.trouble is None
        proven.append(outcome.proven)
    return proven


async def gone(found: World[Source]) -> list[str]:
    return sorted((await found.held())[1])


def lose(found: World[Source], *keys: str) -> None:
    for key in keys:
        del found.source.records[key]


def ascending(record: Any) -> tuple[int, str]:
    return stamp(record.created_at), record.id


@pytest.mark.parametrize(
    ("stream", "sweeps_until"),
    [(ORDERS, 2), (USERS, 2), (TICKETS, 2), (PAYMENTS, 3)],
    ids=lambda value: getattr(value, "name", value),
)
async def test_what_was_deleted_is_gone_after_so_many_sweeps(opened, stream, sweeps_until):
    async with opened(stream) as found:
        await sweep(found)
        lose(found, "1000", "1111", "1249")
        assert await sweep(found, sweeps_until - 1) == [True] * (sweeps_until - 1)
        assert await gone(found) == []
        assert await sweep(found) == [True]
        assert await gone(found) == ["1000", "1111", "1249"]
        assert [row.gone for row in await found.kit.rows(sweeps)][-1] == 3


@pytest.mark.parametrize("stream", [USERS, PAYMENTS], ids=lambda stream: stream.name)
async def test_a_list_that_ends_with_its_newest_is_swept_too(opened, stream):
    async with opened(stream, order=ascending) as found:
        await sweep(found)
        lose(found, "1000", "1111", "1249")
        assert await sweep(found, 3) == [True] * 3
        assert await gone(found) == ["1000", "1111", "1249"]


async def test_of_an_unsorted_list_nobody_is_accused(opened):
    async with opened(PAYMENTS, order=lambda record: hash_of(record.id)) as found:
        await sweep(found)
        lose(found, "1000", "1111")
        assert await sweep(found, 4) == [False] * 4
        assert (await gone(found), await found.kit.rows(absences)) == ([], [])


def hash_of(key: str) -> int:
    return int(key) * 7919 % 251


async def test_a_list_in_no_order_but_that_of_creation_is_told_apart(opened):
    """Of tickets, the last touched come first with most panels; with some, the newest."""
    async with opened(TICKETS) as found:
        touched = {key: NOON - timedelta(minutes=int(key) % 83) for key in found.source.records}
        found.source.put(
            *(
                records.ticket(key, created_at=r.created_at, last_update_at=touched[key])
                for key, r in found.source.records.items()
            )
        )
        await sweep(found)
        lose(found, "1000", "1111")
        assert await sweep(found, 2) == [True, True]
        assert await gone(found) == ["1000", "1111"]
        assert (await found.kit.claim("sweep")).manners.touched is False


def hiding(*keys: str) -> Callable[[Ask, Page], Page]:
    """Lists leave them out; by id they come."""

    def hide(ask: Ask, answer: Page) -> Page:
        for key in set(keys).intersection(answer.keys) if not ask.ids else ():
            nameless(answer, key).unread.clear()
        return answer

    return hide


def bent(ask: Ask, answer: Page) -> Page:
    """Lists leave it out; by id it comes without one."""
    if ask.ids and "1111" in answer.keys:
        return nameless(answer, "1111")
    return hiding("1111")(ask, answer)


async def test_a_record_that_comes_by_id_is_acquitted(opened):
    async with opened(ORDERS) as found:
        await sweep(found)
        found.source.spoil = hiding("1100", "1101")
        lose(found, "1111")
        await sweep(found, 3)
        assert (await gone(found), [row.record_id for row in await found.kit.rows(absences)]) == (
            ["1111"],
            ["1100", "1101"],
        )
        assert {row.times for row in await found.kit.rows(absences)} == {1}


async def test_it_is_asked_for_twice_before_it_is_believed_to_be_gone(opened):
    async with opened(ORDERS) as found:
        await sweep(found)
        lose(found, "1111", "1112")
        kept = records.order("1112", created_at=NOON - timedelta(days=3))

        def late(ask: Ask, answer: Page) -> Page:
            if ask.ids:
                found.source.put(kept)
            return answer

        await sweep(found)
        found.source.spoil = late
        await sweep(found)
        assert await gone(found) == ["1111"]


@pytest.mark.parametrize(("stream", "until"), [(ORDERS, 2), (USERS, 3)], ids=["orders", "users"])
async def test_a_filter_by_ids_that_is_ignored_finds_nobody_gone_and_another_way_is_gone(opened, stream, until):
    async with opened(stream, ignores={"ids"}) as found:
        await sweep(found)
        lose(found, "1111", "1112")
        await sweep(found, until - 1)
        assert await gone(found) == []
        found.source.asked.clear()
        await sweep(found)
        assert await gone(found) == ["1111", "1112"]
        one_by_one = [ask.ids for ask in found.source.asked if ask.alone]
        assert one_by_one == ([["1111"], ["1111"], ["1112"], ["1112"]] if stream is ORDERS else [])
        assert (await found.kit.claim("sweep")).manners.by_ids is False


async def test_an_address_that_gives_another_record_proves_nothing(opened):
    async with opened(TICKETS) as found:
        await sweep(found)
        lose(found, "1111")
        found.source.spoil = lambda ask, answer: (
            found.source.answer([row("tickets", 7)], False) if ask.alone else answer
        )
        await sweep(found, 3)
        assert await gone(found) == []


async def test_a_panel_that_looks_at_the_first_few_ids_hides_nobody(opened):
    async with opened(ORDERS, ids_cap=3) as found:
        await sweep(found)
        lost = ("1100", "1101", "1102", "1103")
        lose(found, *lost)
        found.source.spoil = hiding(*(str(number) for number in range(1104, 1120)))
        await sweep(found, 2)
        await found.agree()
        await sweep(found)
        assert await gone(found) == [*lost]


async def test_a_page_with_a_record_without_an_id_accuses_nobody(opened):
    async with opened(PAYMENTS) as found:
        await sweep(found)
        found.source.spoil = lambda ask, answer: nameless(answer, "1111") if "1111" in answer.keys else answer
        assert await sweep(found, 4) == [False] * 4
        assert (await gone(found), await found.kit.rows(absences)) == ([], [])


async def test_an_answer_by_id_that_lacks_its_id_is_no_proof(opened):
    async with opened(ORDERS) as found:
        await sweep(found)
        found.source.spoil = bent
        assert await sweep(found, 3) == [True] * 3
        assert await gone(found) == []


async def test_one_that_cannot_be_read_is_there(opened):
    async with opened(PAYMENTS) as found:
        await sweep(found)
        found.source.put(records.payment("1111", created_at=row("payments", 111).created_at, memo="changed"))
        found.source.unreadable = {"1111"}
        await sweep(found, 4)
        assert (await gone(found), await found.kit.rows(absences)) == ([], [])


async def test_a_sweep_goes_on_where_a_slice_ended(opened):
    async with opened(ORDERS) as found:
        await sweep(found)
        lose(found, "1000", "1111", "1249")
        found.source.asked.clear()
        assert (await found.run("sweep", pages=1)).done is False
        assert (await found.whole("sweep", pages=1)).proven
        assert [ask.created_to is None for ask in found.source.asked][:2] == [True, False]
        await found.whole("sweep", pages=1)
        assert await gone(found) == ["1000", "1111", "1249"]
        assert len(await found.kit.rows(sweeps)) == 3


@pytest.mark.parametrize(
    "text", ['{"number": 4000000000000000000}', '{"number": 1, "walk": {"to": 5}}', '{"number": 1}', "zzz"]
)
async def test_a_damaged_position_spoils_no_later_sweep(opened, text):
    async with opened(ORDERS) as found:
        await sweep(found)
        await found.kit.change(lambda connection: connection.execute(plans.update().values(cursor=text)))
        await sweep(found)
        assert (await gone(found), await found.kit.rows(absences)) == ([], [])
        lose(found, "1111")
        await sweep(found, 2)
        assert await gone(found) == ["1111"]


async def test_what_is_older_than_what_is_held_is_not_looked_for(opened):
    async with opened(ORDERS) as found:
        old = records.order("5", created_at=NOON - timedelta(days=500))
        await found.kit.read(batch(1, old))
        await sweep(found, 3)
        assert await gone(found) == []


def vouching(since: datetime | None) -> Callable[[Ask, Page], Page]:
    return lambda ask, answer: replace(answer, held_since=since)


@pytest.mark.parametrize("stream", [ORDERS, USERS, TICKETS], ids=lambda stream: stream.name)
async def test_what_a_holder_of_copies_has_let_go_of_or_not_read_yet_is_not_gone(opened, stream):
    async with opened(replace(stream, copies=True)) as found:
        await sweep(found)
        lose(found, "1000", "1001", "1100", "1111", "1249")
        found.source.spoil = vouching(row(stream.name, 100).created_at)
        assert await sweep(found, 4) == [True] * 4
        assert await gone(found) == ["1111", "1249"]


async def test_an_old_ticket_that_is_let_go_of_is_not_gone_however_lately_it_was_answered(opened):
    async with opened(replace(TICKETS, copies=True)) as found:
        late = NOON - timedelta(hours=1)
        found.source.put(records.ticket("5", created_at=NOON - timedelta(days=90), last_update_at=late))
        await sweep(found)
        lose(found, "5", "1111")
        found.source.spoil = vouching(NOON - timedelta(days=60))
        await sweep(found, 3)
        assert await gone(found) == ["1111"]


async def test_of_copies_from_nobody_knows_when_on_nobody_is_accused(opened):
    async with opened(replace(ORDERS, copies=True)) as found:
        found.source.spoil = vouching(None)
        await sweep(found)
        lose(found, "1000", "1111")
        assert await sweep(found, 3) == [False] * 3
        assert (await gone(found), await found.kit.rows(absences)) == ([], [])


async def test_many_gone_at_once_wait_for_a_person(opened):
    async with opened(ORDERS) as found:
        await sweep(found)
        lost = [str(number) for number in range(1100, 1120)]
        lose(found, *lost)
        await sweep(found, 3)
        assert await gone(found) == []
        await found.agree()
        await sweep(found)
        assert await gone(found) == lost


async def test_an_upstream_that_is_half_up_takes_nobody_away(opened):
    async with opened(PAYMENTS) as found:
        await sweep(found)
        whole = dict(found.source.records)
        lose(found, *list(whole)[::2])
        await sweep(found, 4)
        assert await gone(found) == []
        found.source.records = whole
        await sweep(found)
        assert (await gone(found), await found.kit.rows(absences)) == ([], [])


async def test_an_empty_answer_for_once_ends_no_sweep_and_accuses_nobody(opened):
    async with opened(PAYMENTS) as found:
        await sweep(found)
        answers = iter([False, True, False, False, False, False, False])
        found.source.spoil = lambda ask, answer: Page([], [], [], []) if next(answers, False) else answer
        await sweep(found)
        assert await found.kit.rows(absences) == []


async def test_rows_are_asked_for_from_new_to_old_and_each_page_but_once(opened):
    async with opened(ORDERS) as found:
        await sweep(found)
        assert len(found.source.asked) == 3
        assert len(await found.kit.rows(MIRRORED["orders"])) == 250
