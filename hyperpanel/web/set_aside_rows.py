"""A record that was set aside, as a row and in full. All of it is an upstream's: text, made safe to look at."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from hyperpanel.db import aside
from hyperpanel.db.set_aside import BY_ID, NAMELESS, Line
from hyperpanel.errors import Unusable
from hyperpanel.web import ages
from hyperpanel.web.addresses import Address
from hyperpanel.web.set_aside_pages import HERE
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

LONGEST_REASON, LONGEST_VALUE = 600, 2000


@dataclass(frozen=True)
class AsideRow:
    """Where something can be done with it: None for what is not to be done by this person, or not now."""

    element: str
    panel: str
    stream: str
    stream_label: str
    id: str
    reason: str
    first_at: datetime
    at: datetime
    dismissed_at: datetime | None
    dismissed_by: str | None
    href: str
    retry_href: str | None
    dismiss_href: str | None
    restore_href: str | None


@dataclass(frozen=True)
class Value:
    name: str
    text: str


@dataclass(frozen=True)
class Values:
    """What was kept of a record, or the sentence that says why nothing is shown."""

    values: Sequence[Value]
    told: str


def aside_row(visit: Visit, panel: str, line: Line) -> AsideRow:
    query = (("panel", panel), ("stream", line.stream), ("record", line.record_id))
    may, is_dismissed = visit.may("set_aside:decide"), line.dismissed_at is not None

    def act(verb: str, applies: bool) -> str | None:
        return str(Address(f"{HERE}/{verb}", query)) if may and applies else None

    return AsideRow(
        element=f"{panel}-{line.stream}-{line.record_id}",
        panel=panel,
        stream=line.stream,
        stream_label=ages.stream_label(visit, line.stream),
        id=shown(line.record_id) or "",
        reason=shown(line.reason, LONGEST_REASON) or "",
        first_at=line.first_at,
        at=line.at,
        dismissed_at=line.dismissed_at,
        dismissed_by=shown(line.dismissed_by),
        href=str(Address(f"{HERE}/record", query)),
        retry_href=act("retry", not is_dismissed and not is_nameless(line)),
        dismiss_href=act("dismiss", not is_dismissed),
        restore_href=act("restore", is_dismissed),
    )


def is_nameless(line: Line) -> bool:
    """Its stream is asked by id, and it has none that could be read."""
    return line.stream in BY_ID and line.record_id.startswith(NAMELESS)


def order_href(panel: str, order_id: str) -> str:
    return f"/orders/{quote(panel, safe='')}/{quote(order_id, safe='')}"


def values(visit: Visit, line: Line, sealed: bytes | None) -> Values:
    """Opened for those alone who decide about it."""
    if not visit.may("set_aside:decide"):
        return Values((), visit.say("Its values are shown to those who decide about it."))
    if sealed is None:
        return Values((), visit.say("None of its values was kept: it did not come in a form that tells them apart."))
    try:
        text = visit.console.vault.open(sealed, aside.place(line.panel_id, line.stream, line.record_id))
    except Unusable:
        return Values((), visit.say("Its values were sealed with another master key and cannot be opened."))
    return Values(told_apart(text), "")


def told_apart(text: str) -> list[Value]:
    """Each whitelisted field as it came; a lone text where it is no JSON object."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return [Value("", shown(text, LONGEST_VALUE) or "")]
    return [Value(shown(name) or "", shown(written(value), LONGEST_VALUE) or "") for name, value in found.items()]


def written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
