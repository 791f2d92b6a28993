"""What is asked of each server: the console's pages as a person goes through them, the floor under them, and the peers' tables."""

import gzip
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import quote

from hyperpanel.web.routes import ROUTES
from tests.bench.client import fetch, request, signed_in
from tests.bench.planting import PASSWORD, PERSON
from tests.bench.servers import Server

FIRST, ROWS = "Orders, first page", "… its rows alone"
BARE, DOOR = "plain page, bare Litestar", "plain page, in the console"
DJANGO, DJANGO_LEAN = "Django admin", "Django admin, total left out"
DATASETTE, DATASETTE_LEAN = "Datasette, as it comes", "Datasette, no count or facets"
OTHERS = ("dashboard.index", "tickets.index", "users.index", "payments.index", "services.index")
WALKED = 250
"""Pages that the deep page goes round: more rows than the console keeps drawn, so that each is drawn anew."""

SOME = 40
US = {"username": PERSON, "password": PASSWORD}
ASKED = (
    "id", "provider_order_id", "panel_id", "user", "charge", "charge_currency", "link", "start_count", "quantity", "service_id",
    "service_name", "status", "remains", "created_at", "mode", "provider",
)  # fmt: skip
"""The columns of the page of orders."""


@dataclass(frozen=True)
class Way:
    """Addresses that are asked for in turn. `page` is the answer to the first."""

    name: str
    server: Server
    requests: Sequence[bytes]
    page: bytes
    is_list: bool = False

    @property
    def zipped(self) -> int:
        return len(gzip.compress(self.page, 6))


def way(name: str, server: Server, headers: Mapping[str, str], *paths: str, is_list: bool = False) -> Way:
    page = fetch(server.port, paths[0], headers).body
    return Way(name, server, [request(path, headers) for path in paths], page, is_list)


def of_console(server: Server, file: Path) -> Iterator[Way]:
    """The first is the one that the others are held against."""
    me = signed_in(server.port, "/sign-in", US)
    first = way(FIRST, server, me, "/orders", is_list=True)
    yield first
    shown = first.page.decode()
    zipped = {**me, "Accept-Encoding": "gzip"}
    if b"content-encoding" in fetch(server.port, "/orders", zipped).head.lower():
        yield way("… compressed", server, zipped, "/orders")
    yield way(ROWS, server, {**me, "HX-Request": "true", "HX-Target": "rows"}, again(shown))
    yield way("… of one user", server, me, *asking(file, "user", "user"), is_list=True)
    yield way("… of one status", server, me, *asking(file, "status", "status"), is_list=True)
    yield way("… of one service", server, me, *asking(file, "service", "service_id"), is_list=True)
    yield way("… deep, by cursor", server, me, *walked(server, me), is_list=True)
    yield way("one order", server, me, *rows("/orders", shown))
    yield from others(server, me)


def others(server: Server, me: Mapping[str, str]) -> Iterator[Way]:
    """Pages that the router has, by name; and one of what each list shows."""
    found = {handler.name: min(handler.paths) for handler in ROUTES}
    for name in OTHERS:
        if name in found:
            title = name.partition(".")[0]
            index = way(title.capitalize(), server, me, found[name], is_list=title != "dashboard")
            yield index
            one = rows(found[name], index.page.decode())
            if one and f"{title}.show" in found:
                yield way(f"one of the {title}", server, me, *one)


def again(page: str) -> str:
    """The address by which the rows ask for themselves."""
    found = re.search(r'id="rows"[^>]*?hx-get="([^"]+)"', page)
    return unescape(found[1]) if found else "/orders"


def asking(file: Path, name: str, column: str) -> list[str]:
    """Some of the values that the newest orders have, each as a filter."""
    newest = f'SELECT "{column}" FROM orders WHERE panel_id = 1 ORDER BY created_at DESC LIMIT 1000'
    with closing(sqlite3.connect(file)) as connection:
        values = dict.fromkeys(str(value) for (value,) in connection.execute(newest) if value is not None)
    return [f"/orders?{name}={quote(value)}" for value in values][:SOME]


def rows(path: str, page: str) -> list[str]:
    found = re.findall(rf'href="({path}/[^"/?]+/[^"/?]+)"', page) if path != "/" else []
    return list(dict.fromkeys(map(unescape, found)))[:SOME]


def walked(server: Server, me: Mapping[str, str]) -> list[str]:
    """The addresses of pages further and further down, as the link to older orders leads on."""
    found: list[str] = []
    path = "/orders"
    while len(found) < WALKED:
        link = re.search(r'<a [^>]*rel="next"[^>]*>', fetch(server.port, path, me).body.decode())
        place = link and re.search(r'href="([^"]+)"', link[0])
        if not place:
            break
        path = unescape(place[1])
        found.append(path)
    return found[len(found) // 2 :] + found[: len(found) // 2]


def of_floor(bare: Server, console: Server) -> Iterator[Way]:
    yield way(BARE, bare, {}, "/bench")
    yield way(DOOR, console, signed_in(console.port, "/sign-in", US), "/bench")


def of_django(server: Server) -> Iterator[Way]:
    me = signed_in(server.port, "/admin/login/", US)
    yield way(DJANGO, server, me, "/admin/bench/order/")
    yield way(DJANGO_LEAN, server, me, "/admin/bench/uncounted/")


def of_datasette(server: Server) -> Iterator[Way]:
    table = "/hyperpanel/orders?" + "&".join(f"_col={name}" for name in ASKED)
    yield way(DATASETTE_LEAN, server, {}, f"{table}&_nocount=1&_nofacet=1&_nosuggest=1")
    yield way(DATASETTE, server, {}, table)
