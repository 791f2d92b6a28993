from collections import Counter
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.statuses import OPEN, STATUSES
from tests.sandbox.conftest import NOW


@pytest.fixture(scope="module")
def panel():
    return Fleet(panels=1, orders=20_000, now=NOW, stopped=True).panels[0]


def test_a_few_in_a_hundred_are_open(panel):
    assert 0.01 < sum(state in OPEN for state in panel.orders.state) / 20_000 < 0.03


def test_some_are_stuck(panel):
    orders = panel.orders
    old = [place for place in orders.open() if orders.created[place] < orders.now - 12 * 3600]
    assert len(old) > 50


def test_every_ordinary_status_occurs(panel):
    assert set(panel.orders.state) >= {STATUSES.index(word) for word in STATUSES if word != "awaiting"}


def test_a_few_customers_order_much_and_many_a_little(panel):
    counts = sorted(Counter(panel.orders.customer).values(), reverse=True)
    assert sum(counts[:10]) > 0.2 * 20_000
    assert counts[len(counts) // 2] < 20


def test_evenings_are_busier_than_the_hours_before_dawn(panel):
    zone = ZoneInfo(panel.time_zone)
    hours = Counter(datetime.fromtimestamp(created, zone).hour for created in panel.orders.created)
    assert hours[20] > 3 * hours[4]


def test_the_volume_grows(panel):
    created, start = panel.orders.created, panel.orders.world.start
    month = 30 * 86400
    assert sum(c >= start + 3 * month for c in created) > 1.3 * sum(c < start + month for c in created)


def test_orders_of_one_second_occur(panel):
    assert sum(a == b for a, b in pairwise(panel.orders.created)) > 200


def test_ids_rise_with_small_gaps(panel):
    steps = Counter(b - a for a, b in pairwise(panel.orders.ids))
    assert min(steps) == 1
    assert max(steps) < 10
    assert len(steps) > 2


def test_created_never_falls_as_ids_rise(panel):
    assert all(a <= b for a, b in pairwise(panel.orders.created))


def test_a_provider_that_is_down_keeps_its_orders_waiting():
    fleet = Fleet(panels=3, orders=20_000, now=NOW)
    down = "mainsource.example"  # was down last night
    waiting = Counter(
        panel.records.services[panel.orders.service[place]].provider
        for panel in fleet
        for place in panel.orders.open()
        if panel.orders.state[place] <= 1
    )
    assert waiting[down] == max(waiting.values())


def test_most_services_keep_their_word_and_some_do_not(panel):
    orders, ratios = panel.orders, []
    for place in range(len(orders)):
        promised = panel.records.services[orders.service[place]].promised
        if promised and STATUSES[orders.state[place]] == "completed":
            ratios.append((orders.done[place] - orders.begin[place]) * promised / (orders.quantity[place] * 86400))
    assert 0.5 < sum(ratio < 1 for ratio in ratios) / len(ratios) < 0.9
    assert 0.05 < sum(ratio > 2 for ratio in ratios) / len(ratios) < 0.3
