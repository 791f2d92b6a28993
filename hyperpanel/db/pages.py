"""Writing one page of records: the hot path, in the driver's own SQL instead of SQLAlchemy's (see tests/bench/sync.py).

Rows go in by hundreds in one INSERT … ON CONFLICT. Only records that differ from their live row arrive here; the guard on `observed`
still stands in the statement, so that an older observation cannot overwrite a newer one whoever calls.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Table

from hyperpanel.db.search_texts import TEXTS
from hyperpanel.db.types import from_micros
from sync.records import RECORDS
from sync.store import Fresh

T = TypeVar("T")
AT_ONCE = 100
NEIGHBOURS = 3
KEPT = frozenset({"last_update_at"})
"""Columns where an upstream's silence is no news: older panels give them in the detail alone."""


WATCHED = {
    "orders": ("status",),
    "payments": ("status",),
    "tickets": ("status",),
    "users": ("username",),
    "services": ("name", "rate"),
}
"""Columns that are looked at before a row is written over, by stream."""

COUNTED = {
    "orders": ("status", "charge", "charge_currency"),
    "payments": ("status", "amount", "amount_currency"),
    "tickets": ("status",),
    "users": ("status", "balance", "balance_currency"),
}
"""Columns by which records are counted (hyperpanel.db.tallies): the status, then the amount and its currency."""


ADDED = {"orders": ("finished_from", "finished_at")}
"""Columns that no record has: they are made of what it was before and is now (hyperpanel.db.finishes)."""

Extra = tuple[datetime | None, ...]


@dataclass(frozen=True)
class Live:
    """What is known of a row before it is written over. `was`: its watched columns; `counted`: those that it is counted by; `extra`: those
    that were made for it; `words`: its texts."""

    first_seen_at: datetime
    seen_at: datetime
    is_gone: bool
    was: tuple[Any, ...]
    counted: tuple[Any, ...]
    extra: Extra = ()
    words: tuple[Any, ...] = ()


Encode = Callable[[datetime | None], Any]


def fields(table: Table) -> tuple[str, ...]:
    return tuple(RECORDS[table.name].__struct_fields__)


@cache
def upsert(table: Table, rows: int, dialect: str) -> str:
    """INSERT of `rows` rows that leaves a newer observation and the first sight alone."""
    names = (
        "panel_id",
        *fields(table),
        *ADDED.get(table.name, ()),
        "observed",
        "digest",
        "fields",
        "first_seen_at",
        "seen_at",
    )
    one = "(" + ", ".join(["?" if dialect == "sqlite" else "%s"] * len(names)) + ")"
    changes = ", ".join(change(table, name) for name in names if name not in ("panel_id", "id", "first_seen_at"))
    return (
        f"INSERT INTO {table.name} ({quoted(names)}) VALUES {', '.join([one] * rows)} "  # noqa: S608
        f"ON CONFLICT (panel_id, id) DO UPDATE SET {changes}, gone_at = NULL, gone_why = NULL "
        f"WHERE excluded.observed >= {table.name}.observed"
    )


def change(table: Table, name: str) -> str:
    if name in KEPT:
        return f'"{name}" = COALESCE(excluded."{name}", {table.name}."{name}")'
    return f'"{name}" = excluded."{name}"'


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def live_rows(connection: Connection, table: Table, panel_id: int, keys: Sequence[str]) -> dict[str, Live]:
    """The rows that these keys have now."""
    watched, counted = WATCHED.get(table.name, ()), COUNTED.get(table.name, ())
    added = ADDED.get(table.name, ())
    also = "".join(f', "{name}"' for name in (*watched, *counted, *added, *TEXTS.get(table.name, ())))
    rows = look_up(connection, table, panel_id, keys, f"first_seen_at, seen_at, gone_at IS NOT NULL{also}")
    wanted, ends, last = set(keys), 4 + len(watched), 4 + len(watched) + len(counted)
    words = last + len(added)
    return {
        row[0]: Live(
            decoded(row[1]),
            decoded(row[2]),
            bool(row[3]),
            tuple(row[4:ends]),
            tuple(row[ends:last]),
            tuple(None if value is None else decoded(value) for value in row[last:words]),
            tuple(row[words:]),
        )
        for row in rows
        if row[0] in wanted
    }


