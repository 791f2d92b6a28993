"""Keys of the admin API as rows. A row holds only the SHA-256 of its key, so a copy of the database opens nothing.

`panel_ids` None is every panel, those added later too: no row of a panel would look the same as a key whose only panel was removed.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import staff
from hyperpanel.db.schema import api_key_panels, api_keys
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.staff import Person

ADVISORY_LOCK = 0x68_70_6B_65


@dataclass(frozen=True)
class Key:
    """`addresses` and networks from which it may be used, none: from anywhere. `staff_id`: whose rights bound it; None for one that a command
    made. `follows`: the key whose place it takes."""

    id: str
    name: str
    scopes: frozenset[str]
    panel_ids: frozenset[int] | None
    addresses: tuple[str, ...]
    per_minute: int
    staff_id: int | None
    follows: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    last_used_from: str | None = None

    def is_live(self, now: datetime) -> bool:
        """Neither revoked nor at its end; whether its owner may still act is another question."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True)
class Held:
    """A key with what is needed to judge who shows it. `owner` None: it is bounded by nothing but itself."""

    key: Key
    hash: bytes
    owner: Person | None


COLUMNS = [api_keys.c[name] for name in Key.__dataclass_fields__ if name != "panel_ids"]
WHOLE = select(*COLUMNS, api_keys.c.all_panels, api_keys.c.hash)
ONE = WHOLE.where(api_keys.c.id == bindparam("which"))
"""Built once: most calls ask it."""

HASH = select(api_keys.c.hash).where(api_keys.c.id == bindparam("which"))
ITS_PANELS = EVERYTHING.select(api_key_panels.c.panel_id).where(api_key_panels.c.key_id == bindparam("which"))

LINKS = select(api_keys.c.id, api_keys.c.follows)
PANELS_OF_ALL = EVERYTHING.select(api_key_panels.c.key_id, api_key_panels.c.panel_id)


def made(row: Any, panel_ids: frozenset[int] | None) -> Key:
    values = {column.name: getattr(row, column.name) for column in COLUMNS}
    values |= {"scopes": frozenset(row.scopes.split()), "addresses": tuple(row.addresses.split())}
    return Key(**values, panel_ids=panel_ids)


def digest(connection: Connection, key_id: str) -> bytes | None:
    found = connection.scalar(HASH, {"which": key_id})
    return None if found is None else bytes(found)


def held(connection: Connection, key_id: str) -> Held | None:
    row = connection.execute(ONE, {"which": key_id}).one_or_none()
    if row is None:
        return None
    allowed = None if row.all_panels else frozenset(connection.scalars(ITS_PANELS, {"which": key_id}))
    owner = None if row.staff_id is None else staff.by_id(connection, row.staff_id)
    return Held(made(row, allowed), bytes(row.hash), owner)


def all_of(connection: Connection) -> list[Held]:
    """The latest first."""
    allowed: dict[str, set[int]] = defaultdict(set)
    for key_id, panel_id in connection.execute(PANELS_OF_ALL):
        allowed[key_id].add(panel_id)
    owners = {person.id: person for person in staff.all_of(connection)}
    return [
        Held(
            made(row, None if row.all_panels else frozenset(allowed[row.id])), bytes(row.hash), owners.get(row.staff_id)
        )
        for row in connection.execute(WHOLE.order_by(api_keys.c.created_at.desc(), api_keys.c.id))
    ]


def chain(connection: Connection, key_id: str) -> frozenset[str]:
    """The key, those that it took the place of, and those that took its place."""
    before: dict[str, str | None] = {row.id: row.follows for row in connection.execute(LINKS)}

    def root(one: str) -> str:
        while (above := before.get(one)) is not None:
            one = above
        return one

    return frozenset(one for one in before if root(one) == root(key_id))


async def in_turn(connection: AsyncConnection) -> None:
    """To the end of the transaction nobody else makes or changes a key: two that rotate one at once would leave three."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


async def add(connection: AsyncConnection, key: Key, digest: bytes) -> None:
    values = {column.name: getattr(key, column.name) for column in COLUMNS}
    values |= {"scopes": " ".join(sorted(key.scopes)), "addresses": " ".join(key.addresses)}
    await connection.execute(insert(api_keys).values(**values, all_panels=key.panel_ids is None, hash=digest))
    for panel_id in sorted(key.panel_ids or ()):
        await connection.execute(insert(api_key_panels).values(key_id=key.id, panel_id=panel_id))


async def change(connection: AsyncConnection, key_id: str, values: Mapping[str, str | int]) -> None:
    """Any of name, addresses, per_minute."""
    await connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(**values))


async def revoke(connection: AsyncConnection, key_id: str, now: datetime) -> bool:
    """Whether it was not revoked before."""
    still = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
    return (await connection.execute(still.values(revoked_at=now))).rowcount == 1


async def note_use(connection: AsyncConnection, key_id: str, address: str, now: datetime, not_since: datetime) -> None:
    """Unless another process noted one meanwhile."""
    a = api_keys.c
    due = update(api_keys).where(a.id == key_id, or_(a.last_used_at.is_(None), a.last_used_at < not_since))
    await connection.execute(due.values(last_used_at=now, last_used_from=address))
