"""An order's life, told by the clock."""

from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.pulse import NEVER
from hyperpanel.sandbox.statuses import CANCELED, COMPLETED, PARTIAL, RUNNING, STATUSES
from hyperpanel.sandbox.world import WEB, Born


def one(panel, outcome=COMPLETED, begin=100, done=10_000, quantity=1000):
    """A new order that begins and ends so many seconds from now."""
    orders, number = panel.orders, automatic(panel)
    now = orders.now
    orders.add([Born(now, 0, number, quantity, now + begin, now + done, outcome, WEB)])
    return len(orders) - 1


def automatic(panel):
    return next(place for place, service in enumerate(panel.records.services) if service.provider)


def after(panel, place, seconds):
    panel.orders.settle(panel.orders.world.now + seconds)
    return panel.orders.facts(place, panel.orders.bits(place))


def test_an_order_waits_runs_and_is_completed(panel):
    place = one(panel)
    words = [STATUSES[after(panel, place, seconds).status] for seconds in (50, 100, 5000, 9_999, 10_000)]
    assert [word in ("pending", "awaiting") for word in words] == [True, False, False, False, False]
    assert [word in ("in_progress", "processing") for word in words] == [False, True, True, True, False]
    assert words[-1] == "completed"


def test_remains_falls_to_nothing(panel):
    place = one(panel)
    left = [after(panel, place, seconds).remains for seconds in (200, 3000, 6000, 9000, 10_000)]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0


def test_a_partial_order_stays_short(panel):
    place = one(panel, outcome=PARTIAL)
    running = after(panel, place, 9_900).remains
    assert 0 < after(panel, place, 10_000).remains <= running


def test_a_canceled_order_keeps_all_its_remains(panel):
    assert after(panel, one(panel, outcome=CANCELED), 10_000).remains == 1000


def test_the_start_count_appears_when_work_begins(panel):
    place = one(panel)
    assert after(panel, place, 50).start_count is None
    assert after(panel, place, 150).start_count is not None


def test_last_update_is_when_something_last_moved(panel):
    place, start = one(panel), panel.orders.now
    assert after(panel, place, 50).updated == start
    assert start + 4000 < after(panel, place, 5000).updated <= start + 5000
    assert after(panel, place, 90_000).updated == start + 10_000


def test_a_stuck_order_stands_still_in_the_end(panel):
    place = one(panel, done=NEVER - panel.orders.now)
    early, late = after(panel, place, 50_000_000), after(panel, place, 60_000_000)
    assert early == late
    assert early.status in RUNNING


def test_an_order_is_found_by_its_number_only(panel):
    orders = panel.orders
    assert orders.place(orders.ids[17]) == 17
    assert orders.place(orders.ids[0] - 1) is None


def test_settling_in_steps_ends_where_one_leap_ends(panel):
    other = Fleet(panels=1, orders=600, now=panel.clock.now(), stopped=True).panels[0]
    start = panel.orders.now
    for day in range(1, 11):
        panel.orders.settle(start + day * 86_400)
    other.orders.settle(start + 864_000)
    assert panel.orders.state == other.orders.state
    assert panel.orders.ids == other.orders.ids
