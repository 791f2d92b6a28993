"""Sweeps: which part of a list each page proves to be whole, and who is taken to be gone for not being in it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hyperpanel.db.schema import MIRRORED, absences, sweeps
from sync.connectors.base import Ask, Page
from sync.cursors import OVERLAP_ROWS, Manners, Sweep, Walk
from sync.pagers import after
from sync.records import Record
from sync.sweeping import framed
from tests.support import records
from tests.support.databases import sqlite_copy
from tests.support.records import NOON, batch
from tests.support.sources import ORDERS, PAYMENTS, TICKETS, USERS, Source, nameless, stamp
from tests.support.worlds import World, world_of

T = 1_000_000
FLOOR = 5


def page(*stamps: int | None, first: int = 100, **how: Any) -> Page:
    """Rows with these times; their ids count up from `first`."""
    keys = [str(first + place) for place in range(len(stamps))]
    return Page(keys, list(stamps), [], [], **how)


def down(top: int, rows: int = 100, first: int = 100) -> Page:
    return page(*(top - place for place in range(rows)), first=first, more=True)


class Compared:
    """A sweep that is given one page after another. `bounds` is the part of the list that the last one ended."""

    def __init__(self, *pages: Page, seek: bool = False, walk: Walk | None = None) -> None:
        self.manners, self.cursor = Manners(seek=seek), Sweep(number=1)
        self.walk: Any = walk or Walk(floor=FLOOR)
        self.window: Any = None
        for one in pages:
            self.read(one)

    def read(self, answer: Page) -> None:
        step = after(self.walk, answer, 1000, self.manners, T * 10)
        self.cursor, self.window = framed(self.cursor, self.walk, answer, step, self.manners)
        self.walk = step.walk

    @property
    def bounds(self) -> tuple[int | None, int | None] | None:
        return None if self.window is None else (self.window.low, self.window.high)

    @property
    def proven(self) -> bool:
        return self.cursor.proven


def to_the_end(found: Compared, answer: Page) -> None:
    """This page, and its last rows over again until they are believed to be the list's last."""
    while found.walk is not None:
        found.read(answer)
        answer = Page(answer.keys[-OVERLAP_ROWS:], answer.created[-OVERLAP_ROWS:], [], [], more=False)


def test_the_first_page_is_whole_down_to_its_fifth_row_from_the_end():
    found = Compared(down(T))
    assert (found.bounds, found.cursor.edge, found.cursor.ascends) == ((T - 95 + 1, None), T - 95, False)


def test_the_next_one_begins_where_that_ended_and_excuses_the_ties():
    found = Compared(down(T))
    tail, ties = found.walk.tail, found.cursor.ties
    found.read(down(T - 80, first=180))
    assert (found.bounds, found.cursor.edge, ties) == ((T - 175 + 1, T - 95 + 1), T - 175, ("195",))
    assert {*found.window.excused} >= {*tail, *ties}


def test_the_last_page_is_whole_down_to_the_floor():
    found = Compared(down(T))
    to_the_end(found, down(T - 80, 40, first=180))
    assert (found.bounds, found.proven) == ((FLOOR, T - 115 + 1), True)


def test_where_the_upstream_filters_by_time_a_page_is_whole_down_to_what_is_asked_for_next():
    found = Compared(down(T), seek=True)
    assert (found.walk.to, found.cursor.edge, found.bounds) == (T - 95, T - 95, (T - 95 + 1, None))
    found.read(down(T - 95, first=195))
    assert found.bounds == (T - 190 + 1, T - 95 + 1)


def up(low: int, rows: int = 100, first: int = 100) -> Page:
    return page(*(low + place for place in range(rows)), first=first, more=True)


def test_a_list_that_ends_with_its_newest_rows_is_compared_upwards():
    found = Compared(up(T))
    assert (found.bounds, found.cursor.edge, found.cursor.ascends, found.proven) == ((None, T + 95), T + 95, True, True)
    to_the_end(found, up(T + 80, 30, first=180))
    assert (found.bounds, found.proven) == ((T + 105, None), True)


