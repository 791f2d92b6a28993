"""A service in each form in which an upstream may write one."""

import contextlib

import pytest
from hypothesis import given

from sync.connectors.service_wire import service
from sync.verdicts import UnreadableRecord
from tests.support.wire import raw, spoiled, storable

ROW = {
    "service": 1, "name": "Followers", "type": "Default", "category": "Social", "rate": "0.90", "min": "50", "max": "10000",
    "refill": True, "cancel": True,
}  # fmt: skip


def read(**changes):
    return service(raw(ROW, changes), "EUR")


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"service": "1"}, "id", "1"),
        ({"rate": 0.9}, "rate", 90_000_000),
        ({"rate": "0.90"}, "rate", 90_000_000),
        ({"min": 50}, "min", 50),
        ({"type": "Custom Comments"}, "type", "custom_comments"),
        ({"type": ...}, "type", None),
        ({"refill": ...}, "refill", None),
        ({"cancel": 0}, "cancel", False),
    ],
)
def test_every_form_of_a_field_is_read(changes, name, value):
    assert getattr(read(**changes), name) == value


@pytest.mark.parametrize(
    "changes", [{"service": ...}, {"name": None}, {"rate": ...}, {"rate": [1]}, {"min": {"of": "ten"}}]
)
def test_what_cannot_be_read_is_said_instead_of_guessed(changes):
    with pytest.raises(UnreadableRecord):
        read(**changes)


@given(spoiled(ROW))
def test_any_value_anywhere_is_read_or_refused(row):
    with contextlib.suppress(UnreadableRecord):
        assert storable(service(row, "USD"))
