"""When a plan that another installation was asked for has been read to its end."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from hyperpanel.cli.remote_runs import Reading, Sum
from hyperpanel.client.console import PlanState, Run
from tests.support.records import NOON

LATER = NOON + timedelta(minutes=1)


def feed(**changes: Any) -> Any:
    """What of a feed is looked at."""
    usual = dict.fromkeys(("paused", "asked_at", "running", "last_run", "backfill"))
    return SimpleNamespace(
        **{"panel": "eu-1", "stream": "orders", "plans": [], "is_history_read": True, **usual, **changes}
    )


def run(minute: int, **changes: Any) -> Run:
    at = NOON + timedelta(minutes=minute)
    usual = {"plan": "backfill", "started_at": at, "ended_at": at, "read": 5, "new": 0, "changed": 0, "set_aside": 0}
    return Run(**{**usual, **changes})


def reading(**before: Any) -> Reading:
    return Reading(Sum(feed()), "backfill", False, feed(**before))


def plans(as_of: Any) -> list[PlanState]:
    return [PlanState("backfill", None, None, as_of, None)]


def test_a_slice_is_not_the_end():
    one = reading()
    assert not one.has_ended(feed(last_run=run(1, done=False)))
    assert one.has_ended(feed(last_run=run(2, done=True)))
    assert [each.read for each in one.sum.runs] == [5, 5]


def test_what_was_asked_for_and_not_begun_is_no_end():
    assert not reading().has_ended(feed(asked_at=NOON, last_run=run(1, done=True)))


def test_a_run_of_before_counts_as_none():
    one = reading(last_run=run(1, done=True))
    assert not one.has_ended(feed(last_run=run(1, done=True)))


def test_an_end_that_another_run_hides_is_seen_by_the_plan():
    one = reading(plans=plans(NOON))
    seen = run(1, ended_at=None)
    assert not one.has_ended(feed(running=seen, plans=plans(NOON)))
    assert one.has_ended(feed(last_run=run(2, plan="head", done=True), plans=plans(LATER)))
    assert one.sum.runs == [seen]


def test_a_failure_counts_until_it_is_tried_again():
    one, failed = reading(), run(1, done=False, trouble="It is down.")
    assert not one.has_ended(feed(last_run=failed, running=run(2, ended_at=None)))
    assert one.has_ended(feed(last_run=run(2, done=False, trouble="It is down.")))
    assert one.sum.trouble == "It is down."


def test_an_older_console_is_believed_by_its_history():
    assert not reading().has_ended(feed(last_run=run(1), is_history_read=False))
    assert reading().has_ended(feed(last_run=run(1)))
