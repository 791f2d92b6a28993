"""What each page weighs in a real browser over real HTTP, on the first visit and after: with lists of a hundred rows. That nothing comes
from elsewhere, nothing breaks the content policy and nothing is said in the console is watched over in conftest."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Page
from sqlalchemy import insert

from hyperpanel.db import api_keys
from hyperpanel.db.schema import ai_report_services, ai_reports, announcements, audit, invites, notes, profiles
from hyperpanel.db.sessions import hash_of
from tests.support import ai_complaints, databases, planting
from tests.support.routes import OWN, WORDS, Route, routes
from tests.support.scripts_keys import scripts_key
from tests.support.site import site
from tests.support.staged import NOON

ROWS = range(10_000, 10_100)
FIRST, AFTER = 200_000, 30_000
"""Bytes as they went over the wire, heads and all."""

NAMED = {
    "ai_prompts.edit": f"?prompt={ROWS[50]}",
    "ai_prompts.show": f"?prompt={ROWS[50]}&version=2",
    "announcements.edit": "?announcement=1",
    "personal.edit": "?note=1",
    "personal.about": f"?panel={OWN}&noun=orders&id={ROWS[50]}",
}
"""Which row a page is about that says so in its query."""

BESIDE = "arabic"
"""The font for Arabic script is loaded only where a page has some."""


def is_page(route: Route) -> bool:
    return route.method == "GET" and "." in (route.name or "") and route.name != "sessions.new"


PAGES = [pytest.param(route, id=str(route.name)) for route in routes() if is_page(route)]


@dataclass
class Scales:
    """What came over the wire since it was last asked; answers from the cache weigh nothing."""

    loaded: dict[str, str] = field(default_factory=dict)
    cached: set[str] = field(default_factory=set)
    bytes: dict[str, int] = field(default_factory=dict)

    def sent(self, event: dict[str, Any]) -> None:
        self.loaded[event["requestId"]] = event["request"]["url"]

    def was_cached(self, event: dict[str, Any]) -> None:
        self.cached.add(event["requestId"])

    def came(self, event: dict[str, Any]) -> None:
        url = self.loaded.get(event["requestId"], "")
        if event["requestId"] not in self.cached:
            self.bytes[url] = self.bytes.get(url, 0) + int(event["encodedDataLength"])

    def read(self) -> dict[str, int]:
        found, self.bytes = self.bytes, {}
        return {url: count for url, count in found.items() if count and BESIDE not in url}


@pytest.fixture(scope="module")
async def full(run_folder, tmp_path_factory):
    """A hundred rows and more in each list."""
    folder = tmp_path_factory.mktemp("full")
    async with site(databases.sqlite_copy(run_folder, folder, migrated=True), rows=130) as made:
        await planting.plant(made.database, ROWS)
        shared = {"id": "noon", "kind": "services", "name": "Noon", "folded": "noon", "settings": "{}"}
        async with made.database.write() as connection:
            await connection.execute(insert(profiles).values(**shared, created_at=NOON, created_by="max"))
            told = {"title": "Noon", "body": "It is noon.", "tone": "info", "by": "ana", "at": NOON}
            await connection.execute(insert(announcements).values(id=1, **told))
            mine = {"staff_id": 1, "body": "Look again.", "created_at": NOON, "updated_at": NOON}
            await connection.execute(insert(notes).values(id=1, **mine))
            linked = {
                "staff_id": 4,
                "purpose": "reset",
                "by": "ana",
                "at": NOON,
                "expires_at": NOON + timedelta(days=9999),
            }
            await connection.execute(insert(invites).values(token_hash=hash_of(WORDS["token"]), **linked))
            await api_keys.add(connection, scripts_key(WORDS["key_id"]), bytes(32))
            for number in range(100):
                await api_keys.add(connection, scripts_key(f"key{number:09}", name=f"script {number}"), bytes(32))
            acted = {"actor": "ana", "action": "x", "target": "", "details": "{}", "address": "", "device": ""}
            number = int(WORDS["entry"])
            await connection.execute(insert(audit).values(id=number, at=NOON, hash=bytes(32), **acted))
            await connection.execute(insert(ai_reports), [ai_complaints.report()])
            await connection.execute(insert(ai_report_services), [ai_complaints.looked(place) for place in range(100)])
        yield made


async def weighed(page: Page) -> Scales:
    found = Scales()
    wire = await page.context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", found.sent)
    wire.on("Network.requestServedFromCache", found.was_cached)
    wire.on("Network.loadingFinished", found.came)
    await wire.send("Network.enable")
    return found


async def visit(page: Page, url: str) -> None:
    answer = await page.goto(url, wait_until="load")
    assert answer is not None
    assert answer.status == 200
    await page.evaluate("document.fonts.ready.then(() => new Promise(done => setTimeout(done)))")


@pytest.mark.parametrize("route", PAGES)
async def test_a_page_is_light_and_what_stays_the_same_is_not_sent_again(full, page, route):
    await full.sign_in(page.context, "ana")
    asked = NAMED.get(str(route.name), "")
    scales, url = await weighed(page), f"{full.url}{route.at(OWN, str(ROWS[50]))}{asked}"
    await visit(page, url)
    first = scales.read()
    await visit(page, url)
    after = scales.read()
    assert static(first)
    assert static(first) & static(after) == set()
    late = static(after)  # its icon, which a browser asks for when all else is done
    assert sum(first.values()) + sum(after[name] for name in late) <= FIRST, first
    assert sum(count for name, count in after.items() if name not in late) <= AFTER, after
    await page.close()  # it may listen, and the next one wants its connection


def static(names: Iterable[str]) -> set[str]:
    return {name for name in names if "/static/" in name}
