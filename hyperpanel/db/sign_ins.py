"""Tries to sign in, counted to slow down guessing: a try takes its row before the password is looked at, so many at
once gain nothing.

Whoever signed in before with this browser has a bucket of their own: nobody can lock the owner out by failing in
their name.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import audit, sign_ins
from hyperpanel.db.types import Moment

PER_ACCOUNT, ACCOUNT_WINDOW = 10, timedelta(minutes=15)
PER_NETWORK, NETWORK_WINDOW = 20, timedelta(hours=1)
KNOWN_FOR = timedelta(days=90)
"""How long a browser stays known, and how long tries are kept."""

ADVISORY_LOCK = 0x68_70_73_69
FAILED = "sign-in failed"
"""The act by which the audit tells of a try that came to nothing."""


@dataclass(frozen=True)
class Try:
    """`folded`: the name as typed, whether or not it is anybody's; `device`: the hash of the browser's long-lived
    cookie."""

    folded: str
    network: str
    device: str


@dataclass(frozen=True)
class Failed:
    """Tries that came to nothing: how many, of how many names, `most` of one name, and when the first was."""

    number: int = 0
    names: int = 0
    most: int = 0
    first: datetime | None = None


def failed(connection: Connection, since: datetime) -> Failed:
    """As the audit has them: a name that is nobody's stands there as a mark, among the details."""
    a = audit.c
    columns: list[Any] = [func.count(a.id), func.min(a.at, type_=Moment)]
    lately = pinned(select(*columns).where(a.action == FAILED, a.at >= since), audit, "ix_audit_at")
    rows = connection.execute(lately.group_by(a.target, a.details)).all()
    if not rows:
        return Failed()
    counts = [int(row[0]) for row in rows]
    return Failed(sum(counts), len(counts), max(counts), min(row[1] for row in rows))


def network(address: str) -> str:
    """Neighbours count as one: a /24, or a /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ip_network(f"{mapped}/{24 if mapped.version == 4 else 64}", strict=False))


async def admit(connection: AsyncConnection, attempt: Try, now: datetime) -> int | timedelta:
    """The number of the try, counted as failed until `succeed`; where there were too many, how long until there is
    room for one."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    if wait := await full_for(connection, attempt, now):
        return wait
    made = await connection.execute(
        insert(sign_ins)
        .values(at=now, folded=attempt.folded, network=attempt.network, device=attempt.device, succeeded=False)
        .returning(sign_ins.c.id)
    )
    return int(made.scalar_one())


async def full_for(connection: AsyncConnection, attempt: Try, now: datetime) -> timedelta:
    """Until each window that is full has room again; zero where none is."""
    account = sign_ins.c.folded == attempt.folded
    if await is_known(connection, attempt, now):
        own = and_(account, sign_ins.c.device == attempt.device)
        return await room_in(connection, own, PER_ACCOUNT, ACCOUNT_WINDOW, now)
    near = sign_ins.c.network == attempt.network
    return max(
        await room_in(connection, account, PER_ACCOUNT, ACCOUNT_WINDOW, now),
        await room_in(connection, near, PER_NETWORK, NETWORK_WINDOW, now),
    )


async def is_known(connection: AsyncConnection, attempt: Try, now: datetime) -> bool:
    """This browser has signed in as this person before."""
    seen = select(sign_ins.c.id).where(
        sign_ins.c.folded == attempt.folded,
        sign_ins.c.at > now - KNOWN_FOR,
        sign_ins.c.device == attempt.device,
        sign_ins.c.succeeded,
    )
    return (await connection.execute(seen.limit(1))).first() is not None


async def room_in(
    connection: AsyncConnection, which: ColumnElement[bool], most: int, window: timedelta, now: datetime
) -> timedelta:
    """Until the failure that fills the window leaves it, the `most`-th counted back from now; zero where there is none."""
    failed = select(sign_ins.c.at).where(which, sign_ins.c.at > now - window, sign_ins.c.succeeded.is_(False))
    leaves = await connection.scalar(failed.order_by(sign_ins.c.at.desc()).offset(most - 1).limit(1))
    return leaves + window - now if leaves else timedelta(0)


async def succeed(connection: AsyncConnection, number: int, now: datetime) -> None:
    """Also forgets what is too old to count for anything."""
    await connection.execute(update(sign_ins).where(sign_ins.c.id == number).values(succeeded=True))
    await connection.execute(delete(sign_ins).where(sign_ins.c.at < now - KNOWN_FOR))
