"""A key is made, copied, used and revoked; what was shown once is not found again by going back."""

import httpx2
import pytest
from playwright.async_api import Error, Page, expect


async def test_a_key_is_shown_once_opens_the_api_and_is_revoked(site, ana: Page):
    await ana.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await ana.goto(f"{site.url}/settings/keys")
    await ana.get_by_role("link", name="New API key").first.click()
    await ana.get_by_role("textbox", name="Name").fill("nightly")
    await ana.get_by_label("Read orders").check()
    await ana.get_by_label("eu-1").check()
    await ana.get_by_role("button", name="Make the key").click()
    await ana.get_by_role("button", name="Copy the key").click()
    shown = await ana.locator("#secret").inner_text()
    copied = await ana.evaluate("navigator.clipboard.readText()")
    assert copied == shown
    assert shown not in ana.url

    async with httpx2.AsyncClient(base_url=site.url, headers={"X-Api-Key": copied}) as script:
        assert (await script.get("/adminapi/v2/key")).json()["data"]["panels"] == ["eu-1"]
        theirs = await ana.context.new_page()
        await theirs.goto(f"{site.url}/settings/keys")
        await expect(theirs.locator(".keys-table td.c-prefix")).to_have_text(shown[:20])
        await theirs.get_by_role("link", name="nightly").click()
        await theirs.get_by_text("Revoke…").click()
        await theirs.get_by_role("button", name="Revoke it for good").click()
        await expect(theirs.get_by_text("It opens nothing any more.")).to_be_visible()
        await theirs.wait_for_timeout(1000)
        assert (await script.get("/adminapi/v2/key")).status_code == 401

    await ana.get_by_role("link", name="All keys").click()
    await expect(ana.locator(".keys-table")).to_be_visible()
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        await ana.go_back()
