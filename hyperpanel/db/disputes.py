"""Flags on replies that somebody says are not deserved, and what was decided: each once, by two people's words that stay as they were said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, insert, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import disputes, messages
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Conflict

LIFTED, STANDS = "lifted", "stands"
DECISIONS = (STANDS, LIFTED)
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


def waiting(
    connection: Connection, scope: Scope, names: Sequence[str] | None, skipped: int, most: int
) -> list[Dispute]:
    """Those that nobody has decided, the oldest first; on replies of these names alone where they are given, as they were written."""
    asked = scope.select(*COLUMNS).where(*undecided(names))
    some = asked.order_by(disputes.c.at, *(disputes.c[name] for name in Flag.__dataclass_fields__))
    return [Dispute(*row) for row in connection.execute(some.offset(skipped).limit(most))]


def count_waiting(connection: Connection, scope: Scope, names: Sequence[str] | None = None) -> int:
    return connection.scalar(scope.select(func.count(disputes.c.flag)).where(*undecided(names))) or 0


def undecided(names: Sequence[str] | None) -> list[ColumnElement[bool]]:
    is_open = disputes.c.decision.is_(None)
    return [is_open] if names is None else [is_open, disputes.c.staff.in_(names)]


def names_waiting(connection: Connection, scope: Scope) -> list[str]:
    """Whose replies they are on."""
    asked = scope.select(disputes.c.staff).where(*undecided(None)).distinct()
    return list(connection.scalars(asked))


def of_tickets(connection: Connection, scope: Scope, ticket_ids: Sequence[str]) -> dict[Flag, Dispute]:
    """All on the messages of these tickets, whichever panel's they are."""
    asked = scope.select(*COLUMNS).where(disputes.c.ticket_id.in_(sorted(set(ticket_ids))))
    return {one.key: one for one in (Dispute(*row) for row in connection.execute(asked))}


def one(connection: Connection, scope: Scope, flag: Flag) -> Dispute | None:
    row = connection.execute(scope.select(*COLUMNS).where(*of(flag))).one_or_none()
    return Dispute(*row) if row else None


def of(flag: Flag) -> list[ColumnElement[bool]]:
    return [disputes.c[name] == getattr(flag, name) for name in Flag.__dataclass_fields__]


@dataclass(frozen=True)
class Reply:
    """Of staff. `place`: in its thread."""

    panel_id: int
    ticket_id: str
    id: str
    sender: str
    place: int
    created_at: datetime | None


def reply(connection: Connection, scope: Scope, flag: Flag) -> Reply | None:
    """The one that a flag is on; None where there is no such reply any more."""
    m = messages.c
    there = (m.id == flag.message_id, m.gone_at.is_(None))
    found = replies(connection, scope, [(flag.panel_id, flag.ticket_id)], *there)
    return found[0] if found else None


def replies(
    connection: Connection, scope: Scope, tickets: Sequence[tuple[int, str]], *where: ColumnElement[bool]
) -> list[Reply]:
    """Of staff on these tickets, those that are gone from the panel too."""
    m = messages.c
    asked = scope.select(m.panel_id, m.ticket_id, m.id, m.sender, m.place, m.created_at)
    mine = tuple_(m.panel_id, m.ticket_id).in_(tickets)
    rows = connection.execute(asked.where(mine, m.is_staff, *where))
    return [Reply(row.panel_id, row.ticket_id, row.id, row.sender or "", row.place, row.created_at) for row in rows]


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
