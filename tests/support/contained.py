"""What must be the same before and after models were asked: all tables but theirs, whom this process reached, and how pages are built."""

import hashlib
import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import Connection, select

from hyperpanel.db.schema import metadata
from tests.support.staged import Stage

KEPT_BY_AI = frozenset({"ai_answers", "ai_calls", "ai_scores", "ai_reports", "ai_report_panels", "ai_report_services"})
"""Tables in which what was asked and answered is kept. The settings, providers and prompts of AI are not among them."""

HEXES = re.compile(r"\b[0-9a-f]{16,64}\b")
DIGITS = re.compile(r"\d+")
WORDS = re.compile(r"zq[a-j]{4}qz")
"""One for each thing that a test made, as `name` makes them."""


async def digests(stage: Stage) -> dict[str, str]:
    """Of every other table, row by row."""

    def read(connection: Connection) -> dict[str, str]:
        found = {}
        for table in metadata.sorted_tables:
            if table.name not in KEPT_BY_AI:
                asked = select(table).execution_options(scoped=True)
                rows = sorted(repr(tuple(row)) for row in connection.execute(asked))
                found[table.name] = hashlib.sha256("\n".join(rows).encode(errors="surrogatepass")).hexdigest()
        return found

    return await stage.database.read(read)


def name(at: int) -> str:
    """A word of its own for each thing, so that it is known wherever it turns up."""
    return "zq" + "".join(chr(97 + int(digit)) for digit in f"{at:04}") + "qz"


class Shape(HTMLParser):
    """How a page is built: its elements, their attributes, and where they lead. Numbers, digests and names are all alike, so that pages of two
    tickets can be held against each other."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.values: list[str] = []
        self.addresses: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        for name, value in attrs:
            self.attributes.add(f"{tag} {name}")
            self.values.append(value or "")
            if name in ("href", "src", "action", "formaction", "srcset", "poster", "data", "content"):
                self.addresses.add(alike(value or ""))


def alike(text: str) -> str:
    return DIGITS.sub("N", HEXES.sub("H", WORDS.sub("W", text)))


REACHED: set[tuple[Any, ...]] = set()
HOOKED: list[bool] = []


@contextmanager
def reaching() -> Iterator[set[tuple[Any, ...]]]:
    """Every address that Python's sockets connect to meanwhile. A hook stays for good, so there is one."""
    if not HOOKED:
        HOOKED.append(True)
        sys.addaudithook(heard)
    REACHED.clear()
    yield REACHED


def heard(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(args[1], tuple):
        REACHED.add(args[1][:2])


@contextmanager
def canary() -> Iterator[tuple[str, list[str]]]:
    """An address at which somebody listens, and whoever came."""
    came = list[str]()
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=wait, args=(door, came), name="canary", daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/c", came


def wait(door: socket.socket, came: list[str]) -> None:
    while True:
        try:
            visitor, address = door.accept()
        except OSError:
            return
        came.append(str(address))
        visitor.close()
