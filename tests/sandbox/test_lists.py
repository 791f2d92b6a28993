"""The lists of users, payments and tickets: what they say against what is so, and what they can be asked for."""

import json
from decimal import Decimal
from itertools import pairwise

import pytest

from hyperpanel.sandbox.lists import LISTS
from hyperpanel.sandbox.truth import STREAMS as STREAMS_OF_TRUTH
from hyperpanel.sandbox.truth import rows
from tests.sandbox.conftest import both, small
from tests.sandbox.reading import Reader, exact

STREAMS = ("users", "payments", "tickets")
KEYS = {"payments": "payment_id"}
HABITS = [
    {},
    {"ids": "string", "amounts": "object_number", "never": "null", "payment_user": "full", "unassigned": "empty"},
    {"amounts": "string", "never": "missing", "payment_user": "string", "ticket_user": "string", "no_files": "missing"},
    {"amounts": "number", "never": "negative", "timestamps": "missing", "payment_created_timestamp": "missing"},
    {"unknown_statuses": True, "unanswered": "open", "unassigned": "missing", "no_files": "null"},
    {"payment_balance": "missing", "payment_fraud_risk": "missing", "payment_mode": "missing"},
    {"payment_updated": "missing", "payment_updated_timestamp": "missing", "error_code": "absent"},
    {"payment_updated_timestamp": "missing", "messages_order": "newest", "users_order": "oldest"},
]
OF_TICKETS_LIST = ("messages", "order_ids")
HABITS_OF_SERVERS = [("console", {}), *(("sandbox", habits) for habits in HABITS)]
"""A console tells all of them in one way."""


def named(value):
    return value if isinstance(value, str) else "+".join(value) or "usual"


@pytest.mark.parametrize(("caller", "habits"), HABITS_OF_SERVERS, indirect=["caller"], ids=named)
@pytest.mark.parametrize("stream", STREAMS)
async def test_pages_agree_with_the_truth(caller, stream, habits):
    caller.panel.switch(**habits)
    read = getattr(Reader(caller.panel), stream)
    told = {row["id"]: row for row in map(read, await caller.rows(stream))}
    truth = {key: exact(row) for key, row in (await caller.truth(stream)).items()}
    assert told == {key: {name: row[name] for name in row if name not in OF_TICKETS_LIST} for key, row in truth.items()}


@pytest.mark.parametrize(("caller", "habits"), HABITS_OF_SERVERS, indirect=["caller"], ids=named)
async def test_messages_agree_with_the_truth(caller, habits):
    caller.panel.switch(**habits)
    reader, way = Reader(caller.panel), -1 if habits.get("messages_order") == "newest" else 1
    for key, row in (await caller.truth("tickets")).items():
        detail = (await caller.get(f"tickets/{key}")).json()["data"]
        assert [reader.message(message) for message in detail["messages"]][::way] == row["messages"]


@pytest.mark.parametrize("stream", STREAMS)
async def test_pages_agree_with_the_truth_after_days_and_levers(caller, stream):
    await caller.rows(stream)
    await caller.lever("clock", step=2 * 86_400)
    await caller.lever(f"eu-1/{stream}/new", count=9)
    await caller.lever(f"eu-1/{stream}/move", count=9)
    await caller.lever("eu-1/users/rename", count=20)
    await caller.lever(f"eu-1/{stream}/delete", count=9)
    read = getattr(Reader(caller.panel), stream)
    truth = await caller.truth(stream)
    for row in map(read, await caller.rows(stream)):
        known = exact(truth.pop(row["id"]))
        assert row == {name: known[name] for name in row}
    assert truth == {}


@pytest.mark.parametrize("stream", STREAMS)
def test_every_kind_of_panel_tells_the_truth_in_its_own_way(stream):
    for panel in small(panels=6):
        truth = {row["id"]: exact(row) for row in rows(panel, stream)}
        read = getattr(Reader(panel), stream)
        for place in STREAMS_OF_TRUTH[stream].places(panel):
            row = read(json.loads(LISTS[stream].row(panel)(place), parse_float=Decimal))
            assert row == {name: truth[row["id"]][name] for name in row}


@pytest.mark.parametrize(
    ("stream", "name"),
    [
        ("users", "ids"),
        ("users", "email"),
        ("payments", "payment_status"),
        ("payments", "username"),
        ("tickets", "user"),
    ],
)
async def test_a_panel_can_ignore_a_filter(caller, stream, name):
    every = await caller.rows(stream)
    assert await caller.rows(stream, **{name: "1"}) == []
    caller.panel.switch(ignored_filters=(name,))
    assert await caller.rows(stream, **{name: "1"}) == every


@both
@pytest.mark.parametrize("stream", STREAMS)
async def test_pages_by_offset_make_up_the_whole(caller, stream):
    whole = await caller.rows(stream)
    pages = [await caller.rows(stream, limit=7, offset=offset) for offset in range(0, len(whole) + 7, 7)]
    assert [row for page in pages for row in page] == whole


