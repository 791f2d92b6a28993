"""What a process remembers: little, not for long, and in blocks as large as they turn out to be needed."""

from datetime import timedelta

import pytest

from hyperpanel.api.remembering import Block, Bucket, Few, Standing
from hyperpanel.db.api_keys import Held
from hyperpanel.db.api_uses import Taken
from tests.support.scripts_keys import scripts_key
from tests.support.staged import NOON

TENTH = timedelta(seconds=0.1)


def test_only_so_many_are_remembered_and_the_oldest_goes_first():
    few: Few[str, str] = Few(most=2)
    for name in ("a", "b", "a", "c"):
        few.put(name, name)
    assert [few.get(name) for name in "abc"] == ["a", None, "c"]


def test_a_key_is_remembered_for_half_a_second():
    standing = Standing(Held(scripts_key("A" * 12), b"", None), (), NOON)
    fresh = [standing.is_fresh(NOON + number * TENTH) for number in (-1, 0, 4, 5)]
    assert fresh == [False, True, True, False]


@pytest.mark.parametrize(
    ("used", "after", "size"),
    [(4, 5, 8), (4, 12, 4), (1, 12, 1), (0, 12, 1), (3, 5, 3)],
)
def test_a_block_grows_as_it_is_used_up_in_time(used, after, size):
    block = Block(4, 4 - used, NOON, 0)
    assert block.next_size(NOON + after * TENTH) == size


def test_an_empty_block_tells_to_wait_and_leaves_the_last_one():
    bucket = Bucket("key A")
    assert bucket.filled(Block.of(Taken(2, 7), NOON), 0, NOON) is None
    assert bucket.filled(Block.of(Taken(0, 9), NOON), 3, NOON) == 3
    assert bucket.refused_until == NOON + timedelta(seconds=3)
    assert (bucket.used_one().free_at, bucket.used_one().left) == (7, 0)
    with pytest.raises(LookupError):
        bucket.used_one()
