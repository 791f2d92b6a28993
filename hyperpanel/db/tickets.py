"""Tickets as people look through them, and one with how its thread stands. Its messages are in `messages`, who wrote it in `customers`."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, and_, bindparam, case, or_

from hyperpanel.db.lists import Listing, Sort
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import threads, tickets
from hyperpanel.db.scope import Scope
from hyperpanel.db.types import EPOCH
from sync.records import FINAL_TICKET

BY_USER = "ix_tickets_panel_id_user_created_at_id_gone_at"
BY_UPDATE = "ix_tickets_panel_id_last_update_at_id_gone_at"
OURS, THEIRS = ("open", "pending"), ("answered",)
"""Statuses in which a ticket waits for us, and for its customer. Who wrote last is not kept with the ticket: its status tells."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """A ticket as a list shows it; `panel_id` and `id` name it."""

    panel_id: int
    id: str
    user: str | None
    user_id: str | None
    subject: str | None
    status: str
    assignee: str | None
    is_read: bool | None
    created_at: datetime | None
    last_update_at: datetime | None


class Record(Line, frozen=True, gc=False):
    """All that its panel tells of one, but its messages."""

    status_raw: str


class Ticket(Record, frozen=True, gc=False):
    """All that is kept of one."""

    fields: int
    first_seen_at: datetime
    seen_at: datetime
    gone_at: datetime | None


@dataclass(frozen=True)
class Reading:
    """When a ticket's thread was last read, None where it never was, and the `fields` of the ticket that it was read for: None where it is to
    be read again."""

    read_for: int | None
    read_at: datetime | None


LISTING = Listing(
    table=tickets,
    line=Line,
    sorts={
        "updated": Sort(
            (tickets.c.last_update_at,),
            {
                "user": BY_USER,
                "status": "ix_tickets_panel_id_status_last_update_at_id_gone_at",
                "": BY_UPDATE,
            },
        ),
        "created": Sort(
            (tickets.c.created_at,),
            {"user": BY_USER, "": "ix_tickets_panel_id_created_at_id_gone_at"},
        ),
    },
    values={
        "user": tickets.c.user,
        "status": tickets.c.status,
        "assignee": tickets.c.assignee,
        "assigned": case((tickets.c.assignee.is_(None), "no"), else_="yes"),
        "read": case((tickets.c.is_read.is_(False), "no"), else_="yes"),
    },
    since={"created_from": tickets.c.created_at, "updated_from": tickets.c.last_update_at},
    until={"created_to": tickets.c.created_at, "updated_to": tickets.c.last_update_at},
    parts={"subject": (tickets.c.subject,)},
    numbers=((tickets.c.id, None),),
)

ASKED = replace(LISTING, line=Record)
"""Tickets as scripts ask for them."""


def one(connection: Connection, scope: Scope, panel_id: int, ticket_id: str) -> Ticket | None:
    asked = scope.select(*(tickets.c[name] for name in Ticket.__struct_fields__))
    row = connection.execute(asked.where(tickets.c.panel_id == panel_id, tickets.c.id == ticket_id)).one_or_none()
    return Ticket(*row) if row else None


def reading(connection: Connection, scope: Scope, panel_id: int, ticket_id: str) -> Reading | None:
    """None where its thread was never asked for."""
    asked = scope.select(threads.c.read_for, threads.c.read_at)
    row = connection.execute(
        asked.where(threads.c.panel_id == panel_id, threads.c.ticket_id == ticket_id)
    ).one_or_none()
    return Reading(row.read_for, row.read_at if row.read_at > EPOCH else None) if row else None


def others_open(
    connection: Connection, scope: Scope, panel_id: int, user: str, ticket_id: str, most: int
) -> list[Line]:
    """What else this customer is waiting for, the last touched first."""
    values = {"panel": panel_id, "user": user, "ticket": ticket_id, "most": most}
    return [Line(*row) for row in connection.execute(open_of(scope), values)]


@lru_cache(maxsize=256)
def open_of(scope: Scope) -> Select[Any]:
    found = scope.select(*LISTING.columns).where(
        tickets.c.panel_id == bindparam("panel"),
        tickets.c.user == bindparam("user"),
        tickets.c.id != bindparam("ticket"),
        tickets.c.status.not_in(sorted(FINAL_TICKET)),
        tickets.c.gone_at.is_(None),
    )
    found = pinned(found, tickets, "ix_tickets_panel_id_user_created_at_id_gone_at")
    last = (tickets.c.last_update_at.desc().nulls_last(), tickets.c.id.desc())
    return found.order_by(*last).limit(bindparam("most"))


def unread(
    connection: Connection, scope: Scope, since: datetime, until: datetime, now: datetime, most: int
) -> list[tuple[int, str]]:
    """Tickets opened from `since` up to `until` whose messages are not held as they are now: panel and id, the latest first, and last of all
    those that could not be read a while ago."""
    held = and_(threads.c.panel_id == tickets.c.panel_id, threads.c.ticket_id == tickets.c.id)
    asked = scope.select(tickets.c.panel_id, tickets.c.id).select_from(tickets.outerjoin(threads, held))
    opened = (tickets.c.created_at >= since, tickets.c.created_at < until)
    changed = or_(threads.c.read_for.is_(None), threads.c.read_for != tickets.c.fields)
    found = asked.where(scope.allows(tickets), *opened, changed, tickets.c.gone_at.is_(None))
    found = pinned(found, tickets, "ix_tickets_panel_id_created_at_id_gone_at")
    failed = case((threads.c.retry_at > now, 1), else_=0)
    latest = found.order_by(failed, tickets.c.created_at.desc(), tickets.c.id).limit(most)
    return [(row.panel_id, row.id) for row in connection.execute(latest)]
