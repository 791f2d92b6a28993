"""Who did what: rows that are only ever added, each sealed by a hash over itself and the row before.

A row is written in the transaction of the act it tells of, so that neither stands without the other; a refusal has
one of its own. Who writes one puts no secret into it; what looks like one is taken out here all the same, since no row can be mended.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import audit
from hyperpanel.db.types import micros

ADVISORY_LOCK = 0x68_70_61_75
FIRST = bytes(32)
READ_AT_ONCE = 1000
MASK = "•••"
SECRET = re.compile(
    r"pass(word|phrase|code|wd)|^pass$|pwd|secret|token|cookie|csrf|authori[sz]ation|credential|(?<![a-z])otp|keys?$",
    re.IGNORECASE,
)
IN_ADDRESS = re.compile(
    r"((?<![\w-])[\w-]*(?:key|token|secret|password|passwd|pwd|otp|authorization)=)[^\s&#]+", re.IGNORECASE
)
"""`?key=…` of an address, wherever one stands."""

NAME_OF_A_KEY = re.compile(r"[a-z]+_key")
"""Which keys a panel has may be told."""

ASKED = frozenset({"query", "asked"})
"""What a list was asked: names and numbers there may be as long as keys."""

LIKE_A_KEY = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{32,}(?![\w-])")


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
    values = {**act.__dict__, "details": canonical(masked(act.details)), "at": now}
    await connection.execute(insert(audit).values(**values, hash=seal(bytes(last or FIRST), values)))


def masked(value: Any, name: str = "") -> Any:
    """Texts under the name of a secret, those that an address gives such a name, and those that look like a key wherever they stand."""
    if isinstance(value, Mapping):
        return {str(key): masked(one, inner(name, str(key))) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(one, name) for one in value]
    if not isinstance(value, str):
        return value
    if value and SECRET.search(name) and not NAME_OF_A_KEY.fullmatch(value):
        return MASK
    without = IN_ADDRESS.sub(rf"\1{MASK}", value)
    return without if name in ASKED else LIKE_A_KEY.sub(MASK, without)


def inner(around: str, name: str) -> str:
    """What a value is called that stands within another: all of a secret is one."""
    is_asked = around in ASKED and not SECRET.search(name)
    return around if SECRET.search(around) or is_asked else name


def canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal(previous: bytes, values: Mapping[str, Any]) -> bytes:
    told = {name: values[name] for name in Act.__dataclass_fields__} | {"at": micros(values["at"])}
    return hashlib.sha256(previous + canonical(told).encode()).digest()


def verify(connection: Connection) -> int | None:
    """The id of the first row that was changed, moved, added or follows one that was removed; None when the chain
    holds."""
    return follow(connection).broken


@dataclass(frozen=True)
class Followed:
    """How far the chain was looked at: the last row that holds, its hash, and how many those were. `broken`: the first that does not."""

    last: int = 0
    hash: bytes = FIRST
    rows: int = 0
    broken: int | None = None


def follow(connection: Connection, start: Followed | None = None, most: int | None = None) -> Followed:
    """On from there, or from the first row; no more than `most` rows at a time."""
    begun = start or Followed()
    last, previous, number = begun.last, begun.hash, begun.rows
    for row in islice(rows(connection, last), most):
        if bytes(row["hash"]) != seal(previous, row):
            return Followed(last, previous, number, int(row["id"]))
        last, previous, number = int(row["id"]), bytes(row["hash"]), number + 1
    return Followed(last, previous, number)


def rows(connection: Connection, last: int = 0) -> Iterator[Mapping[str, Any]]:
    """All of them after that one in their order, some at a time."""
    while True:
        some = connection.execute(select(audit).where(audit.c.id > last).order_by(audit.c.id).limit(READ_AT_ONCE))
        found = some.mappings().all()
        if not found:
            return
        yield from [dict(row) for row in found]
        last = found[-1]["id"]
