"""What the reports on tickets are made of: threads that staff answered in a window, tickets opened in one, and the customers behind them.

Bodies are read of the replies and of the opened tickets alone. Each statement begins at one index, pinned on SQLite; tables are joined in the
condition, so that the scope narrows both. Numbers of orders are digits of our own writing, so they may stand in a statement.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Select, func, literal_column

from hyperpanel.db.frames import within
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import disputes, messages, orders, panels, threads, tickets, user_renames, users
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source, given, text_of
from reports.mentions import FEWEST
from reports.windows import Window
from sync.records import FINAL_TICKET

AT_ONCE = 5_000
"""Numbers in one statement: some sixty kilobytes of it."""

BY_NAME = "ix_users_panel_id_username"
BY_TIME = "ix_messages_panel_id_created_at"
BY_OPENING = "ix_tickets_panel_id_created_at_id_gone_at"
OWN = {"panel_id": pl.Int64, "number": pl.String, "user": pl.String, "service_id": pl.String}


def replies(source: Source, scope: Scope, window: Window) -> pl.DataFrame:
    """What staff wrote in a window: panel_id, ticket_id, id, body."""
    return source.frame(replied(scope, window, messages.c.id, messages.c.body))


def spoken(source: Source, scope: Scope, window: Window) -> pl.DataFrame:
    """The whole threads around them, without bodies: panel_id, ticket_id, id, place, sender, is_staff, created_at."""
    answered = replied(scope, window).distinct().subquery()
    m = messages.c
    asked = scope.select(m.panel_id, m.ticket_id, m.id, m.place, text_of(m.sender), m.is_staff, m.created_at)
    mine = (m.panel_id == answered.c.panel_id, m.ticket_id == answered.c.ticket_id)
    return source.frame(asked.where(*mine, m.gone_at.is_(None)))


def replied(scope: Scope, window: Window, *more: Any) -> Select[Any]:
    m = messages.c
    asked = scope.select(m.panel_id, m.ticket_id, *more)
    asked = asked.where(m.is_staff, *within(m.created_at, window), m.gone_at.is_(None))
    return pinned(asked, messages, BY_TIME)


def closed(source: Source, scope: Scope, window: Window) -> pl.DataFrame:
    """When the tickets that came to an end since a window began did so, as far as is known: panel_id, ticket_id, closed_at."""
    t = tickets.c
    asked = scope.select(t.panel_id, t.id.label("ticket_id"), t.last_update_at.label("closed_at"))
    ended = (t.status.in_(sorted(FINAL_TICKET)), t.last_update_at >= within(t.last_update_at, window)[0].right)
    return source.frame(pinned(asked.where(*ended), tickets, "ix_tickets_panel_id_last_update_at_id_gone_at"))


def untimed(source: Source, scope: Scope) -> int:
    """Replies without a time, which belong to no window."""
    m = messages.c
    asked = scope.select(func.count(m.id).label("number"))
    none = asked.where(m.created_at.is_(None), m.is_staff, m.gone_at.is_(None))
    return int(source.frame(pinned(none, messages, BY_TIME))["number"][0])


def decided(source: Source, scope: Scope) -> pl.DataFrame:
    """Flags that were disputed: panel_id, ticket_id, id of the message, flag, decision ("" until there is one)."""
    d = disputes.c
    return source.frame(scope.select(d.panel_id, d.ticket_id, d.message_id.label("id"), d.flag, text_of(d.decision)))


def opened(source: Source, scope: Scope, window: Window) -> pl.DataFrame:
    """Tickets opened in a window: panel_id, ticket_id, user and user_id ("" where not told), subject, created_at, and of their threads is_read
    (messages are held) and is_behind (not those of the ticket as it is now, or none)."""
    t, h = tickets.c, threads.c
    columns = (t.panel_id, t.id.label("ticket_id"), text_of(t.user), text_of(t.user_id), text_of(t.subject))
    found = source.frame(begun(scope, scope.select(*columns, t.created_at, t.fields), window))
    held = begun(scope, scope.select(h.panel_id, h.ticket_id, h.read_for, h.messages), window)
    read = source.frame(held.where(h.panel_id == t.panel_id, h.ticket_id == t.id))
    both = found.join(read, on=["panel_id", "ticket_id"], how="left")
    known = pl.col("read_for").is_not_null() | (pl.col("messages").fill_null(0) > 0)
    current = (pl.col("read_for") == pl.col("fields")).fill_null(value=False)
    return both.with_columns(is_read=known, is_behind=~current).drop("fields", "read_for", "messages")


def said(source: Source, scope: Scope, window: Window) -> pl.DataFrame:
    """What customers and staff wrote in those tickets: panel_id, ticket_id, place, body."""
    m, t = messages.c, tickets.c
    asked = begun(scope, scope.select(m.panel_id, m.ticket_id, m.place, m.body), window)
    return source.frame(asked.where(m.panel_id == t.panel_id, m.ticket_id == t.id, m.gone_at.is_(None)))


def begun(scope: Scope, asked: Select[Any], window: Window) -> Select[Any]:
    """Tickets are narrowed by name: a statement that gives out nothing of them joins them later than its scope looks."""
    mine = asked.where(scope.allows(tickets), *within(tickets.c.created_at, window), tickets.c.gone_at.is_(None))
    return pinned(mine, tickets, BY_OPENING)


def digits(source: Source, scope: Scope) -> dict[int, int]:
    """How many digits the shortest order number of each panel has."""
    found = source.frame(scope.select(panels.c.id, func.coalesce(panels.c.order_digits, FEWEST).label("digits")))
    return dict(zip(found["id"].to_list(), found["digits"].cast(pl.Int64).to_list(), strict=True))


def orders_of(source: Source, scope: Scope, numbers: pl.DataFrame) -> pl.DataFrame:
    """Those of these numbers that a panel holds as an order, whosever it is: panel_id, number, user, service_id, created_at."""
    o = orders.c
    found = []
    for (panel_id,), some in numbers.select("panel_id", "number").unique().group_by("panel_id"):
        ids, mine = sorted(some["number"]), scope.narrowed([panel_id])
        for at in range(0, len(ids), AT_ONCE):
            asked = mine.select(o.panel_id, o.id.label("number"), text_of(o.user), text_of(o.service_id), o.created_at)
            some_ids = listed(ids[at : at + AT_ONCE])
            found.append(source.frame(asked.where(o.panel_id == panel_id, o.id.op("IN")(some_ids))))
    empty = pl.DataFrame(schema={**OWN, "created_at": pl.Datetime("us", "UTC")})
    return pl.concat([empty, *found])


def listed(ids: Sequence[str]) -> ColumnElement[Any]:
    """Written out at once: to make a value of each costs more than to look them up. Nothing but digits gets in."""
    digits = [f"'{one}'" for one in ids if one.isascii() and one.isdecimal()]
    return literal_column(f"({', '.join(digits)})")


def customers(source: Source, scope: Scope, window: Window, renames: pl.DataFrame) -> pl.DataFrame:
    """Who may be behind the tickets of a window, by number or by name, with all who bore or bear a name that was another's:
    panel_id, id, username, created_at."""
    t, u, r = tickets.c, users.c, user_renames.c
    columns = (u.panel_id, u.id, u.username, u.created_at)
    some = scope.select(*columns)
    of_ticket, called = u.panel_id == t.panel_id, (u.panel_id == given(1), u.username == given(2))
    asked = [
        begun(scope, some.where(of_ticket, u.id == t.user_id), window),
        pinned(begun(scope, some.where(of_ticket, u.username == t.user), window), users, BY_NAME),
        some.where(u.panel_id == r.panel_id, u.id == r.user_id),
    ]
    left = source.each(pinned(some.where(*called), users, BY_NAME), renames.select("panel_id", "was").unique())
    return together([*(source.frame(one) for one in asked), left])


def renames(source: Source, scope: Scope) -> pl.DataFrame:
    """panel_id, user_id, was, now, not_before, not_after, each customer's in their order."""
    r = user_renames.c
    asked = scope.select(r.panel_id, r.user_id, r.number, r.was, r.now, r.not_before, r.not_after)
    return source.frame(asked).sort("panel_id", "user_id", "number").drop("number")


def together(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames).unique(["panel_id", "id"], maintain_order=True)
