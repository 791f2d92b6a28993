"""How fast each key, and each network that sends wrong ones, may go on: one row each, that all processes share.

A row holds the moment at which all that was taken will have been earned again (GCRA), so one statement judges and takes, and a row whose
moment has passed says the same as none. Several uses are taken at once: a busy key costs a write only now and then.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, case, cast, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import api_uses
from hyperpanel.db.types import micros

MINUTE = 60_000_000


@dataclass(frozen=True)
class Taken:
    """`number`: how many uses were granted, 0 where there was no room for one; `free_at`: microseconds, when all will have been earned again."""

    number: int
    free_at: int


async def take(connection: AsyncConnection, name: str, per_minute: int, wanted: int, now: datetime) -> Taken:
    """As many as wanted, or one, or none: never more than `per_minute` are out at a time."""
    for number in sorted({min(wanted, per_minute), 1}, reverse=True):
        free_at = await taken(connection, name, number * interval(per_minute), window(per_minute), micros(now))
        if free_at is not None:
            return Taken(number, free_at)
    asked = select(api_uses.c.free_at).where(api_uses.c.name == name)
    return Taken(0, int(await connection.scalar(asked) or 0))


def interval(per_minute: int) -> int:
    """In which one use is earned; rounded up: rounding must not earn anybody anything."""
    return -(-MINUTE // per_minute)


def window(per_minute: int) -> int:
    """In which all of them are: a minute, but for the rounding."""
    return interval(per_minute) * per_minute


async def taken(connection: AsyncConnection, name: str, spent: int, ahead: int, now: int) -> int | None:
    """None where that would lead further ahead of the clock than `ahead`. What is much further ahead than anybody could be tells of a clock
    that was put back, and would lock its key out for as long."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    free_at = api_uses.c.free_at
    begins = case((free_at > now + 2 * ahead, now + ahead - spent), (free_at > now, free_at), else_=now)
    later = cast(begins, BigInteger) + spent
    first = dialect.insert(api_uses).values(name=name, free_at=now + spent)
    both = first.on_conflict_do_update(
        index_elements=[api_uses.c.name], set_={"free_at": later}, where=later <= now + ahead
    )
    found = await connection.scalar(both.returning(api_uses.c.free_at))
    return None if found is None else int(found)


def left(per_minute: int, free_at: int, now: datetime) -> int:
    """How many could be taken at this moment."""
    at = micros(now)
    return max(0, (at + window(per_minute) - max(free_at, at)) // interval(per_minute))


def wait(per_minute: int, free_at: int, now: datetime) -> float:
    """Seconds until there is room for one."""
    return max(0.0, (free_at + interval(per_minute) - window(per_minute) - micros(now)) / 1_000_000)


async def forget(connection: AsyncConnection, now: datetime) -> int:
    return (await connection.execute(delete(api_uses).where(api_uses.c.free_at < micros(now)))).rowcount
