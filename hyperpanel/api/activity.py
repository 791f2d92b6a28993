"""The activity log: who did what, the newest first, of the panels that the key may see; secrets were never in it."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

from litestar import get
from litestar.params import QueryParameter
from sqlalchemy import Connection

from hyperpanel.api.callers import Caller, Calling
from hyperpanel.api.errors import BadAsk
from hyperpanel.api.listing import Asked, Asking, Page, reply
from hyperpanel.api.mirrored import since, until, words
from hyperpanel.api.parameters import CreatedFrom, CreatedTo
from hyperpanel.client.console import LogEntry
from hyperpanel.client.envelopes import Listed
from hyperpanel.db import activity
from hyperpanel.db.activity import Entry, Filters, Seen

LARGEST_ID = 2**63 - 1
By = Annotated[str, QueryParameter(max_length=200, description="Who acted: a username, or `key NAME`.")]
Actions = Annotated[
    str | None, QueryParameter(max_length=2000, description="What was done, with commas between, as rows have it.")
]
Part = Annotated[str, QueryParameter(max_length=200, description="Contained in the target or the details.")]
Address = Annotated[str, QueryParameter(max_length=60, description="What the IP address begins with.")]


@get("/activity", name="activity.index", opt={"scope": "activity:read"})
async def index(
    caller: Calling,
    asked: Asking,
    by: By = "",
    action: Actions = None,
    q: Part = "",
    address: Address = "",
    created_from: CreatedFrom = None,
    created_to: CreatedTo = None,
) -> Listed[LogEntry]:
    """Who did what, the newest first. A page may hold fewer rows than asked for, and yet lead on."""
    if asked.offset:
        raise BadAsk("offset: this list goes on by cursor alone.", ["offset"])
    filters = Filters(
        panels=seen(caller, asked),
        reader=f"key {caller.key.name}",
        actor=by or None,
        actions=words(action, "action"),
        since=next(iter(since(created_from)), None),
        until=next(iter(until(created_to)), None),
        text=q or None,
        address=address or None,
    )

    async def fetch(part: Asked) -> Page[LogEntry]:
        return await caller.read(lambda connection: page(connection, caller, part, filters))

    return await reply(asked, fetch)


def seen(caller: Caller, asked: Asked) -> Seen:
    """Rows of no panel, people's sign-ins among them, are for keys of all panels, until it is asked about some."""
    is_narrowed = any(name in ("panel", "group") and value for name, value in asked.pairs)
    is_whole = caller.scope.panel_ids is None and not is_narrowed
    return None if is_whole else frozenset(asked.panel_ids)


def page(connection: Connection, caller: Caller, asked: Asked, filters: Filters) -> Page[LogEntry]:
    found = activity.page(connection, filters, place(asked.cursor), asked.rows)
    names = {line.id: line.name for line in caller.panels.values()}
    onward = "" if found.further is None else str(found.further)
    is_all = not (asked.cursor or onward)
    return Page([told(entry, names) for entry in found.rows], onward, len(found.rows), is_all, caller.now)


def place(cursor: str) -> int | None:
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 20 and int(cursor) <= LARGEST_ID):
        raise BadAsk("cursor: it is damaged. Give the next_cursor of a page of this list.", ["cursor"])
    return int(cursor)


def told(entry: Entry, names: Mapping[int, str]) -> LogEntry:
    return LogEntry(
        id=entry.id,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        panel=None if entry.panel_id is None else names.get(entry.panel_id),
        target=entry.target,
        details=details(entry.details),
        address=entry.address,
        device=entry.device,
    )


def details(text: str) -> Mapping[str, Any]:
    """Each act wrote an object; whatever else somebody put there is told as it is."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = text
    return found if isinstance(found, dict) else {"text": text}