def digests(connection: Connection, table: Table, panel_id: int, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Both digests of the live rows among these keys; neighbours of theirs may come along. What was gone and comes again is news."""
    rows = look_up(connection, table, panel_id, keys, "digest, fields, gone_at")
    return {row[0]: (row[1], row[2]) for row in rows if row[3] is None}


def look_up(connection: Connection, table: Table, panel_id: int, keys: Sequence[str], columns: str) -> Iterator[Any]:
    """Rows by id. Dense numeric ids, the usual page, are one range of the key; others are asked for one by one."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    select = f"SELECT id, {columns} FROM {table.name} WHERE panel_id = {mark} AND "  # noqa: S608
    for group in by_length(keys):
        found = fetched(connection, select + within(mark), bounds(panel_id, group)) if dense(group) else None
        if found is not None and len(found) < NEIGHBOURS * len(group):
            yield from found
            continue
        for chunk in chunks(group, 500):
            yield from fetched(connection, select + f"id IN ({', '.join([mark] * len(chunk))})", (panel_id, *chunk))


def within(mark: str) -> str:
    return f"id BETWEEN {mark} AND {mark} LIMIT {mark}"


def bounds(panel_id: int, group: Sequence[str]) -> tuple[Any, ...]:
    """As text, longer ids lie between shorter ones: a range that brings many of those is given up for the ids themselves."""
    return panel_id, min(group), max(group), NEIGHBOURS * len(group)


def fetched(connection: Connection, sql: str, values: tuple[Any, ...]) -> list[Any]:
    """The driver's plain tuples: SQLAlchemy's rows cost as much again as the look-up."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
    finally:
        cursor.close()


def by_length(keys: Sequence[str]) -> list[list[str]]:
    """Numbers of one length sort alike as text and as numbers."""
    if len(set(map(len, keys))) == 1:
        return [list(keys)]
    groups: dict[int, list[str]] = {}
    for key in keys:
        groups.setdefault(len(key), []).append(key)
    return list(groups.values())


def dense(group: Sequence[str]) -> bool:
    low, high = min(group), max(group)
    return len(group) > 20 and low.isdecimal() and high.isdecimal() and int(high) - int(low) < 2 * len(group)


def write(
    connection: Connection,
    table: Table,
    panel_id: int,
    fresh: Sequence[Fresh],
    number: int,
    at: datetime,
    extras: Mapping[str, Extra],
) -> None:
    """In the order of ids: neighbours in the key are written together, which saves SQLite a tenth."""
    nothing = (None,) * len(ADDED.get(table.name, ()))
    dialect = connection.dialect.name
    encode = encoder(dialect)
    times = [index for index, name in enumerate(fields(table)) if name.endswith("_at")]
    seen = encode(at)
    for chunk in chunks(sorted(fresh, key=by_id), AT_ONCE):
        values: list[Any] = []
        for item in chunk:
            columns = list(msgspec.structs.astuple(item.record))
            for index in times:
                columns[index] = encode(columns[index])
            extra = [encode(value) for value in extras.get(item.record.id, nothing)] if nothing else ()
            values += (panel_id, *columns, *extra, number, item.digest, item.fields, seen, seen)
        connection.exec_driver_sql(upsert(table, len(chunk), dialect), tuple(values))


def by_id(item: Fresh) -> tuple[int, str]:
    return len(item.record.id), item.record.id


def encoder(dialect: str) -> Encode:
    """To what the driver takes: integers on SQLite (see types.Moment), the time itself on PostgreSQL."""
    return same if dialect == "postgresql" else sqlite_micros


def same(moment: datetime | None) -> datetime | None:
    return moment


def sqlite_micros(moment: datetime | None) -> int | None:
    """As types.micros, by way of whole seconds, which is twice as quick."""
    return None if moment is None else int(moment.timestamp() // 1) * 1_000_000 + moment.microsecond


def decoded(value: Any) -> datetime:
    return value if isinstance(value, datetime) else from_micros(value)


def chunks(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
