"""Tries to sign in, counted to slow down guessing: a try takes its row before the password is looked at, so many at
once gain nothing.

Whoever signed in before with this browser has a bucket of their own: nobody can lock the owner out by failing in
their name.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import sign_ins

PER_ACCOUNT, ACCOUNT_WINDOW = 10, timedelta(minutes=15)
PER_NETWORK, NETWORK_WINDOW = 20, timedelta(hours=1)
KNOWN_FOR = timedelta(days=90)
"""How long a browser stays known, and how long tries are kept."""

ADVISORY_LOCK = 0x68_70_73_69


@dataclass(frozen=True)
class Try:
    """`folded`: the name as typed, whether or not it is anybody's; `device`: the hash of the browser's long-lived
    cookie."""

    folded: str
    network: str
    device: str


def network(address: str) -> str:
    """Neighbours count as one: a /24, or a /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    return str(ip_network(f"{mapped}/{24 if mapped.version == 4 else 64}", strict=False))


async def admit(connection: AsyncConnection, attempt: Try, now: datetime) -> int | None:
    """The number of the try, counted as failed until `succeed`; None where there were too many."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    if await is_full(connection, attempt, now):
        return None
    made = await connection.execute(
        insert(sign_ins)
        .values(at=now, folded=attempt.folded, network=attempt.network, device=attempt.device, succeeded=False)
        .returning(sign_ins.c.id)
    )
    return int(made.scalar_one())


async def is_full(connection: AsyncConnection, attempt: Try, now: datetime) -> bool:
    account = and_(sign_ins.c.folded == attempt.folded, sign_ins.c.at > now - ACCOUNT_WINDOW)
    if await is_known(connection, attempt, now):
        return await failed(connection, and_(account, sign_ins.c.device == attempt.device)) >= PER_ACCOUNT
    near = and_(sign_ins.c.network == attempt.network, sign_ins.c.at > now - NETWORK_WINDOW)
    return await failed(connection, account) >= PER_ACCOUNT or await failed(connection, near) >= PER_NETWORK


async def is_known(connection: AsyncConnection, attempt: Try, now: datetime) -> bool:
    """This browser has signed in as this person before."""
    seen = select(sign_ins.c.id).where(
        sign_ins.c.folded == attempt.folded,
        sign_ins.c.at > now - KNOWN_FOR,
        sign_ins.c.device == attempt.device,
        sign_ins.c.succeeded,
    )
    return (await connection.execute(seen.limit(1))).first() is not None


async def failed(connection: AsyncConnection, which: ColumnElement[bool]) -> int:
    return await connection.scalar(select(func.count()).where(which, sign_ins.c.succeeded.is_(False))) or 0


async def succeed(connection: AsyncConnection, number: int, now: datetime) -> None:
    """Also forgets what is too old to count for anything."""
    await connection.execute(update(sign_ins).where(sign_ins.c.id == number).values(succeeded=True))
    await connection.execute(delete(sign_ins).where(sign_ins.c.at < now - KNOWN_FOR))
