"""How inferred outages and ranges are judged: what counts, and what counts neither way."""

import pytest

from tests.bench import inferring
from tests.support.simulated_events import Event
from tests.support.simulated_truths import HELD_UP, LASTED, Down

BOUNDS = [100, 1000, 10_000, None]
OUTAGE = Event("stopped", "provider-1.example", 0, 10 * LASTED)


@pytest.mark.parametrize(
    ("lasted", "held_up", "confidence", "verdict"),
    [
        (LASTED, HELD_UP, 0.5, "found"),
        (LASTED, HELD_UP, 0.49, "missed"),
        (LASTED - 1, HELD_UP, 0.9, "small"),
        (LASTED, HELD_UP - 1, 0.0, "small"),
    ],
)
def test_only_outages_long_and_large_enough_are_asked(lasted, held_up, confidence, verdict):
    assert inferring.verdict(Down(OUTAGE, lasted, held_up), confidence, unread=False) == verdict


@pytest.mark.parametrize(
    ("confidence", "unread", "verdict"), [(0.5, False, "false"), (0.4, False, "doubted"), (0.9, True, "unread")]
)
def test_what_is_no_outage_is_a_false_alarm_once_that_could_be_known(confidence, unread, verdict):
    assert inferring.verdict(None, confidence, unread) == verdict


def test_a_band_is_told_by_its_bound_or_its_place():
    assert [inferring.place(band, BOUNDS) for band in (100, None, 0, 3)] == [0, 3, 0, 3]
