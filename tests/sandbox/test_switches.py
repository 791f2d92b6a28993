from datetime import datetime, timedelta

import msgspec
import pytest

from hyperpanel.sandbox.switches import Switches, changed


def test_a_switch_is_turned_and_the_others_stay():
    after = changed(Switches(page_cap=50), {"ids": "string"})
    assert (after.page_cap, after.ids, after.count) == (50, "string", "total")


@pytest.mark.parametrize(
    "changes",
    [{"colour": "red"}, {"ids": "roman"}, {"page_cap": 0}, {"page_cap": 2000}, {"ignored_filters": ["colour"]}],
)
def test_an_unknown_name_or_value_is_refused(changes):
    with pytest.raises(msgspec.ValidationError):
        changed(Switches(), changes)


async def test_switches_are_turned_from_outside(caller):
    assert (await caller.lever("eu-1/switches", page_cap=10))["page_cap"] == 10
    assert len(await caller.orders()) == 10


async def test_a_wrong_switch_is_400_and_named(caller):
    answer = await caller.http.post("/_truth/eu-1/switches", json={"colour": "red"})
    assert answer.status_code == 400
    assert "colour" in answer.json()["error"]


async def test_amounts_may_be_said_to_be_in_another_currency(caller):
    caller.panel.switch(currency="GBP", amounts="object")
    named = {
        (await caller.orders(limit=1))[0]["charge"]["currency_code"],
        (await caller.rows("users", limit=1))[0]["balance"]["currency_code"],
        (await caller.rows("payments", limit=1))[0]["amount"]["currency_code"],
    }
    assert named == {"GBP"}
    assert {row["charge_currency"] for row in (await caller.truth()).values()} == {"GBP"}


async def test_written_times_may_be_of_another_zone(caller):
    [before] = await caller.orders(limit=1)
    caller.panel.switch(time_zone="Asia/Kolkata")
    [after] = await caller.orders(limit=1)
    assert before["created_timestamp"] == after["created_timestamp"]
    moved = datetime.fromisoformat(after["created"]) - datetime.fromisoformat(before["created"])
    assert moved == timedelta(hours=3, minutes=30)


async def test_an_unknown_time_zone_is_refused(caller):
    answer = await caller.http.post("/_truth/eu-1/switches", json={"time_zone": "Berlin"})
    assert (answer.status_code, "Berlin" in answer.json()["error"]) == (400, True)
