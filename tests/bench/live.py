"""Open pages: 200 that ask again every five seconds, beside 200 that are told what changes, over one server in one run.

Each page is a list of a hundred orders at a place of its own, asked for on connections of its own. Told pages are measured
while nothing happens, while each second rows of three pages change, and while all 200 look at one page of which a row changes each second.
CPU is the server's own. Run: `python tests/bench/live.py [--pages 200] [--seconds 20]`.
"""

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import hyperpanel  # noqa: F401 -- the safe SQLite first
from hyperpanel.clock import SystemClock
from hyperpanel.config import load
from hyperpanel.db import sessions, staff
from hyperpanel.db.opening import Installation, opened
from hyperpanel.db.schema import orders
from hyperpanel.db.store import DatabaseStore
from sync.cursors import Manners, Refresh
from sync.pacing import Pace
from sync.store import Batch, Claim, FeedKey, Fresh
from tests.bench.client import HOST, LENGTH, fetch, request
from tests.bench.servers import Server, console
from tests.support import records, staged

SETTINGS = '[database]\nurl = "sqlite:///hyperpanel.db"\n[web]\nplain_http = true\n'
ROWS_A_PAGE, PAGES_EACH = 100, 10
POLLED_EVERY, SOON, AT_MOST, STEP = 5.0, 2.0, 5.0, 0.5
ROW = re.compile(r'<tr id="o-eu-1-(\d+)"')
AGAIN = re.compile(r'id="rows"[^>]*?hx-get="([^"]+)"', re.DOTALL)
SINCE = re.compile(r'data-since="(\d+)"')
NEXT = re.compile(r'href="([^"]+)"\s+rel="next"')
BLOCK = {"HX-Request": "true", "HX-Target": "rows", "HX-Trigger": "rows", "Accept-Encoding": "gzip"}


@dataclass
class Page:
    """`again`: the address of its rows; `headers` are those of the person who looks at it."""

    port: int
    again: str
    ids: frozenset[str]
    since: str
    headers: dict[str, str]
    asked: int = 0
    streak: int = 0
    due: asyncio.Event = field(default_factory=asyncio.Event)

    async def rows(self) -> None:
        """On a connection of its own: the server keeps none open for as long as a page waits."""
        reader, writer = await asyncio.open_connection(HOST, self.port)
        writer.write(request(self.again, {**self.headers, **BLOCK, "Connection": "close"}))
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not head.startswith(b"HTTP/1.1 200") or length is None:
            raise RuntimeError(f"{self.again} was answered with {head!r}")
        await reader.readexactly(int(length[1]))
        writer.close()
        self.asked += 1

    async def poll(self) -> None:
        await asyncio.sleep(random.uniform(0, POLLED_EVERY))
        while True:
            await self.rows()
            await asyncio.sleep(POLLED_EVERY)

    async def listen(self) -> None:
        reader, writer = await asyncio.open_connection(HOST, self.port, limit=2**20)
        since = f"&since={self.since}" if self.since else ""
        writer.write(request(f"/live?streams=orders{since}", self.headers))
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"/live was answered with {head!r}")
        while line := await reader.readline():
            if line.startswith(b"data: ") and b'"ids"' in line and self.ids.intersection(json.loads(line[6:])["ids"]):
                self.due.set()

    async def refresh(self) -> None:
        """As static/scripts/6-live.js: at most every two seconds, and no oftener than polling where it never ends."""
        last = 0.0
        while True:
            await self.due.wait()
            now = time.monotonic()
            self.streak = self.streak + 1 if now - last < AT_MOST + SOON else 0
            pace = min(AT_MOST, SOON + STEP * self.streak) * random.uniform(1, 1.25)
            await asyncio.sleep(max(random.uniform(0, 0.5), last + pace - now))
            self.due.clear()
            last = time.monotonic()
            await self.rows()


@dataclass
class Writer:
    """The engine's own store, which holds the feed and commits changed orders."""

    store: DatabaseStore
    claim: Claim
    number: int = 1000

    async def change(self, ids: list[str]) -> None:
        self.number += 1
        fresh = [Fresh(records.order(id, remains=self.number), self.number, self.number) for id in ids]
        batch = Batch(self.number, datetime.now(UTC), len(ids), fresh, keys=ids)
        await self.store.commit(self.claim, batch, Refresh(), Manners())

    async def every_second(self, choose: Callable[[], list[str]]) -> None:
        while True:
            await self.change(choose())
            await asyncio.sleep(1)


