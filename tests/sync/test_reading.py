"""One request of a run: what of it is news, and what is written together."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from hyperpanel.db.schema import holds, orders
from sync.connectors.base import Unread
from sync.reading import emptied, merged, refuse_drift
from sync.store import Batch
from sync.verdicts import Trouble
from tests.support.databases import sqlite_copy
from tests.support.records import NOON, batch, order
from tests.support.sources import ORDERS, Source
from tests.support.worlds import world_of


def test_several_answers_are_one_as_of_the_first():
    first, second = batch(10, order("1"), order("2")), batch(11, order("2", status="completed"), order("3"))
    both = merged([first, second])
    assert (both.number, both.at, both.read, both.calls) == (10, first.at, 4, 2)
    assert [(item.record.id, getattr(item.record, "status", "")) for item in both.fresh] == [
        ("1", "pending"),
        ("2", "completed"),
        ("3", "pending"),
    ]


def test_an_answer_alone_stays_what_it_is():
    alone = Batch(10, NOON, 1, unread=[Unread("7", "no status")])
    assert merged([alone]) is alone


@pytest.mark.parametrize(("rows", "bad"), [(2, 2), (20, 2), (100, 6)])
def test_many_unreadable_records_at_once_are_a_change_of_format(rows, bad):
    with pytest.raises(Trouble):
        refuse_drift(rows, bad)


@pytest.mark.parametrize(("rows", "bad"), [(1, 1), (3, 2), (19, 18), (100, 5), (1000, 1)])
def test_a_few_are_not(rows, bad):
    refuse_drift(rows, bad)


def test_a_field_is_empty_where_none_of_many_changed_records_has_it():
    changed = [order(str(number), charge=None, remains=None if number else 5) for number in range(5)]
    assert {"charge", "start_count"} <= set(emptied(changed, 10))
    assert "remains" not in emptied(changed, 10)


@pytest.mark.parametrize(("count", "rows"), [(4, 4), (5, 11)])
def test_few_changed_records_of_a_page_tell_nothing(count, rows):
    assert emptied([order(str(number), charge=None) for number in range(count)], rows) == ()


async def test_a_field_that_vanished_shows_beside_pages_that_are_committed_with_it(run_folder, tmp_path):
    source = Source(ORDERS)
    old = [order(str(1000 + number), created_at=NOON - timedelta(days=2, minutes=number)) for number in range(300)]
    source.put(*old)
    async with world_of(sqlite_copy(run_folder, tmp_path, migrated=True), tmp_path, source, "orders") as found:
        await found.kit.read(batch(1, *old[100:200]))
        source.put(*(replace(record, charge=None) for record in old[100:200]))
        outcome = await found.whole("backfill")
        assert (outcome.trouble and outcome.trouble.code, [row.what for row in await found.kit.rows(holds)]) == (
            "vanished",
            ["charge"],
        )
        assert {row.charge for row in await found.kit.rows(orders)} == {3_000_000}
