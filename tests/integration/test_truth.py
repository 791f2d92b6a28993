"""The cache against the sandbox's truth, row for row and field for field, over real HTTP."""

import pytest

from tests.support.attached import attached

HABITS = [
    {},
    {"count": "page", "pagination": "empty_hrefs", "error_code": "null", "ids": "string", "charge": "number"},
    {
        "pagination": "absent",
        "error_code": "absent",
        "user": "object",
        "remains_null": "missing",
        "provider_null": "missing",
    },
    {"page_cap": 100, "ties": "unstable", "last_update": "nowhere"},
    {"page_cap": 50, "ids_cap": 7, "pagination": "absent"},
    {"created_timestamp": "missing"},
    {"ignored_filters": ["created_to", "created_from"]},
    {"ignored_filters": ["ids"]},
    {"ignored_filters": ["created_from", "created_to", "ids"], "page_cap": 200, "pagination": "absent"},
    {
        "unknown_filter": "refused",
        "gzip": True,
        "date_header": "absent",
        "service_numbers": "int",
        "service_ids": "string",
    },
]


@pytest.mark.parametrize("habits", HABITS, ids=lambda habits: "+".join(habits) or "usual")
async def test_orders_equal_the_truth_for_every_habit_of_a_panel(database_url, tmp_path, habits):
    async with attached(database_url, tmp_path, order_count=1500) as found:
        await found.lever("eu-1/switches", habits)
        for _ in range(2):
            assert [result.trouble for result in await found.sync()] == [None, None]
            assert await found.wrong("orders") == []
            await found.lever("eu-1/orders/new", {"count": 150})
            await found.lever("eu-1/orders/move", {"count": 25})


async def test_three_panels_of_20_000_equal_the_truth_before_and_after_a_day_of_news(database_url, tmp_path):
    async with attached(database_url, tmp_path, panel_count=3, order_count=20_000) as found:
        assert {result.trouble for result in await found.sync()} == {None}
        assert await found.wrong("orders") == []
        for panel in found.panels:
            await found.lever(f"{panel.name}/orders/new", {"count": 1000})
            await found.lever(f"{panel.name}/orders/move", {"count": 3000})
        assert {result.trouble for result in await found.sync()} == {None}
        assert await found.wrong("orders") == []


async def test_rows_inserted_and_moved_between_pages_are_not_missed(database_url, tmp_path):
    async with attached(database_url, tmp_path, order_count=6000) as found:
        await found.lever("eu-1/switches", {"page_cap": 100})
        await found.lever("eu-1/between-pages", {"new": 7, "move": 5})
        await found.sync()
        there = await found.truth("eu-1")
        held = await found.held(found.panels[0])
        await found.lever("eu-1/between-pages", {"new": 0, "move": 0})
        assert len(there.keys() - held.keys()) < 1000  # what came after its page was read, and no more
        await found.sync()
        assert await found.wrong("orders") == []


async def test_a_second_sync_writes_no_record_row(database_url, tmp_path):
    async with attached(database_url, tmp_path, order_count=3000) as found:
        await found.sync()
        again = await found.sync()
        assert sum(result.tally.read for result in again) > 0
        assert [(result.tally.new, result.tally.changed, result.tally.set_aside) for result in again] == [
            (0, 0, 0),
            (0, 0, 0),
        ]


async def test_services_equal_the_truth(database_url, tmp_path):
    async with attached(database_url, tmp_path, order_count=10) as found:
        await found.sync()
        truth = {row["id"]: row for row in await found.lever("eu-1/services")}
        held = await found.held_services(found.panels[0])
        assert held.keys() == truth.keys()
        for key, row in held.items():
            assert {name: value for name, value in row.items() if name != "rate"} == {
                name: truth[key][name] for name in row if name != "rate"
            }
