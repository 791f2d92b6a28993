import json
import zlib

import pytest

from hyperpanel.sandbox.fault_kinds import KINDS
from hyperpanel.sandbox.faults import parse

ROW_FAULTS = ["bad_money", "missing_id", "wrong_type", "unknown_status", "null_time", "future_time"]


async def fault(caller, kind, **more):
    return await caller.lever("eu-1/faults", kind=kind, **more)


def swollen(packed):
    """What a gzip file comes to; its check sum is checked."""
    unpacker, size = zlib.decompressobj(zlib.MAX_WBITS | 16), 0
    while not unpacker.eof:
        size += len(unpacker.decompress(packed, 1024 * 1024))
        packed = unpacker.unconsumed_tail
    return size


@pytest.mark.parametrize("kind", ["401", "403", "429", "500", "502", "503", "504"])
async def test_a_status_is_given_as_often_as_set(caller, kind):
    await fault(caller, kind, times=2)
    assert [(await caller.get("orders")).status_code for _ in range(3)] == [int(kind), int(kind), 200]


async def test_a_fault_strikes_only_on_its_path(caller):
    await fault(caller, "500", path="services")
    assert (await caller.get("orders")).status_code == 200


async def test_a_fault_may_strike_now_and_then(caller):
    await fault(caller, "503", every=3)
    assert [(await caller.get("orders")).status_code for _ in range(6)] == [200, 200, 503] * 2


async def test_faults_are_counted_by_kind_and_taken_away(caller):
    await fault(caller, "500")
    await caller.get("orders")
    assert (await caller.http.get("/_truth/eu-1/counts")).json()["faults"] == {"500": 1}
    assert (await caller.lever("eu-1/faults", clear=True))["set"] == []
    assert (await caller.get("orders")).status_code == 200


@pytest.mark.parametrize(("kind", "status"), [("challenge", 200), ("challenge_403", 403)])
async def test_a_challenge_is_a_page_where_json_should_be(caller, kind, status):
    await fault(caller, kind)
    answer = await caller.get("orders")
    assert (answer.status_code, answer.text[:15]) == (status, "<!DOCTYPE html>")


async def test_a_redirect_leads_to_another_host(caller):
    await fault(caller, "redirect")
    answer = await caller.get("orders")
    assert (answer.status_code, answer.headers["location"]) == (302, "https://parked.example/adminapi/v2/orders")


async def test_an_error_envelope_comes_with_200(caller):
    await fault(caller, "error_envelope")
    answer = await caller.get("orders")
    assert (answer.status_code, answer.json()["data"], answer.json()["error_code"]) == (200, [], 7)


@pytest.mark.parametrize("code", [401, 403])
async def test_a_refusal_may_come_with_200(caller, code):
    await fault(caller, f"{code}_in_200")
    answer = await caller.get("orders")
    assert (answer.status_code, answer.json()["data"], answer.json()["error_code"]) == (200, [], code)


async def test_a_website_may_stand_at_the_address(caller):
    await fault(caller, "website")
    answer = await caller.get("orders")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=UTF-8")


@pytest.mark.parametrize(
    ("kind", "names"),
    [("admin_v1", {"status", "error"}), ("rental_panel", {"error"}), ("socpanel", {"count", "items"})],
)
async def test_another_kind_of_panel_answers_in_a_form_of_its_own(caller, kind, names):
    await fault(caller, kind)
    assert (await caller.get("orders")).json().keys() == names


async def test_truncated_json_cannot_be_read(caller):
    await fault(caller, "truncated")
    with pytest.raises(json.JSONDecodeError):
        (await caller.get("orders")).json()


async def test_a_bomb_is_small_and_swells(caller):
    await fault(caller, "bomb")
    headers = {"X-Api-Key": caller.panel.admin_key}
    async with caller.http.stream("GET", "/eu-1/adminapi/v2/orders", headers=headers) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert len(raw) < 400_000
    assert swollen(raw) > 256 * 1024 * 1024


async def test_a_duplicated_page_is_the_one_before(caller):
    first = await caller.ids(limit=50)
    await fault(caller, "duplicated_page", times=1)
    assert await caller.ids(limit=50, offset=50) == first


