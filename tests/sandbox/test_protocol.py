"""What a panel says against what is so: the two are written by different code."""

import json
import re
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

HABITS = [
    {},
    {"ids": "string", "charge": "number", "user": "object"},
    {"remains_null": "missing", "provider_null": "missing", "error_code": "absent"},
    {"created_timestamp": "missing", "last_update": "nowhere"},
]


def plain(row, panel):
    """A row in the truth's form, read leniently."""
    user, charge, cost = row["user"], row["charge"], row.get("provider_charge")
    return {
        "id": str(row["id"]),
        "provider_order_id": row["external_id"],
        "user": user["username"] if isinstance(user, dict) else user,
        **{name: row[name] for name in ("creation_type", "mode", "link", "start_count", "quantity", "service_type")},
        **{name: row[name] for name in ("service_name", "status", "is_autocomplete")},
        "service_id": str(row["service_id"]),
        "charge": Decimal(charge["value"]),
        "charge_currency": charge["currency_code"],
        "provider_charge": Decimal(cost["value"]) if cost else None,
        "provider_charge_currency": cost["currency_code"] if cost else None,
        "provider": row.get("provider"),
        "remains": row.get("remains"),
        "created_timestamp": row.get("created_timestamp") or moment(row["created"], panel),
        "last_update_timestamp": row.get("last_update_timestamp"),
    }


def moment(written, panel):
    return int(datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(panel.time_zone)).timestamp())


def exact(row):
    cost = row["provider_charge"]
    return {**row, "charge": Decimal(row["charge"]), "provider_charge": Decimal(cost) if cost else None}


async def rows(caller):
    return json.loads((await caller.get("orders", limit=1000)).text, parse_float=Decimal)["data"]["list"]


@pytest.mark.parametrize("habits", HABITS, ids=lambda habits: "+".join(habits) or "usual")
async def test_pages_agree_with_the_truth(caller, habits):
    caller.panel.switch(**habits)
    told = {str(row["id"]): plain(row, caller.panel) for row in await rows(caller)}
    assert told == {key: exact(row) for key, row in (await caller.truth()).items()}


async def test_rows_kept_from_an_earlier_page_are_not_stale(caller):
    await rows(caller)
    await caller.lever("clock", step=3 * 86_400)
    await caller.lever("eu-1/orders/move", count=100, reopen=True)
    truth = await caller.truth()
    assert all(plain(row, caller.panel) == exact(truth[str(row["id"])]) for row in await rows(caller))


async def test_the_envelope_is_the_documented_one(caller):
    answer = (await caller.get("orders", limit=2)).json()
    assert answer.keys() == {"data", "pagination", "error_message", "error_code"}
    assert (answer["data"]["count"], answer["error_code"], answer["error_message"]) == (600, 0, "")
    assert answer["pagination"] == {
        "prev_page_href": "",
        "next_page_href": "http://sandbox.test/eu-1/adminapi/v2/orders?limit=2&offset=2",
        "offset": 0,
        "limit": 2,
    }


async def test_the_last_page_has_no_next(caller):
    answer = (await caller.get("orders", limit=100, offset=500)).json()
    assert answer["pagination"]["next_page_href"] == ""
    assert answer["pagination"]["prev_page_href"].endswith("offset=400")


@pytest.mark.parametrize(("habit", "seen"), [({"pagination": "empty_hrefs"}, ""), ({"pagination": "full"}, "http")])
async def test_next_pages_are_told_or_not(caller, habit, seen):
    caller.panel.switch(**habit)
    assert (await caller.get("orders")).json()["pagination"]["next_page_href"][:4] == seen


async def test_some_panels_have_no_pagination_at_all(caller):
    caller.panel.switch(pagination="absent")
    assert "pagination" not in (await caller.get("orders")).json()


async def test_count_may_be_the_pages_own(caller):
    caller.panel.switch(count="page")
    assert (await caller.get("orders", limit=7)).json()["data"]["count"] == 7


@pytest.mark.parametrize(("habit", "code"), [("zero", 0), ("null", None), ("absent", "none")])
async def test_success_has_three_forms(caller, habit, code):
    caller.panel.switch(error_code=habit)
    assert (await caller.get("orders")).json().get("error_code", "none") == code


async def test_a_charge_may_be_a_number_digit_for_digit(caller):
    caller.panel.switch(charge="number")
    values = re.findall(r'"value":([^,]+),', (await caller.get("orders", limit=1000)).text)
    assert all(re.fullmatch(r"\d+(\.\d*[1-9])?", value) for value in values)


async def test_money_is_written_with_its_currency(caller):
    row = (await caller.orders(limit=1))[0]
    assert row["charge"]["currency_code"] == "EUR"
    assert row["charge"]["formatted"] == f"€{row['charge']['value']}"


@pytest.mark.parametrize(("habit", "in_list", "in_detail"), [("list", 1, 1), ("detail", 0, 1), ("nowhere", 0, 0)])
async def test_last_update_is_where_the_panel_has_it(caller, habit, in_list, in_detail):
    caller.panel.switch(last_update=habit)
    row = (await caller.orders(limit=1))[0]
    detail = (await caller.get(f"orders/{row['id']}")).json()["data"]
    assert ("last_update_timestamp" in row, "last_update_timestamp" in detail) == (in_list, in_detail)


async def test_a_detail_is_the_row_and_its_actions(caller):
    row = (await caller.orders(order_status="completed", limit=1))[0]
    detail = (await caller.get(f"orders/{row['id']}")).json()["data"]
    actions = detail.pop("actions")
    assert detail == row
    assert actions.keys() == {"refill", "resend", "cancel_and_refund", "request_cancel"}
    assert not actions["request_cancel"]


async def test_manual_services_have_no_provider(caller):
    caller.panel.switch(provider_null="missing")
    by_hand = {str(s.id) for s in caller.panel.records.services if s.provider is None}
    rows = [row for row in await caller.orders(limit=1000) if str(row["service_id"]) in by_hand]
    assert rows
    assert not any("provider" in row or "provider_charge" in row for row in rows)


async def test_custom_comments_come_with_their_words(caller):
    rows = [row for row in await caller.orders(limit=1000) if row["service_type"] == "custom_comments"]
    assert rows
    assert all(row["order_buttons"][0]["user_data"] for row in rows)
