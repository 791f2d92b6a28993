"""What a fleet must live through, told one by one in virtual time: a panel that is gone for days, clocks that jump, calls that are refused."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.simulation import seeds
from tests.simulation.bad_clients import quiet
from tests.simulation.plans import Event, Plan, plan
from tests.simulation.world import Result

HOUR = 3600.0
GONE, BACK = 7200.0, 7200.0 + 72 * HOUR
PROBES = 300.0
PACE = 60.0
AN_INTERVAL = 30.0 * PACE
ANSWERS = 60.0
"""Seconds after which the last of the calls has failed that were under way."""


def away(kind: str) -> Plan:
    """72 hours without the first panel, on which 3 000 rows change meanwhile."""
    events = (
        Event(GONE, "fault", 0, kind, BACK - GONE, (("every", 1), ("seconds", 70.0))),
        Event(GONE + HOUR, "lever", 0, "orders/new", 0, (("count", 1500), ("seconds", 3600))),
        Event(BACK - HOUR, "lever", 0, "orders/move", 0, (("count", 1500),)),
    )
    return quiet(1, switches=({}, {}), events=events, lasts=BACK + 2 * PROBES, idle=120.0, pace=PACE)


def left(result: Result, panel: int, since: float, until: float) -> list[float]:
    return [call.left for call in result.ways[panel].calls if since <= call.left < until]


def gaps(moments: Sequence[float]) -> list[float]:
    return [late - early for early, late in pairwise(moments)]


def p99(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def found(run_folder, chosen: Plan) -> Result:
    result = seeds.live(chosen, run_folder)
    assert seeds.told(chosen.seed, result) is None
    return result


@pytest.mark.timeout(300)
def test_a_panel_gone_for_three_days_is_probed_each_five_minutes_and_then_caught_up_with(run_folder):
    gone, whole = found(run_folder, away("refused")), found(run_folder, away("refused").without(0))
    down = left(gone, 0, GONE + 2 * AN_INTERVAL + ANSWERS, BACK)
    assert min(gaps(down)) >= PROBES - 1
    assert len(down) > (BACK - GONE) / PROBES / 2
    lag = [p99(gaps(left(one, 1, GONE, BACK))) for one in (gone, whole)]
    assert lag[0] <= 1.2 * lag[1]


def test_one_failed_request_is_no_outage(run_folder):
    once = (("every", 1), ("times", 1), ("path", "orders"))
    chosen = quiet(2, events=(Event(40.0, "fault", 0, "500", 60.0, once),), lasts=300.0)
    result = found(run_folder, chosen)
    assert max(gaps(left(result, 0, 0, 300))) < PROBES / 2


JUMPS = {"two days ahead": 48 * HOUR, "two days back": -48 * HOUR, "two hours back": -2 * HOUR}


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_after_the_clock_jumped_the_next_cycle_finds_what_is_new(run_folder, jump):
    events = (
        Event(100.0, "machine", None, "clock_jump", 0, (("jump", jump),)),
        Event(130.0, "lever", 0, "orders/new", 0, (("count", 5),)),
    )
    result = found(run_folder, quiet(5, events=events, lasts=1800.0, idle=5.0))
    assert left(result, 0, 130, 1800)
    assert max(gaps(left(result, 0, 0, 1800))) <= 1500


FORMS = {"seconds": (40.0, 40.0), "date": (40.0, 38.0), "absent": (40.0, 1.0), "absurd": (40.0, 900.0)}


@pytest.mark.parametrize(("form", "seconds", "waits"), [(form, *times) for form, times in FORMS.items()], ids=FORMS)
def test_a_retry_after_is_waited_for_and_no_longer_than_a_quarter_of_an_hour(run_folder, form, seconds, waits):
    given = (("every", 1), ("times", 1), ("retry_after", form), ("seconds", seconds))
    chosen = quiet(3, events=(Event(60.0, "fault", 0, "429", 1200.0, given),), lasts=1300.0, idle=5.0)
    result = found(run_folder, chosen)
    refused = next(call for call in result.ways[0].calls if call.status == 429)
    assert refused.back is not None
    following = min(moment for moment in left(result, 0, refused.back, 1e9))
    assert waits - 1 <= following - refused.back <= waits + 120


@pytest.mark.parametrize("kind", ["full", "io_error"])
def test_a_disk_that_refuses_at_once_is_not_asked_all_the_time(run_folder, kind):
    result = found(run_folder, quiet(4, events=(Event(40.0, "machine", None, kind, 60.0),), lasts=120.0, pace=0.7))
    assert 0 < result.fired[kind] < 200


NEIGHBOURLY = range(300, 308)


@pytest.mark.timeout(300)
def test_what_befalls_one_panel_changes_neither_rows_nor_lag_of_another(run_folder):
    """I6: the same worlds without the sick panel's faults. The rows are compared at each world's end."""
    slower = []
    for seed in NEIGHBOURLY:
        drawn = plan(seed)
        events = [event for event in drawn.events if event.what != "machine"]
        sick = next((event.panel for event in events if event.what == "fault"), 0) or 0
        only = tuple(event for event in events if event.what != "fault" or event.panel == sick)
        ill = replace(drawn, events=only)
        lags = [lag_of_others(seeds.live(one, run_folder), sick, drawn.lasts) for one in (ill, ill.without(sick))]
        slower += [(seed, *lags)] if lags[0] > 1.2 * lags[1] + drawn.idle else []
    assert slower == []


def lag_of_others(result: Result, sick: int, lasts: float) -> float:
    """The longest time for which one of the other panels was not asked."""
    assert result.auditor.findings == []
    others = [number for number in range(len(result.ways)) if number != sick]
    return max(max(gaps([0.0, *left(result, number, 0, lasts), lasts])) for number in others)
