"""Which panels a page is about: named by themselves or by their group, and offered so in the switcher."""

import re

import pytest

from hyperpanel.db.schema import panels
from tests.support.staged import order


@pytest.fixture
async def grouped(staged):
    for name, group in (("eu-1", "Europe"), ("us-2", "America"), ("dark", "Europe")):
        await staged.change(panels, {"group_name": group}, name=name)
    await staged.keep(order("1000", "eu-1"), order("2000", "us-2"), order("3000", "dark"))
    return staged


def shown(page: str) -> set[str]:
    return set(re.findall(r">(\d000)</a>", page))


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("group=Europe", {"1000", "3000"}),
        ("group=EUROPE", {"1000", "3000"}),
        ("group=Europe&panel=us-2", {"1000", "2000", "3000"}),
        ("group=Europe&group=America", {"1000", "2000", "3000"}),
        ("panel=us-2", {"2000"}),
        ("", {"1000", "2000", "3000"}),
    ],
)
async def test_a_group_chooses_its_panels(grouped, ana, query, rows):
    assert shown((await ana.get(f"/orders?{query}")).text) == rows


@pytest.mark.parametrize("query", ["group=Nowhere", "group=Europe&group=Nowhere", "group=Europe&panel=zz", "group=%20"])
async def test_a_group_that_is_not_there_is_missing(grouped, ana, query):
    assert (await ana.get(f"/orders?{query}")).status_code == 404


async def test_a_group_of_foreign_panels_looks_as_if_it_were_not_there(grouped, ben):
    assert (await ben.get("/orders?group=America")).status_code == 404
    page = (await ben.get("/orders")).text
    assert "America" not in page
    assert "Europe" in page


async def test_a_group_shows_no_more_than_what_is_allowed(grouped, ben):
    assert shown((await ben.get("/orders?group=Europe")).text) == {"1000"}


async def test_the_switcher_offers_every_group_and_names_the_one_that_is_chosen(grouped, ana):
    page = (await ana.get("/orders?group=Europe&status=pending")).text
    assert 'href="/orders?status=pending&amp;group=America"' in page
    assert '<span class="cut">Europe</span>' in page


async def test_the_choice_goes_along_to_other_pages_and_with_filters(grouped, ana):
    page = (await ana.get("/orders?group=Europe")).text
    assert 'href="/settings/sync?group=Europe"' in page
    assert '<input type="hidden" name="group" value="Europe">' in page
