"""How far the chain of the audit was followed, and whether it held: kept beside it, so that the next look begins there.

A copy of the place and its hash stands apart from the rows: rows taken off the end are missed by it, which the chain alone would not tell.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.audit import FIRST, Followed, follow
from hyperpanel.db.schema import audit, meta
from hyperpanel.db.types import from_micros, micros

NAME = "audit"


@dataclass(frozen=True)
class Checked:
    """Up to row `last`, at `at`. `broken`: the first row that does not hold, or that was there and is gone. All of it is looked at again and
    again, some rows each time: that stands at `round_last`, and was last through at `whole_at`."""

    last: int
    hash: str
    rows: int
    at: int
    broken: int | None = None
    round_last: int = 0
    round_hash: str = FIRST.hex()
    whole_at: int | None = None

    @property
    def moment(self) -> datetime:
        return from_micros(self.at)

    @property
    def was_whole(self) -> datetime | None:
        return None if self.whole_at is None else from_micros(self.whole_at)

    @property
    def followed(self) -> Followed:
        return Followed(self.last, bytes.fromhex(self.hash), self.rows, self.broken)


def standing(connection: Connection) -> Checked | None:
    """None where nobody looked yet."""
    kept = connection.scalar(select(meta.c.value).where(meta.c.name == NAME))
    return msgspec.json.decode(kept, type=Checked) if kept else None


def check(connection: Connection, before: Checked | None, now: datetime, most: int) -> Checked:
    """On from where it stood. What was broken once stays broken."""
    if before is None:
        return checked(follow(connection, None, most), now)
    if before.broken is not None:
        found = before.followed
    elif hash_of(connection, before.last) != before.followed.hash:
        found = Followed(before.last, before.followed.hash, before.rows, before.last)
    else:
        found = follow(connection, before.followed, most)
    return checked(found, now, before)


def again(connection: Connection, before: Checked, now: datetime, most: int) -> Checked:
    """The next rows of a look at all of it: what held once may have been changed since."""
    found = follow(connection, Followed(before.round_last, bytes.fromhex(before.round_hash)), most)
    if found.broken is not None:
        return replace(before, broken=found.broken)
    if found.rows < most:
        return replace(before, round_last=0, round_hash=FIRST.hex(), whole_at=micros(now))
    return replace(before, round_last=found.last, round_hash=found.hash.hex())


def whole(connection: Connection, before: Checked | None, now: datetime) -> Checked:
    """From the first row on, and up to where it stood before at the least."""
    found = follow(connection)
    missing = before is not None and found.broken is None and before.last > found.last
    told = Followed(found.last, found.hash, found.rows, found.last + 1) if missing else found
    return replace(checked(told, now), whole_at=micros(now))


def checked(found: Followed, now: datetime, before: Checked | None = None) -> Checked:
    told = Checked(found.last, found.hash.hex(), found.rows, micros(now), found.broken)
    if before is None:
        return told
    return replace(told, round_last=before.round_last, round_hash=before.round_hash, whole_at=before.whole_at)


def hash_of(connection: Connection, number: int) -> bytes:
    """Of the first row's forerunner too."""
    found = connection.scalar(select(audit.c.hash).where(audit.c.id == number))
    return bytes(found) if found is not None else bytes(32) if number == 0 else b""


async def keep(connection: AsyncConnection, found: Checked) -> None:
    await connection.execute(delete(meta).where(meta.c.name == NAME))
    await connection.execute(insert(meta).values(name=NAME, value=msgspec.json.encode(asdict(found)).decode()))
