"""Announcements to staff: what managers tell everybody, until a time or until somebody ends it; and who has read which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import announcement_reads as reads
from hyperpanel.db.schema import announcements, staff
from hyperpanel.db.types import MICROSECOND

PAGE = 50
INFO, WARNING = "info", "warning"
TONES = (INFO, WARNING)


@dataclass(frozen=True)
class Announcement:
    """`until`: when it ends by itself. `ended_at`: when somebody ended it."""

    id: int
    title: str
    body: str
    tone: str
    by: str
    at: datetime
    until: datetime | None
    edited_at: datetime | None
    edited_by: str | None
    ended_at: datetime | None
    ended_by: str | None

    @property
    def version(self) -> datetime:
        """When it was last touched."""
        return self.ended_at or self.edited_at or self.at

    def stands(self, now: datetime) -> bool:
        return self.ended_at is None and (self.until is None or self.until > now)


@dataclass(frozen=True)
class Told:
    """As it stands for one person."""

    announcement: Announcement
    read_at: datetime | None


@dataclass(frozen=True)
class Text:
    """What somebody writes of one."""

    title: str
    body: str
    tone: str
    until: datetime | None


COLUMNS = tuple(announcements.c[name] for name in Announcement.__dataclass_fields__)
LATEST = (announcements.c.at.desc(), announcements.c.id.desc())


def current(now: datetime) -> ColumnElement[bool]:
    until = announcements.c.until
    return and_(announcements.c.ended_at.is_(None), or_(until.is_(None), until > now))


def standing(connection: Connection, staff_id: int, now: datetime) -> list[Told]:
    """All that are current, the latest first."""
    return told(connection, staff_id, [current(now)], None)


def past(connection: Connection, staff_id: int, now: datetime, before: tuple[datetime, int] | None) -> list[Told]:
    """The latest first, one more than a page has if there are more."""
    at = announcements.c.at
    older = [] if before is None else [at <= before[0], or_(at < before[0], announcements.c.id < before[1])]
    return told(connection, staff_id, [~current(now), *older], PAGE + 1)


def told(connection: Connection, staff_id: int, where: Sequence[ColumnElement[bool]], most: int | None) -> list[Told]:
    mine = and_(reads.c.announcement_id == announcements.c.id, reads.c.staff_id == staff_id)
    asked = select(*COLUMNS, reads.c.at.label("read_at")).outerjoin(reads, mine).where(*where)
    rows = connection.execute(asked.order_by(*LATEST).limit(most))
    return [Told(Announcement(*row[:-1]), row[-1]) for row in rows]


def unread(connection: Connection, staff_id: int, now: datetime) -> list[Announcement]:
    """Of the current ones those that this person has not read, warnings first."""
    read = select(reads.c.announcement_id).where(reads.c.staff_id == staff_id)
    asked = select(*COLUMNS).where(current(now), announcements.c.id.not_in(read))
    rows = connection.execute(asked.order_by(announcements.c.tone.desc(), *LATEST))
    return [Announcement(*row) for row in rows]


def one(connection: Connection, announcement_id: int) -> Announcement | None:
    row = connection.execute(select(*COLUMNS).where(announcements.c.id == announcement_id)).one_or_none()
    return Announcement(*row) if row else None


def readers(connection: Connection, ids: Sequence[int]) -> Mapping[int, int]:
    """How many of those who may sign in have read each."""
    counted = select(reads.c.announcement_id, func.count(reads.c.staff_id)).join(staff, staff.c.id == reads.c.staff_id)
    asked = counted.where(reads.c.announcement_id.in_(ids), staff.c.disabled_at.is_(None))
    return dict(connection.execute(asked.group_by(reads.c.announcement_id)).all())


def people(connection: Connection) -> int:
    """How many may sign in."""
    return connection.scalar(select(func.count(staff.c.id)).where(staff.c.disabled_at.is_(None))) or 0


async def add(connection: AsyncConnection, text: Text, by: str, now: datetime) -> int:
    made = insert(announcements).values(**text.__dict__, by=by, at=now).returning(announcements.c.id)
    return int((await connection.execute(made)).scalar_one())


async def change(
    connection: AsyncConnection, announcement_id: int, text: Text, seen: datetime, by: str, now: datetime
) -> bool:
    """Whether it still was the version that somebody saw. One that was ended stays so."""
    version = func.coalesce(announcements.c.ended_at, announcements.c.edited_at, announcements.c.at)
    same = (announcements.c.id == announcement_id, version == seen)
    values = {**text.__dict__, "edited_at": max(now, seen + MICROSECOND), "edited_by": by}
    return (await connection.execute(update(announcements).where(*same).values(**values))).rowcount == 1


async def end(connection: AsyncConnection, announcement_id: int, by: str, now: datetime) -> bool:
    """Whether it was current until now."""
    this = update(announcements).where(announcements.c.id == announcement_id, current(now))
    return (await connection.execute(this.values(ended_at=now, ended_by=by))).rowcount == 1


async def resume(connection: AsyncConnection, announcement_id: int) -> bool:
    """Whether somebody had ended it. What it was read for stays read."""
    this = update(announcements).where(announcements.c.id == announcement_id, announcements.c.ended_at.is_not(None))
    return (await connection.execute(this.values(ended_at=None, ended_by=None))).rowcount == 1


async def read(connection: AsyncConnection, announcement_id: int, staff_id: int, now: datetime) -> bool:
    """Whether this person had not read it before."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    made = dialect.insert(reads).values(announcement_id=announcement_id, staff_id=staff_id, at=now)
    new = made.on_conflict_do_nothing().returning(reads.c.announcement_id)
    return (await connection.execute(new)).first() is not None


async def tell_again(connection: AsyncConnection, announcement_id: int) -> None:
    """To those too who have read it."""
    await connection.execute(delete(reads).where(reads.c.announcement_id == announcement_id))
