"""A time before now, as it is written into a filter and said above the list."""

import pytest

from hyperpanel.web.languages import load
from hyperpanel.web.relative_moments import before, told
from tests.support.staged import NOON, mirrored

ENGLISH = load()["en"]


@pytest.mark.parametrize(
    ("text", "hours"), [("-30m", 0.5), ("-24h", 24), ("-7d", 168), ("-0h", 0), ("-9999d", 239_976)]
)
def test_it_is_so_long_before_now(text, hours):
    found = before(text, NOON)
    assert found is not None
    assert (NOON - found).total_seconds() == hours * 3600


@pytest.mark.parametrize("text", ["24h", "-h", "-1w", "-10000d", "- 1h", "--1h", "-1.5h", "-1H", "-٢h"])
def test_nothing_else_is(text):
    assert before(text, NOON) is None
    assert told(ENGLISH, text) is None


def test_it_is_told_in_words():
    assert told(ENGLISH, "-024h") == "24 h ago"


async def test_a_list_follows_the_clock_and_says_so(staged, ana):
    await staged.keep(mirrored("orders", "1", "eu-1", created_at=NOON))
    page = (await ana.get("/orders?created_from=-%DB%B2%DB%B4h")).text
    assert "<bdi>24 h ago</bdi>" in page
    assert 'href="/orders/eu-1/1"' in page
    staged.clock.time = NOON.replace(hour=12, minute=20)
    assert 'href="/orders/eu-1/1"' not in (await ana.get("/orders?created_from=-10m")).text


async def test_what_is_not_understood_is_told_with_an_example(ana):
    assert "or -24h for 24 hours ago." in (await ana.get("/orders?created_from=24h")).text
