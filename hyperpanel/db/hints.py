"""Hints: usernames that occur in what changed. A customer's balance moves with an order or a payment, and nothing else tells of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from hyperpanel.db.schema import hints, user_renames, users
from sync.store import Batch, Hint

GIVERS = ("orders", "payments", "tickets")


def give(connection: Connection, panel_id: int, batch: Batch) -> None:
    """One row a name; the latest number stands."""
    names = {getattr(item.record, "user", None) for item in batch.fresh}
    rows = [{"panel_id": panel_id, "username": name, "number": batch.number} for name in sorted(names - {None, ""})]  # type: ignore[type-var]
    if not rows:
        return
    made = sqlite.insert(hints) if connection.dialect.name == "sqlite" else postgresql.insert(hints)
    latest = made.on_conflict_do_update(
        index_elements=[hints.c.panel_id, hints.c.username], set_={"number": made.excluded.number}
    )
    connection.execute(latest, rows)


def answered(connection: Connection, panel_id: int, heard: Sequence[tuple[str, int]]) -> None:
    """A hint given since stays."""
    if heard:
        gone = delete(hints).where(
            hints.c.panel_id == panel_id,
            hints.c.username == bindparam("heard_name"),
            hints.c.number <= bindparam("heard_number"),
        )
        connection.execute(gone, [{"heard_name": name, "heard_number": number} for name, number in heard])


def waiting(connection: Connection, panel_id: int, limit: int) -> list[Hint]:
    """The oldest first, each with everyone who has that name; where nobody has, with who had it once: an order keeps its customer's old name."""
    first = (
        select(hints.c.username, hints.c.number)
        .where(hints.c.panel_id == panel_id)
        .order_by(hints.c.number, hints.c.username)
        .limit(limit)
    )
    given: dict[str, int] = {row.username: row.number for row in connection.execute(first)}
    if not given:
        return []
    now = select(users.c.username, users.c.id).where(
        users.c.panel_id == panel_id, users.c.username.in_(sorted(given)), users.c.gone_at.is_(None)
    )
    once = select(user_renames.c.was, user_renames.c.user_id).where(
        user_renames.c.panel_id == panel_id, user_renames.c.was.in_(sorted(given))
    )
    held = by_name(connection.execute(now.with_hint(users, "INDEXED BY ix_users_panel_id_username", "sqlite")))
    before = by_name(connection.execute(once))
    return [
        Hint(username, number, user_id)
        for username, number in given.items()
        for user_id in sorted(held.get(username) or before.get(username) or {None}, key=str)
    ]


def by_name(rows: Iterable[Any]) -> dict[str, set[str | None]]:
    found: dict[str, set[str | None]] = {}
    for username, user_id in rows:
        found.setdefault(username, set()).add(user_id)
    return found
