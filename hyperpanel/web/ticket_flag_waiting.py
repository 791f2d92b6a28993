"""Flags that somebody disputes and nobody has decided, whenever their replies were written, and whatever became of these since."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection

from hyperpanel.db import disputes
from hyperpanel.db.disputes import Dispute, Reply
from hyperpanel.db.scope import Scope
from reports.ticket_staff import FLAGS, MESSAGE, folded

UNKNOWN: dict[str, Any] = {
    "place": None,
    "length": None,
    "gap": None,
    "follow_ups": None,
    **dict.fromkeys(FLAGS, False),
}


@dataclass(frozen=True)
class Waiting:
    """`disputes`: a page of `height`; `replies`: those that they are on, as far as they are held."""

    disputes: Sequence[Dispute]
    replies: Sequence[Reply]
    height: int


def look(connection: Connection, scope: Scope, name: str | None, skipped: int, most: int) -> Waiting:
    """`name`: of the one whose replies alone are wanted, folded."""
    everybody = disputes.names_waiting(connection, scope) if name is not None else []
    names = None if name is None else [one for one in everybody if folded(one) == name]
    found = disputes.waiting(connection, scope, names, skipped, most)
    wanted = {(one.panel_id, one.ticket_id, one.message_id) for one in found}
    there = disputes.replies(connection, scope, sorted({key[:2] for key in wanted}))
    replies = [one for one in there if (one.panel_id, one.ticket_id, one.id) in wanted]
    return Waiting(found, replies, disputes.count_waiting(connection, scope, names))


def rows(found: Waiting, figures: pl.DataFrame) -> list[dict[str, Any]]:
    """A row for each reply, with its figures where there are some. The flag that is disputed is shown, even if the reply has lost it since."""
    told = {tuple(row[name] for name in MESSAGE): row for row in figures.iter_rows(named=True)}
    held = {(one.panel_id, one.ticket_id, one.id): one for one in found.replies}
    made: dict[tuple[int, str, str], dict[str, Any]] = {}
    for one in found.disputes:
        key = (one.panel_id, one.ticket_id, one.message_id)
        named = {**dict(zip(MESSAGE, key, strict=True)), "sender": one.staff}
        if key in held:
            named["place"] = held[key].place
        row = made.setdefault(key, {**UNKNOWN, **told.get(key, {}), **named})
        row[one.flag] = True
    return list(made.values())
