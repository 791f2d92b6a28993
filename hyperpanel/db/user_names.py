"""The names that were one customer's, and from when until when: orders know their customer by name only.

A name is free again once its bearer is renamed, and another customer may take it. What came while nobody can say whose a name was (between
the two reads that a rename is known by) is nobody's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, Text, bindparam, union

from hyperpanel.db import users as users_of
from hyperpanel.db.pins import pinned
from hyperpanel.db.schema import user_renames, users
from hyperpanel.db.scope import Scope
from hyperpanel.db.users import RENAME, Rename, User

MOST_NAMES = 12
"""Of the latest. Whoever was renamed more often has older orders that are not found."""

EVER = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Borne:
    """A name from a moment on, and up to one; None where no other is known."""

    name: str
    since: datetime | None = None
    until: datetime | None = None

    def covers(self, name: str | None, at: datetime | None) -> bool:
        """Whether what came under a name at a time is its bearer's. What has no time is theirs where nobody else had the name."""
        if name != self.name:
            return False
        if at is None:
            return self.since is None and self.until is None
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Other:
    """Another customer who has, or had, one of the names."""

    id: str
    username: str
    created_at: datetime | None


def borne(connection: Connection, scope: Scope, user: User, renames: Sequence[Rename]) -> list[Borne]:
    """The latest first. Two statements, whoever the customer is."""
    mine = spans(user.username, renames)[-MOST_NAMES:]
    given = {"panel": user.panel_id, "id": user.id, "names": sorted({one.name for one in mine})}
    others = [Other(*row) for row in connection.execute(bearers(scope), given)]
    ids = {"panel": user.panel_id, "ids": sorted({one.id for one in others})}
    told = [Rename(*row) for row in connection.execute(renaming(scope), ids)]
    return own(user.username, user.created_at, renames, others, told)


def own(
    username: str,
    created_at: datetime | None,
    renames: Sequence[Rename],
    others: Sequence[Other],
    told: Sequence[Rename],
) -> list[Borne]:
    """`renames` of the one who is asked about; `told` those of the `others`. The latest name first."""
    mine = spans(username, renames)[-MOST_NAMES:]
    theirs = [
        begun(one, other.created_at)
        for other in others
        for one in spans(other.username, [rename for rename in told if rename.user_id == other.id])
    ]
    left = [alone(one, theirs, created_at) for one in reversed(mine)]
    return [one for one in left if one.since is None or one.until is None or one.since < one.until] or left[:1]


def bearer(connection: Connection, scope: Scope, panel_id: int, name: str | None, at: datetime | None) -> str | None:
    """The id of the one customer whom a name meant at a time, if that can be told."""
    if not name:
        return None
    asked = {"panel": panel_id, "id": "", "names": [name]}
    ids = sorted({str(row.id) for row in connection.execute(bearers(scope), asked)})
    mine = [
        user_id
        for user_id in ids
        if any(one.covers(name, at) for one in names_of(connection, scope, panel_id, user_id))
    ]
    return mine[0] if len(mine) == 1 else None


def is_known(connection: Connection, scope: Scope, panel_id: int, name: str) -> bool:
    """Whether anybody who is held has, or had, a name."""
    asked = {"panel": panel_id, "id": "", "names": [name]}
    return connection.execute(bearers(scope), asked).first() is not None


def names_of(connection: Connection, scope: Scope, panel_id: int, user_id: str) -> list[Borne]:
    user = users_of.one(connection, scope, panel_id, user_id)
    return borne(connection, scope, user, users_of.renames(connection, scope, panel_id, user_id)) if user else []


def spans(username: str, renames: Sequence[Rename]) -> list[Borne]:
    """What one was called and when, the earliest first; a rename is known between two reads, and both sides claim that time."""
    starts = [None, *(rename.not_before for rename in renames)]
    ends = [*(rename.not_after for rename in renames), None]
    names = [*(rename.was for rename in renames), username]
    return [Borne(*told) for told in zip(names, starts, ends, strict=True)]


def begun(one: Borne, created_at: datetime | None) -> Borne:
    """Nobody had a name before they were there."""
    return replace(one, since=one.since or created_at or EVER)


def alone(mine: Borne, others: Iterable[Borne], created_at: datetime | None) -> Borne:
    """Without the time in which the name was another's too: whoever took it later has it from then on."""
    for other in others:
        if other.name != mine.name or other.since is None:
            continue
        since = mine.since or created_at or EVER
        if other.since >= since:
            mine = replace(mine, until=min(mine.until or other.since, other.since))
        else:
            mine = replace(mine, since=max(since, other.until or since))
    return mine


@lru_cache(maxsize=256)
def bearers(scope: Scope) -> Select[Any]:
    names: BindParameter[Any] = bindparam("names", expanding=True)
    found = [users.c.panel_id == bindparam("panel"), users.c.id != bindparam("id", type_=Text)]
    before = scope.select(user_renames.c.user_id).where(
        user_renames.c.panel_id == bindparam("panel"), user_renames.c.was.in_(names)
    )
    asked = scope.select(*(users.c[name] for name in Other.__dataclass_fields__)).where(*found)
    now = pinned(asked.where(users.c.username.in_(names)), users, "ix_users_panel_id_username")
    both = union(now, asked.where(users.c.id.in_(before)))
    return both.execution_options(scoped=True)  # type: ignore[return-value]


@lru_cache(maxsize=256)
def renaming(scope: Scope) -> Select[Any]:
    theirs = user_renames.c.user_id.in_(bindparam("ids", expanding=True))
    asked = scope.select(*RENAME).where(user_renames.c.panel_id == bindparam("panel"), theirs)
    return asked.order_by(user_renames.c.user_id, user_renames.c.number)
