"""Somebody is invited, takes the link, signs in, and is out again while they look at a page."""

import re
import time

from playwright.async_api import Page, expect

CHOSEN = "tea before the long rain"
ORDERS = "/orders?panel=eu-1&user=kadir"


async def link_for(site, ana: Page, name: str) -> str:
    await ana.goto(f"{site.url}/settings/staff")
    await ana.get_by_role("link", name="Add somebody").click()
    await ana.get_by_label("Username").fill(name)
    await ana.get_by_label("Only these").check()
    await ana.get_by_label("eu-1").check()
    await ana.get_by_role("button", name="Make a link").click()
    return str(await ana.locator(".staff-link code").text_content())


async def join(theirs: Page, link: str) -> None:
    await theirs.goto(link)
    await theirs.get_by_label("Password", exact=True).fill(CHOSEN)
    await theirs.get_by_label("The same again").fill(CHOSEN)
    await theirs.get_by_role("button", name="Set it and sign in").click()
    await expect(theirs.locator(".nav-main")).to_be_visible()


async def test_somebody_invited_signs_in_and_is_out_as_soon_as_they_are_disabled(site, ana: Page, new_page, watch):
    watch.allow("status of 404")
    link = await link_for(site, ana, "zoe (night)")
    theirs = await new_page()
    await join(theirs, link)
    async with theirs.expect_response(lambda answer: "/live?" in answer.url):
        await theirs.goto(f"{site.url}{ORDERS}")
    await expect(theirs.locator("#rows")).to_be_visible()
    await ana.goto(f"{site.url}/settings/staff")
    await ana.get_by_role("link", name="zoe (night)").click()
    await ana.get_by_label("Why, for whoever asks later").fill("left")
    pressed = time.perf_counter()
    await ana.get_by_role("button", name="Disable").click(no_wait_after=True)
    await theirs.wait_for_url("**/sign-in?next=*")
    print(f"out {time.perf_counter() - pressed:.2f} s after the press")
    assert "next=%2Forders%3Fpanel%3Deu-1%26user%3Dkadir" in theirs.url
    await expect(ana.locator(".staff-said .status")).to_have_text("Disabled")
    await theirs.goto(link)
    await expect(theirs.get_by_role("heading", name="This link cannot be used")).to_be_visible()


async def test_whoever_signs_in_again_is_back_where_they_were(site, ana: Page, new_page):
    theirs = await new_page()
    await join(theirs, await link_for(site, ana, "zoe"))
    async with theirs.expect_response(lambda answer: "/live?" in answer.url):
        await theirs.goto(f"{site.url}{ORDERS}")
    await ana.get_by_label("Role").select_option("manager")
    await ana.get_by_role("button", name="Save").first.click()
    await theirs.wait_for_url("**/sign-in?next=*")
    await theirs.get_by_label("Username").fill("zoe")
    await theirs.get_by_label("Password").fill(CHOSEN)
    await theirs.get_by_role("button", name="Sign in").click()
    await expect(theirs).to_have_url(re.compile(re.escape(ORDERS) + "$"))
