"""The two writes that a panel takes where it is told to, and what becomes of them when nobody hears the answer."""

from decimal import Decimal

import pytest


@pytest.fixture
def taking(caller):
    caller.panel.switch(writes="taken")
    return caller


def payment(caller, **changes):
    user = caller.panel.users.names[caller.panel.users.who[0]]
    method = caller.panel.payments.till.methods[0].name
    return {"username": user, "amount": "5", "method": method, "memo": "by hand", **changes}


def reply(caller, **changes):
    return {"staff_name": caller.panel.tickets.desk.team[0].name, "message": "Done.", **changes}


async def paid(caller):
    return {key: row for key, row in (await caller.truth("payments")).items() if row["memo"] == "by hand"}


async def test_money_is_put_on_an_account_as_often_as_it_is_asked_for(taking):
    before = {row["username"]: row["balance"] for row in (await taking.truth("users")).values()}
    first, second = [(await taking.post("payments/add", **payment(taking))).json()["data"] for _ in range(2)]
    made = await paid(taking)
    assert set(made) == {str(first["payment_id"]), str(second["payment_id"])}
    assert {(Decimal(row["amount"]), row["status"]) for row in made.values()} == {(Decimal(5), "completed")}
    user = first["user"]["username"]
    assert Decimal(second["user"]["balance"]) == Decimal(before[user]) + 10


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "nobody"}, "User not found."),
        ({"method": "Seashells"}, "Payment method not found."),
        ({"amount": "much"}, "Amount is not valid."),
        ({"amount": "0.0000000001"}, "Amount is not valid."),
        ({"amount": "-5"}, "Amount is not valid."),
        ({"amount": "NaN"}, "Amount is not valid."),
    ],
)
async def test_a_wrong_payment_is_refused(taking, wrong, said):
    answer = (await taking.post("payments/add", **payment(taking, **wrong))).json()
    assert (answer["error_code"], answer["error_message"], await paid(taking)) == (400, said, {})


async def test_a_reply_stands_in_the_thread(taking):
    number = taking.panel.tickets.ids[0]
    answer = (await taking.post(f"tickets/{number}/reply", **reply(taking))).json()
    ticket = (await taking.truth("tickets"))[str(number)]
    assert (answer["error_code"], ticket["status"]) == (0, "answered")
    assert (ticket["messages"][-1]["body"], ticket["messages"][-1]["is_staff"]) == ("Done.", True)


@pytest.mark.parametrize("wrong", [{"staff_name": "nobody"}, {"message": ""}])
async def test_a_wrong_reply_is_refused(taking, wrong):
    number = taking.panel.tickets.ids[0]
    assert (await taking.post(f"tickets/{number}/reply", **reply(taking, **wrong))).json()["error_code"] == 400
    assert (await taking.post("tickets/1/reply", **reply(taking))).json()["error_message"] == "Ticket not found."


@pytest.mark.parametrize(
    ("kind", "soon", "later"), [("effect_applied", 1, 1), ("effect_lost", 0, 0), ("effect_late", 0, 1)]
)
async def test_an_effect_may_come_or_not_while_its_answer_is_lost(taking, kind, soon, later):
    await taking.lever("eu-1/faults", kind=kind, times=1, seconds=0.01)
    with pytest.raises(ConnectionResetError):
        await taking.post("payments/add", **payment(taking))
    assert len(await paid(taking)) == soon
    taking.fleet.clock.step(1)
    assert len(await paid(taking)) == later
    assert taking.panel.faults.struck == {kind: 1}


async def test_reading_meets_them_as_time_outs_without_an_answer(caller):
    await caller.lever("eu-1/faults", kind="effect_late", times=1, seconds=0.01)
    with pytest.raises(ConnectionResetError):
        await caller.get("orders")
    assert caller.panel.later == []
