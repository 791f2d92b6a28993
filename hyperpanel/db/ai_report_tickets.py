"""What a report on complaints reads of tickets: their subjects, and what their customers wrote first. Always of one panel."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, func

from hyperpanel.db.schema import messages, tickets
from hyperpanel.db.scope import Scope
from reports import plain_text

MOST_MESSAGES = 5
"""Of one ticket: some greet before they say what it is about."""

LONGEST_BODY = 4_096


@dataclass(frozen=True)
class Given:
    """`said`: the customer's first messages as they are read, one after another; empty where none is held."""

    id: str
    subject: str
    user: str
    said: str


def given(connection: Connection, scope: Scope, panel_id: int, ticket_ids: Collection[str]) -> list[Given]:
    """In the order that they are named in; without those that are gone."""
    t = tickets.c
    asked = scope.select(t.id, t.subject, t.user).where(
        t.panel_id == panel_id, t.id.in_(ticket_ids), t.gone_at.is_(None)
    )
    rows = {row.id: row for row in connection.execute(asked)}
    texts = written(connection, scope, panel_id, ticket_ids)
    return [
        Given(id, rows[id].subject or "", rows[id].user or "", " ".join(texts.get(id, ())))
        for id in ticket_ids
        if id in rows
    ]


def written(connection: Connection, scope: Scope, panel_id: int, ticket_ids: Collection[str]) -> dict[str, list[str]]:
    """By ticket, in order."""
    m = messages.c
    nth = func.row_number().over(partition_by=m.ticket_id, order_by=(m.place, m.id)).label("nth")
    body = func.substr(m.body, 1, LONGEST_BODY).label("body")
    said = scope.select(m.ticket_id, body, nth).where(
        m.panel_id == panel_id, m.ticket_id.in_(ticket_ids), m.is_staff.is_(False), m.gone_at.is_(None)
    )
    first = said.subquery()
    asked = scope.select(first.c.ticket_id, first.c.body).where(first.c.nth <= MOST_MESSAGES)
    rows = connection.execute(asked.order_by(first.c.ticket_id, first.c.nth)).all()
    plain = plain_text.plain(pl.Series([row.body for row in rows], dtype=pl.String)).to_list()
    found: dict[str, list[str]] = {}
    for row, text in zip(rows, plain, strict=True):
        found.setdefault(row.ticket_id, []).append(text)
    return found


def subjects(connection: Connection, scope: Scope, panel_id: int, ticket_ids: Collection[str]) -> dict[str, str]:
    """Of those that are still there."""
    t = tickets.c
    asked = scope.select(t.id, t.subject).where(t.panel_id == panel_id, t.id.in_(ticket_ids), t.gone_at.is_(None))
    return {row.id: row.subject or "" for row in connection.execute(asked)}
