"""The mark of each row that was given out."""

from hyperpanel.db.list_walks import Seen


def test_a_row_is_new_once():
    seen = Seen()
    assert [seen.add(1, "7"), seen.add(1, "7"), seen.add(2, "7")] == [True, False, True]


def test_many_rows_are_told_apart_in_eight_bytes_each_at_most_four_times_over():
    seen = Seen()
    assert all(seen.add(panel, str(n)) for n in range(20_000) for panel in (1, 2))
    assert not any(seen.add(1, str(n)) for n in range(20_000))
    assert len(seen.slots) < 4 * 40_000
