"""Pages of 1 000 orders through the admin API, from 1 or 10 million in SQLite, beside Datasette's JSON over the same file, by turns in one run.

Each server is one process, asked over real sockets by 1, 4 and 16 clients, none of which takes gzip. Datasette gives the same columns in the
same order, of one panel (it would sort the orders of several anew each time), and counts nothing; a page of ours counts up to 10 000. CPU is
the server's, from /proc, and so is its memory, also while every order is streamed as NDJSON. Ratios stand beside ours.
Run: `python tests/bench/api.py [--orders 1000000] [--seconds 2] [--clients 1,4,16] [--keep FOLDER]`; --keep spares the filling the next time.
"""

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import msgspec

import hyperpanel  # noqa: F401 -- the safe SQLite first
from hyperpanel.config import load
from hyperpanel.db.audit import Act
from hyperpanel.db.opening import opened
from hyperpanel.support import api_keys
from hyperpanel.support.api_key_fields import FASTEST, Wanted
from tests.bench import servers
from tests.bench.client import fetch, request
from tests.bench.filled import NAME, filled_sqlite
from tests.bench.fleets import Fleet
from tests.bench.made_rows import kept
from tests.bench.servers import Server
from tests.bench.streaming import crowd, streamed

ROWS = 1000
FIRST, CURSOR, STATUS, USER = "newest", "by cursor", "of one status", "of one user"
EVERYWHERE, OFFSET = "of all panels", "by offset"
WALKED = 40
"""Pages that those by offset and by cursor go round."""

FAR = 100_000
"""Where those by offset begin."""

PEER_COLUMNS = (
    "id", "provider_order_id", "panel_id", "user", "creation_type", "mode", "charge", "charge_currency", "link", "start_count", "quantity",
    "service_id", "service_type", "service_name", "provider", "status", "status_raw", "remains", "created_at", "last_update_at",
)  # fmt: skip
FLAT = 1.25
"""How many times its memory once it is warm a server may need at most, however much it answers."""