async def test_reordered_rows_are_the_same_rows(caller):
    fair = await caller.ids()
    await fault(caller, "reordered")
    mixed = await caller.ids()
    assert mixed != fair
    assert sorted(mixed) == sorted(fair)


@pytest.mark.parametrize(("kind", "rows"), [("empty_page", 0), ("short_page", 50)])
async def test_a_page_may_come_short_without_being_the_last(caller, kind, rows):
    await fault(caller, kind)
    answer = (await caller.get("orders")).json()
    assert len(answer["data"]["list"]) == rows
    assert answer["pagination"]["next_page_href"]


@pytest.mark.parametrize("kind", ROW_FAULTS)
async def test_one_record_of_a_page_is_spoilt_and_the_others_are_not(caller, kind):
    fair = await caller.orders()
    await fault(caller, kind)
    assert sum(a != b for a, b in zip(await caller.orders(), fair, strict=True)) == 1


@pytest.mark.parametrize("kind", ROW_FAULTS)
@pytest.mark.parametrize("stream", ["users", "payments", "tickets"])
async def test_every_list_has_its_spoilt_record(caller, stream, kind):
    fair = await caller.rows(stream)
    await fault(caller, kind)
    spoilt = sum(a != b for a, b in zip(await caller.rows(stream), fair, strict=True))
    assert spoilt == (0 if (stream, kind) == ("tickets", "bad_money") else 1)


@pytest.mark.parametrize("kind", ["bad_money", "missing_id", "wrong_type"])
async def test_the_catalogue_has_its_spoilt_record(caller, kind):
    fair = await caller.user_api("services")
    await fault(caller, kind)
    assert sum(a != b for a, b in zip(await caller.user_api("services"), fair, strict=True)) == 1


@pytest.mark.parametrize("stream", ["users", "payments", "tickets"])
async def test_a_page_of_any_list_may_be_the_one_before_or_none(caller, stream):
    first = await caller.rows(stream, limit=5)
    await fault(caller, "duplicated_page", times=1)
    assert await caller.rows(stream, limit=5, offset=5) == first
    await fault(caller, "empty_page", times=1)
    assert await caller.rows(stream) == []


async def test_a_row_fault_waits_for_a_list(caller):
    await fault(caller, "bad_money", times=1)
    await caller.get(f"orders/{caller.panel.orders.ids[0]}")
    assert caller.panel.faults.struck == {}


async def test_a_time_out_hangs_as_long_as_set(caller):
    await fault(caller, "timeout", seconds=0.01)
    assert (await caller.get("orders")).status_code == 200


async def test_a_dropped_connection_gives_no_answer(caller):
    await fault(caller, "reset")
    with pytest.raises(ConnectionResetError):
        await caller.get("orders")


@pytest.mark.parametrize(
    ("form", "said"),
    [("absent", None), ("seconds", "30"), ("date", "Tue, 01 Sep 2026 12:00:30 GMT"), ("absurd", "1000000000")],
)
async def test_429_says_when_in_four_ways(caller, form, said):
    await fault(caller, "429", retry_after=form)
    assert (await caller.get("orders")).headers.get("retry-after") == said


async def test_an_unknown_fault_is_refused(caller):
    answer = await caller.http.post("/_truth/eu-1/faults", json={"kind": "meteor"})
    assert answer.status_code == 400


def test_a_command_lines_list_is_read():
    told = [(fault.kind, fault.times, fault.path) for fault in parse("500:3, timeout@orders,429")]
    assert told == [("500", 3, ""), ("timeout", None, "orders"), ("429", None, "")]


@pytest.mark.parametrize("text", ["meteor", "500:many", "500:0"])
def test_a_wrong_list_is_named(text):
    with pytest.raises(ValueError, match=r"meteor|many|>= 1"):
        parse(text)


@pytest.mark.parametrize("text", ["refused", "kill:2"])
def test_what_only_a_line_or_a_process_can_do_is_not_asked_of_a_panel(text):
    with pytest.raises(ValueError, match="not a panel's doing"):
        parse(text)


def test_the_kinds_are_those_of_all_places():
    assert len(KINDS) == len(set(KINDS)) == 81
