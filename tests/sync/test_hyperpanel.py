"""The connector of another console: what it asks, how old what comes is, and that nothing of it counts but what is kept."""

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from sync.connectors import CONNECTORS
from sync.connectors.base import Ask
from sync.connectors.hyperpanel import Hyperpanel
from sync.connectors.perfect_panel import PerfectPanel
from sync.verdicts import Trouble, Verdict
from tests.support.stand_in_console import listing
from tests.support.wire import access, response

AT = 1745979643
NOON, LATER = "2026-03-01T12:00:00Z", "2026-03-01T12:05:00Z"
ROW = {
    "id": 5, "panel": "eu-1", "as_of": NOON, "user": "login", "charge": {"value": "0.12345678", "currency_code": "USD", "formatted": "$0.12"},
    "link": "https://social.example", "quantity": 1, "service_id": 1, "status": "In progress", "state": "in_progress",
    "created": "2025-04-30 02:20:43", "created_timestamp": AT,
}  # fmt: skip
SERVICE = {
    "id": 7,
    "name": "Likes",
    "rate": {"value": "0.9", "currency_code": "EUR"},
    "min": 1,
    "max": 9,
    "type": "default",
    "as_of": NOON,
}
TICKET = {
    "id": 5,
    "user": {"username": "login"},
    "subject": "Refill",
    "status": "pending",
    "created_timestamp": AT,
    "as_of": NOON,
}


def console(answer, asked=None, answers=None):
    """`answers`: other ones, by the path they are for."""
    connector = Hyperpanel(access(url="https://console.example/p/eu-1"))

    def reply(request):
        if asked is not None:
            asked.append(request)
        told = (answers or {}).get(request.url.path, answer)
        return told if isinstance(told, httpx2.Response) else response(told)

    connector.client = httpx2.AsyncClient(transport=httpx2.MockTransport(reply))
    return connector


def lines(*rows):
    text = b"".join(httpx2.Response(200, json=row).content + b"\n" for row in rows)
    found = response(text)
    found.headers["content-type"] = "application/x-ndjson"
    return found


def test_it_is_one_of_the_kinds_and_reads_the_catalogue_with_its_one_key():
    names = [stream.name for stream in CONNECTORS["hyperpanel"](access()).streams()]
    assert names == ["orders", "users", "payments", "tickets", "messages", "services"]


@pytest.mark.parametrize("stream", ["orders", "users", "payments", "tickets"])
async def test_every_list_is_asked_by_ids(stream):
    asked: list[Any] = []
    await console(listing([]), asked).page(Ask(stream, limit=2, ids=("5", "6")))
    assert asked[0].url.path == f"/p/eu-1/adminapi/v2/{stream}"
    assert asked[0].url.params["ids"] == "5,6"


async def test_a_span_that_begins_with_time_itself_is_asked_without_a_beginning():
    asked: list[Any] = []
    floor = datetime.fromtimestamp(0, UTC)
    await console(listing([]), asked).page(Ask("users", created_from=floor, created_to=datetime.fromtimestamp(AT, UTC)))
    assert ("created_from" in asked[0].url.params, asked[0].url.params["created_to"]) == (False, str(AT))


async def test_a_page_is_as_old_as_the_console_says():
    assert (await console(listing([ROW])).page(Ask("orders"))).as_of == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("told", [NOON, None])
async def test_a_page_says_how_far_back_the_console_holds_all(told):
    page = await console(listing([ROW]) | {"reaches_back_to": told}).page(Ask("orders"))
    assert page.held_since == (told and datetime(2026, 3, 1, 12, tzinfo=UTC))


async def test_a_status_stays_as_the_panel_wrote_it_and_an_amount_to_its_last_digit():
    connector = console(listing([ROW]))
    [record] = [connector.decode("orders", raw) for raw in (await connector.page(Ask("orders"))).raws]
    assert (record.status, record.status_raw, record.charge) == ("in_progress", "In progress", 12345678)


async def test_only_a_change_of_the_record_changes_its_digest():
    pages = [
        await console(listing([ROW | change])).page(Ask("orders")) for change in ({}, {"as_of": LATER}, {"quantity": 2})
    ]
    first, later, changed = (page.digests for page in pages)
    assert first == later != changed


async def test_what_the_console_has_not_read_itself_is_no_empty_list():
    with pytest.raises(Trouble) as met:
        await console(listing([], as_of=None)).page(Ask("orders"))
    assert (met.value.code, met.value.verdict) == ("unread", Verdict.RETRY)


async def test_a_missing_scope_is_named():
    refusal = response({"data": [], "error_message": "no", "error_code": 403}, 403)
    with pytest.raises(Trouble) as met:
        await console(refusal).page(Ask("payments"))
    assert "payments:read" in str(met.value)


async def test_a_panel_that_the_key_does_not_see_any_more_is_no_proof_that_its_records_are_gone():
    refusal = response({"data": [], "error_message": "There is no such record.", "error_code": 404}, 404)
    with pytest.raises(Trouble) as met:
        await console(refusal).page(Ask("tickets", ids=("5",)))
    assert met.value.code == "not_found"


