from itertools import pairwise

import pytest

from hyperpanel.sandbox import truth, user_moves
from hyperpanel.sandbox.picks import New, Which
from tests.sandbox.conftest import small

DAY = 86_400


@pytest.fixture(scope="module")
def panel():
    return small(orders=4000, users=900).panels[0]


def test_numbers_rise_with_the_sign_ups(panel):
    assert all(a < b for a, b in pairwise(panel.users.ids))
    assert all(a <= b for a, b in pairwise(panel.users.created))


def test_many_have_an_account_and_have_not_ordered_lately(panel):
    lately = {panel.orders.customer[place] for place in range(len(panel.orders))}
    assert len(lately) < len(panel.users) / 2


def test_whoever_ordered_had_signed_up_before(panel):
    users, orders = panel.users, panel.orders
    assert all(users.created[users.places[who]] <= at for who, at in zip(orders.customer, orders.created, strict=True))


def test_a_few_are_suspended_and_some_never_came(panel):
    rows = truth.rows(panel, "users")
    assert 0 < sum(row["status"] == "suspended" for row in rows) < 30
    assert 10 < sum(row["last_auth_timestamp"] is None for row in rows) < 100


def test_some_have_prices_of_their_own(panel):
    rates = [rate for row in truth.rows(panel, "users") for rate in row["custom_rates"]]
    assert {rate["percent"] for rate in rates} == {True, False}


def test_nobody_came_before_signing_up_or_after_now(panel):
    rows = truth.rows(panel, "users")
    assert all(
        row["created_timestamp"] <= (row["last_auth_timestamp"] or row["created_timestamp"]) <= panel.users.now
        for row in rows
    )


def test_sign_ups_go_on():
    panel = small(orders=4000, users=900).panels[0]
    panel.users.settle(panel.users.now + 100 * DAY)
    assert 950 < len(panel.users) < 1300
    assert all(a <= b for a, b in pairwise(panel.users.created))


async def test_a_new_name_stands_in_the_list_and_the_address_stays(caller):
    [number] = (await caller.lever("eu-1/users/rename", username="brand.new"))["ids"]
    [row] = await caller.rows("users", username="brand.new")
    assert (str(row["id"]), row["email"].startswith("brand.new")) == (number, False)


@pytest.mark.parametrize(("habit", "shown"), [("kept", "was"), ("followed", "now")])
async def test_an_order_keeps_its_users_name_or_follows_it(caller, habit, shown):
    caller.panel.switch(order_user=habit)
    names = {"was": (await caller.orders(limit=1))[0]["user"], "now": "brand.new"}
    found = await caller.ids(user=names["was"], limit=1000)
    number = caller.panel.users.ids[caller.panel.users.by_name[names["was"]]]
    await caller.lever("eu-1/users/rename", id=str(number), username="brand.new")
    rows = await caller.orders(user=names[shown], limit=1000)
    assert [row["id"] for row in rows] == found
    assert {row["user"] for row in rows} == {names[shown]}
    assert {(await caller.truth())[str(key)]["user"] for key in found} == {names[shown]}


async def test_an_order_after_the_new_name_has_it_either_way(caller):
    await caller.lever("eu-1/users/rename", count=60)
    new = (await caller.lever("eu-1/orders/new", count=20))["ids"]
    current = set(caller.panel.users.by_name)
    assert all(row["user"] in current for row in await caller.orders(ids=",".join(new)))


@pytest.mark.parametrize(("habit", "shown"), [("kept", "was"), ("followed", "now")])
async def test_a_payment_keeps_its_users_name_or_follows_it(caller, habit, shown):
    caller.panel.switch(payment_user_name=habit, payment_user="string")
    names = {"was": (await caller.rows("payments"))[0]["user"], "now": "brand.new"}
    found = len(await caller.rows("payments", username=names["was"]))
    number = caller.panel.users.ids[caller.panel.users.by_name[names["was"]]]
    await caller.lever("eu-1/users/rename", id=str(number), username="brand.new")
    assert len(await caller.rows("payments", username=names[shown])) == found


@pytest.mark.parametrize(("habit", "shown"), [("kept", 0), ("followed", 1)])
async def test_a_message_keeps_its_senders_name_or_follows_it(caller, habit, shown):
    caller.panel.switch(message_sender=habit)
    row = (await caller.rows("tickets"))[0]
    await caller.lever("eu-1/users/rename", id=str(row["user"]["id"]), username="brand.new")
    detail = (await caller.get(f"tickets/{row['id']}")).json()["data"]
    names = {message["sender_name"] for message in detail["messages"] if not message["is_staff"]}
    assert (detail["user"]["username"], names) == ("brand.new", {(row["user"]["username"], "brand.new")[shown]})


async def test_a_name_that_somebody_has_is_refused(caller):
    name = caller.panel.users.names[0]
    answer = await caller.http.post("/_truth/eu-1/users/rename", json={"username": name})
    assert (answer.status_code, name in answer.json()["error"]) == (400, True)


async def test_a_deleted_user_is_in_no_list_and_the_orders_stay(caller):
    name = (await caller.orders(limit=1))[0]["user"]
    number = caller.panel.users.ids[caller.panel.users.by_name[name]]
    before = await caller.ids(user=name, limit=1000)
    await caller.lever("eu-1/users/delete", ids=[str(number)])
    assert await caller.rows("users", username=name) == await caller.rows("users", ids=str(number)) == []
    assert await caller.ids(user=name, limit=1000) == before


def test_every_moved_user_has_changed():
    panel = small().panels[0]
    before = {row["id"]: row for row in truth.rows(panel, "users")}
    moved = user_moves.move(panel, Which(count=40))
    changed = [row["id"] for row in truth.rows(panel, "users") if row != before[row["id"]]]
    assert changed == moved
    assert len(moved) == 40


def test_new_users_come_after_all_others():
    panel = small().panels[0]
    new = user_moves.create(panel, New(count=5))
    assert [row["id"] for row in truth.rows(panel, "users")][-5:] == new


async def test_a_user_that_is_not_there_is_named(caller):
    answer = await caller.http.post("/_truth/eu-1/users/delete", json={"ids": ["1"]})
    assert (answer.status_code, answer.json()["error"]) == (400, "there is no 1")
