import random
from itertools import chain, pairwise, product

import pytest

from hyperpanel.sandbox.switches import FILTERS
from tests.sandbox.conftest import SERVERS, both


@both
async def test_the_newest_come_first(caller):
    created = [row["created_timestamp"] for row in await caller.orders()]
    assert all(a >= b for a, b in pairwise(created))


@both
async def test_a_hundred_unless_asked_otherwise(caller):
    assert len(await caller.orders()) == 100


@both
async def test_pages_by_offset_make_up_the_whole(caller):
    pages = [await caller.ids(limit=250, offset=offset) for offset in (0, 250, 500, 750)]
    assert [len(page) for page in pages] == [250, 250, 100, 0]
    assert [*chain(*pages)] == sorted(caller.panel.orders.ids, reverse=True)


@both
async def test_a_created_range_holds_both_its_ends(caller):
    created = caller.panel.orders.created
    rows = await caller.orders(created_from=created[100], created_to=created[200], limit=1000)
    assert {row["created_timestamp"] for row in rows} >= {created[100], created[200]}
    assert all(created[100] <= row["created_timestamp"] <= created[200] for row in rows)


@both
async def test_ids_are_found_whatever_their_order(caller):
    wanted = random.Random(1).sample(list(caller.panel.orders.ids), 40)
    assert await caller.ids(ids=",".join(map(str, wanted))) == sorted(wanted, reverse=True)


@pytest.mark.parametrize(
    ("caller", "field"),
    [
        *product(SERVERS, ["status", "user", "provider", "mode", "creation_type", "link"]),
        ("sandbox", "ip_address"),
    ],
    indirect=["caller"],
)
async def test_a_filter_gives_all_its_rows_and_no_other(caller, field):
    every = await caller.orders(limit=1000)
    value = every[7][field]
    name = {"status": "order_status"}.get(field, field)
    found = await caller.orders(limit=1000, **{name: value})
    assert found == [row for row in every if row[field] == value]


@both
async def test_filters_narrow_each_other(caller):
    every = await caller.orders(limit=1000)
    services = f"{every[3]['service_id']},{every[9]['service_id']}"
    found = await caller.orders(limit=1000, service_ids=services, order_status="completed,partial")
    assert found == [
        row
        for row in every
        if str(row["service_id"]) in services.split(",") and row["status"] in ("completed", "partial")
    ]


@both
async def test_an_unknown_status_matches_nothing(caller):
    assert await caller.orders(order_status="asleep") == []


@both
@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 1001}, {"limit": "x"}, {"created_to": "yesterday"}])
async def test_bad_input_is_400(caller, query):
    answer = await caller.get("orders", **query)
    assert (answer.status_code, answer.json()["data"], answer.json()["error_code"]) == (400, [], 400)


async def test_an_unknown_parameter_is_ignored(caller):
    assert await caller.ids(colour="red") == await caller.ids()


async def test_an_unknown_parameter_is_refused_by_some(caller):
    caller.panel.switch(unknown_filter="refused")
    assert (await caller.get("orders", colour="red")).status_code == 400


@pytest.mark.parametrize("name", FILTERS)
async def test_a_panel_can_ignore_any_filter(caller, name):
    caller.panel.switch(ignored_filters=(name,))
    assert await caller.ids(**{name: "1"}) == await caller.ids()


async def test_a_smaller_cap_cuts_without_a_word(caller):
    caller.panel.switch(page_cap=100)
    assert len(await caller.orders(limit=1000)) == 100


async def test_only_so_many_ids_may_be_looked_at(caller):
    caller.panel.switch(ids_cap=3)
    assert len(await caller.orders(ids=",".join(map(str, caller.panel.orders.ids[:10])))) == 3


async def test_ties_may_come_in_any_order_but_all_come(caller):
    await caller.lever("eu-1/orders/new", count=300, seconds=0)
    caller.panel.switch(ties="unstable")
    first, second = await caller.ids(limit=1000), await caller.ids(limit=1000)
    assert first != second
    assert sorted(first) == sorted(second) == sorted(caller.panel.orders.ids)


async def test_unstable_ties_reach_over_the_edge_of_a_page(caller):
    await caller.lever("eu-1/orders/new", count=300, seconds=0)
    caller.panel.switch(ties="unstable")
    pages = (
        await caller.ids(limit=100) + await caller.ids(limit=100, offset=100) + await caller.ids(limit=100, offset=200)
    )
    assert len(set(pages)) < 300


async def test_deleted_orders_are_in_no_list(caller):
    gone = (await caller.lever("eu-1/orders/delete", count=50))["ids"]
    assert len(await caller.ids(limit=1000)) == 550
    assert await caller.ids(ids=",".join(gone)) == []
