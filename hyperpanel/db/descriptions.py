"""What staff wrote of services. Callers find the service through a scope before they write, and tell the audit what was there before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db.schema import descriptions, services
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Missing

AT_ONCE = 500
Key = tuple[int, str]


@dataclass(frozen=True)
class Description:
    panel_id: int
    service_id: str
    body: str
    updated_at: datetime
    updated_by: str

    @property
    def key(self) -> Key:
        return self.panel_id, self.service_id


@dataclass(frozen=True)
class Described:
    """A service of the catalogue with its description, "" where it has none."""

    panel_id: int
    service_id: str
    name: str
    category: str | None
    type: str | None
    rate: int | None
    min: int | None
    max: int | None
    body: str


KEPT = tuple(descriptions.c[name] for name in Description.__dataclass_fields__)
KEY = (descriptions.c.panel_id, descriptions.c.service_id)


def one(connection: Connection, scope: Scope, panel_id: int, service_id: str) -> Description | None:
    mine = (descriptions.c.panel_id == panel_id, descriptions.c.service_id == service_id)
    row = connection.execute(scope.select(*KEPT).where(*mine)).one_or_none()
    return Description(*row) if row else None


def all_of(connection: Connection, scope: Scope) -> dict[Key, Description]:
    found = (Description(*row) for row in connection.execute(scope.select(*KEPT)))
    return {one.key: one for one in found}


def known(connection: Connection, scope: Scope) -> dict[int, set[str]]:
    """The services of each panel, those too that are not offered any more."""
    found: dict[int, set[str]] = {}
    for panel_id, service_id in connection.execute(scope.select(services.c.panel_id, services.c.id)):
        found.setdefault(panel_id, set()).add(service_id)
    return found


def versions(connection: Connection, scope: Scope) -> dict[Key, datetime]:
    """When each was last written: whoever adds, changes or removes one, changes this."""
    found = connection.execute(scope.select(*KEY, descriptions.c.updated_at))
    return {(panel_id, service_id): at for panel_id, service_id, at in found}


def catalogue(connection: Connection, scope: Scope, after: Described | None, most: int) -> list[Described]:
    """What the panels offer now, by panel and number, so many of them from behind that one. The scope narrows the services, and each has its
    own description or none."""
    same = (descriptions.c.panel_id == services.c.panel_id) & (descriptions.c.service_id == services.c.id)
    told = [services.c[name] for name in ("panel_id", "id", "name", "category", "type", "rate", "min", "max")]
    asked = scope.select(*told).add_columns(func.coalesce(descriptions.c.body, ""))
    asked = asked.select_from(services.outerjoin(descriptions, same))
    sorted_by = (services.c.panel_id, func.length(services.c.id), services.c.id)
    if after is not None:
        asked = asked.where(tuple_(*sorted_by) > (after.panel_id, len(after.service_id), after.service_id))
    found = connection.execute(asked.where(services.c.gone_at.is_(None)).order_by(*sorted_by).limit(most))
    return [Described(*row) for row in found]


async def only_me(connection: AsyncConnection) -> None:
    """To the end of the transaction nobody else writes one. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE descriptions IN SHARE ROW EXCLUSIVE MODE"))


async def put(connection: AsyncConnection, made: Sequence[Description]) -> None:
    """In place of what was there before. Raises Missing where a panel is gone."""
    if not made:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    new = dialect.insert(descriptions)
    changed = {name: new.excluded[name] for name in ("body", "updated_at", "updated_by")}
    upsert = new.on_conflict_do_update(index_elements=KEY, set_=changed)
    for start in range(0, len(made), AT_ONCE):
        try:
            await connection.execute(upsert, [vars(one) for one in made[start : start + AT_ONCE]])
        except IntegrityError:
            raise Missing("panel") from None


async def remove(connection: AsyncConnection, scope: Scope, keys: Iterable[Key]) -> None:
    for panel_id, service_ids in by_panel(keys).items():
        for start in range(0, len(service_ids), AT_ONCE):
            some = service_ids[start : start + AT_ONCE]
            mine = (descriptions.c.panel_id == panel_id, descriptions.c.service_id.in_(some))
            await connection.execute(delete(descriptions).where(*mine, scope.allows(descriptions)))


def by_panel(keys: Iterable[Key]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    for panel_id, service_id in keys:
        found.setdefault(panel_id, []).append(service_id)
    return found
