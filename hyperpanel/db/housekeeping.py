"""What is forgotten by age: finished sweeps, decisions, news, old sign-in attempts, ended sessions. Records of panels are none of
its business."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import holds, news, sessions, set_aside, sign_ins, sweeps

SET_ASIDE_KEPT = timedelta(days=30)
SIGN_INS_KEPT = timedelta(days=30)
SWEEPS_KEPT = timedelta(days=90)
HOLDS_KEPT = timedelta(days=90)
NEWS_KEPT = timedelta(minutes=10)


async def forget_sweeps(connection: AsyncConnection, now: datetime) -> int:
    """Their figures; what they found stays with the records."""
    return (await connection.execute(delete(sweeps).where(sweeps.c.ended_at < now - SWEEPS_KEPT))).rowcount


async def forget_holds(connection: AsyncConnection, now: datetime) -> int:
    """Questions about deleted records that were decided long ago. That a field may be empty stays agreed."""
    decided = delete(holds).where(holds.c.decided_at < now - HOLDS_KEPT, holds.c.kind == "deletes")
    return (await connection.execute(decided)).rowcount


async def forget_set_aside(connection: AsyncConnection, now: datetime) -> int:
    """What could not be read and was not met again for a month."""
    return (await connection.execute(delete(set_aside).where(set_aside.c.at < now - SET_ASIDE_KEPT))).rowcount


async def forget_news(connection: AsyncConnection, now: datetime) -> int:
    """But for the last row: a page is as of its number, however long ago that was."""
    last = select(func.max(news.c.number)).scalar_subquery()
    return (await connection.execute(delete(news).where(news.c.at < now - NEWS_KEPT, news.c.number < last))).rowcount


async def forget_sign_ins(connection: AsyncConnection, now: datetime) -> int:
    return (await connection.execute(delete(sign_ins).where(sign_ins.c.at < now - SIGN_INS_KEPT))).rowcount


async def forget_sessions(connection: AsyncConnection, now: datetime) -> int:
    return (await connection.execute(delete(sessions).where(sessions.c.ends_at < now))).rowcount
