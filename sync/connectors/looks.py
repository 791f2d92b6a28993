"""A look at a panel (“test connection”): everything that a person would have to set right, each thing in its own words.

What keeps a panel from being read, and a setting that it contradicts, is wrong; the rest is a note. A clock that is off or a slow server
is not in the hands of whoever attaches a panel, and reading copes with both.
"""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from sync.connectors import skews
from sync.connectors.base import Access, Connector, Detail, Looking, Probe
from sync.connectors.sights import FEW, Row, Seen, Took, see
from sync.verdicts import Trouble

ABOUT = {
    **dict.fromkeys(("tls", "tls_expired", "tls_unknown", "tls_host"), "tls"),
    "auth": "key",
    **dict.fromkeys(("forbidden", "refused"), "rights"),
    "html": "challenge",
    **dict.fromkeys(("timeout", "too_large", "too_many", "cut", "rate", "waiting"), "speed"),
}
"""What a trouble is about; any other is about the address, or about what answers there."""

IN_A_LOOK = {
    "timeout": "no_answer",
    "cut": "broken_off",
    "server": "own_fault",
    "rate": "too_fast",
    "waiting": "too_soon",
    "refused": "refuses",
}
"""Reading tries these again by itself, and its words say so; a look does not."""

APIS = ("adminapi", "api")
SLOW, SLOW_PAGE = 2.0, 10.0
MOST_NAMES, LONGEST_NAME = 12, 60
CURRENCIES = {"orders": "charge_currency", "users": "balance_currency", "payments": "amount_currency"}


async def look(connector: Connector, access: Access, looking: Looking) -> list[Probe]:
    """What was found, in the order of sync.connectors.sentences.ABOUT but for what ended the look, which comes last."""
    path = urlsplit(access.url).path
    if any(step in APIS for step in path.lower().split("/")):
        return [api_path(access, path)]
    seen = await see(connector, access, looking)
    return [hidden(probe, access) for probe in told(seen)]


def told(seen: Seen) -> Iterator[Probe]:
    if seen.clocks:
        yield from door(seen)
        yield from rights(seen)
        yield from readable(seen)
        yield from skews.clock(seen)
        yield from currency(seen)
        yield from staff(seen)
        yield from second_key(seen)
        yield from speed(seen)
    if seen.ended is not None:
        yield of(seen.ended)


def of(trouble: Trouble, about: str = "") -> Probe:
    code = IN_A_LOOK.get(trouble.code, trouble.code)
    return Probe(about or ABOUT.get(trouble.code, "address"), "wrong", code, trouble.details)


def hidden(probe: Probe, access: Access) -> Probe:
    """Some upstreams repeat in their refusal the key that they refuse."""
    keys = [key for key in (access.admin_key, access.services_key) if key]
    details = {name: without(value, keys) for name, value in probe.details.items()}
    return Probe(probe.about, probe.level, probe.code, details)


def without(value: Any, keys: Sequence[str]) -> Any:
    if isinstance(value, tuple):
        return tuple(without(one, keys) for one in value)
    for key in keys if isinstance(value, str) else ():
        value = value.replace(key, "…")
    return value


def api_path(access: Access, path: str) -> Probe:
    """Everything from the first step that is an API's goes, and an `/admin` before it."""
    steps = path.strip("/").split("/")
    first = next(at for at, step in enumerate(steps) if step.lower() in APIS)
    first -= first > 0 and steps[first - 1].lower() == "admin"
    kept = "".join(f"/{step}" for step in steps[:first])
    cut = "".join(f"/{step}" for step in steps[first:])
    url = urlsplit(access.url)._replace(path=kept).geturl()
    return Probe("address", "wrong", "api_path", {"panel": access.panel, "path": cut, "url": url})


def door(seen: Seen) -> Iterator[Probe]:
    panel = {"panel": seen.access.panel}
    yield Probe("address", "ok", "answers", {**panel, "host": urlsplit(seen.access.url).netloc})
    if seen.access.url.startswith("https:"):
        yield Probe("tls", "ok", "tls_ok", panel)
    yield Probe("key", "ok", "key_ok", panel)


