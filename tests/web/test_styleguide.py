"""The style guide draws the pages' own parts, asks for nothing, and wears what its address says."""

import re

import pytest

from hyperpanel.web.frame import PAGES
from hyperpanel.web.order_rows import STATUSES
from hyperpanel.web.styleguide import TONES


@pytest.fixture
async def guide(ana):
    return (await ana.get("/styleguide")).text.partition("<main")[2]


async def test_index_shows_every_tone_and_every_status_of_an_order(guide):
    assert all(f"status-{tone}" in guide for tone in TONES)
    assert all(label in guide for label, _ in STATUSES.values())


async def test_index_shows_how_old_data_can_be(guide):
    marks = guide.partition('id="as-of-marks"')[2].partition("</section>")[0]
    assert [
        word
        for word in ("status-quiet", "status-warn", "status-idle", "status-bad", "status-unknown")
        if word not in marks
    ] == []


async def test_index_shows_rows_as_they_are_selected_open_and_changed(guide):
    assert len(re.findall(r'<tr id="o-[^"]+"\s+class="selected"', guide)) == 1
    assert len(re.findall(r'<tr id="o-[^"]+"\s+aria-current="true"', guide)) == 1
    assert guide.count('num changed"') == 1


async def test_index_asks_for_nothing_by_itself(guide):
    drawn = guide.partition('id="table"')[2].partition('id="decisions"')[0]
    assert not re.search(r"\s(hx-|data-live)", drawn)
    assert not re.search(r'\bid="(rows|drawer|feeds)"', guide)


async def test_index_has_no_id_twice(guide):
    ids = re.findall(r'\bid="([^"]+)"', guide)
    assert sorted(name for name in set(ids) if ids.count(name) > 1) == []


async def test_index_wears_what_its_address_says(ana):
    page = (await ana.get("/styleguide?theme=dark&dir=rtl&density=comfortable")).text
    assert re.search(r'dir="rtl"\s+data-bs-theme="dark"\s+data-density="comfortable"', page)
    assert 'href="/styleguide?dir=rtl&amp;density=comfortable&amp;theme=light"' in page


async def test_index_takes_no_look_that_there_is_not(ana):
    page = (await ana.get("/styleguide?theme=pink&dir=%22x")).text
    assert re.search(r'dir="ltr"\s+data-bs-theme="auto"', page)


@pytest.mark.parametrize("name", ["max", "ben", "vic"])
async def test_index_is_for_administrators(staged, name):
    browser = await staged.signed_in(name)
    assert (await browser.get("/styleguide")).status_code == 403
    assert "/styleguide" not in (await browser.get("/help")).text


async def test_every_page_of_the_navigation_can_be_reached_on_a_narrow_screen(ana):
    """The bar holds four; the others stand behind "More", each once."""
    nav = (await ana.get("/help")).text.partition("<nav")[2].partition("</nav>")[0]
    bar, _, rest = nav.partition('popovertarget="nav-rest"')
    places = [path for _, _, path, _, _ in PAGES]
    assert [path for path in places if f'href="{path}"' in bar] == places[:4]
    assert [path for path in places if f'href="{path}"' in rest] == places[4:]
