from zoneinfo import ZoneInfo

import pytest

from hyperpanel.sandbox.pulse import SLOTS, Place, Pulse
from tests.sandbox.conftest import NOW


@pytest.fixture
def pulse() -> Pulse:
    return Pulse(Place(7, "eu-1", ZoneInfo("Europe/Berlin")), int(NOW.timestamp()))


@pytest.mark.parametrize("total", [0, 1, 60, 9000])
def test_the_busy_hours_hold_all_there_is(pulse, total):
    busy = pulse.busy(total)
    assert sum(pulse.count(number, total) for number in busy) == total
    assert busy == [number for number in range(SLOTS) if pulse.count(number, total)]
