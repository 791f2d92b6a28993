"""Records as they are now, for whoever follows their changes: written by the very functions that write lists and details."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table

from hyperpanel.api import orders, payments, services, tickets, users
from hyperpanel.api.callers import Caller
from hyperpanel.api.mirrored import Kind, View, view
from hyperpanel.api.wording import number
from hyperpanel.client import following
from hyperpanel.client.following import AnyChange, MessagesChange, Thread
from hyperpanel.db.changes import Item

ERASED = "erased"
OF_THE_TICKET = "ticket"
KINDS: Mapping[str, tuple[Kind[Any], type[Any]]] = {
    "orders": (orders.KIND, following.OrderChange),
    "users": (users.KIND, following.UserChange),
    "payments": (payments.KIND, following.PaymentChange),
    "tickets": (tickets.KIND, following.TicketChange),
    "services": (services.KIND, following.ServiceChange),
}
Asked = Mapping[Item, datetime]


def of(connection: Connection, caller: Caller, items: Asked) -> list[AnyChange]:
    """In the order in which they were asked for. The items are the caller's own, by panel and by stream."""
    made: dict[Item, AnyChange] = {}
    for stream in dict.fromkeys(item.stream for item in items):
        mine = {item: at for item, at in items.items() if item.stream == stream}
        make = of_threads if stream == "messages" else of_rows
        seen = view(connection, caller, sorted({item.panel_id for item in mine}), in_table(stream))
        made.update(make(connection, caller, seen, mine))
    return [made[item] for item in items]


def in_table(stream: str) -> str:
    """Messages have no ids of their own: whether they are there goes by their ticket."""
    return "tickets" if stream == "messages" else stream


def of_rows(connection: Connection, caller: Caller, seen: View, items: Asked) -> Iterator[tuple[Item, AnyChange]]:
    kind, change = KINDS[next(iter(items)).stream]
    held = {
        (row[0], row[1]): row[2:] for row in rows(connection, caller, kind.listing.table, kind.listing.columns, items)
    }
    there = {key: kind.listing.line(*row[2:]) for key, row in held.items() if row[0] is None}
    records = dict(zip(there, written(connection, caller, seen, kind, list(there.values())), strict=True))
    for item, at in items.items():
        key = (item.panel_id, item.id)
        named = {"panel": seen.names[item.panel_id], "id": number(item.id), "at": at, "record": records.get(key)}
        gone_at, why = held.get(key, (None, ERASED))[:2]
        yield item, change(**named) if key in there else change(**named, gone=True, gone_at=gone_at, why=why)


def written(connection: Connection, caller: Caller, seen: View, kind: Kind[Any], lines: Sequence[Any]) -> Sequence[Any]:
    if kind is services.KIND:
        return services.written(connection, caller, seen, lines)
    return [kind.row(seen, line) for line in lines]


def of_threads(connection: Connection, caller: Caller, seen: View, items: Asked) -> Iterator[tuple[Item, AnyChange]]:
    held = {(row[0], row[1]): row[2:] for row in rows(connection, caller, tickets.KIND.listing.table, (), items)}
    for item, at in items.items():
        gone_at, why = held.get((item.panel_id, item.id), (None, ERASED))
        is_gone = gone_at is not None or why == ERASED
        one = None if is_gone else tickets.detail(connection, caller, seen, item.panel_id, item.id)
        told = Thread(one.messages, one.messages_before, one.messages_as_of) if one else None
        reason = why if why == ERASED or not is_gone else OF_THE_TICKET
        named: dict[str, Any] = {"panel": seen.names[item.panel_id], "id": number(item.id), "at": at}
        yield item, MessagesChange(**named, gone=told is None, gone_at=gone_at, why=reason, record=told)


def rows(
    connection: Connection, caller: Caller, table: Table, columns: Sequence[Any], items: Asked
) -> Iterator[tuple[Any, ...]]:
    """Each with its panel and id, and when and why it was gone, in front."""
    for panel_id in sorted({item.panel_id for item in items}):
        ids = [item.id for item in items if item.panel_id == panel_id]
        told = caller.scope.select(table.c.panel_id, table.c.id, table.c.gone_at, table.c.gone_why, *columns)
        yield from map(tuple, connection.execute(told.where(table.c.panel_id == panel_id, table.c.id.in_(ids))))
