"""The AI prompts that people wrote: each with its versions, which are kept for good; of each purpose at most one is in use.

A deleted one keeps its row, so that it can come back, under a folded title that none has: another may take its title meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.panels import folded
from hyperpanel.db.schema import ai_prompt_versions as versions
from hyperpanel.db.schema import ai_prompts as prompts
from hyperpanel.errors import Conflict

RECALL = timedelta(days=1)
"""How long a deleted prompt can be brought back."""

MOST = 200
"""Prompts of a list: each carries its whole text."""

VERSIONS = 100
"""Of a prompt, at a time."""


@dataclass(frozen=True)
class Wording:
    """What a version says, as it was written. `provider` and `model`: empty for the main one's; `system` and `body`: empty for the
    built-in text."""

    provider: str
    model: str
    system: str
    body: str


@dataclass(frozen=True)
class Kept:
    """A prompt at one of its versions. `latest`: the number of its latest version; `by` and `at`: of this one."""

    id: int
    purpose: str
    title: str
    latest: int
    in_use: bool
    deleted_at: datetime | None
    version: int
    wording: Wording
    by: str
    at: datetime


class TitleTaken(Conflict):
    """Two prompts of one purpose cannot have one title."""

    def __init__(self, title: str) -> None:
        super().__init__(f"A prompt titled {title!r} is there already. Choose another title.")


HEAD = (prompts.c.id, prompts.c.purpose, prompts.c.title, prompts.c.version, prompts.c.in_use, prompts.c.deleted_at)
WORDING = (versions.c.provider, versions.c.model, versions.c.system, versions.c.body)
LATEST = versions.c.version == prompts.c.version
STANDS = prompts.c.deleted_at.is_(None)


def asked(*where: ColumnElement[bool]) -> Select[Any]:
    joined = prompts.join(versions, versions.c.prompt_id == prompts.c.id)
    columns = (*HEAD, versions.c.version, *WORDING, versions.c.by, versions.c.at)
    return select(*columns).select_from(joined).where(*where)


def made(row: Sequence[Any]) -> Kept:
    id, purpose, title, latest, in_use, deleted_at, version, *wording, by, at = row
    return Kept(id, purpose, title, latest, in_use, deleted_at, version, Wording(*wording), by, at)


def all_of(connection: Connection) -> list[Kept]:
    """Those in use and those that were changed last, each at its latest version, by purpose and title."""
    last = (prompts.c.in_use.desc(), prompts.c.updated_at.desc(), prompts.c.id.desc())
    listed = select(prompts.c.id).where(STANDS).order_by(*last).limit(MOST)
    rows = connection.execute(asked(LATEST, prompts.c.id.in_(listed)).order_by(prompts.c.purpose, prompts.c.folded))
    return [made(row) for row in rows]


def count(connection: Connection) -> int:
    return int(connection.execute(select(func.count(prompts.c.id)).where(STANDS)).scalar_one())


def titles(connection: Connection) -> dict[int, str]:
    found = connection.execute(select(prompts.c.id, prompts.c.title).where(STANDS))
    return {row.id: row.title for row in found}


def in_use(connection: Connection, purpose: str) -> Kept | None:
    row = connection.execute(asked(LATEST, STANDS, prompts.c.in_use, prompts.c.purpose == purpose)).one_or_none()
    return made(row) if row else None


def one(connection: Connection, prompt_id: int, version: int | None = None) -> Kept | None:
    """At its latest version unless another is named; a deleted one too."""
    which = LATEST if version is None else versions.c.version == version
    row = connection.execute(asked(prompts.c.id == prompt_id, which)).one_or_none()
    return made(row) if row else None


def history(connection: Connection, prompt_id: int, before: int | None = None) -> list[Kept]:
    """Its versions, or those before this one, the latest first."""
    earlier = true() if before is None else versions.c.version < before
    rows = connection.execute(
        asked(prompts.c.id == prompt_id, earlier).order_by(versions.c.version.desc()).limit(VERSIONS)
    )
    return [made(row) for row in rows]


def deleted(connection: Connection, now: datetime) -> list[Kept]:
    """Those that can still be brought back, the latest first."""
    recent = and_(prompts.c.deleted_at > now - RECALL, LATEST)
    rows = connection.execute(asked(recent).order_by(prompts.c.deleted_at.desc(), prompts.c.id))
    return [made(row) for row in rows]


async def held(connection: AsyncConnection, prompt_id: int) -> Kept | None:
    """At its latest version; nobody else changes it until the transaction ends."""
    lock = select(prompts.c.id).where(prompts.c.id == prompt_id).with_for_update()
    await connection.execute(lock)
    row = (await connection.execute(asked(prompts.c.id == prompt_id, LATEST))).one_or_none()
    return made(row) if row else None


async def add(connection: AsyncConnection, purpose: str, title: str, wording: Wording, by: str, now: datetime) -> int:
    """Its id; not in use yet. Raises TitleTaken."""
    row = {"purpose": purpose, "title": title, "folded": folded(title), "version": 1, "in_use": False}
    try:
        new = insert(prompts).values(**row, created_at=now, updated_at=now).returning(prompts.c.id)
        prompt_id = int((await connection.execute(new)).scalar_one())
    except IntegrityError:
        raise TitleTaken(title) from None
    await write(connection, prompt_id, 1, wording, by, now)
    return prompt_id


async def write(
    connection: AsyncConnection, prompt_id: int, version: int, wording: Wording, by: str, now: datetime
) -> None:
    row = {"prompt_id": prompt_id, "version": version, "by": by, "at": now}
    await connection.execute(insert(versions).values(**row, **wording.__dict__))


async def change(
    connection: AsyncConnection, prompt_id: int, seen: int, title: str, wording: Wording, by: str, now: datetime
) -> bool:
    """A new version, if `seen` still is the latest: whether it was. Raises TitleTaken."""
    this = update(prompts).where(prompts.c.id == prompt_id, prompts.c.version == seen, STANDS)
    values = {"title": title, "folded": folded(title), "version": seen + 1, "updated_at": now}
    try:
        if (await connection.execute(this.values(**values))).rowcount != 1:
            return False
    except IntegrityError:
        raise TitleTaken(title) from None
    await write(connection, prompt_id, seen + 1, wording, by, now)
    return True


async def use(connection: AsyncConnection, purpose: str, prompt_id: int | None) -> bool:
    """This one from now on, or the built-in one: whether it is there to be used. The others of the purpose no longer are."""
    of_it = prompts.c.purpose == purpose
    await connection.execute(select(prompts.c.id).where(of_it).order_by(prompts.c.id).with_for_update())
    others = true() if prompt_id is None else prompts.c.id != prompt_id
    await connection.execute(update(prompts).where(of_it, prompts.c.in_use, others).values(in_use=False))
    if prompt_id is None:
        return True
    this = update(prompts).where(of_it, prompts.c.id == prompt_id, STANDS).values(in_use=True)
    return (await connection.execute(this)).rowcount == 1


async def delete(connection: AsyncConnection, prompt_id: int, now: datetime) -> bool:
    """Whether it was there. What was in use no longer is: the built-in one is then, and the mark stays until another is put to use."""
    this = update(prompts).where(prompts.c.id == prompt_id, STANDS)
    values = {"deleted_at": now, "folded": f"\n{prompt_id}"}
    return (await connection.execute(this.values(**values))).rowcount == 1


async def restore(connection: AsyncConnection, prompt_id: int, title: str, now: datetime) -> bool:
    """Whether it could still be brought back; it is not in use then. Raises TitleTaken."""
    this = update(prompts).where(prompts.c.id == prompt_id, prompts.c.deleted_at > now - RECALL)
    back = this.values(deleted_at=None, in_use=False, folded=folded(title))
    try:
        return (await connection.execute(back)).rowcount == 1
    except IntegrityError:
        raise TitleTaken(title) from None
