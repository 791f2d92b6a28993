"""Services that change, go and come."""

import pytest

from hyperpanel.sandbox import moves, service_moves, truth
from hyperpanel.sandbox.picks import New, Which
from tests.sandbox.conftest import small


def by_id(panel):
    return {row["id"]: row for row in truth.services(panel)}


@pytest.fixture
def panel():
    return small().panels[0]


def test_a_change_is_of_the_price_and_at_times_of_the_name(panel):
    before = by_id(panel)
    changed = service_moves.change(panel, Which(count=60))
    after = by_id(panel)
    assert [key for key in before if after[key]["rate"] != before[key]["rate"]] == changed
    assert 5 < sum(after[key]["name"] != before[key]["name"] for key in changed) < 40


def test_an_order_keeps_what_it_was_sold_at(panel):
    before = truth.orders(panel)
    service_moves.change(panel, Which(count=1000))
    assert truth.orders(panel) == before


def test_a_new_order_is_sold_at_the_new_price(panel):
    service_moves.change(panel, Which(count=1000))
    for place in moves.create(panel, 30):
        record = panel.records[place]
        assert record.service is panel.shelf.all[record.number]
        assert record.charge == panel.money.charge(record.service.rate, record.quantity)


async def test_an_order_may_follow_its_services_name(caller):
    rows = await caller.orders(limit=1000)
    await caller.lever("eu-1/services/change", count=1000)
    assert await caller.orders(limit=1000) == rows
    caller.panel.switch(service_name="followed")
    names = {row["id"]: row["name"] for row in (await caller.http.get("/_truth/eu-1/services")).json()}
    assert all(row["service_name"] == names[str(row["service_id"])] for row in await caller.orders(limit=1000))


async def test_a_removed_service_is_sold_no_more(caller):
    gone = set((await caller.lever("eu-1/services/remove", count=200))["ids"])
    assert not gone & {str(one["service"]) for one in await caller.user_api("services")}
    await caller.lever("eu-1/orders/new", count=100)
    first = len(await caller.truth()) - 100
    await caller.lever("clock", step=20 * 86_400)
    assert not gone & {row["service_id"] for row in list((await caller.truth()).values())[first:]}


def test_an_added_service_is_sold(panel):
    new = service_moves.add(panel, New(count=40))
    assert list(by_id(panel))[-40:] == new
    sold = {str(panel.records[place].service.id) for place in moves.create(panel, 200)}
    assert sold & set(new)


async def test_the_truth_of_services_comes_in_lines_too(caller):
    told = (await caller.http.get("/_truth/eu-1/services")).json()
    assert list((await caller.truth("services.ndjson")).values()) == told


async def test_prices_change_between_two_readings(caller):
    await caller.lever("eu-1/between-pages", services={"change": 3})
    first, second = await caller.user_api("services"), await caller.user_api("services")
    assert sum(a["rate"] != b["rate"] for a, b in zip(first, second, strict=True)) == 3