@dataclass(frozen=True)
class Way:
    name: str
    server: Server
    requests: Sequence[bytes]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--orders", type=int, default=1_000_000)
    asked.add_argument(
        "--seconds", type=float, default=2.0, help="how long each way is asked by each number of clients"
    )
    asked.add_argument("--clients", default="1,4,16")
    asked.add_argument("--keep", type=Path, help="a folder in which the filled file stays, to be found the next time")
    asked.add_argument("--without-peer", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as ending:
        folder = (options.keep or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        fleet = Fleet(options.orders, panels=3)
        found = filled_sqlite(folder, kept(fleet, folder), fleet)
        print(found.told())
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {ROWS} rows a page")
        headers = {"X-Api-Key": asyncio.run(a_key(found.folder))}
        console = servers.console(found.folder, Path(scratch))
        ending.callback(console.end)
        ours, theirs = list(of_console(console, headers)), list(peer(found.folder, Path(scratch), ending, options))
        numbers, begun = [int(number) for number in options.clients.split(",")], resident(console)
        for way in ours:
            crowd(way.server.port, way.requests, max(numbers), 0.3)
        warm = resident(console)
        table(ours, theirs, numbers, options.seconds)
        whole(console, headers, begun, warm)


async def a_key(folder: Path) -> str:
    found = await opened(load(folder / "config.toml", {}), folder)
    now = datetime.now(UTC)
    name = f"bench {now:%H:%M:%S}"
    wanted = Wanted(name, frozenset(api_keys.SCOPES), None, (), FASTEST, timedelta(days=1))
    hand = api_keys.Hand(lambda action, *_, **details: Act("command", action, "", None, details))
    async with found.database.write() as transaction:
        secret = await api_keys.make(transaction, hand, wanted, now)
    await found.database.close()
    return secret.text


def way(name: str, server: Server, headers: Mapping[str, str], paths: Sequence[str]) -> Way:
    return Way(name, server, [request(path, headers) for path in paths])


def of_console(server: Server, headers: Mapping[str, str]) -> Iterator[Way]:
    def path(**values: str | int) -> str:
        return "/adminapi/v2/orders?" + urlencode({"limit": ROWS, "panel": "panel-001", **values})

    def page(**values: str | int) -> "Page":
        return PAGE.decode(fetch(server.port, path(**values), headers).body)

    first = page()
    if len(first.data.list) != ROWS:
        raise ValueError(f"a page of {len(first.data.list)} rows")
    yield way(FIRST, server, headers, [path()])
    yield way(EVERYWHERE, server, headers, [path().replace("&panel=panel-001", "")])
    yield way(OFFSET, server, headers, [path(offset=FAR + ROWS * number) for number in range(WALKED)])
    cursor = page(offset=FAR - ROWS).pagination.next_cursor
    cursors = [cursor, *(cursor := page(cursor=cursor).pagination.next_cursor for _ in range(WALKED - 1))]
    yield way(CURSOR, server, headers, [path(cursor=one) for one in cursors])
    yield way(STATUS, server, headers, [path(order_status="completed")])
    users = list(dict.fromkeys(row["user"] for row in first.data.list))[:WALKED]
    yield way(USER, server, headers, [path(user=str(user)) for user in users])


class Costs(NamedTuple):
    """Requests a second; milliseconds of CPU for one."""

    rate: float
    cpu: float


class Rows(msgspec.Struct):
    list: list[dict[str, object]]


class Pagination(msgspec.Struct):
    next_cursor: str


class Page(msgspec.Struct):
    data: Rows
    pagination: Pagination


PAGE = msgspec.json.Decoder(Page)


class PeerPage(msgspec.Struct):
    rows: list[dict[str, object]]
    next: str | None = None


PEER_PAGE = msgspec.json.Decoder(PeerPage)


def peer(folder: Path, scratch: Path, ending: ExitStack, options: argparse.Namespace) -> Iterator[Way]:
    python = "as asked" if options.without_peer else servers.peers()
    if isinstance(python, str):
        print(f"Datasette is left out: {python}")
        return
    server = servers.datasette(python, folder / NAME, scratch)
    ending.callback(server.end)
    columns = [("_col", name) for name in PEER_COLUMNS if name not in ("id", "panel_id")]
    lean = [("_size", str(ROWS)), ("_shape", "objects"), ("panel_id", "1"), ("_sort_desc", "created_at")]
    lean += [("_nocount", "1"), ("_nofacet", "1"), ("_nosuggest", "1")]

    def path(**values: str | None) -> str:
        more = [(name, value) for name, value in values.items() if value]
        return "/hyperpanel/orders.json?" + urlencode([*lean, *columns, *more])

    def page(**values: str | None) -> PeerPage:
        return PEER_PAGE.decode(fetch(server.port, path(**values), {}).body)

    first = page()
    if len(first.rows) != ROWS:
        raise ValueError(f"a page of {len(first.rows)} rows of Datasette")
    yield way(FIRST, server, {}, [path()])
    after = [first.next, *((first := page(_next=first.next)).next for _ in range(WALKED - 1))]
    yield way(CURSOR, server, {}, [path(_next=one) for one in after])
    yield way(STATUS, server, {}, [path(status="completed")])
    users = list(dict.fromkeys(str(row["user"]) for row in first.rows))[:WALKED]
    yield way(USER, server, {}, [path(user=user) for user in users])


def table(ours: Sequence[Way], theirs: Sequence[Way], numbers: Sequence[int], seconds: float) -> None:
    """Beside each of ours: how many times Datasette's requests a second it answers, and how many times less CPU a request costs."""
    heads = ("req/s", "CPU ms", "first ms", "p50 ms", "p95 ms", "RSS MB", "req/s ×", "CPU ÷")
    print(f"\n{'clients':>7} {'':18}" + "".join(f"{head:>10}" for head in heads))
    for clients in numbers:
        peers = {one.name: told(clients, one, f"… {one.name}", seconds) for one in theirs}
        for one in ours:
            told(clients, one, one.name, seconds, peers.get(one.name))


def told(clients: int, way: Way, name: str, seconds: float, peer: Costs | None = None) -> Costs:
    used = way.server.cpu()
    burst = crowd(way.server.port, way.requests, clients, seconds)
    costs = Costs(len(burst.wholes) / burst.seconds, (way.server.cpu() - used) / len(burst.wholes))
    times = (middle(burst.firsts), middle(burst.wholes), late(burst.wholes))
    beside = (costs.rate / peer.rate, peer.cpu / costs.cpu) if peer else ()
    line = "".join(f"{figure:10.1f}" for figure in (*costs, *times, resident(way.server), *beside))
    print(f"{clients:>7} {name:18}{line}")
    return costs


def middle(figures: Sequence[float]) -> float:
    return statistics.median(figures)


def late(figures: Sequence[float]) -> float:
    return statistics.quantiles(figures, n=20)[18] if len(figures) > 1 else figures[0]


def whole(server: Server, headers: Mapping[str, str], begun: float, warm: float) -> None:
    """Every order in one answer."""
    seen = [resident(server)]
    asked = request("/adminapi/v2/orders", {**headers, "Accept": "application/x-ndjson"})
    used = server.cpu()
    found = streamed(server.port, asked, lambda: seen.append(resident(server)))
    used = server.cpu() - used
    if not found.last.rstrip().splitlines()[-1].startswith(b'{"end"'):
        raise ValueError("the lines were cut off")
    print(
        f"\nall as NDJSON: {found.lines - 1} orders, {found.size / 1e6:.0f} MB in {found.seconds:.1f} s, first byte after {found.first:.1f} ms; "
        f"{(found.lines - 1) / found.seconds:.0f} orders/s, {used * 1000 / found.lines:.1f} µs of CPU each"
    )
    most = max(seen)
    said = "met" if most <= warm * FLAT else "missed"
    known = f"{begun:.0f} MB after some pages, {warm:.0f} warm (each of its readers has a cache), {seen[0]:.0f} after all pages"
    print(f"memory: {known}, {most:.0f} at most in the stream (≤ {FLAT} × warm: {said})")


def resident(server: Server) -> float:
    """MB that the process holds."""
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
