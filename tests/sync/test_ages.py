"""What is too old to be kept, as the engine sees it: the same as the rows' own rule."""

from datetime import timedelta
from typing import Any

import pytest

from sync.ages import outlived
from sync.records import FINAL, FINAL_PAYMENT, FINAL_TICKET
from tests.support.records import NOON, order, payment, service, ticket, user

OLD: dict[str, Any] = {"created_at": NOON - timedelta(seconds=1)}
NEW: dict[str, Any] = {"created_at": NOON}


@pytest.mark.parametrize(
    "record",
    [
        *(order(status=status, **OLD) for status in sorted(FINAL)),
        *(payment(status=status, **OLD) for status in sorted(FINAL_PAYMENT)),
        *(ticket(status=status, last_update_at=NOON, **OLD) for status in sorted(FINAL_TICKET)),
        ticket(status="pending", last_update_at=NOON - timedelta(seconds=1), **OLD),
        ticket(status="pending", last_update_at=None, **OLD),
    ],
)
def test_what_ended_and_was_created_before_is(record):
    assert outlived(record, NOON)


@pytest.mark.parametrize(
    "record",
    [
        order(status="completed", **NEW),
        order(status="completed", created_at=None),
        order(status="on_the_moon", **OLD),
        payment(status="waiting", **OLD),
        ticket(status="pending", last_update_at=NOON, **OLD),
        user(**OLD),
        service(),
    ],
)
def test_what_is_open_or_younger_or_has_no_age_is_not(record):
    assert not outlived(record, NOON)
