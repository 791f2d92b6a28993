"""Every page without a violation that axe can find: both themes, wide and narrow, both directions of writing."""

import itertools
from collections.abc import Callable

import pytest
from playwright.async_api import Page, expect

from tests.support import ai_planting
from tests.support.accessibility import violations

THEMES, WIDTHS, LANGUAGES = ("light", "dark"), (1440, 360), ("en", "ar-XB")
PAIRS = {("light", 1440, "en"), ("dark", 360, "en"), ("dark", 1440, "ar-XB"), ("light", 360, "ar-XB")}
"""Every two of a theme, a width and a direction meet in these; all three in the long suite."""

LOOKS = [
    pytest.param(*look, marks=() if look in PAIRS else pytest.mark.full)
    for look in itertools.product(THEMES, WIDTHS, LANGUAGES)
]
PATHS = (
    "/",
    "/?panel=dark",
    "/orders?user=kadir",
    "/orders?status=fail&user=nobody",
    "/orders?created_from=soon",
    "/orders?panel=dark",
    "/orders/eu-1/2906386",
    "/tickets?status=pending",
    "/tickets?status=closed&user=nobody",
    "/tickets?panel=dark",
    "/tickets/eu-1/255",
    "/tickets/us-2/254",
    "/users?status=suspended",
    "/users?q=nobody+at+all",
    "/users/eu-1/700",
    "/users/us-2/703",
    "/payments?status=fail",
    "/payments?user=nobody",
    "/payments/eu-1/181680",
    "/services?panel=eu-1",
    "/exports",
    "/api",
    "/api/orders",
    "/views",
    "/settings/ai",
    "/settings/ai/ledger",
    "/orders?columns=user,status,created&created_from=-24h",
    "/services?panel=dark",
    "/services/eu-1/168",
    "/services/eu-1/168/description",
    "/descriptions",
    "/reported-services",
    "/reported-services?status=resolved&service=none+such",
    "/reported-services/new?panel=eu-1&service=168",
    "/tracking/services?hours=744",
    "/tracking/services?band=snoozed&q=nothing",
    "/tracking/services/eu-1/168?hours=744",
    "/tracking/providers",
    "/tracking/providers/provider?name=provider-a.example&hours=72",
    "/tracking/profiles",
    "/tracking/profiles/new",
    "/tracking/profiles/new?kind=users",
    "/tracking/tickets?hours=744",
    "/tracking/tickets/services?hours=744",
    "/tracking/tickets/replies?hours=744&name=ben",
    "/tracking/tickets/ai",
    "/tracking/tickets/ai/new?hours=744",
    "/tracking/users?hours=744",
    "/tracking/users?currency=XXX",
    "/tracking/users/eu-1/700?hours=744",
    "/settings/account",
    "/settings/activity",
    "/settings/activity?q=nothing+like+it&from=soon",
    "/settings/sync/runs",
    "/settings/sync/eu-1/orders",
    "/settings/sync/settings?panel=eu-1",
    "/settings/sync/eu-1/pause",
    "/help",
    "/help/find-an-order",
    "/preferences",
    "/personal",
    "/personal/about?panel=eu-1&noun=orders&id=2906386",
    "/announcements",
    "/announcements/new",
    "/settings/ai/prompts",
    "/settings/ai/prompts/new",
    "/settings/ai/prompts/show?purpose=intent",
    "/tracking/margins",
    "/tracking/margins?by=service&hours=720",
    "/tracking/schedules",
    "/tracking/schedules/new",
    "/settings/panels?done=saved&of=eu-1",
    "/settings/panels/new",
    "/settings/panels/add-many",
    "/settings/panels/console",
    "/settings/panels/eu-1",
    "/settings/panels/eu-1/remove",
    "/settings/sync",
    "/settings/set-aside",
    "/settings/set-aside?state=dismissed",
    "/settings/staff",
    "/settings/staff/new",
    "/settings/staff/3",
    "/settings/staff/roles",
    "/settings/keys",
    "/settings/keys/new",
    "/invites/never-made",
    "/search?q=2906386+17",
    "/nowhere",
)
REFUSED = "/settings/panels"
LISTS = {
    "/orders?user=login",
    "/tickets?status=pending",
    "/users?status=active",
    "/payments?status=completed",
    "/services?panel=eu-1",
    "/tracking/services?hours=744",
    "/tracking/users?hours=744",
}


