"""What a panel truly has and what the cache holds of it, in one form, and every field in which they differ."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from hyperpanel.db.schema import MIRRORED, messages
from hyperpanel.db.scope import EVERYTHING
from sync.money import Money

Row = dict[str, Any]
Rows = dict[str, Row]
AMOUNTS = ("charge", "provider_charge", "amount", "balance", "spent")
TIMES = ("created_at", "last_update_at", "last_auth_at", "updated_at")
NOT_OF_THE_PANEL = {
    "observed",
    "digest",
    "fields",
    "first_seen_at",
    "seen_at",
    "gone_at",
    "gone_why",
    "status_raw",
    "panel_id",
}
REPEATED = 3600
STREAMS = ("orders", "users", "payments", "tickets")


def held(connection: Connection, panel_id: int, stream: str) -> Rows:
    """The live rows of a stream, written the way the truth writes them."""
    table = MIRRORED[stream]
    names = [column.name for column in table.c if column.name not in NOT_OF_THE_PANEL]
    asked = EVERYTHING.select(*(table.c[name] for name in names)).where(
        table.c.panel_id == panel_id, table.c.gone_at.is_(None)
    )
    rows = {row.id: FORMS[stream](dict(row._mapping)) for row in connection.execute(asked)}
    if stream == "tickets":
        for row in rows.values():
            row["messages"] = []
        for ticket, message in said(connection, panel_id):
            if ticket in rows:
                rows[ticket]["messages"].append(message)
        for row in rows.values():
            row["messages"] = in_time(row["messages"])
    return rows


def in_time(told: list[Row]) -> list[Row]:
    """Messages of one second have no order that a reader could know: which way the panel lists them shows only from other seconds. A clock
    without zone repeats an hour when summer time ends."""
    stamps = [message["created_timestamp"] for message in told]
    if any(later < earlier - REPEATED for earlier, later in pairwise(stamps)):
        raise AssertionError(f"messages out of their order: {stamps}")
    return sorted(told, key=lambda message: (message["created_timestamp"], message["sender_name"], message["body"]))


def said(connection: Connection, panel_id: int) -> list[tuple[str, Row]]:
    asked = EVERYTHING.select(messages).where(messages.c.panel_id == panel_id, messages.c.gone_at.is_(None))
    found = connection.execute(asked.order_by(messages.c.ticket_id, messages.c.place))
    return [
        (
            row.ticket_id,
            {
                "sender_name": row.sender,
                "is_staff": row.is_staff,
                "is_unread": row.is_unread,
                "body": row.body,
                "created_timestamp": stamp(row.created_at),
                "files": json.loads(row.files or "[]"),
            },
        )
        for row in found
    ]


def common(row: Row) -> Row:
    for name in TIMES:
        if name in row:
            row[f"{name.removesuffix('_at')}_timestamp"] = stamp(row.pop(name))
    for name in AMOUNTS:
        if row.get(name) is not None:
            row[name] = Money(row[name], row[f"{name}_currency"]).amount.normalize()
    return row


def user(row: Row) -> Row:
    row["currency"] = row["balance_currency"]
    rates = json.loads(row["custom_rates"] or "[]")
    row["custom_rates"] = [
        {
            "service_id": rate["service_id"],
            "service_name": rate["service_name"],
            "custom_rate": Decimal(rate["rate"]),
            "percent": rate["percent"],
        }
        for rate in rates
    ]
    return common(row)


def payment(row: Row) -> Row:
    row["currency"] = row["amount_currency"]
    return common(row)


FORMS: dict[str, Callable[[Row], Row]] = {"orders": common, "users": user, "payments": payment, "tickets": common}


def told(row: Row) -> Row:
    """The truth's own row, its amounts as numbers."""
    for name in AMOUNTS:
        if row.get(name) is not None:
            row[name] = Decimal(row[name]).normalize()
    for rate in row.get("custom_rates", ()):
        rate["custom_rate"] = Decimal(rate["custom_rate"])
    row.pop("order_ids", None)
    if "messages" in row:
        row["messages"] = in_time(row["messages"])
    return row


def stamp(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def differences(truth: Mapping[str, Row], cached: Mapping[str, Row]) -> list[str]:
    """Every field of every row that is not the same; empty where the cache is true."""
    found = [f"{key}: not held" for key in truth.keys() - cached.keys()] + [
        f"{key}: not there" for key in cached.keys() - truth.keys()
    ]
    for key in truth.keys() & cached.keys():
        found += [
            f"{key}.{name}: {cached[key][name]!r}, truly {value!r}"
            for name, value in truth[key].items()
            if cached[key][name] != value
        ]
    return found
