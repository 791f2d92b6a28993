"""Addresses of the console's own pages: the state of a list is in its query, so every link is this address with
something changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

from litestar.connection import Request
from litestar_htmx import HTMXDetails

START = "/"
NOWHERE = SplitResult("", "", "", "", "")


@dataclass(frozen=True)
class Address:
    """A path with its query, in order."""

    path: str
    pairs: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.path}?{urlencode(self.pairs)}" if self.pairs else self.path

    def without(self, *names: str) -> "Address":
        return Address(self.path, tuple(pair for pair in self.pairs if pair[0] not in names))

    def without_pair(self, name: str, value: str) -> "Address":
        return Address(self.path, tuple(pair for pair in self.pairs if pair != (name, value)))

    def having(self, **values: str) -> "Address":
        return Address(self.path, (*self.without(*values).pairs, *values.items()))

    def only(self, names: Iterable[str], path: str = "") -> "Address":
        kept = frozenset(names)
        return Address(path or self.path, tuple(pair for pair in self.pairs if pair[0] in kept))


def address(path_and_query: str) -> Address:
    path, _, query = path_and_query.partition("?")
    return Address(path, tuple(parse_qsl(query)))


def parts(url: str) -> SplitResult:
    """Of an address that anybody may have written: empty where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return NOWHERE


def came_from(request: Request[Any, Any, Any]) -> str | None:
    """The page that htmx asks from, if it is one of this host; a proxy may have ended its https."""
    place = parts(HTMXDetails(request).current_url or "")
    if not place.path or place.netloc != request.headers.get("host"):
        return None
    return f"{place.path}?{place.query}" if place.query else place.path


def local(wanted: str) -> str:
    """Where to go on to: a path of this console, or its first page for anything that a browser could read as another
    place."""
    plain = unquote(unquote(wanted))
    is_path = wanted.startswith("/") and not plain.startswith(("//", "/\\")) and "\\" not in plain
    if (
        not is_path
        or not plain.isprintable()
        or len(wanted) > 2000
        or wanted.split("?", maxsplit=1)[0] in ("/sign-in", "/sign-out")
    ):
        return START
    return wanted
