"""Lists as files, in tests: asked for like a browser does, read again, and beside them the list by its own pages."""

import asyncio
import csv
import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import fastexcel
import httpx2
from sqlalchemy import select

from hyperpanel.db.exports import Export
from hyperpanel.db.schema import exports, orders, payments, services, tickets, users
from hyperpanel.db.staff import Person
from hyperpanel.web import export_runs
from hyperpanel.web.visits import Visit
from tests.support.staged import NOON, Browser, Stage, mirrored

ROW = re.compile(r'<tr id="[outps]-([\w-]+)"')
NEXT = re.compile(r'href="([^"]+)"\s+rel="next"')
TABLES = {"orders": orders, "tickets": tickets, "users": users, "payments": payments, "services": services}


async def exported(browser: Browser, noun: str = "orders", query: str = "", format: str = "csv") -> httpx2.Response:
    return await browser.post(f"/exports/begin/{noun}?{query}", data={"format": format})


def table(answer: httpx2.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def keys(answer: httpx2.Response) -> list[str]:
    """Panel and id of each row, as the list's rows name themselves."""
    head, *rows = table(answer)
    return [f"{row[head.index('Panel')]}-{row[0]}" for row in rows]


def sheet(content: bytes) -> list[tuple[Any, ...]]:
    return fastexcel.read_excel(content).load_sheet(0, header_row=None).to_polars().rows()


async def listed(browser: Browser, noun: str, query: str = "") -> list[str]:
    """By the list's own pages."""
    found, place = [], f"/{noun}?{query}"
    while place:
        page = (await browser.get(place)).text
        found += ROW.findall(page)
        older = NEXT.search(page)
        place = older[1].replace("&amp;", "&") if older else ""
    return found


async def settled(made: Stage) -> None:
    """What runs in the background is done."""
    while made.console.works:
        await asyncio.gather(*made.console.works, return_exceptions=True)
        await asyncio.sleep(0)


async def many(made: Stage, count: int = 230, noun: str = "orders") -> None:
    """Over two panels; many have the same time, some have none."""
    rows = [mirrored(noun, str(5000 + n), ("eu-1", "us-2")[n % 2], **values(noun, n)) for n in range(count)]
    await made.keep(*rows, table=TABLES[noun])


def values(noun: str, n: int) -> dict[str, Any]:
    at = None if n % 11 == 0 else NOON - timedelta(minutes=n // 3)
    match noun:
        case "orders":
            return {"created_at": at, "status": ("pending", "fail", "completed")[n % 3], "user": f"u{n % 7}"}
        case "tickets":
            return {"created_at": at, "last_update_at": at, "status": ("pending", "answered")[n % 2]}
        case "users":
            return {"username": f"name {n:03}", "balance": n % 13 - 5, "created_at": at, "last_auth_at": at}
        case "payments":
            return {"created_at": at, "amount": n % 9, "status": ("completed", "waiting")[n % 2]}
    return {"name": f"Service {n % 17}", "rate": n % 5, "min": n % 3, "max": None if n % 4 else n, "refill": n % 2 == 0}


def of(made: Stage, person: Person, query: str = "", noun: str = "orders") -> Visit:
    """The visit of an export that was put down."""
    row = Export(
        "x",
        person.id,
        noun,
        query,
        frozenset(),
        frozenset(),
        "csv",
        "en",
        "UTC",
        "waiting",
        0,
        None,
        None,
        None,
        None,
        NOON,
        None,
    )
    making = export_runs.Making(made.console, row, "holder")
    return made.database.read_now(making.visit)


async def begun(made: Stage, browser: Browser, query: str = "", format: str = "csv") -> str:
    """A large export, put down; its id."""
    made.clock.time += timedelta(seconds=1)
    answer = await exported(browser, query=query, format=format)
    assert (answer.status_code, answer.headers["location"]) == (303, "/exports?done=begun")
    [newest, *_] = await made.rows(select(exports.c.id).order_by(exports.c.at.desc()))
    return str(newest.id)


def files(made: Stage) -> list[str]:
    return [path.name for path in Path(made.console.settings.web.exports_folder).glob("*")]
