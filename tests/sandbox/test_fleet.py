import json
from datetime import timedelta

import pytest

from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.truth import STREAMS, rows, services
from tests.sandbox.conftest import NOW


def small(**changes):
    return Fleet(**{"panels": 2, "orders": 300, "now": NOW, "stopped": True, **changes})


def told(fleet):
    return json.dumps(
        [(p.name, p.admin_key, p.services_key, services(p), *(rows(p, stream) for stream in STREAMS)) for p in fleet]
    )


def test_the_same_seed_gives_the_same_fleet():
    assert told(small(seed=5)) == told(small(seed=5))


def test_another_seed_gives_another_fleet():
    assert told(small(seed=5)) != told(small(seed=6))


def test_each_panel_has_exactly_the_orders_asked_for():
    assert [len(panel.orders) for panel in small(orders=777)] == [777, 777]


def test_each_panel_has_exactly_as_much_of_all_as_asked_for():
    fleet = small(orders=300, users=555, payments=444, tickets=33)
    assert [(len(p.users), len(p.payments), len(p.tickets)) for p in fleet] == [(555, 444, 33)] * 2


def test_a_fleet_without_orders_starts():
    assert [len(panel.orders) for panel in small(orders=0)] == [0, 0]


@pytest.mark.parametrize("amount", ["users", "payments", "tickets"])
def test_a_fleet_without_others_starts_and_lives(amount):
    fleet = small(**{amount: 0})
    fleet.clock.step(86_400)
    assert all(rows(panel, stream) is not None for panel in fleet for stream in STREAMS)


def test_a_larger_fleet_has_a_panel_in_toman():
    assert {panel.currency for panel in small(panels=6)} == {"EUR", "USD", "TRY", "IRT"}


def test_names_are_short_and_differ():
    assert [panel.name for panel in small(panels=7)] == ["eu-1", "us-2", "tr-3", "in-4", "ir-5", "br-6", "eu-7"]


def test_keys_say_that_they_are_the_sandboxs():
    assert all(panel.admin_key.startswith(f"sandbox-{panel.name}-admin-") for panel in small())


def test_faults_of_a_command_line_are_set_on_every_panel():
    fleet = small()
    fleet.misbehave("500:2,timeout@orders")
    assert [[fault.kind for fault in panel.faults.set] for panel in fleet] == [["500", "timeout"]] * 2


def test_a_fleet_of_no_panels_is_refused():
    with pytest.raises(ValueError, match="at least one panel"):
        small(panels=0)


def test_a_small_panel_may_have_a_few_services_alone():
    [first, second] = small(services=9)
    assert [len(services(panel)) for panel in (first, second)] == [9, 9]
    assert len(rows(first, "orders")) == 300
    with pytest.raises(ValueError, match="a service"):
        small(services=0)


def test_the_world_goes_on_as_it_was_when_the_clock_runs():
    fleet = small(panels=1, orders=12_000)
    panel = fleet.panels[0]
    fleet.clock.step(timedelta(days=5).total_seconds())
    panel.settle()
    a_day = (len(panel.orders) - 12_000) / 5
    assert 100 < a_day < 180  # the history ends with some 140 a day
