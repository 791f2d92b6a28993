"""Who did what: rows that are only ever added, each sealed by a hash over itself and the row before.

A row is written in the transaction of the act it tells of, so that neither stands without the other; a refusal has
one of its own.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import audit
from hyperpanel.db.types import micros

ADVISORY_LOCK = 0x68_70_61_75
FIRST = bytes(32)
READ_AT_ONCE = 1000


@dataclass(frozen=True)
class Act:
    """`action` such as "sign-in"; `target` whom or what it concerned; `details` hold no secret."""

    actor: str
    action: str
    target: str = ""
    panel_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    address: str = ""
    device: str = ""


async def write(connection: AsyncConnection, act: Act, now: datetime) -> None:
    """On PostgreSQL under a lock that lasts to the end of the transaction: the chain has one end."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    last = await connection.scalar(select(audit.c.hash).order_by(audit.c.id.desc()).limit(1))
    values = {**act.__dict__, "details": canonical(act.details), "at": now}
    await connection.execute(insert(audit).values(**values, hash=seal(bytes(last or FIRST), values)))


def canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal(previous: bytes, values: Mapping[str, Any]) -> bytes:
    told = {name: values[name] for name in Act.__dataclass_fields__} | {"at": micros(values["at"])}
    return hashlib.sha256(previous + canonical(told).encode()).digest()


def verify(connection: Connection) -> int | None:
    """The id of the first row that was changed, moved, added or follows one that was removed; None when the chain
    holds."""
    previous = FIRST
    for row in rows(connection):
        if bytes(row["hash"]) != seal(previous, row):
            return int(row["id"])
        previous = bytes(row["hash"])
    return None


def rows(connection: Connection) -> Iterator[Mapping[str, Any]]:
    """All of them in their order, some at a time."""
    last = 0
    while True:
        some = connection.execute(select(audit).where(audit.c.id > last).order_by(audit.c.id).limit(READ_AT_ONCE))
        found = some.mappings().all()
        if not found:
            return
        yield from [dict(row) for row in found]
        last = found[-1]["id"]
