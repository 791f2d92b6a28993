"""Pages in Debian's Chromium. Every page is watched: an error in its console, a breach of the content policy or a
request to anywhere but this machine fails the test that opened it.

Playwright's own pytest plug-in is synchronous and breaks each async test after it, so these fixtures are ours.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright, expect

from tests.support import databases, machine, sockets
from tests.support.site import Site
from tests.support.site import site as staged_site

QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # its sandbox does not start for root, and the pages are ours
]
PATIENCE = 30_000
"""Milliseconds until what a test waits for counts as missing: a busy machine is no fault of the page."""

expect.set_options(timeout=PATIENCE)
OWN_SCHEMES = {"about", "blob", "data"}


@dataclass
class Watch:
    """What went wrong in the pages of a test; `allow` names what the test provokes on purpose."""

    troubles: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, *fragments: str) -> None:
        self.allowed.extend(fragments)

    def unexpected(self) -> list[str]:
        return [trouble for trouble in self.troubles if not any(part in trouble for part in self.allowed)]

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.troubles.append(f"script error: {error.error}"))
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):  # breaches of the content policy come as errors too
            self.troubles.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in OWN_SCHEMES and not sockets.is_local(address.hostname):
            self.troubles.append(f"request to the outside: {request.url}")


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = machine.chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
def watch() -> Watch:
    return Watch()


NewPage = Callable[..., Awaitable[Page]]


@pytest.fixture
async def new_page(browser: Browser, watch: Watch) -> AsyncIterator[NewPage]:
    """Open a page for another person, window or theme: `await new_page(color_scheme="dark", viewport=…)`."""
    contexts: list[BrowserContext] = []

    async def open_page(**options: Any) -> Page:
        context = await browser.new_context(**{"reduced_motion": "reduce", **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        return await context.new_page()

    yield open_page
    for context in contexts:
        await context.close()
    assert watch.unexpected() == []


@pytest.fixture
async def page(new_page: NewPage) -> Page:
    return await new_page()


@pytest.fixture
async def site(run_folder: Path, tmp_path: Path) -> AsyncIterator[Site]:
    """The staged console, with 130 orders on two panels."""
    async with staged_site(databases.sqlite_copy(run_folder, tmp_path, migrated=True), rows=130) as made:
        yield made


@pytest.fixture
async def ana(site: Site, page: Page) -> Page:
    """Signed in as somebody who may do everything."""
    await site.sign_in(page.context, "ana")
    return page