def rights(seen: Seen) -> Iterator[Probe]:
    """Everything refused in one sentence, but for lists that are not there at all."""
    panel = {"panel": seen.access.panel}
    absent = tuple(stream for stream, trouble in seen.refused.items() if trouble.code == "not_found")
    refused = {stream: trouble for stream, trouble in seen.refused.items() if stream not in absent}
    if refused:
        reason = next(iter(refused.values()))
        detail = str(reason.details.get("detail", "error 401"))
        yield Probe("rights", "wrong", "rights", {**panel, "streams": tuple(refused), "detail": detail})
    if absent:
        yield Probe("rights", "wrong", "no_list", {**panel, "streams": absent})
    if not seen.refused and seen.ended is None:
        yield Probe("rights", "ok", "rights_ok", {**panel, "streams": tuple(FEW)})


def readable(seen: Seen) -> Iterator[Probe]:
    """One odd record is set aside by itself; where no record of a stream can be read, its format is another one."""
    for stream, reasons in seen.unread.items():
        if not reasons:
            continue
        detail = f"{stream}, {reasons[0]}"
        if seen.of(stream):
            yield Probe("address", "note", "unreadable", {"detail": detail})
        else:
            yield Probe("address", "wrong", "shape", {"panel": seen.access.panel, "detail": detail})


def currency(seen: Seen) -> Iterator[Probe]:
    """An amount that names no currency is in the panel's, whatever that is set to: it proves nothing."""
    named = [(row, code) for row in seen.rows if (code := code_of(row))]
    ours = seen.access.currency
    others = [(row.stream, code) for row, code in named if code.upper() != ours.upper()]
    said = {"panel": seen.access.panel, "currency": ours}
    if others:
        streams, codes = (tuple(dict.fromkeys(column)) for column in zip(*others, strict=True))
        yield Probe("currency", "wrong", "currency", {**said, "streams": streams, "found": codes})
    elif named:
        yield Probe("currency", "ok", "currency_ok", said)


def code_of(row: Row) -> str | None:
    return getattr(row.record, CURRENCIES.get(row.stream, ""), None) if b"currency_code" in bytes(row.raw) else None


def staff(seen: Seen) -> Iterator[Probe]:
    """Only some of them write in the few tickets that are looked at: who does not occur is told, and is no fault."""
    here, there = seen.looking.staff, tuple(name[:LONGEST_NAME] for name in list(seen.staff)[:MOST_NAMES])
    if not here or not there:
        return
    strange = tuple(name for name in there if name not in here)
    unseen = tuple(sorted(here - set(there)))
    panel = {"panel": seen.access.panel}
    if not strange:
        yield Probe("staff", "ok", "staff_ok", {**panel, "names": there})
        return
    yield Probe("staff", "note", "staff_strange", {**panel, "names": strange})
    if unseen:
        yield Probe("staff", "note", "staff_unseen", {**panel, "names": unseen})


def second_key(seen: Seen) -> Iterator[Probe]:
    panel = {"panel": seen.access.panel}
    match seen.services:
        case None if seen.access.services_key is None:
            yield Probe("second_key", "note", "no_services_key", panel)
        case Trouble(code="auth"):
            yield Probe("second_key", "wrong", "services_auth", panel)
        case Trouble() as trouble:
            yield of(trouble, "second_key")
        case int(count):
            yield Probe("second_key", "ok", "services_ok", {**panel, "services": count})


def speed(seen: Seen) -> Iterator[Probe]:
    panel, usual = {"panel": seen.access.panel}, median(seen.seconds)
    match seen.page:
        case Trouble(code="timeout") as late:
            asked: dict[str, Detail] = {"records": seen.looking.per_fetch, "seconds": late.details["seconds"]}
            yield Probe("speed", "wrong", "page_timeout", {**panel, **asked})
        case Trouble() as trouble:
            yield of(trouble, "speed")
        case Took(seconds, records) if seconds > SLOW_PAGE:
            yield Probe("speed", "note", "slow_page", {**panel, "seconds": rounded(seconds), "records": records})
        case _ if usual > SLOW:
            yield Probe("speed", "note", "slow", {**panel, "seconds": rounded(usual)})
        case _ if seen.ended is None:
            yield Probe("speed", "ok", "speed_ok", {**panel, "seconds": rounded(usual)})


def rounded(seconds: float) -> str:
    return f"{max(seconds, 0.1):.1f}" if seconds < 10 else f"{seconds:.0f}"
