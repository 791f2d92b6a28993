"""A ticket's messages, a page at a time from its end. Bodies come cut: one message can be a megabyte, and a customer may write a hundred."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, Text, and_, bindparam, case, func, or_, select

from hyperpanel.db.schema import message_versions, messages
from hyperpanel.db.scope import Scope

PAGE = 100
LONGEST = 65_536
"""Characters of one body, unless it is asked for whole."""

LONGEST_VERSION = 16_384
LONGEST_NEAR = 4_096
MOST_VERSIONS = 100


@dataclass(frozen=True)
class Place:
    """Where in its thread a message stands; two can have one number when one of them is gone."""

    number: int
    id: str


@dataclass(frozen=True)
class Message:
    """`size`: characters of the whole body, of which `body` is the beginning."""

    id: str
    place: int
    sender: str | None
    is_staff: bool
    body: str
    size: int
    files: str | None
    created_at: datetime | None
    first_seen_at: datetime
    gone_at: datetime | None

    @property
    def is_cut(self) -> bool:
        return self.size > len(self.body)


@dataclass(frozen=True)
class Version:
    """What a message said before, until some time after `not_before` and no later than `not_after`."""

    message_id: str
    body: str
    size: int
    not_before: datetime
    not_after: datetime


def page(
    connection: Connection, scope: Scope, panel_id: int, ticket_id: str, before: Place | None, whole: str, limit: int
) -> list[Message]:
    """The last ones, oldest first; `before` leads to earlier ones. `whole` is the message whose body is not cut."""
    values: dict[str, Any] = {"panel": panel_id, "ticket": ticket_id, "whole": whole, "rows": limit}
    if before:
        values |= {"number": before.number, "id": before.id}
    rows = connection.execute(asked(scope, before is not None), values)
    return [Message(*row) for row in rows][::-1]


@lru_cache(maxsize=256)
def asked(scope: Scope, is_bounded: bool) -> Select[Any]:
    """First which ones, then their bodies: no body is read only to be sorted away."""
    m = messages.c
    mine = and_(m.panel_id == bindparam("panel"), m.ticket_id == text("ticket"))
    keys = scope.select(m.id).where(mine)
    if is_bounded:
        number: BindParameter[int] = bindparam("number")
        keys = keys.where(or_(m.place < number, and_(m.place == number, m.id < text("id"))))
    keys = keys.order_by(m.place.desc(), m.id.desc()).limit(bindparam("rows"))
    body = case((m.id == text("whole"), m.body), else_=func.substr(m.body, 1, LONGEST))
    columns = (
        m.id,
        m.place,
        m.sender,
        m.is_staff,
        body,
        func.length(m.body),
        m.files,
        m.created_at,
        m.first_seen_at,
        m.gone_at,
    )
    found = scope.select(*columns).where(mine, m.id.in_(select(keys.subquery().c.id)))
    return found.order_by(m.place.desc(), m.id.desc())


def one(connection: Connection, scope: Scope, panel_id: int, ticket_id: str, message_id: str) -> Message | None:
    """As it comes on a page: cut where it is long."""
    m = messages.c
    body = func.substr(m.body, 1, LONGEST)
    told = (m.id, m.place, m.sender, m.is_staff, body, func.length(m.body), m.files)
    asked = scope.select(*told, m.created_at, m.first_seen_at, m.gone_at)
    row = connection.execute(
        asked.where(m.panel_id == panel_id, m.ticket_id == ticket_id, m.id == message_id)
    ).one_or_none()
    return Message(*row) if row else None


def around(
    connection: Connection, scope: Scope, spots: Sequence[tuple[int, str, int]], before: int, after: int
) -> dict[tuple[int, str], list[Message]]:
    """By panel and ticket: what stands around these places (panel, ticket, number in its thread), in order, each body's beginning."""
    if not spots:
        return {}
    m, found = messages.c, dict[tuple[int, str], list[Message]]()
    near = [
        and_(m.panel_id == panel_id, m.ticket_id == ticket_id, m.place.between(place - before, place + after))
        for panel_id, ticket_id, place in spots
    ]
    body = func.substr(m.body, 1, LONGEST_NEAR)
    columns = (
        m.id,
        m.place,
        m.sender,
        m.is_staff,
        body,
        func.length(m.body),
        m.files,
        m.created_at,
        m.first_seen_at,
        m.gone_at,
    )
    asked = scope.select(m.panel_id, m.ticket_id, *columns).where(or_(*near))
    for panel_id, ticket_id, *values in connection.execute(asked.order_by(m.place, m.id)):
        found.setdefault((panel_id, ticket_id), []).append(Message(*values))
    return found


def text(name: str) -> BindParameter[str]:
    return bindparam(name, type_=Text)


def versions(
    connection: Connection, scope: Scope, panel_id: int, ticket_id: str, message_ids: Sequence[str]
) -> list[Version]:
    """What these said before they were edited, newest first."""
    values = {"panel": panel_id, "ticket": ticket_id, "messages": message_ids, "most": MOST_VERSIONS}
    return [Version(*row) for row in connection.execute(earlier(scope), values)]


@lru_cache(maxsize=256)
def earlier(scope: Scope) -> Select[Any]:
    v = message_versions.c
    found = scope.select(
        v.message_id, func.substr(v.body, 1, LONGEST_VERSION), func.length(v.body), v.not_before, v.not_after
    ).where(
        v.panel_id == bindparam("panel"),
        v.ticket_id == text("ticket"),
        v.message_id.in_(bindparam("messages", expanding=True)),
    )
    return found.order_by(v.number.desc(), v.message_id).limit(bindparam("most"))