async def planted(folder: Path, count: int) -> tuple[Installation, list[dict[str, str]]]:
    """The installation, and the headers of those who look at it."""
    (folder / "config.toml").write_text(SETTINGS)
    found, now = await opened(load(folder / "config.toml", {}), folder), datetime.now(UTC)
    await staged.cast(found.database, now)
    made, people = [], []
    for number in range(count * ROWS_A_PAGE):
        made.append(staged.order(str(10**6 + number), created_at=now - timedelta(minutes=number + 1)))
    async with found.database.write() as connection:
        await connection.execute(orders.insert(), made)
        for number in range(-(-count // PAGES_EACH)):
            person = await staff.add(connection, f"p{number}", staged.PASSWORD_HASH, "admin", None, now)
            token = await sessions.begin(connection, person, timedelta(hours=1), now, "", "")
            people.append({"Cookie": f"hyperpanel={token}"})
    return found, people


def opened_pages(port: int, people: list[dict[str, str]], count: int, is_one: bool = False) -> list[Page]:
    """One after another through the list; or all of them the same."""
    made: list[Page] = []
    path = "/orders?panel=eu-1"
    for number in range(count):
        headers = people[number // PAGES_EACH]
        text = fetch(port, path, headers).body.decode()
        again, since, further = AGAIN.search(text), SINCE.search(text), NEXT.search(text)
        assert again is not None
        address = again[1].replace("&amp;", "&")
        made.append(Page(port, address, frozenset(ROW.findall(text)), since[1] if since else "", headers))
        path = further[1].replace("&amp;", "&") if further and not is_one else path
    return made


def memory(server: Server) -> int:
    """Kilobytes that the process holds."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])  # type: ignore[index]


@dataclass(frozen=True)
class Taken:
    """Seconds of CPU a minute, requests a second, and kilobytes more than before."""

    cpu: float
    requests: float
    memory: int


async def measured(server: Server, pages: list[Page], seconds: float, *work: Callable[[], Awaitable[Any]]) -> Taken:
    before = memory(server)
    tasks = [asyncio.ensure_future(doing()) for doing in work]
    await asyncio.sleep(POLLED_EVERY)
    asked, used, begun = sum(page.asked for page in pages), server.cpu(), time.monotonic()
    done, _ = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    took = time.monotonic() - begun
    for task in done:
        task.result()
        raise RuntimeError("a page was hung up on")
    cpu, more = (server.cpu() - used) / 1000 / took * 60, sum(page.asked for page in pages) - asked
    told = Taken(cpu, more / took, memory(server) - before)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(1)
    return told


async def run(folder: Path, count: int, seconds: float) -> None:
    found, people = await planted(folder, count)
    store = DatabaseStore(found.database, SystemClock(), Pace({}), found.vault)
    claim = await store.claim(FeedKey(1, "orders"), "refresh", "bench:0:a")
    assert claim is not None
    server, writer = console(folder, folder), Writer(store, claim)
    try:
        pages = await asyncio.to_thread(opened_pages, server.port, people, count)
        telling = [work for page in pages for work in (page.listen, page.refresh)]
        told = {"told, nothing happens": await measured(server, pages, seconds, *telling)}
        told["asking every 5 s"] = await measured(server, pages, seconds, *(page.poll for page in pages))

        def of_three() -> list[str]:
            return [id for page in random.sample(pages, 3) for id in sorted(page.ids)[:5]]

        told["told, 3 pages change each second"] = await measured(
            server, pages, seconds, *telling, lambda: writer.every_second(of_three)
        )
        same = await asyncio.to_thread(opened_pages, server.port, people, count, True)
        telling = [work for page in same for work in (page.listen, page.refresh)]
        told["told, one page that all look at changes each second"] = await measured(
            server, same, seconds, *telling, lambda: writer.every_second(lambda: sorted(same[0].ids)[:1])
        )
    finally:
        server.end()
        await found.database.close()
    report(told, count)


def report(told: dict[str, Taken], count: int) -> None:
    asking = told["asking every 5 s"]
    print(f"{count} open pages, one server process\n")
    print(f"{'':52} {'CPU s/min':>9} {'of asking':>9} {'requests/s':>10}")
    for name, taken in sorted(told.items()):
        print(f"{name:52} {taken.cpu:9.2f} {taken.cpu / asking.cpu:9.2f} {taken.requests:10.1f}")
    print(f"\nmemory of a told page: {told['told, nothing happens'].memory / count:.0f} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hyperpanel-bench-") as folder:
        asyncio.run(run(Path(folder), given.pages, given.seconds))


if __name__ == "__main__":
    main()
