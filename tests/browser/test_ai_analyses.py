"""Analyze in a browser: the answer grows where it will stay, outlives a live change of the page, and leads nowhere that a model named."""

import pytest
from playwright.async_api import expect

from hyperpanel.sandbox.ai_behaviours import Behaviour
from tests.support.accessibility import violations
from tests.support.analysed import model, one_ticket, set_up

HERE = "/tickets/eu-1/9255"
LEADS = "() => [...document.querySelectorAll('.ai-analysis a')].map(one => new URL(one.href).pathname)"
SEEN = ".ai-analysis .ai-parts:visible"
IN_SIGHT = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def canned():
    with model() as made:
        yield made


async def test_it_grows_stays_and_leads_only_to_the_customers_own_order(site, ana, canned):
    await one_ticket(site, "9255", "kadir_demir")
    await set_up(site, canned, "eu-1")
    canned.bench.queue.waiting[:] = [
        Behaviour("drip", each=0.02),
        Behaviour("hostile", number=0),
        Behaviour("401", times=None),
    ]
    await ana.goto(site.url + HERE)
    await ana.get_by_role("button", name="Analyze").focus()
    await ana.keyboard.press("Enter")
    await expect(ana.locator("#ai-analysis .ai-so-far")).to_contain_text("[canned analysis]")
    await ana.evaluate("htmx.trigger('#drawer', 'live')")
    await expect(ana.locator(SEEN)).to_contain_text("Next step")
    assert "/orders/eu-1/2274209" in await ana.evaluate(LEADS)

    await ana.get_by_role("button", name="Analyze again").locator("visible=true").click()
    await expect(ana.locator(SEEN)).to_contain_text("alert(1)")
    assert {place for place in await ana.evaluate(LEADS) if not place.startswith("/tickets/")} == {
        "/orders/eu-1/2274209"
    }

    await ana.reload()
    await expect(ana.locator(".ai-held .ai-parts")).to_be_visible()
    await ana.get_by_role("button", name="Analyze again").locator("visible=true").click()
    await expect(ana.locator(".ai-refused")).to_be_visible()
    await expect(ana.locator(".ai-held .ai-parts")).to_be_visible()

    await ana.set_viewport_size({"width": 360, "height": 800})
    await ana.locator(".ai-used summary").click()
    await expect(ana.locator(".ai-used dl")).to_be_visible()
    assert await violations(ana) == []
    assert await ana.evaluate(IN_SIGHT) == 0