TOOLS = (
    "/api",
    "/personal",
    "/announcements",
    "/reported",
    "/views",
    "/exports",
    "/descriptions",
    "/invites",
    "/search",
)
PEOPLE = ("/settings/account", "/settings/activity", "/settings/staff", "/settings/keys")
SETTINGS = ("/settings", "/help", "/preferences")
RECORDS = ("/users", "/payments", "/services")
PARTS: dict[str, Callable[[str], bool]] = {
    "lists": lambda path: not path.startswith(("/tracking", *SETTINGS, *TOOLS, *RECORDS)),
    "records": lambda path: path.startswith(RECORDS),
    "tools": lambda path: path.startswith((*TOOLS, *PEOPLE)),
    "tracking": lambda path: path.startswith("/tracking"),
    "others": lambda path: path.startswith(SETTINGS) and not path.startswith(PEOPLE),
}
"""So that no test is long: each page of each part is opened in each look."""

OF_AI = (
    "/settings/ai",
    "/settings/ai/ledger",
    "/settings/ai/ledger?by=prompt",
    "/settings/ai/prompts",
    "/settings/ai/prompts/new?purpose=analyze",
    "/settings/ai/prompts/edit?prompt=10",
    "/settings/ai/prompts/show?prompt=10&version=1",
    "/settings/ai/prompts/show?prompt=10&version=2",
    "/tracking/tickets/ai",
    "/tracking/tickets/ai/new?hours=744",
    "/tracking/tickets/ai/show?report=the-report",
    "/tickets/eu-1/10",
)
"""Once more with rows and a provider: what was asked, what was answered, and what else can be asked."""


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("theme", "width", "language"), LOOKS)
async def test_no_page_keeps_anybody_out(site, new_page, watch, part, theme, width, language):
    watch.allow("403", "404", "422")
    page = await new_page(color_scheme=theme, viewport={"width": width, "height": 900})
    await site.sign_in(page.context, "ana", language=language, theme=theme)
    found = {path: await faults(page, f"{site.url}{path}") for path in filter(PARTS[part], PATHS)}
    for path in filter(PARTS[part], sorted(LISTS)):
        await page.goto(f"{site.url}{path}")
        await open_drawer(page)
        found[f"the drawer of {path}"] = await violations(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(("theme", "width", "language"), LOOKS)
async def test_no_page_of_ai_keeps_anybody_out(site, new_page, theme, width, language):
    await ai_planting.everything(site)
    page = await new_page(color_scheme=theme, viewport={"width": width, "height": 900})
    await site.sign_in(page.context, "ana", language=language, theme=theme)
    found = {path: await faults(page, f"{site.url}{path}") for path in OF_AI}
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(("theme", "width", "language"), LOOKS)
async def test_the_door_and_a_refusal_keep_nobody_out(site, new_page, watch, theme, width, language):
    watch.allow("403", "404", "422")
    page = await new_page(color_scheme=theme, viewport={"width": width, "height": 900})
    found = {"/sign-in": await faults(page, f"{site.url}/sign-in")}
    await site.sign_in(page.context, "vic", language=language, theme=theme)
    found["refused"] = await faults(page, f"{site.url}{REFUSED}")
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_every_path_is_in_one_part():
    assert all(sum(holds(path) for holds in PARTS.values()) == 1 for path in (*PATHS, *LISTS))


async def faults(page: Page, url: str) -> list[str]:
    await page.goto(url)
    return [*await violations(page), *await overflow(page)]


async def open_drawer(page: Page) -> None:
    await page.locator("#rows tbody .open").first.click()
    await expect(page.locator("#drawer header")).to_be_visible()


async def overflow(page: Page) -> list[str]:
    """Only tables may be scrolled sideways, never the page."""
    wider = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"the page is {wider} px wider than its window"] if wider > 0 else []


@pytest.mark.parametrize("path", ["/orders", "/settings/sync"])
async def test_the_first_tab_skips_to_the_content(site, ana: Page, path):
    await ana.goto(f"{site.url}{path}")
    await ana.keyboard.press("Tab")
    await expect(ana.locator(".skip")).to_be_focused()
