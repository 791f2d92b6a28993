"""Hints: usernames that occur in what changed. A customer's balance moves with an order or a payment, and nothing else tells of it."""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, func, select
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
    """The oldest first, with the id of who has that name; an order keeps the name that its customer had, so old names count too."""
    now = select(func.min(users.c.id)).where(
        users.c.panel_id == panel_id, users.c.username == hints.c.username, users.c.gone_at.is_(None)
    )
    once = select(func.max(user_renames.c.user_id)).where(
        user_renames.c.panel_id == panel_id, user_renames.c.was == hints.c.username
    )
    found = (
        select(hints.c.username, hints.c.number, func.coalesce(now.scalar_subquery(), once.scalar_subquery()))
        .where(hints.c.panel_id == panel_id)
        .order_by(hints.c.number, hints.c.username)
        .limit(limit)
    )
    return [Hint(*row) for row in connection.execute(found)]
