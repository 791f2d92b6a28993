"""What is told of a request while it is read: tickets, however many messages of one were set aside."""

from datetime import UTC, datetime

from hyperpanel.support.thread_fetching import Progress, telling
from sync.store import Tally


def test_a_ticket_with_several_messages_set_aside_is_one():
    progress = Progress({1: ["1", "2", "3"]}, datetime(2026, 3, 1, tzinfo=UTC))
    tell = telling(progress, 1, 1)
    for tally in (Tally(), Tally(calls=1, set_aside=3), Tally(calls=2, set_aside=3)):
        tell(tally)
    assert (progress.so_far, progress.unreadable) == (3, 1)
