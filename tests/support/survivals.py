"""What must have survived when a process was killed: all that another connection had seen, each thing once, and a sound file."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Table, select

from hyperpanel.db.pages import COUNTED
from hyperpanel.db.schema import (
    MIRRORED,
    budgets,
    feeds,
    leases,
    message_versions,
    messages,
    order_flips,
    orders,
    runs,
    tallies,
    user_renames,
)
from hyperpanel.db.tallies import UNIT

Key = tuple[Any, ...]
Seen = Mapping[Key, int]
KEEPS = {**MIRRORED, "messages": messages}


def seen(connection: Connection) -> Seen:
    """All that is committed, by what names it; the number of the request that saw a row, and 0 for what is only ever added."""
    found: dict[Key, int] = {}
    for name, table in KEEPS.items():
        for row in connection.execute(select(*table.primary_key, table.c.observed)):
            found[name, *row[:-1]] = row.observed
    for table in (order_flips, user_renames, message_versions):
        found.update({(table.name, *row): 0 for row in connection.execute(select(*table.primary_key))})
    return found


def lost(before: Seen, after: Seen) -> list[Key]:
    """What was there and is not, or only as it was before that."""
    return [key for key, number in before.items() if after.get(key, -1) < number]


def doubled(connection: Connection) -> list[str]:
    """Whatever was told twice, left out or counted otherwise than it is."""
    return [*broken_flips(connection), *repeated_versions(connection), *miscounted(connection), *misheld(connection)]


def broken_flips(connection: Connection) -> list[str]:
    """Of one order each flip begins where the last one ended, and the last one ends where the order is."""
    now = {(row.panel_id, row.id): row.status for row in connection.execute(select(orders))}
    told = defaultdict(list)
    for row in connection.execute(select(order_flips).order_by(order_flips.c.number)):
        told[row.panel_id, row.order_id].append((row.was, row.now))
    chains = {key: [*chain, (now.get(key), "")] for key, chain in told.items()}
    return [
        f"flips of {key}: {chain}" for key, chain in chains.items() if any(a[1] != b[0] for a, b in pairwise(chain))
    ]


def repeated_versions(connection: Connection) -> list[str]:
    """A version is what a message was before it changed: it differs from the one after it, and the last from the message."""
    names = (messages.c.panel_id, messages.c.ticket_id, messages.c.id, messages.c.body, messages.c.files)
    now = {tuple(row[:3]): tuple(row[3:]) for row in connection.execute(select(*names))}
    told: dict[Key, list[Any]] = defaultdict(list)
    for row in connection.execute(select(message_versions).order_by(message_versions.c.number)):
        told[row.panel_id, row.ticket_id, row.message_id].append((row.body, row.files))
    whole = {key: [*chain, now.get(key)] for key, chain in told.items()}
    return [f"versions of {key}: {chain}" for key, chain in whole.items() if any(a == b for a, b in pairwise(chain))]


def miscounted(connection: Connection) -> list[str]:
    """Tallies that are not what the rows come to."""
    rows = connection.execute(select(tallies)).all()
    kept = {
        (row.panel_id, row.stream, row.status, row.currency): (row.held, row.whole * UNIT + row.parts) for row in rows
    }
    kept = {key: value for key, value in kept.items() if value != (0, 0)}
    made: dict[Key, Counter[str]] = defaultdict(Counter)
    for stream, names in COUNTED.items():
        for row in live(connection, MIRRORED[stream]):
            status, units, currency = (row[name] for name in names) if len(names) > 1 else (row[names[0]], None, None)
            currency = "" if units is None else currency or ""
            made[row["panel_id"], stream, status, currency].update(held=1, units=units or 0)
    truly = {key: (sums["held"], sums["units"]) for key, sums in made.items()}
    return [
        f"tally {key}: {kept.get(key)}, truly {truly.get(key)}"
        for key in kept | truly
        if kept.get(key) != truly.get(key)
    ]


def misheld(connection: Connection) -> list[str]:
    """Feeds whose count is not that of their rows."""
    cached = {(row.panel_id, row.stream): row.cached for row in connection.execute(select(feeds))}
    truly = Counter((row["panel_id"], stream) for stream, table in KEEPS.items() for row in live(connection, table))
    return [f"cached {key}: {count}, truly {truly[key]}" for key, count in cached.items() if count != truly[key]]


def live(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in connection.execute(select(table).where(table.c.gone_at.is_(None)))]


def unfinished(connection: Connection, process: int) -> list[str]:
    """Feeds held, runs without an end, calls that are out, and this process's sign of life: a worker that ended well leaves none."""
    held = connection.scalars(select(feeds.c.holder).where(feeds.c.holder.is_not(None)))
    going = connection.scalars(select(runs.c.holder).where(runs.c.ended_at.is_(None)))
    alive = connection.scalars(select(leases.c.name).where(leases.c.name.contains(f":{process}:")))
    calls = connection.scalars(select(budgets.c.flying).where(budgets.c.flying != "[]"))
    return [*held, *going, *calls, *alive]


def unsound(connection: Connection) -> list[str]:
    """What SQLite finds wrong with its file. PostgreSQL sees to that itself."""
    if connection.dialect.name != "sqlite":
        return []
    checked = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    foreign = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [line for line in checked if line != "ok"] + [str(row) for row in foreign]
