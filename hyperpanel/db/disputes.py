"""Flags on replies that somebody says are not deserved, and what was decided: each once, by two people's words that stay as they were said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import disputes, messages
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Conflict

LIFTED, STANDS = "lifted", "stands"
DECISIONS = (STANDS, LIFTED)
MOST_LISTED = 200
FIRST = "This flag has been decided already, or was never disputed. Load the page again."
TWICE = "This flag has been disputed already. Load the page again."


@dataclass(frozen=True)
class Flag:
    """One mark on one reply. `flag`: quick or repeated."""

    panel_id: int
    ticket_id: str
    message_id: str
    flag: str


@dataclass(frozen=True)
class Dispute(Flag):
    """`staff`: whose reply; the decision and all that belongs to it is None until there is one."""

    staff: str
    by: str
    why: str
    at: datetime
    decision: str | None = None
    decided_by: str | None = None
    decided_why: str | None = None
    decided_at: datetime | None = None

    @property
    def key(self) -> Flag:
        return Flag(self.panel_id, self.ticket_id, self.message_id, self.flag)


COLUMNS = tuple(disputes.c[name] for name in Dispute.__dataclass_fields__)


def waiting(connection: Connection, scope: Scope, name: str | None = None) -> list[Dispute]:
    """Those that nobody has decided, the oldest first; of one person alone where a name is given, as it was written."""
    asked = scope.select(*COLUMNS).where(disputes.c.decision.is_(None))
    asked = asked if name is None else asked.where(disputes.c.staff == name)
    return [Dispute(*row) for row in connection.execute(asked.order_by(disputes.c.at).limit(MOST_LISTED))]


def of_tickets(connection: Connection, scope: Scope, ticket_ids: Sequence[str]) -> dict[Flag, Dispute]:
    """All on the messages of these tickets, whichever panel's they are."""
    asked = scope.select(*COLUMNS).where(disputes.c.ticket_id.in_(sorted(set(ticket_ids))))
    return {one.key: one for one in (Dispute(*row) for row in connection.execute(asked))}


def one(connection: Connection, scope: Scope, flag: Flag) -> Dispute | None:
    row = connection.execute(scope.select(*COLUMNS).where(*of(flag))).one_or_none()
    return Dispute(*row) if row else None


def of(flag: Flag) -> list[ColumnElement[bool]]:
    return [disputes.c[name] == getattr(flag, name) for name in Flag.__dataclass_fields__]


def author(connection: Connection, scope: Scope, flag: Flag) -> str | None:
    """Who of the staff wrote the reply; None where there is no such reply."""
    m = messages.c
    asked = scope.select(m.sender).where(
        m.panel_id == flag.panel_id, m.ticket_id == flag.ticket_id, m.id == flag.message_id
    )
    row = connection.execute(asked.where(m.is_staff, m.gone_at.is_(None))).one_or_none()
    return (row.sender or "") if row else None


async def begin(connection: AsyncConnection, dispute: Dispute) -> None:
    """Raises Conflict for a flag that was disputed before, whatever came of it."""
    try:
        await connection.execute(insert(disputes).values(**vars(dispute)))
    except IntegrityError:
        raise Conflict(TWICE) from None


async def decide(connection: AsyncConnection, flag: Flag, decision: str, by: str, why: str, now: datetime) -> None:
    """Raises Conflict for whoever comes second."""
    told = {"decision": decision, "decided_by": by, "decided_why": why, "decided_at": now}
    open_one = update(disputes).where(*of(flag), disputes.c.decision.is_(None))
    if (await connection.execute(open_one.values(**told))).rowcount != 1:
        raise Conflict(FIRST)
