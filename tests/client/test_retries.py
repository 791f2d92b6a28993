"""What is sent again, when, and for how long: on a clock of the test's own."""

from typing import Any

import pytest

from hyperpanel.client.calls import Call, Lost, Reply
from hyperpanel.client.errors import TooFast, Unreachable, Unsure
from hyperpanel.client.pacing import Pace
from hyperpanel.client.retries import Patience, Send, Wait, exchange, retry_after

GET, POST = Call("/orders"), Call("/sync/eu-1/orders", method="POST")
GOOD = Reply(200, {})
REFUSED, BROKEN_OFF = Lost("Nobody answers.", sent=False), Lost("It broke off.", sent=True)


class Played:
    """A plan played against outcomes, in virtual time; each try takes a second."""

    def __init__(self, *outcomes, call=GET, patience=None, pace=None):
        self.now, self.tries, self.waits = 0.0, 0, []
        left = list(outcomes)
        plan = exchange(call, patience or Patience(), pace or Pace(), lambda: self.now, lambda: 1.0)
        step = next(plan)
        try:
            while True:
                if isinstance(step, Wait):
                    self.now += step.seconds
                    self.waits.append(step.seconds)
                    step = plan.send(None)
                else:
                    assert isinstance(step, Send)
                    self.tries += 1
                    self.now += 1
                    step = plan.send(left.pop(0) if len(left) > 1 else left[0])
        except StopIteration as end:
            self.reply: Any = end.value


def test_an_answer_needs_one_try():
    assert (Played(GOOD).tries, Played(Reply(404, {})).tries, Played(Reply(500, {})).tries) == (1, 1, 1)


@pytest.mark.parametrize("bad", [REFUSED, BROKEN_OFF, Reply(429, {}), Reply(502, {}), Reply(503, {}), Reply(504, {})])
def test_what_passes_is_tried_again_with_growing_pauses(bad):
    played = Played(bad, bad, bad, GOOD)
    assert (played.reply, played.tries, played.waits) == (GOOD, 4, [0.5, 1, 2])


@pytest.mark.parametrize(("told", "least"), [("5", 5), ("0", 0.5), ("2.5", 2.5), ("soon", 0.5)])
def test_a_wait_that_the_server_asks_for_is_kept(told, least):
    assert sum(Played(Reply(429, {"retry-after": told}), GOOD).waits) == least


def test_a_wait_beyond_the_deadline_ends_at_once_with_the_answer():
    played = Played(Reply(429, {"retry-after": "1000000000"}), GOOD)
    assert (played.reply.status, played.tries, played.waits) == (429, 1, [])


def test_tries_end_with_the_deadline():
    played = Played(Reply(503, {}), patience=Patience(total=20))
    assert played.reply.status == 503
    assert played.now <= 21


def test_a_server_that_takes_no_connections_is_given_up_sooner():
    with pytest.raises(Unreachable, match="Nobody answers"):
        Played(REFUSED, patience=Patience(connecting=0))
    assert Played(REFUSED, REFUSED, GOOD).tries == 3


def test_what_would_be_the_same_again_is_tried_once():
    with pytest.raises(Unreachable, match="certificate"):
        Played(Lost("The certificate is not accepted.", sent=False, is_final=True), GOOD)


@pytest.mark.parametrize("bad", [Reply(429, {"retry-after": "1"}), Reply(503, {}), Reply(502, {})])
def test_an_act_is_never_repeated(bad):
    played = Played(bad, GOOD, call=POST)
    assert (played.reply, played.tries) == (bad, 1)


def test_an_act_without_an_answer_may_have_been_done():
    with pytest.raises(Unsure, match="not known"):
        Played(BROKEN_OFF, GOOD, call=POST)
    with pytest.raises(Unreachable) as refused:
        Played(REFUSED, GOOD, call=POST)
    assert not isinstance(refused.value, Unsure)


def test_a_spent_limit_is_waited_for():
    pace = Pace(left=0, step=3, free_at=3)
    assert Played(GOOD, pace=pace).waits == [3]


def test_a_spent_limit_beyond_the_deadline_is_told_before_anything_is_sent():
    with pytest.raises(TooFast) as refused:
        Played(GOOD, pace=Pace(left=0, step=1, free_at=100))
    assert refused.value.after == 100


def test_a_date_is_read_beside_the_clock_of_the_server():
    headers = {"retry-after": "Sun, 01 Mar 2026 12:00:07 GMT", "date": "Sun, 01 Mar 2026 12:00:00 GMT"}
    assert retry_after(headers) == 7
    assert retry_after({**headers, "retry-after": "Sun, 01 Mar 2026 11:00:00 GMT"}) == 0
    assert retry_after({}) is None
