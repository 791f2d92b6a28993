"""Orders that somebody is being asked about: open themselves, and named in the subject or the messages of an open ticket.

Bodies are looked through as they are, markup and all: what is no order's number costs a look-up and nothing else.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam

from hyperpanel.db.schema import OPEN, OPEN_TICKET, messages, orders, panels, tickets
from hyperpanel.db.scope import EVERYTHING
from reports.mentions import FEWEST, parts

TICKETS = 100
"""Those touched last; of more than so many nobody can be answering at the moment."""

AT_ONCE = 500
"""Numbers that are looked up together."""

LATEST = (
    EVERYTHING.select(tickets.c.id, tickets.c.subject)
    .where(tickets.c.panel_id == bindparam("panel"), OPEN_TICKET, tickets.c.gone_at.is_(None))
    .with_hint(tickets, "INDEXED BY ix_tickets_open", "sqlite")
    .order_by(tickets.c.last_update_at.desc().nulls_last(), tickets.c.id)
    .limit(TICKETS)
)
SAID = EVERYTHING.select(messages.c.ticket_id, messages.c.body).where(
    messages.c.panel_id == bindparam("panel"),
    messages.c.ticket_id.in_(bindparam("of_tickets", expanding=True)),
    messages.c.gone_at.is_(None),
)
STILL_OPEN = EVERYTHING.select(orders.c.id).where(
    orders.c.panel_id == bindparam("panel"),
    orders.c.id.in_(bindparam("named", expanding=True)),
    OPEN,
    orders.c.gone_at.is_(None),
)
DIGITS = EVERYTHING.select(panels.c.order_digits).where(panels.c.id == bindparam("panel"))


def orders_asked_about(connection: Connection, panel_id: int, limit: int) -> Sequence[str]:
    """At most `limit` ids, those of the ticket touched last first."""
    here = {"panel": panel_id}
    latest = connection.execute(LATEST, here).all()
    if not latest:
        return ()
    fewest = connection.scalar(DIGITS, here) or FEWEST
    texts = texts_of(latest, connection.execute(SAID, {**here, "of_tickets": [row.id for row in latest]}))
    named = list(dict.fromkeys(number for text in texts for number in numbers(text, fewest)))[:AT_ONCE]
    is_open = set(connection.scalars(STILL_OPEN, {**here, "named": named})) if named else set()
    return [number for number in named if number in is_open][:limit]


def texts_of(latest: Sequence[Any], said: Iterable[Any]) -> list[str]:
    """In the order of the tickets."""
    by_ticket: dict[str, list[str]] = {row.id: [row.subject or ""] for row in latest}
    for row in said:
        by_ticket[row.ticket_id].append(row.body or "")
    return [text for texts in by_ticket.values() for text in texts]


def numbers(text: str, fewest: int) -> list[str]:
    return [part.digits for part in parts(text, fewest) if part.kind == "number"]
