"""The connector against answers as the protocol notes have them, both of each that is doubtful."""

import json
from zoneinfo import ZoneInfo

import pytest

from sync.connectors.base import Ask
from sync.connectors.perfect_panel import PerfectPanel
from sync.verdicts import Trouble
from tests.support.wire import access, answering, listing, panel, raw, response

AT = 1745979643
ROWS = {
    "orders": {
        "id": 5, "user": "login", "charge": {"value": "1.00", "currency_code": "USD"}, "link": "https://social.example", "quantity": 1,
        "service_id": 1, "status": "pending", "created_timestamp": AT,
    },
    "users": {
        "id": 5, "username": "login", "email": "a@b.example", "balance": "1.00", "spent": "1.00", "status": "active",
        "created_timestamp": AT,
    },
    "payments": {
        "payment_id": 5, "user": {"username": "login"}, "amount": "1.00", "method": "PayPal", "status": "completed",
        "created_timestamp": AT,
    },
    "tickets": {"id": 5, "user": "login", "subject": "Refill", "status": "pending", "created_timestamp": AT},
}  # fmt: skip
LISTS = sorted(ROWS)
MESSAGES = {**ROWS["tickets"], "messages": [{"message": "hi", "is_staff": False, "created_timestamp": AT}]}
NOT_FOUND = {"data": [], "error_message": "Order not found.", "error_code": 404}


async def trouble(connector, ask):
    with pytest.raises(Trouble) as met:
        await connector.page(ask)
    assert "eu-1" in str(met.value)
    return met.value.code


def decoded(connector, stream, page):
    return [connector.decode(stream, raw) for raw in page.raws]


def alone(stream):
    return Ask(stream, ids=("5",), alone=True)


def one(record, **others):
    return {"data": record, "error_message": "", "error_code": 0, **others}


def test_the_catalogue_is_a_stream_where_there_is_a_key_for_it():
    names = [stream.name for stream in PerfectPanel(access(services_key="key")).streams()]
    assert names == ["orders", "users", "payments", "tickets", "messages", "services"]
    assert [stream.name for stream in PerfectPanel(access()).streams()] == names[:-1]


@pytest.mark.parametrize("stream", LISTS)
@pytest.mark.parametrize(
    "envelope",
    [
        {},
        {"error_code": None},
        {"error_code": False},
        {"error_message": []},
        {"pagination": {"next_page_href": ""}},
        {"pagination": []},
    ],
)
async def test_a_list_is_read_and_decoded(stream, envelope):
    connector = answering(listing(ROWS[stream], **envelope))
    page = await connector.page(Ask(stream))
    assert (page.keys, page.created, page.gone) == (["5"], [AT], False)
    assert [record.id for record in decoded(connector, stream, page)] == ["5"]


@pytest.mark.parametrize(
    ("pagination", "more"), [({"next_page_href": "https://p/2"}, True), ({"next_page_href": ""}, False), ({}, None)]
)
async def test_what_a_list_says_of_more_is_told(pagination, more):
    assert (await answering(listing(pagination=pagination)).page(Ask("users"))).more is more


@pytest.mark.parametrize("stream", LISTS)
async def test_what_is_no_list_is_named_by_its_stream(stream):
    with pytest.raises(Trouble, match=f"no list of {stream}"):
        await answering(one({"items": []})).page(Ask(stream))


@pytest.mark.parametrize("stream", LISTS)
async def test_far_more_rows_than_were_asked_for_are_refused(stream):
    assert await trouble(answering(listing(*[{"id": 1}] * 2001)), Ask(stream, limit=10)) == "too_many"


@pytest.mark.parametrize("stream", LISTS)
async def test_an_empty_answer_without_a_reason_is_no_empty_list(stream):
    assert await trouble(answering({"data": []}), Ask(stream)) == "refused"


async def test_one_torn_text_hides_no_other_record():
    body = json.dumps(listing(ROWS["users"], {**ROWS["users"], "id": 6, "username": "torn"})).replace("torn", "\\ud83d")
    connector = answering(body.encode())
    page = await connector.page(Ask("users"))
    assert [record.username for record in decoded(connector, "users", page)] == ["login", "\ufffd"]


@pytest.mark.parametrize("stream", ["orders", "tickets"])
async def test_a_record_is_asked_for_alone_by_its_own_address(stream):
    asked = []

    def answer(request):
        asked.append((request.method, str(request.url)))
        return response(one({**ROWS[stream], "id": "5"}))

    connector = panel(answer)
    page = await connector.page(alone(stream))
    assert asked == [("GET", f"https://panel.example/adminapi/v2/{stream}/5")]
    assert (page.keys, page.more, page.gone) == (["5"], False, False)


