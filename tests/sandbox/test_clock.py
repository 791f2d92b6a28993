from datetime import UTC, datetime

import pytest

from hyperpanel.sandbox.clock import Clock

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def ticking(speed=1.0):
    tick = [100.0]
    return Clock(NOW, speed, tick=lambda: tick[0]), tick


def passed(clock):
    return clock.seconds() - NOW.timestamp()


def test_a_fast_clock_runs_fast():
    clock, tick = ticking(speed=60)
    tick[0] += 2
    assert passed(clock) == 120


def test_a_stopped_clock_stands():
    clock, tick = ticking()
    clock.stop()
    tick[0] += 50
    assert passed(clock) == 0


def test_a_clock_goes_on_from_where_it_stood():
    clock, tick = ticking()
    clock.stop()
    tick[0] += 50
    clock.start()
    tick[0] += 1
    assert passed(clock) == 1


def test_a_new_speed_does_not_change_the_past():
    clock, tick = ticking(speed=10)
    tick[0] += 1
    clock.run(100)
    tick[0] += 1
    assert passed(clock) == 110


def test_a_clock_never_goes_back():
    with pytest.raises(ValueError, match="forward"):
        ticking()[0].step(-1)
