"""Tickets that complain, for reports by AI: two services and some tickets without an order on eu-1, one service on us-2; and who answers."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from hyperpanel.db import ai_providers
from hyperpanel.db.ai_providers import Chosen, PanelUse, Provider
from hyperpanel.db.schema import messages, orders, services, tickets
from tests.support.conversations import said, ticket
from tests.support.site import Site
from tests.support.staged import NOON, PANELS, VAULT, Browser, Stage, mirrored

HERE = "/tracking/tickets/ai"
KEY = "sandbox-ai-key"
TALK: Mapping[str, tuple[str, str, str]] = {
    "2550": ("eu-1", "Orders - Refill", "Order 100001 dropped, mail me at kadir@example.org"),
    "2551": ("eu-1", "Orders - Refill", "100001 lost half of it"),
    "2552": ("eu-1", "Orders - Refill", "100001 again"),
    "2553": ("eu-1", "Orders - Cancel", "please end 100001, see https://t.example/x"),
    "2560": ("eu-1", "Speed", "100002 is slow for 3 days"),
    "2561": ("eu-1", "Speed", "100002 waits"),
    "2562": ("eu-1", "Speed", "100002 hurry"),
    "2570": ("eu-1", "Payment", "my top-up is missing"),
    "2571": ("eu-1", "Payment", "where is my money"),
    "2572": ("eu-1", "Payment", "money please"),
    "2580": ("us-2", "Orders - Refill", "100003 dropped"),
    "2581": ("us-2", "Orders - Refill", "100003 dropped too"),
    "2582": ("us-2", "Orders - Refill", "100003 <script>alert(1)</script> dropped"),
}
"""By its number: the panel, the subject, and what the customer wrote."""

ORDERED = {"100001": ("eu-1", "7"), "100002": ("eu-1", "8"), "100003": ("us-2", "9")}


async def complained(made: Stage | Site, now: datetime = NOON) -> None:
    opened: dict[str, Any] = {"user": "kadir", "created_at": now - timedelta(hours=3)}
    some = [ticket(id, panel, subject=subject, **opened) for id, (panel, subject, _) in TALK.items()]
    wrote = [said(1, f"<p>{body}</p>", id, panel, is_staff=False) for id, (panel, _, body) in TALK.items()]
    owned = [mirrored("orders", id, panel, user="kadir", service_id=one) for id, (panel, one) in ORDERED.items()]
    named = [mirrored("services", one, panel, name=f"Likes {one}") for panel, one in ORDERED.values()]
    async with made.database.write() as connection:
        for table, rows in ((tickets, some), (messages, wrote), (orders, owned), (services, named)):
            await connection.execute(insert(table), rows)


async def answering(made: Stage | Site, server: str, off: tuple[str, ...] = ("dark",)) -> None:
    """By the sandbox's AI server at this address."""
    sealed = VAULT.seal(KEY, ai_providers.place("compatible"))
    address = f"{server}/_ai/openai/v1"
    provider = Provider("compatible", address, True, "canned", sealed, "-key", 10**8, 10**8)
    await allowed(made, off)
    async with made.database.write() as connection:
        await ai_providers.put(connection, provider, "ana", NOON)
        await ai_providers.choose(connection, Chosen(main="compatible"), None, "ana", NOON)


async def allowed(made: Stage | Site, off: tuple[str, ...] = ()) -> None:
    async with made.database.write() as connection:
        uses = [(id, PanelUse(name not in off, hides_personal=True)) for name, id in PANELS.items()]
        await ai_providers.switch(connection, uses, "ana", NOON)


async def raised(made: Stage, budget: int | None) -> None:
    """Another budget of a day."""
    async with made.database.write() as connection:
        await ai_providers.choose(connection, Chosen(main="compatible", day_tokens=budget), NOON, "ana", NOON)


def report(**changes: Any) -> dict[str, Any]:
    """A row of somebody's report, which has ended."""
    told = {"staff_id": 2, "by": "max", "panels": "[1, 2]", "since": NOON - timedelta(hours=24), "until": NOON}
    made = {"least": 3, "language": "en", "prompt_id": None, "prompt_version": 0, "prompt_title": ""}
    ended = {"id": "the-report", "state": "done", "tickets": 0, "covered": 0, "ended_at": NOON, "at": NOON}
    return {**told, **made, **ended, **changes}


def looked(place: int = 0, panel: str = "eu-1", **changes: Any) -> dict[str, Any]:
    """A row of a service of that report, with two themes."""
    themes = [
        {"title": "Drops", "detail": "Likes are lost.", "tickets": ["2550", "2551"]},
        {"title": "Ends", "detail": "", "tickets": ["2551"]},
    ]
    told = {"report_id": "the-report", "place": place, "panel_id": PANELS[panel], "service_id": "7", "name": "Likes 7"}
    counted = {"tickets": 4, "complaint": "Refill", "complaint_tickets": 3, "found": 2, "invented": 3}
    given = {"given": json.dumps(["2550", "2551", "2552", "2553"]), "themes": json.dumps(themes)}
    by = {"state": "done", "provider": "compatible", "model": "canned", "at": NOON, "problem": None}
    return {**told, **counted, **given, **by, **changes}


async def begun(browser: Browser, query: str = "hours=24") -> str:
    """A report's id."""
    answer = await browser.post(f"{HERE}/begin?{query}")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].partition("report=")[2])


async def settled(made: Stage) -> None:
    """What runs in the background is done."""
    while made.console.works:
        await asyncio.gather(*made.console.works, return_exceptions=True)
        await asyncio.sleep(0)