async def test_a_record_alone_has_the_bytes_of_the_list():
    row = json.dumps(ROWS["tickets"], separators=(",", ":"))
    detail = row[:-1] + ',"messages":[{"message":"hi"}],"actions":{"refill":true}}'
    listed = await answering(f'{{"data":{{"list":[{row}]}}}}'.encode()).page(Ask("tickets"))
    assert (await answering(f'{{"data":{detail}}}'.encode()).page(alone("tickets"))).digests == listed.digests


@pytest.mark.parametrize("ask", [alone("orders"), alone("tickets"), Ask("messages", ids=("5",))])
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, NOT_FOUND),
        (404, {"data": [], "error_message": "", "error_code": 0}),
        (404, b""),
        (410, NOT_FOUND),
        (200, NOT_FOUND),
        (400, NOT_FOUND),
        (200, {"data": [], "error_message": "Page not found.", "error_code": 100}),
        (200, {"data": None, "error_message": "The ticket does not exist", "error_code": 7}),
        (422, {"data": {}, "error_message": "error.order.not_found", "error_code": "12"}),
        (404, {"data": [], "error_message": {"id": ["unknown"]}, "error_code": 1}),
    ],
)
async def test_a_record_that_is_not_there_is_gone(ask, status, body):
    page = await answering(body, status).page(ask)
    assert (page.gone, len(page), page.more) == (True, 0, False)


@pytest.mark.parametrize("ask", [alone("orders"), alone("tickets"), Ask("messages", ids=("5",))])
@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, NOT_FOUND, "auth"),
        (403, NOT_FOUND, "forbidden"),
        (429, NOT_FOUND, "rate"),
        (500, NOT_FOUND, "server"),
        (302, b"", "redirect"),
        (404, b"404 page not found", "not_found"),
        (200, b"no JSON", "not_json"),
        (200, b'{"\xff":1}', "refused"),
        (200, {"data": [], "error_message": {"key": ["limit"]}, "error_code": 1}, "refused"),
        (
            200,
            {"data": [], "error_message": "Something went wrong, please try again later.", "error_code": 7},
            "refused",
        ),
        (200, {"data": [], "error_message": "", "error_code": 0}, "refused"),
        (200, one({"id": 6, "messages": []}), "shape"),
        (200, one([]), "refused"),
        (200, one({"messages": []}), "shape"),
        (200, one("later"), "shape"),
    ],
)
async def test_nothing_else_says_that_a_record_is_gone(ask, status, body, code):
    assert await trouble(answering(body, status), ask) == code


async def test_a_bot_check_does_not_say_that_a_record_is_gone():
    page = b"<html><title>Just a moment...</title></html>"
    assert await trouble(answering(page, 404), alone("tickets")) == "html"


async def test_the_messages_of_a_ticket_are_a_page():
    connector = answering(one(MESSAGES))
    page = await connector.page(Ask("messages", ids=("5",)))
    assert (page.keys, page.created, page.whole, page.more) == (["0"], [AT], True, False)
    assert connector.message(page.raws[0]).body == "hi"


async def test_a_ticket_that_comes_without_messages_is_in_an_unknown_form():
    assert await trouble(answering(one(ROWS["tickets"])), Ask("messages", ids=("5",))) == "shape"


async def test_a_catalogue_is_whole():
    row = {"service": "1", "name": "Likes", "rate": "0.90", "min": "1", "max": "2"}
    connector = panel(lambda request: response([row, 7]), services_key="key")
    page = await connector.page(Ask("services"))
    assert (page.keys, page.whole, page.more, len(page.unread)) == (["1"], True, False, 1)
    assert [record.rate for record in decoded(connector, "services", page)] == [90_000_000]


async def test_a_key_that_cannot_be_sent_is_refused_before_it_is():
    assert await trouble(panel(lambda request: pytest.fail("sent"), admin_key="ключ"), Ask("users")) == "auth"


@pytest.mark.parametrize("stream", ["orders", "users", "payments", "tickets", "messages"])
def test_what_could_not_be_read_is_shown_by_its_own_fields(stream):
    assert PerfectPanel(access()).values(stream, raw({"created": 5, "token": "t"})) == '{"created":5}'


@pytest.mark.parametrize("change", [{"currency": "TRY"}, {"zone": ZoneInfo("Asia/Tehran")}])
def test_under_another_currency_or_zone_no_record_counts_as_known(change):
    """Every digest holds the connector's version."""
    assert PerfectPanel(access(**change)).version != PerfectPanel(access()).version


@pytest.mark.parametrize("change", [{"panel": "x"}, {"url": "https://x.example"}, {"admin_key": "x"}])
def test_another_name_address_or_key_has_nothing_read_again(change):
    assert PerfectPanel(access(**change)).version == PerfectPanel(access()).version
