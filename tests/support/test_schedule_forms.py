"""A schedule as it is typed: everything wrong is said at once, beside its field."""

from dataclasses import replace

import pytest

from hyperpanel.support.schedule_forms import Typed, judge

GOOD = Typed(name="Every morning", profile="p1")
PROFILES = {"p1": "services", "p2": "users"}


def test_what_is_right_has_a_rhythm():
    found = judge(GOOD, PROFILES)
    assert found.errors == {}
    assert found.rhythm is not None
    assert (found.rhythm.every, found.rhythm.minute, found.settings.hours) == ("day", 480, 24)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "a" * 61),
        ("name", "a\u202eb"),
        ("report", "everything"),
        ("hours", "0"),
        ("hours", "nan"),
        ("hours", "0.09"),
        ("hours", "745"),
        ("profile", "p2"),
        ("profile", "gone"),
        ("by", "moon"),
        ("every", "hour"),
        ("weekday", "7"),
        ("time", "24:00"),
        ("time", "8"),
        ("time_zone", "Mars/Base"),
        ("format", "pdf"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(field, value):
    assert list(judge(replace(GOOD, **{field: value}), PROFILES).errors) == [field]


def test_all_that_is_wrong_is_said_at_once():
    assert set(judge(replace(GOOD, name="", time="x", hours="-1"), PROFILES).errors) == {"name", "time", "hours"}
