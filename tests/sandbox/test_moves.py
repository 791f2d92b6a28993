from itertools import pairwise

from hyperpanel.sandbox import moves
from hyperpanel.sandbox.statuses import OPEN
from hyperpanel.sandbox.truth import orders


def by_id(panel):
    return {row["id"]: row for row in orders(panel)}


def test_new_orders_come_after_all_others(panel):
    before = len(panel.orders)
    places = moves.create(panel, 40)
    assert places == list(range(before, before + 40))
    assert all(a <= b for a, b in pairwise(panel.orders.created))
    assert panel.orders.created[-1] == panel.orders.now


def test_new_orders_may_all_fall_into_one_second(panel):
    places = moves.create(panel, 40, seconds=0)
    assert {panel.orders.created[place] for place in places} == {panel.orders.now}


def test_every_moved_order_has_changed(panel):
    moves.create(panel, 100)
    before = by_id(panel)
    moved = {str(panel.orders.ids[place]) for place in moves.move(panel, 60)}
    after = by_id(panel)
    assert {key for key in after if after[key] != before[key]} == moved
    assert len(moved) == 60


def test_moved_orders_only_go_forward(panel):
    moves.create(panel, 200)
    order = {"awaiting": 0, "pending": 0, "in_progress": 1, "processing": 1}
    for _ in range(6):
        before = by_id(panel)
        moves.move(panel, 150)
        after = by_id(panel)
        assert all(order.get(after[key]["status"], 2) >= order.get(before[key]["status"], 2) for key in before)


def test_nothing_closed_moves_unless_asked(panel):
    closed = {place for place, state in enumerate(panel.orders.state) if state not in OPEN}
    assert not closed & set(moves.move(panel, 10_000))


def test_a_few_completed_orders_come_back_when_asked(panel):
    before = by_id(panel)
    moves.move(panel, 100, reopen=True)
    after = by_id(panel)
    back = [key for key in after if before[key]["status"] == "completed" and after[key]["status"] == "canceled"]
    assert len(back) == 2


def test_a_moved_order_lives_on(panel):
    moves.create(panel, 50)
    moves.move(panel, 50)
    panel.orders.settle(panel.orders.now + 60 * 86_400)
    assert not {place for place in panel.orders.open() if place >= len(panel.orders) - 50 and place < 650}


def test_no_more_orders_are_deleted_than_there_are(panel):
    assert len(moves.delete(panel, 10_000)) == 600
    assert orders(panel) == []


async def test_rows_change_between_pages(caller):
    await caller.lever("eu-1/between-pages", new=5, move=5)
    first = await caller.ids(limit=100)
    second = await caller.ids(limit=100, offset=100)
    assert first[-5:] == second[:5]  # five new ones pushed the list down
    await caller.lever("eu-1/between-pages", new=0, move=0)
    assert len(caller.panel.orders) == 610
    await caller.ids()
    assert len(caller.panel.orders) == 610
