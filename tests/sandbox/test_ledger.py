from collections import Counter

import pytest

from hyperpanel.sandbox import moves, payment_moves, truth, user_moves
from hyperpanel.sandbox.paying import COMPLETED
from hyperpanel.sandbox.picks import New, Which
from tests.sandbox.conftest import small


def balances(panel):
    panel.reckon()
    users = panel.users
    return {place: panel.accounts[place].balance for place in users.live()}


@pytest.fixture
def panel():
    return small(orders=2000, users=300, payments=400).panels[0]


def test_nobody_owes_anything_at_the_start(panel):
    assert min(balances(panel).values()) >= 0


def test_an_order_takes_its_charge_when_it_is_placed(panel):
    before = balances(panel)
    new = moves.create(panel, 30)
    taken: Counter[int] = Counter()
    for place in new:
        taken[panel.users.places[panel.orders.customer[place]]] += panel.records.charge(place)
    assert differing(before, balances(panel)) == {place: -units for place, units in taken.items()}


def differing(before, after):
    return {place: after[place] - before[place] for place in before if after[place] != before[place]}


def test_a_completed_payment_is_on_the_balance(panel):
    payment_moves.create(panel, New(count=20))
    before, waiting = balances(panel), panel.payments.open()
    payment_moves.move(panel, payment_moves.Move(count=1000))
    came: Counter[int] = Counter()
    for place in waiting:
        if panel.payments.state[place] == COMPLETED:
            came[panel.users.places[panel.payments.customer[place]]] += panel.payments.amount[place]
    assert came
    assert differing(before, balances(panel)) == came


def test_a_canceled_order_gives_its_charge_back(panel):
    before = balances(panel)
    place = panel.users.places[panel.orders.customer[(back := moves.move(panel, 1, reopen=True)[-1])]]
    assert differing(before, balances(panel)) == {place: panel.records.charge(back)}


def test_what_was_not_delivered_is_given_back(panel):
    rows = {row["id"]: row for row in truth.orders(panel) if row["status"] == "partial"}
    places = [panel.orders.place(int(key)) for key in rows]
    panel.ledger.catch_up()
    assert all(panel.ledger._net[place] < panel.records.charge(place) for place in places if place is not None)


def test_what_is_deleted_moves_no_money(panel):
    before = balances(panel)
    moves.delete(panel, 300)
    payment_moves.delete(panel, Which(count=100))
    assert balances(panel) == before


def test_balances_do_not_hang_on_when_they_are_looked_at(panel):
    other = small(orders=2000, users=300, payments=400).panels[0]
    balances(panel)
    for one, hours in ((panel, (5, 7, 60)), (other, (72,))):
        for hour in hours:
            one.clock.step(hour * 3600)
        user_moves.create(one, New(count=3))
    assert truth.rows(panel, "users") == truth.rows(other, "users")


def test_spending_goes_with_the_orders(panel):
    before = {row["id"]: float(row["spent"]) for row in truth.rows(panel, "users")}
    panel.clock.step(5 * 86_400)
    after = {row["id"]: float(row["spent"]) for row in truth.rows(panel, "users")}
    assert sum(after[key] > before[key] for key in before) > 5