async def test_nor_that_its_threads_are():
    refusal, again = (
        response({"data": [], "error_message": "There is no such record.", "error_code": 404}, 404) for _ in range(2)
    )
    with pytest.raises(Trouble) as met:
        await console(refusal, answers={"/p/eu-1/adminapi/v2/key": again}).page(Ask("messages", ids=("5",)))
    assert met.value.code == "not_found"


async def test_an_empty_catalogue_is_as_old_as_its_reading():
    panel = {"name": "eu-1", "currency": "EUR", "time_zone": "UTC", "streams": [{"stream": "services", "as_of": LATER}]}
    answers = {"/p/eu-1/adminapi/v2/services": lines({"end": {"count": 0, "next_cursor": ""}})}
    page = await console(listing([panel]), answers=answers).page(Ask("services"))
    assert (len(page), page.whole, page.as_of) == (0, True, datetime(2026, 3, 1, 12, 5, tzinfo=UTC))


async def test_a_catalogue_comes_whole_and_in_a_panels_own_form():
    connector = console(lines(SERVICE, {"end": {"count": 1, "next_cursor": ""}}))
    page = await connector.page(Ask("services"))
    [record] = [connector.decode("services", raw) for raw in page.raws]
    assert (record.id, record.rate, page.whole, page.as_of is not None) == ("7", 90_000_000, True, True)


@pytest.mark.parametrize("cut", [lines(SERVICE), lines(SERVICE, {"end": {"count": 2}})])
async def test_a_catalogue_that_was_cut_off_is_no_catalogue(cut):
    with pytest.raises(Trouble) as met:
        await console(cut).page(Ask("services"))
    assert met.value.code == "cut"


async def test_without_a_ticket_only_the_time_of_all_messages_is_asked():
    panel = {"name": "eu-1", "currency": "EUR", "time_zone": "UTC", "streams": [{"stream": "messages", "as_of": LATER}]}
    page = await console(listing([panel])).page(Ask("messages"))
    assert (len(page), page.as_of) == (0, datetime(2026, 3, 1, 12, 5, tzinfo=UTC))


def thread(**more):
    said = {"message": "hi", "is_staff": False, "created_timestamp": AT, "files": []}
    return {
        "data": {**TICKET, "messages": [{**said, **more.pop("said", {})}], "messages_as_of": NOON, **more},
        "error_code": 0,
    }


async def test_a_thread_that_the_console_has_read_since_is_whole():
    page = await console(thread(messages_are_current=True)).page(Ask("messages", ids=("5",)))
    assert (len(page.raws), page.behind, page.unread) == (1, False, [])


async def test_a_thread_that_may_be_older_than_its_ticket_is_behind():
    assert (await console(thread()).page(Ask("messages", ids=("5",)))).behind


@pytest.mark.parametrize("more", [{"messages_before": 3}, {"said": {"is_cut": True}}])
async def test_what_a_console_does_not_tell_of_a_thread_is_told(more):
    page = await console(thread(messages_are_current=True, **more)).page(Ask("messages", ids=("5",)))
    assert (len(page.raws), len(page.unread)) == (1, 1)


def refusal(status, sentence="no"):
    return response({"data": [], "error_message": sentence, "error_code": status}, status)


async def test_only_a_status_says_that_a_thread_is_gone():
    """Its sentences are for people: “not found within” so many seconds is no absence."""
    answers = {"/p/eu-1/adminapi/v2/key": response({"data": {"scopes": [], "per_minute": 3}, "error_code": 0})}
    with pytest.raises(Trouble, match="refused"):
        await console(refusal(400, "This was not found within 10 seconds."), answers=answers).page(
            Ask("messages", ids=("5",))
        )
    assert (await console(refusal(404), answers=answers).page(Ask("messages", ids=("5",)))).gone


async def test_a_thread_that_the_console_has_not_read_lags_behind_its_ticket():
    told = response({"data": {**TICKET, "messages": [], "messages_as_of": None}, "error_code": 0})
    page = await console(told).page(Ask("messages", ids=("5",)))
    assert (page.behind, page.as_of, page.keys) == (True, None, [])


@pytest.mark.parametrize("ask", [Ask("messages"), Ask("services")])
async def test_the_scope_that_is_named_is_the_one_that_lacks(ask):
    answers = {
        "/p/eu-1/adminapi/v2/panels": refusal(403),
        "/p/eu-1/adminapi/v2/services": lines({"end": {"count": 0, "next_cursor": ""}}),
    }
    with pytest.raises(Trouble, match="panels:read"):
        await console(listing([]), answers=answers).page(ask)


async def test_copies_of_a_console_are_refused_by_the_kind_that_takes_them_for_now():
    connector = PerfectPanel(access(url="https://console.example/p/eu-1"))
    told = response(listing([ROW]))
    connector.client = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: told))
    with pytest.raises(Trouble, match="kind hyperpanel") as met:
        await connector.page(Ask("orders"))
    assert met.value.verdict is Verdict.PAUSE
