"""A key's limit is kept by waiting, told by the answers themselves."""

from hyperpanel.client.pacing import Pace


def told(left, reset=60, limit=60):
    return {"x-ratelimit-limit": str(limit), "x-ratelimit-remaining": str(left), "x-ratelimit-reset": str(reset)}


def test_a_server_without_limits_is_not_paced():
    pace = Pace()
    pace.learn({}, 0)
    assert [pace.take(0) for _ in range(100)] == [0] * 100


def test_calls_that_are_left_go_at_once_and_the_next_as_they_are_earned():
    pace = Pace()
    pace.learn(told(2), 0)
    assert [pace.take(0) for _ in range(5)] == [0, 0, 0, 1, 2]


def test_when_none_is_left_the_next_waits_until_one_is_earned():
    pace = Pace()
    pace.learn(told(0), 100)
    assert pace.take(100) == 1
    assert pace.take(105) == 0


def test_a_short_reset_is_believed():
    pace = Pace()
    pace.learn(told(0, reset=0.25), 0)
    assert pace.take(0) == 0.25


def test_a_wait_that_was_asked_for_holds_everybody():
    pace = Pace()
    pace.hold(7, 10)
    assert [pace.take(10), pace.take(12)] == [7, 5]


def test_headers_that_make_no_sense_change_nothing():
    pace = Pace()
    for headers in (told("many"), told(-1), told(1, limit=0), told("inf"), told("nan")):
        pace.learn(headers, 0)
    assert (pace.left, pace.take(0)) == (None, 0)


def test_what_would_come_too_late_takes_nothing():
    """Whoever gives up and tries each second would never come in."""
    pace = Pace()
    pace.learn(told(0), 0)
    pace.hold(30, 0)
    assert [pace.take(second, until=second + 5) for second in range(25)] == [30 - second for second in range(25)]
    assert (pace.take(27, until=32), pace.take(27, until=32)) == (3, 4)
