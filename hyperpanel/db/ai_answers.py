"""What models answered, kept once for the same text, language and prompt on a panel; and who is asking for it just now.

One asks: whoever inserted the row, or whose conditional UPDATE changed it. It says every few seconds that it is still there; after a minute of
silence anybody may take over. A failure stays to be told to those who wait, and is no obstacle to asking anew.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, or_, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import ai_answers as answers
from hyperpanel.db.scope import Scope

ASKING, DONE, FAILED = "asking", "done", "failed"
SILENT = timedelta(seconds=60)
"""One whose asker said nothing for so long is anybody's."""

LOOKED_AT = 30
"""Answers of a ticket at most; older ones stay kept, and are found by their key."""

DAILY = timedelta(days=1)
"""How often it is noted that an answer is used."""


@dataclass(frozen=True)
class Answer:
    """`answer`: by the purpose's form, None until there is one; `problem`: a kind of AiTrouble; `by` and `at`: who asked first, and when."""

    panel_id: int
    key: str
    purpose: str
    ticket_id: str
    digest: str
    language: str
    prompt: str
    state: str
    answer: dict[str, Any] | None
    problem: str | None
    provider: str | None
    model: str | None
    by: str
    at: datetime


COLUMNS = tuple(answers.c[name] for name in Answer.__dataclass_fields__)


def answer(row: Row[Any]) -> Answer:
    told = dict(row._mapping)
    return Answer(**told | {"answer": json.loads(told["answer"]) if told["answer"] else None})


def this(panel_id: int, key: str) -> ColumnElement[bool]:
    return and_(answers.c.panel_id == panel_id, answers.c.key == key)


def one(connection: Connection, scope: Scope, panel_id: int, key: str) -> Answer | None:
    row = connection.execute(scope.select(*COLUMNS).where(this(panel_id, key))).one_or_none()
    return answer(row) if row else None


def of_digests(
    connection: Connection, scope: Scope, panel_id: int, purpose: str, digests: Iterable[str], language: str
) -> dict[str, Answer]:
    """By the digest of their text: the latest that is done of each."""
    wanted = sorted(set(digests))
    if not wanted:
        return {}
    asked = scope.select(*COLUMNS).where(
        answers.c.panel_id == panel_id,
        answers.c.purpose == purpose,
        answers.c.digest.in_(wanted),
        answers.c.language == language,
        answers.c.state == DONE,
    )
    rows = connection.execute(asked.order_by(answers.c.at, answers.c.key))
    return {found.digest: found for found in map(answer, rows)}


def of_ticket(
    connection: Connection, scope: Scope, panel_id: int, ticket_id: str, purpose: str, state: str | None = None
) -> list[Answer]:
    """The latest first, and no more than are looked at; of whatever state unless one is named."""
    of_it = (answers.c.panel_id == panel_id, answers.c.ticket_id == ticket_id, answers.c.purpose == purpose)
    asked = scope.select(*COLUMNS).where(*of_it, answers.c.state == state if state else true())
    rows = connection.execute(asked.order_by(answers.c.at.desc(), answers.c.key).limit(LOOKED_AT))
    return [answer(row) for row in rows]


def free(now: datetime) -> ColumnElement[bool]:
    silent = or_(answers.c.seen_at.is_(None), answers.c.seen_at <= now - SILENT)
    return or_(answers.c.state == FAILED, and_(answers.c.state == ASKING, silent))


def is_silent(connection: Connection, scope: Scope, panel_id: int, key: str, now: datetime) -> bool:
    """Whether anybody may take over."""
    asked = scope.select(answers.c.key).where(this(panel_id, key), answers.c.state == ASKING, free(now))
    return connection.scalar(asked) is not None


async def claim(connection: AsyncConnection, wanted: Answer, holder: str) -> bool:
    """Whether from now on it is this holder's to ask. `wanted.at`: now."""
    now = wanted.at
    held = {"holder": holder, "seen_at": now, "used_at": now}
    row = {name: getattr(wanted, name) for name in Answer.__dataclass_fields__} | {"answer": None, "problem": None}
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    new = dialect.insert(answers).values(**row, **held).on_conflict_do_nothing()
    if (
        await connection.execute(new.returning(answers.c.key))
    ).first() is not None:  # PostgreSQL's rowcount tells nothing
        return True
    mine = update(answers).where(this(wanted.panel_id, wanted.key), free(now))
    return (await connection.execute(mine.values(**row, **held))).rowcount == 1


def held_by(panel_id: int, key: str, holder: str) -> ColumnElement[bool]:
    return and_(this(panel_id, key), answers.c.holder == holder, answers.c.state == ASKING)


async def still_asking(connection: AsyncConnection, panel_id: int, key: str, holder: str, now: datetime) -> bool:
    """Whether it still is this holder's."""
    told = update(answers).where(held_by(panel_id, key, holder)).values(seen_at=now)
    return (await connection.execute(told)).rowcount == 1


def end(connection: Connection, panel_id: int, key: str, holder: str, **values: Any) -> bool:
    """Done or failed, unless another has taken over."""
    told = {**values, "answer": json.dumps(values["answer"])} if "answer" in values else values
    ended = update(answers).where(held_by(panel_id, key, holder)).values(holder=None, seen_at=None, **told)
    return connection.execute(ended).rowcount == 1


def is_unused(connection: Connection, scope: Scope, panel_id: int, key: str, now: datetime) -> bool:
    """For so long that it is to be noted that it is used."""
    asked = scope.select(answers.c.key).where(this(panel_id, key), answers.c.used_at <= now - DAILY)
    return connection.scalar(asked) is not None


async def used(connection: AsyncConnection, panel_id: int, key: str, now: datetime) -> None:
    await connection.execute(update(answers).where(this(panel_id, key)).values(used_at=now))


async def forget(connection: AsyncConnection, panel_id: int, before: datetime) -> int:
    """Those of a panel that nobody used since."""
    old = delete(answers).where(answers.c.panel_id == panel_id, answers.c.used_at < before)
    return (await connection.execute(old)).rowcount
