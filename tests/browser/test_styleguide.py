"""Every part in every state, in both themes and both directions, without a violation that axe can find."""

import pytest
from playwright.async_api import Page, expect

from tests.support.accessibility import violations

LOOKS = [(theme, dir, width) for theme in ("light", "dark") for dir in ("ltr", "rtl") for width in (1440, 360)]
PAIRS = {("light", "ltr", 1440), ("dark", "rtl", 1440), ("light", "rtl", 360), ("dark", "ltr", 360)}


@pytest.mark.parametrize(
    ("theme", "dir", "width"), [pytest.param(*look, marks=() if look in PAIRS else pytest.mark.full) for look in LOOKS]
)
async def test_every_part_in_every_look(site, new_page, theme, dir, width):
    page = await new_page(color_scheme=theme, viewport={"width": width, "height": 900})
    await site.sign_in(page.context, "ana")
    await page.goto(f"{site.url}/styleguide?theme={theme}&dir={dir}")
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert await past_the_edge(page) == []


async def past_the_edge(page: Page) -> list[str]:
    """What is cut off at the side, though nobody can scroll to it."""
    found: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll('.guide :is(button, a, input, p, h2, label)')].filter((element) => {
            const { left, right, width } = element.getBoundingClientRect();
            return width > 0 && element.checkVisibility({ visibilityProperty: true }) && (left < -1 || right > innerWidth + 1)
                && !element.closest('.table-box, .chips, .skip, .specimen-box, .visually-hidden');
        }).map((element) => element.outerHTML.slice(0, 80))"""
    )
    return found


async def test_the_parts_that_open_do(site, ana: Page):
    await ana.goto(f"{site.url}/styleguide")
    await ana.locator("#sample-rows .dots").first.click()
    await expect(ana.locator("#row-menu")).to_be_visible()
    await ana.keyboard.press("Escape")
    await ana.locator("#menus [data-dialog]").click()
    await expect(ana.locator("dialog[open]")).to_be_visible()
    assert await violations(ana) == []


async def test_more_pages_open_above_the_bar_and_give_the_focus_back(site, new_page):
    page = await new_page(viewport={"width": 360, "height": 780})
    await site.sign_in(page.context, "ana")
    await page.goto(f"{site.url}/help")
    more = page.locator(".nav-more")
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#nav-rest a").last).to_be_in_viewport()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    await expect(page.locator("#nav-rest")).to_be_hidden()
    await expect(more).to_be_focused()


async def test_a_list_is_printed_whole_with_its_address_and_age(site, ana: Page):
    await ana.goto(f"{site.url}/orders?user=login")
    await ana.emulate_media(media="print")
    await expect(ana.locator(".printed")).to_contain_text("/orders?user=login")
    await expect(ana.locator(".printed time")).to_be_visible()
    await expect(ana.locator(".nav-main")).to_be_hidden()
    await expect(ana.locator("#filters")).to_be_hidden()
    cut = "[...document.querySelectorAll('.table-box, .main')].filter((box) => box.scrollHeight > box.clientHeight + 1).length"
    assert await ana.evaluate(cut) == 0
