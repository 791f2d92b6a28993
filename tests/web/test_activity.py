"""Settings → Activity log: who did what in words, narrowed by what stands in the address, and never a secret."""

import re

import pytest
from sqlalchemy import update

from hyperpanel.db import audit, audit_checks
from hyperpanel.db.audit import Act
from hyperpanel.db.schema import audit as table
from hyperpanel.db.schema import staff
from hyperpanel.support import audit_watch
from tests.support.staged import NOON

HERE = "/settings/activity"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
MANY = 150


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def entries(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<tr id="l-(\d+)"', page)]


async def put(staged, *acts: Act) -> None:
    async with staged.database.write() as connection:
        for act in acts:
            await audit.write(connection, act, staged.clock.time)


ACTS = (
    Act("max", "panel-edit", "eu-1", 1, {"before": {"rate": 4.0}, "after": {"rate": 3.0}}, "203.0.113.7", BROWSER),
    Act("ben", "sign-in", "ben", None, {}, "198.51.100.2", BROWSER),
    Act("max", "panel-pause", "us-2", 2, {"why": "Göç sürüyor"}, "203.0.113.9", "a browser"),
)


@pytest.fixture
async def told(staged):
    await put(staged, *ACTS)
    return staged


async def test_index_tells_in_words_who_did_what(told, ana):
    page = words((await ana.get(HERE)).text)
    assert "max Edited a panel eu-1 Calls a second 4 3" in page
    assert "203.0.113.7 Firefox on Linux" in page
    assert "Reason Göç sürüyor" in page


async def test_index_shows_the_newest_first(told, ana):
    assert entries((await ana.get(HERE)).text) == [3, 2, 1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("staff=MAX", [3, 1]),
        ("staff=nobody", []),
        ("action=sign-in", [2]),
        ("action=sign-in&action=panel-edit", [2, 1]),
        ("action=sign-in&action=panel-edit&staff=max", [1]),
        ("panel=us-2", [3]),
        ("panel=us-2&staff=max", [3]),
        ("q=goc+SURUYOR", [3]),
        ("q=rate", [1]),
        ("address=203.0.113.", [3, 1]),
        ("address=%25", []),
        ("from=2026-03-01", [3, 2, 1]),
        ("from=2026-03-01+12:00:01", []),
        ("to=2026-03-01+12:00", []),
        ("to=2026-03-01+12:00:01&action=sign-in", [2]),
        ("after=2", [1]),
    ],
)
async def test_index_is_narrowed_by_its_address(told, ana, query, found):
    assert entries((await ana.get(f"{HERE}?{query}")).text) == found


@pytest.mark.parametrize("query", ["after=x", "after=-1", "after=99999999999999999999"])
async def test_index_refuses_a_place_that_no_page_leads_to(ana, query):
    assert (await ana.get(f"{HERE}?{query}")).status_code == 422


async def test_index_says_what_is_wrong_with_a_time(ana):
    page = (await ana.get(f"{HERE}?from=soon")).text
    assert "Write it like 2026-01-31" in page
    assert "Correct the marked filter" in page


async def test_index_turns_its_pages_without_a_gap(staged, ana):
    await put(staged, *(Act("ana", "sign-in") for _ in range(MANY)))
    first = (await ana.get(f"{HERE}?action=sign-in")).text
    older = re.search(r'href="([^"]+)"\s+rel="next"', first)
    assert older is not None
    second = (await ana.get(older[1].replace("&amp;", "&"))).text
    assert entries(first) + entries(second) == list(range(MANY, 0, -1))


async def test_index_shows_of_panels_only_those_that_somebody_may_see(told, ana):
    await told.change(staff, {"all_panels": False}, username="ana")
    await put(told, Act("max", "staff-add", "cem", None, {"panels": ["us-2"]}), Act("ana", "snooze", "x"))
    page = (await ana.get(HERE)).text
    assert entries(page) == [5, 2]
    for hidden in (3, 4):
        assert (await ana.get(f"{HERE}/{hidden}")).status_code == 404


@pytest.mark.parametrize("name", ["max", "ben", "vic", "nia"])
async def test_index_is_for_administrators(told, name):
    assert (await (await told.signed_in(name)).get(HERE)).status_code == 403


async def test_show_tells_the_whole_of_a_row(told, ana):
    page = words((await ana.get(f"{HERE}/1")).text)
    assert "panel-edit" in page
    assert BROWSER in page
    assert "Calls a second 4 3" in page


async def test_show_is_a_drawer_beside_the_list(told, ana):
    assert (await ana.part(f"{HERE}/3", "drawer")).text.strip().startswith('<aside id="drawer"')


@pytest.mark.parametrize("number", ["4", "0", "x", "1" * 30, "-1"])
async def test_show_knows_nothing_of_a_row_that_is_not_there(told, ana, number):
    assert (await ana.get(f"{HERE}/{number}")).status_code == 404


async def test_index_says_how_far_the_chain_was_followed(told, ana):
    assert "was not looked at yet" in words((await ana.get(HERE)).text)
    await audit_watch.look(told.database, NOON)
    assert "The log is whole: looked at 0 s ago, up to row 3." in words((await ana.get(HERE)).text)


async def test_index_names_the_first_row_that_was_tampered_with(told, ana):
    async with told.database.write() as connection:
        await connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        await connection.execute(update(table).where(table.c.id == 2).values(actor="eve"))
    await audit_watch.look(told.database, NOON)
    assert "The log was tampered with: row 2 is not as it was written." in words((await ana.get(HERE)).text)
    assert (await told.database.read(audit_checks.standing)).broken == 2


async def test_index_shows_hostile_text_as_text(staged, ana):
    hostile = "<b>x</b>\u202e"
    await put(staged, Act(hostile, hostile, hostile, None, {hostile: hostile, "n": {"a": [hostile]}}, hostile, hostile))
    for path in (HERE, f"{HERE}/1"):
        page = (await ana.get(path)).text
        assert "<b>x" not in page
        assert "\u202e" not in page