def test_a_page_of_ties_does_not_turn_a_list_around():
    found = Compared(up(T), page(*[T + 97] * 99, T + 98, first=180, more=True))
    assert (found.cursor.ascends, found.proven, found.bounds) == (True, True, (T + 95, T + 97))


def test_a_list_whose_first_page_is_all_ties_may_ascend():
    found = Compared(page(*[T] * 100, more=True), up(T, first=180))
    assert (found.cursor.ascends, found.proven, found.cursor.edge) == (True, True, T + 95)


def mixed(first: int = 100) -> Page:
    return page(*(T - 37 * place % 100 for place in range(100)), first=first, more=True)


@pytest.mark.parametrize("pages", [[mixed()], [down(T), mixed(180)], [up(T), down(T + 200, first=180)]])
def test_a_list_without_an_order_is_not_compared_and_not_proven(pages):
    found = Compared(*pages)
    assert (found.proven, found.window) == (False, None)
    found.read(down(T - 200, first=int(found.walk.tail[0])))
    assert (found.proven, found.window) == (False, None)


def test_a_page_that_does_not_join_the_one_before_is_not_compared():
    found = Compared(down(T))
    edge, offset = found.cursor.edge, found.walk.offset
    found.read(down(T - 150, first=250))
    assert (found.window, found.cursor.edge, found.proven, found.walk.offset < offset) == (None, edge, True, True)


def test_an_empty_page_at_the_end_proves_nothing():
    found = Compared(down(T), page(), seek=True)
    assert (found.walk.asked_again, found.window) == (True, None)
    found.read(page())
    assert (found.walk, found.window, found.proven) == (None, None, False)


def test_a_list_that_is_empty_from_the_first_page_on_proves_nothing_either():
    found = Compared(page(), page())
    assert (found.walk, found.window, found.proven) == (None, None, False)


@pytest.mark.parametrize("walk", [Walk(floor=FLOOR, to=T), Walk(floor=FLOOR, offset=300)])
@pytest.mark.parametrize("rows", [0, 1])
def test_a_walk_that_begins_in_the_middle_proves_nothing(walk, rows):
    found = Compared(seek=walk.to is not None, walk=walk)
    while found.walk is not None:
        found.read(page(*[T] * rows, more=False))
        assert (found.window, found.proven) == (None, False)


def test_rows_without_times_prove_nothing():
    found = Compared(page(*[None] * 100, more=True))
    assert (found.window, found.proven) == (None, False)


def test_more_rows_in_a_second_than_a_page_holds_are_not_proven():
    found = Compared(page(*[T] * 100, more=True), page(*[T] * 100, more=True), seek=True)
    assert (found.proven, found.walk.offset > 0) == (False, True)


def test_all_ties_of_an_edge_are_excused_where_they_do_not_come_again():
    ties = page(*(T for _ in range(300)), *(T - 1 for _ in range(200)), more=True)
    assert (Compared(ties).bounds, len(Compared(ties).cursor.ties)) == ((T, None), 200)
    assert Compared(ties, seek=True).cursor.ties == ()


# What comes of it, with the real engine and database

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


async def test_what_is_older_than_what_is_held_is_not_looked_for(opened):
    async with opened(ORDERS) as found:
        old = records.order("5", created_at=NOON - timedelta(days=500))
        await found.kit.read(batch(1, old))
        await sweep(found, 3)
        assert await gone(found) == []


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
        found.source.spoil = lambda ask, answer: page() if next(answers, False) else answer
        await sweep(found)
        assert await found.kit.rows(absences) == []


async def test_rows_are_asked_for_from_new_to_old_and_each_page_but_once(opened):
    async with opened(ORDERS) as found:
        await sweep(found)
        assert len(found.source.asked) == 3
        assert len(await found.kit.rows(MIRRORED["orders"])) == 250
