"""The panels of another hyperpanel made panels of ours: which there are, which of them are here, and how they share the calls of one key.

A console limits its key, and here each panel is paced by itself: so their rates may not add up to more than that key allows.
"""

import math
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import Connection

from hyperpanel.db import api_keys
from hyperpanel.db.panels import Panel, folded
from hyperpanel.errors import BadInput
from hyperpanel.support import wanted
from hyperpanel.support.api_secrets import id_of
from hyperpanel.support.wanted import CONSOLE, FASTEST, N_, SLOWEST
from sync import http
from sync.connectors import consoles
from sync.connectors.consoles import BELOW, Console, Line, base

MOST_EACH = 4.0
"""Calls a second of one panel: as of any other, however much its key allows."""

FREE = N_("A panel of this name is there already.")
OWN_KEY = N_("This key is one of this console’s own: it would read itself. Enter a key of another console.")
NONE_CHOSEN = N_("No panel is ticked. Tick at least one, then add.")
TOO_MANY = N_(
    "The key allows {per_minute} calls a minute; {taken} of them are given to panels that are read with it, and {count} more need at least "
    "{needed}. Have more allowed on that console, or choose fewer panels."
)


@dataclass(frozen=True)
class Found:
    """A panel of the console; `ours`: the name that it would have here; `is_here`: it is read already."""

    line: Line
    url: str
    ours: str
    is_here: bool


def refuse_own(connection: Connection, key: str) -> None:
    """Raises BadInput for a key that was made here. That two consoles read each other, only a look can suspect."""
    key_id = id_of(key)
    if key_id is not None and api_keys.held(connection, key_id) is not None:
        raise BadInput(OWN_KEY, "admin_key")


async def nothing() -> None:
    """Three calls, before anything is read from there, need no pace."""


async def asked(url: str, key: str, private: bool, before_call: Callable[[], Awaitable[object]] = nothing) -> Console:
    """Raises Trouble. At the address of one of its panels a console tells of that one alone."""
    client = http.new_client(private)
    try:
        return await consoles.told(client, url, key, before_call)
    finally:
        await client.aclose()


def found(console: Console, name: str, url: str, known: Sequence[Panel]) -> list[Found]:
    """One panel gets the name that was typed, of several each its own behind it."""
    here = {panel.url.casefold() for panel in known if panel.kind == CONSOLE}
    is_one, top = len(console.lines) == 1, base(url)
    return [
        Found(line, at := address(top, line.name), name if is_one else f"{name}-{line.name}", at.casefold() in here)
        for line in console.lines
    ]


def address(top: str, name: str) -> str:
    return f"{top}{BELOW}{quote(name, safe='')}"


def chosen(all_found: Sequence[Found], only: Collection[str]) -> list[Found]:
    """All that are not here yet, or those that are named. Raises BadInput for a name that the console does not have."""
    wanted_names = {folded(name) for name in only}
    for name in only:
        if folded(name) not in {folded(one.line.name) for one in all_found}:
            there = ", ".join(one.line.name for one in all_found) or "-"
            raise BadInput(N_("The console has no panel {name}. It has: {there}."), "only", name=name[:40], there=there)
    return [one for one in all_found if not one.is_here and (not only or folded(one.line.name) in wanted_names)]


def panels(some: Sequence[Found], rate: float, private: bool, group: str | None, known: Sequence[Panel]) -> list[Panel]:
    """As they would be stored. Raises BadInput for a name that cannot be one of ours, or that is taken."""
    taken = {folded(panel.name) for panel in known}
    made = [panel(one, rate, private, group) for one in some]
    for each in made:
        if folded(each.name) in taken:
            raise BadInput(FREE, "name")
    return made


def panel(one: Found, rate: float, private: bool, group: str | None) -> Panel:
    zone, currency = wanted.zone(one.line.time_zone), wanted.currency_code(one.line.currency)
    return Panel(0, wanted.named(one.ours), CONSOLE, one.url, currency, zone, rate, private, group)


def rate(per_minute: int, url: str, count: int, known: Sequence[Panel], most: float = MOST_EACH) -> float:
    """Calls a second of each of `count` new ones: what the others leave, shared alike. Raises BadInput where that is too little to read by."""
    mine = base(url) + BELOW
    taken = sum(panel.rate for panel in known if panel.kind == CONSOLE and panel.url.startswith(mine))
    share = math.floor((per_minute / 60 - taken) / max(count, 1) * 100) / 100
    if share < SLOWEST:
        needed, given = math.ceil(count * SLOWEST * 60), math.ceil(taken * 60)
        raise BadInput(TOO_MANY, "only", per_minute=per_minute, taken=given, count=count, needed=needed)
    return min(share, most, FASTEST)


def alone(console: Console) -> float:
    """Calls a second for a look before anything is read."""
    return max(SLOWEST, min(MOST_EACH, console.own.per_minute / 60))
