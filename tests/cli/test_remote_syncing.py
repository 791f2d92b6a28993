"""`sync --remote`: what the worker there read, and what was in its way, is told as this one's own reading is."""

import json
from typing import Any

import pytest

from hyperpanel.db import backfills
from tests.cli.test_remote import asked, feed, listed, run_of
from tests.support.scripted import Said, data, refusal, scripted

pytestmark = pytest.mark.loopback
WAITS = {"asked_at": "2026-03-01T12:01:00Z", "last_run": run_of(9, 0)}
PAST = {"since": "2026-02-01T00:00:00Z", "share": 0.1, "read": 5, "by": "key nightly"}


def synced(monkeypatch: pytest.MonkeyPatch, script: list[Said], *words: str) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, rows and what is said of troubles."""
    monkeypatch.setattr("hyperpanel.cli.remote_syncing.EVERY", 0.01)
    with scripted(*script) as server:
        result = asked("sync", "--stream", "orders", *words, "--remote", server.url, "--json")
    return result.exit_code, json.loads(result.stdout), result.stderr


def test_a_run_there_that_failed_is_told_as_trouble(monkeypatch):
    why = "eu-1 (orders) does not answer at eu-1.example: it refuses. Check the address and that the panel is up."
    failed = {**run_of(0, 2), "new": 0, "changed": 0, "done": False, "trouble": why}
    script = [listed(feed(last_run=run_of(9, 0))), data(feed(**WAITS)), data(feed(last_run=failed))]
    code, [row], said = synced(monkeypatch, script, "--plan", "head")
    assert (code, row["read"], row["trouble"]) == (1, 0, why)
    assert why in said


def test_a_past_that_is_read_in_slices_is_waited_for(monkeypatch):
    first, second = ({**run_of(read, at), "plan": "backfill"} for read, at in ((5, 2), (7, 6)))
    script = [
        listed(feed(last_run=run_of(9, 0))),
        data(feed(**WAITS, backfill=PAST)),
        data(feed(last_run={**first, "done": False}, backfill=PAST)),
        data(feed(last_run={**run_of(99, 4), "done": True}, backfill=PAST)),
        data(feed(last_run={**second, "done": False}, backfill=None)),
    ]
    code, [row], _ = synced(monkeypatch, script, "--plan", "backfill", "--since", "30d")
    assert (code, row["read"], row["seconds"]) == (0, 12, 120.0)


def test_feeds_are_looked_at_side_by_side(monkeypatch):
    ended = [feed(last_run={**run_of(5, 2), "done": True}), feed(panel="us-2", last_run={**run_of(6, 2), "done": True})]
    waits = [feed(**WAITS), feed(panel="us-2", **WAITS)]
    script = [listed(*waits), *map(data, waits), listed(ended[0], waits[1]), data(ended[1])]
    assert [row["read"] for row in synced(monkeypatch, script, "--plan", "head")[1]] == [5, 6]


def test_the_past_of_a_paused_feed_is_no_silent_nothing(monkeypatch):
    script = [listed(feed()), refusal(409, "It is paused, so nothing reads it. Resume it first.")]
    code, _, said = synced(monkeypatch, script, "--plan", "backfill")
    assert code == 1
    assert "eu-1 orders: It is paused" in said


def test_a_stream_without_a_past_of_its_own_is_passed_over(monkeypatch):
    script = [listed(feed()), refusal(409, backfills.NO_PAST)]
    code, [row], _ = synced(monkeypatch, script, "--plan", "backfill", "--since", "30d")
    assert (code, row["trouble"]) == (0, None)
