"""A translation in a browser: it grows where it will stand, through whatever else the page does meanwhile, and is there again later."""

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from hyperpanel.db.schema import ai_providers
from tests.support.analysed import model, set_up
from tests.support.conversations import filled, said, ticket

NUMBER = "9256"
HERE = f"/tickets/eu-1/{NUMBER}"
TEXT = "[canned translation] siparişim 2274209 nerede? 2274210, 2274211"
MESSAGE = f"{1:032x}"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MORPHED = """async () => { const begun = document.querySelector('.ai-so-far').textContent;
    const done = new Promise(told => document.addEventListener('htmx:afterSwap', told, { once: true }));
    htmx.trigger('#drawer', 'live'); await done; return [begun, document.querySelector('.ai-so-far')?.textContent ?? '']; }"""

SWAPPED = """document.addEventListener('htmx:afterSwap', () => {
    document.body.dataset.words = document.querySelectorAll('.ai-words').length; })"""


@pytest.fixture(scope="module")
def server():
    with model() as made:
        yield made


@pytest.fixture
async def ready(site, server):
    server.bench.forget()
    await filled(
        site, tickets=[ticket(NUMBER)], messages=[said(1, "<p>siparişim 2274209 nerede? 2274210, 2274211</p>", NUMBER)]
    )
    await set_up(site, server, "eu-1")
    async with site.database.write() as connection:
        await connection.execute(update(ai_providers).values(model="canned-slow"))
    return site


async def test_a_translation_grows_is_kept_and_is_in_ones_own_language(ready, server, ana):
    block, words = ana.locator(f"#ai-t-{MESSAGE}"), ana.locator(f"#ai-t-{MESSAGE} .ai-words")
    await ana.goto(ready.url + HERE)
    await block.locator("button").focus()
    await ana.keyboard.press("Enter")
    await expect(block.locator(".ai-so-far")).to_have_text("Translating…")
    await expect(block.locator(".ai-so-far")).to_contain_text("[canned")
    begun, after = await ana.evaluate(MORPHED)
    assert after.startswith(begun)
    await expect(words).to_have_text(TEXT)
    await expect(ana.locator("#toast")).to_have_text("The translation is there.")
    assert await ana.evaluate("document.activeElement.closest('.message')?.id") == f"m-{MESSAGE}"

    original = ana.locator(f"#m-{MESSAGE} > .body")
    await ana.keyboard.press("Enter")
    await expect(original).to_be_hidden()
    await ana.get_by_role("button", name="Show the original").press("Enter")
    await expect(original).to_be_visible()

    await ana.locator("#ai-language").select_option("fa")
    await expect(words).to_have_count(0)
    await expect(block.get_by_role("button", name="Translate")).to_be_visible()
    await ana.locator("#ai-language").select_option("en")
    await expect(words).to_have_text(TEXT)
    await ana.set_viewport_size({"width": 360, "height": 800})
    await ana.reload()
    await expect(words).to_have_text(TEXT)
    assert await ana.evaluate(WIDER) == 0
    assert len(server.asked) == 1


async def test_whoever_leaves_loses_nothing_and_a_refusal_can_be_tried_again(ready, server, ana):
    await ana.goto(f"{ready.url}/tickets?number={NUMBER}")
    await ana.locator("a.open").first.click()
    await ana.locator(f"#ai-t-{MESSAGE} button").click()
    await expect(ana.locator(".ai-so-far")).to_contain_text("[canned")
    await ana.keyboard.press("Escape")
    await expect(ana.locator("#drawer .message")).to_have_count(0)
    await ana.goto(ready.url + HERE)
    for _ in range(60):
        if await ana.locator(".ai-words").count():
            break
        await ana.wait_for_timeout(250)
        await ana.reload()
    await expect(ana.locator(".ai-words")).to_have_text(TEXT)
    await set_up(ready, None)
    async with ready.database.write() as connection:
        await connection.execute(update(ai_providers).values(model="unheard-of"))
    button = ana.locator(f"#ai-i-{MESSAGE} button")
    await button.click()
    await expect(ana.locator(".ai-refused")).to_contain_text("does not know the model")
    await expect(button).to_be_enabled()


async def test_a_refresh_that_was_asked_for_before_the_answer_and_comes_after_it_does_not_hide_it(ready, server, ana):
    held = []

    async def hold(route):
        held.append((route, await route.fetch()))

    await ana.goto(ready.url + HERE)
    words = ana.locator(f"#ai-t-{MESSAGE} .ai-words")
    await ana.route(lambda url: url.endswith(HERE), hold, times=1)
    await ana.evaluate("htmx.trigger('#drawer', 'live')")
    while not held:
        await ana.wait_for_timeout(20)
    await ana.locator(f"#ai-t-{MESSAGE} button").click()
    await expect(words).to_have_text(TEXT)
    route, answer = held[0]
    await ana.evaluate(SWAPPED)
    await route.fulfill(response=answer)
    await ana.wait_for_selector("body[data-words]")
    assert await ana.get_attribute("body", "data-words") == "1"
    await expect(words).to_have_text(TEXT)
    await expect(ana.locator(f"form[data-ai='ai-t-{MESSAGE}']")).to_have_count(0)
