"""How the window of a report is given."""

from datetime import UTC, datetime, timedelta

import pytest

from hyperpanel.errors import BadInput
from hyperpanel.support.reporting import moment

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-02-28", NOW - timedelta(hours=36)),
        ("2026-02-28T12:00", NOW - timedelta(days=1)),
        (" 2026-02-28 12:00 ", NOW - timedelta(days=1)),
        ("2026-03-01T15:00+03:00", NOW),
        ("2026-03-01T17:15+05:45", NOW - timedelta(minutes=30)),
    ],
)
def test_a_moment_is_in_utc_unless_it_says_else(text, at):
    assert moment(text, NOW, 90) == at


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("yesterday", "is no moment"),
        ("2026-03-02", "is still to come"),
        ("2025-01-01", "is before what is held: 90 days"),
    ],
)
def test_a_moment_that_cannot_be_is_refused(text, told):
    with pytest.raises(BadInput, match=told):
        moment(text, NOW, 90)
