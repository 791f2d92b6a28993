"""`backfill`: what is asked for is a row that the worker finds; what cannot be read is refused in one line."""

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.loopback
LATELY = str((datetime.now(UTC) - timedelta(days=9)).date())


@pytest.fixture
def attached(home, eu):
    home.attach(eu)
    return home


def test_the_past_is_asked_for_and_the_audit_says_so(attached, audit):
    printed = attached.done("backfill", "EU-1", "--stream", "orders", "--stream", "messages", "--since", LATELY)
    assert printed == f"The orders, messages of eu-1 since {LATELY} are read again.\n"
    assert audit()[1:] == ["feed-backfill eu-1/orders", "feed-backfill eu-1/messages"]
    told = attached.told("backfill", "eu-1", "--stream", "orders", "--since", LATELY)
    assert told == {"panel": "eu-1", "streams": ["orders"], "since": LATELY}


@pytest.mark.parametrize(
    ("stream", "since", "sentence"),
    [
        ("orders", "soon", "--since 'soon' is no date. Write it as 2026-01-31."),
        ("orders", "2999-01-01", "This date is yet to come. Choose one that has passed."),
        (
            "orders",
            "2020-01-01",
            "Records are kept for 90 d. Set a longer time to keep first, then read the past from this date.",
        ),
        ("services", LATELY, "The past of this resource is not read apart: each run reads all of it."),
    ],
)
def test_what_cannot_be_read_is_refused(attached, stream, since, sentence):
    assert attached.refused("backfill", "eu-1", "--stream", stream, "--since", since) == f"Error: {sentence}\n"


def test_of_several_streams_all_are_asked_for_or_none(attached, audit):
    attached.refused("backfill", "eu-1", "--stream", "orders", "--stream", "services", "--since", LATELY)
    assert audit() == ["panel-add eu-1"]