@both
@pytest.mark.parametrize("stream", ["users", "payments"])
async def test_the_oldest_come_first_when_asked(caller, stream):
    newest = await caller.rows(stream, sort="created-at-desc")
    assert await caller.rows(stream) == newest
    assert await caller.rows(stream, sort="created-at-asc") == newest[::-1]


@pytest.mark.parametrize("stream", ["users", "payments"])
async def test_a_list_may_come_oldest_first_unless_asked(caller, stream):
    newest = await caller.rows(stream)
    caller.panel.switch(**{f"{stream}_order": "oldest"})
    assert await caller.rows(stream) == newest[::-1]
    assert await caller.rows(stream, sort="created-at-desc") == newest


async def test_a_panel_can_ignore_the_sort(caller):
    caller.panel.switch(ignored_filters=("sort",))
    assert await caller.rows("users", sort="created-at-asc") == await caller.rows("users")


async def test_tickets_come_by_their_last_update_or_by_number(caller):
    assert falling([row["last_update_timestamp"] for row in await caller.rows("tickets")])
    caller.panel.switch(tickets_order="id")
    assert falling([row["id"] for row in await caller.rows("tickets")])


def falling(numbers):
    return all(a >= b for a, b in pairwise(numbers))


OBEYED = [
    ("users", "username", "username"),
    ("users", "email", "email"),
    ("users", "ids", "id"),
    ("payments", "payment_status", "status"),
    ("tickets", "status", "status"),
]
BY_A_PLAIN_NAME = [("payments", "username", "user"), ("tickets", "user", "user")]
"""Where rows name their customer by a text alone, which a console never does."""


@pytest.mark.parametrize(
    ("caller", "stream", "name", "field", "odd"),
    [
        *(("console", *asked, False) for asked in OBEYED),
        *(("sandbox", *asked, odd) for asked in (*OBEYED, *BY_A_PLAIN_NAME) for odd in (False, True)),
    ],
    indirect=["caller"],
)
async def test_a_filter_gives_all_its_rows_and_no_other(caller, stream, name, field, odd):
    caller.panel.switch(payment_user="string", ticket_user="string", unknown_statuses=odd)
    every = await caller.rows(stream)
    value = every[5][field]
    assert await caller.rows(stream, **{name: value}) == [row for row in every if row[field] == value]


@both
async def test_payments_are_found_by_their_users_address(caller):
    user = (await caller.rows("payments"))[3]["user"]["username"]
    [found] = await caller.rows("users", username=user)
    assert await caller.rows("payments", user_email=found["email"]) == await caller.rows("payments", username=user)


async def test_payments_have_a_created_range_on_some_panels_only(caller):
    every = await caller.rows("payments")
    middle = every[40]["created_timestamp"]
    assert await caller.rows("payments", created_to=middle) == every
    caller.panel.switch(payments_created_filter="present")
    assert await caller.rows("payments", created_to=middle) == every[40:]
    assert await caller.rows("payments", created_from=middle) == every[:41]


async def test_a_range_that_payments_do_not_have_may_be_refused(caller):
    caller.panel.switch(unknown_filter="refused")
    assert (await caller.get("payments", created_to=1)).status_code == 400


@pytest.mark.parametrize("stream", STREAMS)
async def test_the_next_page_is_of_the_same_list(caller, stream):
    answer = (await caller.get(stream, limit=5)).json()
    assert f"/eu-1/adminapi/v2/{stream}?limit=5&offset=5" in answer["pagination"]["next_page_href"]
    assert answer["data"]["count"] == len(await caller.rows(stream))


@pytest.mark.parametrize("stream", STREAMS)
async def test_ties_may_come_in_any_order_but_all_come(caller, stream):
    await caller.lever(f"eu-1/{stream}/new", count=60)
    caller.panel.switch(ties="unstable")
    first, second = await caller.rows(stream), await caller.rows(stream)
    key = KEYS.get(stream, "id")
    assert first != second
    assert sorted(row[key] for row in first) == sorted(row[key] for row in second)


async def test_a_ticket_that_is_gone_is_404_or_an_error_with_200(caller):
    [gone] = (await caller.lever("eu-1/tickets/delete", count=1))["ids"]
    assert (await caller.get(f"tickets/{gone}")).status_code == 404
    caller.panel.switch(gone="200")
    answer = await caller.get(f"tickets/{gone}")
    assert (answer.status_code, answer.json()["error_code"], answer.json()["data"]) == (200, 404, [])


@pytest.mark.parametrize(
    ("caller", "path"),
    [("console", "users/5"), ("sandbox", "users/5"), ("sandbox", "payments/5")],
    indirect=["caller"],
)
async def test_there_is_no_single_user_or_payment(caller, path):
    assert (await caller.get(path)).json()["error_message"] == "Page not found."
