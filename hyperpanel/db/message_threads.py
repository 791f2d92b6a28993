"""A ticket's messages as one answer: the last ones whole, and how many stand before them. Very long bodies are cut, since one can be a
megabyte."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Text, bindparam, func

from hyperpanel.db.messages import LONGEST
from hyperpanel.db.schema import messages
from hyperpanel.db.scope import Scope


@dataclass(frozen=True)
class Told:
    """`size`: characters of the whole body, of which `body` is the beginning."""

    sender: str | None
    is_staff: bool
    is_unread: bool | None
    body: str
    size: int
    files: str | None
    created_at: datetime | None


@dataclass(frozen=True)
class Thread:
    """The oldest first; `before`: how many earlier ones there are."""

    messages: Sequence[Told]
    before: int


def last(connection: Connection, scope: Scope, panel_id: int, ticket_id: str, most: int) -> Thread:
    values = {"panel": panel_id, "ticket": ticket_id, "rows": most}
    found = [Told(*row) for row in connection.execute(telling(scope), values)][::-1]
    if len(found) < most:
        return Thread(found, 0)
    return Thread(found, int(connection.execute(counting(scope), values).scalar_one()) - most)


@lru_cache(maxsize=256)
def telling(scope: Scope) -> Select[Any]:
    m = messages.c
    told = (
        m.sender,
        m.is_staff,
        m.is_unread,
        func.substr(m.body, 1, LONGEST),
        func.length(m.body),
        m.files,
        m.created_at,
    )
    return mine(scope.select(*told)).order_by(m.place.desc(), m.id.desc()).limit(bindparam("rows"))


@lru_cache(maxsize=256)
def counting(scope: Scope) -> Select[Any]:
    return mine(scope.select(func.count(messages.c.id)))


def mine(asked: Select[Any]) -> Select[Any]:
    m = messages.c
    return asked.where(
        m.panel_id == bindparam("panel"), m.ticket_id == bindparam("ticket", type_=Text), m.gone_at.is_(None)
    )
