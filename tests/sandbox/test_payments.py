from itertools import pairwise

import pytest

from hyperpanel.sandbox import payment_moves, truth
from hyperpanel.sandbox.paying import OPEN, STATUSES
from hyperpanel.sandbox.picks import New
from tests.sandbox.conftest import small

ENDS = {"completed", "expired", "fail"}


@pytest.fixture(scope="module")
def panel():
    return small(orders=10_000, payments=4000).panels[0]


@pytest.fixture
def one():
    return small().panels[0]


def test_there_are_exactly_as_many_as_asked_for(panel):
    assert len(panel.payments) == 4000


def test_numbers_and_moments_rise(panel):
    assert all(a < b for a, b in pairwise(panel.payments.ids))
    assert all(a <= b for a, b in pairwise(panel.payments.created))


def test_every_status_occurs(panel):
    panel.clock.step(3600)
    seen: set[str] = set()
    for _ in range(40):
        panel.clock.step(900)
        panel.settle()
        seen.update({STATUSES[state] for state in panel.payments.state})
    assert seen == set(STATUSES)


def test_most_come_in(panel):
    assert 0.6 < sum(row["status"] == "completed" for row in truth.rows(panel, "payments")) / len(panel.payments) < 0.9


def test_a_methods_name_is_as_its_owner_typed_it(panel):
    names = [method.name for method in panel.payments.till.methods]
    assert any(name != name.strip() or "  " in name for name in names)
    assert names[-2:] == ["Manual", "Bonus"]


def test_a_bonus_names_the_payment_it_is_for(panel):
    rows = truth.rows(panel, "payments")
    by_id = {row["id"]: row for row in rows}
    bonuses = [row for row in rows if row["method"] == "Bonus"]
    assert bonuses
    assert {by_id[row["memo"].split()[-1]]["user"] == row["user"] for row in bonuses} == {True}


def test_those_who_order_nothing_pay_at_times(panel):
    assert any(not panel.users.all[who].weight for who in panel.payments.customer)


def test_a_payment_only_goes_on():
    panel = small(orders=3000, payments=1500).panels[0]
    before = {row["id"]: row for row in truth.rows(panel, "payments")}
    for _ in range(30):
        panel.clock.step(5000)
        after = {row["id"]: row for row in truth.rows(panel, "payments")}
        moved = [(before[key], after[key]) for key in before if before[key] != after[key]]
        assert not [was for was, _ in moved if was["status"] in ENDS]
        assert all(was["updated_timestamp"] < now["updated_timestamp"] for was, now in moved)
        before = after


def test_settling_in_steps_ends_where_one_leap_ends(one):
    other, now = small().panels[0], one.payments.now
    for day in range(1, 11):
        one.payments.settle(now + day * 86_400)
    other.payments.settle(now + 864_000)
    assert (one.payments.state, one.payments.ids) == (other.payments.state, other.payments.ids)


def test_new_payments_come_last_and_live_on(one):
    new = payment_moves.create(one, New(count=40))
    assert [str(number) for number in one.payments.ids[-40:]] == new
    one.payments.settle(one.payments.now + 60 * 86_400)
    ended = [one.payments.state[place] not in OPEN for place in range(len(one.payments))]
    assert sum(ended[90:130]) > 30


def test_every_moved_payment_has_changed(one):
    payment_moves.create(one, New(count=40))
    before = {row["id"]: row for row in truth.rows(one, "payments")}
    moved = payment_moves.move(one, payment_moves.Move(count=25))
    changed = [row["id"] for row in truth.rows(one, "payments") if row != before[row["id"]]]
    assert set(changed) == set(moved)


def test_a_completed_payment_may_go_back_when_asked(one):
    moved = payment_moves.move(one, payment_moves.Move(count=1, reopen=True))
    rows = {row["id"]: row["status"] for row in truth.rows(one, "payments")}
    assert [rows[key] for key in moved] == ["fail"]
