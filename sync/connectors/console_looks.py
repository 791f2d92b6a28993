"""A look at a panel of another console: the look that any panel gets, and what only the console can tell: its settings, scopes and lag."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sync.connectors import consoles, looks
from sync.connectors.base import Access, Connector, Detail, Looking, Probe
from sync.connectors.consoles import Console, Line
from sync.verdicts import Trouble

LAGS = timedelta(minutes=10)
KIND = "hyperpanel"


async def look(connector: Connector, access: Access, looking: Looking, console: Console | Trouble) -> list[Probe]:
    """`console`: what it told of itself, or why it did not: then nothing more is asked."""
    if isinstance(console, Trouble):
        return [looks.hidden(looks.of(console.of(access.panel)), access)]
    if len(console.lines) != 1:
        return [of_many(access, console.lines)]
    found = await looks.look(connector, access, looking)
    own = told(access, console, console.lines[0], looking.clock.now())
    return [*(probe for probe in found if probe.code != "no_services_key"), *own]


def of_many(access: Access, lines: Sequence[Line]) -> Probe:
    names: dict[str, Detail] = {"names": tuple(line.name for line in lines[: looks.MOST_NAMES]), "url": access.url}
    return Probe("address", "wrong", "console_one", {"panel": access.panel, **names})


def told(access: Access, console: Console, line: Line, now: datetime) -> Iterator[Probe]:
    yield from settings(access, line)
    yield from scopes(access, console.own.scopes, line)
    yield from ages(access, line, now)
    if line.kind == KIND:
        yield Probe("address", "note", "console_chain", {"panel": access.panel})


def settings(access: Access, line: Line) -> Iterator[Probe]:
    """Amounts and times of a record that names neither are read by these."""
    panel = {"panel": access.panel}
    if line.currency != access.currency:
        yield Probe(
            "currency", "wrong", "console_currency", {**panel, "found": line.currency, "currency": access.currency}
        )
    if line.time_zone != access.zone.key:
        yield Probe("clock", "wrong", "console_zone", {**panel, "found": line.time_zone, "zone": access.zone.key})


def scopes(access: Access, held: Sequence[str], line: Line) -> Iterator[Probe]:
    """Those without which a list is refused are told by that."""
    panel = {"panel": access.panel}
    if consoles.PROVIDERS not in held:
        yield Probe("rights", "note", "console_providers", {**panel, "scope": consoles.PROVIDERS})
    if consoles.SCOPES["services"] not in held:
        yield Probe("rights", "note", "console_services", {**panel, "scope": consoles.SCOPES["services"]})
    elif all(one.stream != "services" for one in line.streams):
        yield Probe("rights", "note", "console_no_services", panel)


def ages(access: Access, line: Line, now: datetime) -> Iterator[Probe]:
    panel = {"panel": access.panel}
    read = {one.stream: now - one.as_of for one in line.streams if one.as_of is not None}
    unread = tuple(one.stream for one in line.streams if one.as_of is None)
    late = tuple(stream for stream, age in read.items() if age > LAGS)
    if unread:
        yield Probe("speed", "note", "console_unread", {**panel, "streams": unread})
    if late:
        yield Probe("speed", "note", "console_lag", {**panel, "streams": late, "minutes": minutes(max(read.values()))})
    if read and not late and not unread:
        yield Probe("speed", "ok", "console_ok", {**panel, "minutes": minutes(max(read.values()))})


def minutes(age: timedelta) -> int:
    return max(1, -int(-age.total_seconds() // 60))
