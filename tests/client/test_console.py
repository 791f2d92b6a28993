"""The client against the real API, in process: it has every call, with every filter, and each answer is what its types say."""

from datetime import timedelta
from typing import Any, get_type_hints

import msgspec
import pytest
from msgspec import UNSET
from sqlalchemy import insert

from hyperpanel.client import (
    Ambiguous,
    AsyncClient,
    BadAsk,
    BadKey,
    NoSuchPath,
    NotAllowed,
    NotThere,
    filters,
)
from hyperpanel.client.awaiting import AsyncRows
from hyperpanel.client.calls import Call
from hyperpanel.client.records import Order
from hyperpanel.db.schema import orders
from tests.support import databases
from tests.support.calls import EVERY, Scripts
from tests.support.staged import NOON, order, stage

LISTS = {
    "/orders": filters.OrderFilters,
    "/payments": filters.PaymentFilters,
    "/users": filters.UserFilters,
    "/tickets": filters.TicketFilters,
    "/services": filters.ServiceFilters,
    "/panels": filters.Panels,
    "/sync": filters.FeedFilters,
    "/snoozes": filters.Panels,
    "/activity": filters.ActivityFilters,
    "/changes": filters.ChangeFilters,
    "/reports/service-health": filters.ProfiledFilters,
    "/reports/users": filters.UserReportFilters,
    "/reports/tickets-by-staff": filters.StaffReportFilters,
    "/reports/tickets-by-service": filters.ReportFilters,
    "/reports/margins": filters.MarginFilters,
    "/reports/providers": filters.ProviderFilters,
}
OF_CALLS = {"limit", "offset", "cursor", "since", "format"}
"""Parameters that the client has of its own, or has no use for."""


@pytest.fixture
async def console(run_folder, tmp_path):
    async with stage(databases.sqlite_copy(run_folder, tmp_path, migrated=True)) as made:
        async with made.database.write() as connection:
            one: dict[str, Any] = {"status": "fail", "created_at": NOON - timedelta(hours=1)}
            rows = [order(str(number), **one) for number in range(1001, 1006)] + [order("1001", "us-2", **one)]
            await connection.execute(insert(orders), rows)
        yield made


@pytest.fixture
def opened(console):
    """`await opened("orders:read")`: a client by a key that may do that, or everything, on every panel."""
    clients = []

    async def client(*scopes: str, path: str = "", key: str = "", **settings: Any) -> AsyncClient:
        browser = console.browser()
        text = key or await Scripts(console).key(*(scopes or EVERY), panels=None)
        made = AsyncClient(console.address + path, text, transport=browser._transport, insecure=True, **settings)
        clients.append(made)
        return made

    return client


async def test_every_parameter_of_the_api_can_be_asked_for(opened):
    client = await opened()
    told = msgspec.json.decode((await client.exchange(Call("/openapi.json"))).body)
    asked = {path: set(get_type_hints(one)) for path, one in LISTS.items()}
    assert asked == {path: queried(told["paths"][path]["get"]) - OF_CALLS for path in LISTS}


def queried(call: Any) -> set[str]:
    return {one["name"] for one in call["parameters"] if one["in"] == "query"}


async def test_a_list_is_the_same_by_pages_of_any_size_and_by_lines(opened):
    numbers = [1001, 1002, 1003, 1004, 1005]
    for size in (1, 2, 500):
        client = await opened(page_size=size)
        found = [one async for one in client.orders(panel="eu-1", order_status="fail")]
        assert sorted(one.id for one in found) == numbers
        assert {type(one).__mro__[1] for one in found} == {Order}
    assert sorted([one.id async for one in client.orders(panel="eu-1", order_status="fail").lines()]) == numbers


async def test_lines_up_to_a_limit_tell_where_to_go_on(opened):
    client = await opened()
    orders = client.orders(panel="eu-1", order_status="fail", sort="date-asc")
    every, found, cursor = [one.id async for one in orders], [], ""
    while True:
        some = orders.lines(limit=2, cursor=cursor)
        found.append([one.id async for one in some])
        if not (cursor := some.next_cursor):
            break
    assert found == [every[:2], every[2:4], every[4:]]


async def test_every_call_has_an_answer_of_its_type(opened):
    client = await opened()
    lists = (client.orders, client.payments, client.users, client.tickets, client.services, client.panels, client.feeds)
    for rows in (*lists, client.snoozes, client.activity):
        assert isinstance(rows(), AsyncRows)
        assert (await rows().page(limit=5)).rows is not None
    reports = (client.service_health, client.user_figures, client.tickets_by_staff, client.tickets_by_service)
    for report in (*reports, client.margins, client.providers):
        assert (await report(hours=2)).panels_in_all == 3
    assert (await client.key()).every_panel
    assert (await client.panel("eu-1")).currency == "USD"
    assert (await client.feed("eu-1", "orders")).panel == "eu-1"
    assert (await client.data("reports", "users", hours=2))["report"] == "users"


async def test_what_reads_can_be_stopped_and_sent_on(opened):
    client = await opened()
    paused = await client.pause("eu-1", "orders", "Its owner asked.")
    assert (paused.state, paused.paused.why) == ("paused", "Its owner asked.")
    assert (await client.resume("eu-1", "orders")).paused is None
    assert (await client.run_now("eu-1", "orders", "head")).stream == "orders"
    assert (await client.pause_panel("eu-1")).paused is not None
    assert (await client.resume_panel("eu-1")).paused is None
    assert (await client.run_panel_now("eu-1")).name == "eu-1"


async def test_changes_are_followed_from_a_cursor(opened, console):
    client = await opened()
    follower = client.follow(streams="orders", every=0)
    first = await anext(follower)
    assert (list(first.list), first.has_more) == ([], False)
    assert (await client.changes(first.next_cursor)).has_more is False
    with pytest.raises(BadAsk, match="since"):
        await client.changes("damaged")


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        (lambda client: client.order(1001), Ambiguous),
        (lambda client: client.order(9), NotThere),
        (lambda client: client.panel("zz-9"), NotThere),
        (lambda client: client.orders(nonsense=1).page(), BadAsk),
        (lambda client: client.orders().page(limit=2000), BadAsk),
        (lambda client: client.data("nowhere"), NoSuchPath),
    ],
)
async def test_each_refusal_is_an_error_of_its_own(opened, ask, kind):
    with pytest.raises(kind) as refused:
        await ask(await opened())
    assert type(refused.value) is kind
    assert "\n" not in str(refused.value)
    if kind is Ambiguous:
        assert refused.value.panels == ["eu-1", "us-2"]


async def test_a_key_is_refused_where_it_may_not_go(opened):
    with pytest.raises(NotAllowed, match="payments:read"):
        await (await opened("orders:read")).payments().page()
    with pytest.raises(BadKey):
        await (await opened(key="hp_live_wrong")).key()


async def test_a_panel_in_the_address_is_all_there_is(opened):
    client = await opened(path="/p/us-2")
    assert [one.panel async for one in client.orders()] == ["us-2"]
    assert (await client.order(1001)).id == 1001


async def test_what_the_key_may_not_see_is_unset(opened):
    hidden = await (await opened("orders:read")).order(1002)
    assert hidden.provider is UNSET
    assert (await (await opened()).order(1002)).provider is not UNSET
