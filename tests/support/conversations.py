"""A ticket's conversation as the store would have written it: messages, what they said before, and for which state of the ticket it was read."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
from sqlalchemy import insert

from hyperpanel.db.schema import message_versions, messages, orders, payments, threads, tickets, users
from tests.support import records
from tests.support.staged import NOON, PANELS, Stage, mirrored

HERE = "/tickets/eu-1/255"
TABLES = {
    "tickets": tickets,
    "messages": messages,
    "versions": message_versions,
    "threads": threads,
    "users": users,
    "orders": orders,
    "payments": payments,
}

SEEN = {"observed": 1, "digest": 0, "fields": 0, "first_seen_at": NOON, "seen_at": NOON}


def said(
    place: int = 1, body: str = "<p>hello</p>", ticket: str = "255", panel: str = "eu-1", **changes: Any
) -> dict[str, Any]:
    """The later its place, the later it was written."""
    gone = {"gone_at": changes.pop("gone_at", None)}
    given = {"created_at": NOON - timedelta(hours=8) + timedelta(minutes=place), **changes}
    record = msgspec.structs.asdict(records.message(body, **given))
    return {
        "panel_id": PANELS[panel],
        "ticket_id": ticket,
        "id": f"{place:032x}",
        "place": place,
        **record,
        **SEEN,
        **gone,
    }


def edited(place: int, body: str, ticket: str = "255", panel: str = "eu-1", number: int = 9) -> dict[str, Any]:
    """What the message in this place said before."""
    bounds = {"not_before": NOON - timedelta(hours=2), "not_after": NOON - timedelta(hours=1)}
    name = {"panel_id": PANELS[panel], "ticket_id": ticket, "message_id": f"{place:032x}", "number": number}
    return {**name, "body": body, "files": None, **bounds}


def heard(
    read_for: int | None, ticket: str = "255", panel: str = "eu-1", messages: int = 1, **changes: Any
) -> dict[str, Any]:
    """The thread was read for the state of its ticket whose `fields` these are."""
    name = {"panel_id": PANELS[panel], "ticket_id": ticket, "read_for": read_for, "digest": 0, "observed": 1}
    return {**name, "read_at": NOON - timedelta(minutes=3), "messages": messages, "retry_at": None, **changes}


def ticket(id: str = "255", panel: str = "eu-1", **changes: Any) -> dict[str, Any]:
    return mirrored("tickets", id, panel, **changes)


async def filled(stage: Stage, **rows: list[dict[str, Any]]) -> None:
    for name, some in rows.items():
        async with stage.database.write() as connection:
            await connection.execute(insert(TABLES[name]), some)


def plain(answer: httpx2.Response) -> str:
    """What can be read of a page, in one line."""
    main = answer.text.partition('<main id="main"')[2] or answer.text
    text = re.sub(r"<[^>]+>", " ", main.partition("<dialog")[0])
    return re.sub(r" ([;,.])", r"\1", " ".join(text.split()))
