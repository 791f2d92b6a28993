"""A stored panel changed. What was read under its old address, keys, currency or zone is not written after that."""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import troubles
from hyperpanel.db.panels import NameTaken, Panel, folded
from hyperpanel.db.schema import audit, budgets, feeds, panel_secrets, panels, pauses, plans, runs
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Conflict

NAMES_KEYS = frozenset({"panel-add", "panel-edit"})
"""The audited acts whose details name the keys that were entered."""


async def change(connection: AsyncConnection, before: Panel, after: Panel) -> None:
    """All of it, if the address is still the one that was looked at: else keys could end up at another one. Raises Conflict."""
    values = {name: getattr(after, name) for name in Panel.__dataclass_fields__ if name != "id"}
    here = update(panels).where(panels.c.id == before.id, panels.c.url == before.url)
    try:
        changed = await connection.execute(here.values(**values, folded=folded(after.name)))
    except IntegrityError:
        raise NameTaken(after.name) from None
    if changed.rowcount != 1:
        raise Conflict("Somebody else changed this panel meanwhile. Load the page again.")
    if after.rate != before.rate:
        pace = {"pace": after.rate, "slowed_at": None}
        await connection.execute(update(budgets).where(budgets.c.panel_id == before.id).values(**pace))


async def interrupt(connection: AsyncConnection, panel_id: int, now: datetime) -> None:
    """Whoever is reading this panel has lost its claims, so that its next commit is refused."""
    freed = {"fence": feeds.c.fence + 1, "holder": None, "leased_until": None}
    await connection.execute(update(feeds).where(feeds.c.panel_id == panel_id).values(**freed))
    broken_off = update(runs).where(runs.c.panel_id == panel_id, runs.c.ended_at.is_(None))
    await connection.execute(broken_off.values(ended_at=now, done=False))


async def read_now(connection: AsyncConnection, panel_id: int, now: datetime) -> None:
    await connection.execute(update(plans).where(plans.c.panel_id == panel_id).values(due_at=now))


async def read_anew(connection: AsyncConnection, panel_id: int, now: datetime) -> None:
    """Every plan begins at its beginning. Rows need not be touched: a connector's version holds currency and zone, and every digest
    its version, so no record counts as known until it was read under the new ones."""
    await connection.execute(update(plans).where(plans.c.panel_id == panel_id).values(cursor=None, due_at=now))


async def forget_manners(connection: AsyncConnection, panel_id: int) -> None:
    """What was learned of an upstream is not known of the one at another address."""
    await connection.execute(update(feeds).where(feeds.c.panel_id == panel_id).values(manners="{}"))


async def end_pauses(
    connection: AsyncConnection, panel_id: int, codes: Collection[str], services: bool, by: str, now: datetime
) -> int:
    """Those that the engine began for a trouble which is cured now; a person's own go on. `services`: of the catalogue, which has a
    key of its own, or else of all other streams."""
    running = select(pauses.c.id, pauses.c.stream, pauses.c.trouble).where(
        pauses.c.panel_id == panel_id, pauses.c.ended_at.is_(None), pauses.c.trouble.is_not(None)
    )
    found = [(row.id, row.stream, troubles.load(row.trouble)) for row in await connection.execute(running)]
    cured = [
        key
        for key, stream, trouble in found
        if trouble and trouble.code in codes and (stream == "services") == services
    ]
    ended = update(pauses).where(pauses.c.panel_id == panel_id, pauses.c.id.in_(cured))
    await connection.execute(ended.values(ended_at=now, ended_by=by))
    return len(cured)


async def forget_secret(connection: AsyncConnection, panel_id: int, name: str) -> None:
    await connection.execute(
        delete(panel_secrets).where(panel_secrets.c.panel_id == panel_id, panel_secrets.c.name == name)
    )


async def streams(connection: AsyncConnection, panel_id: int) -> set[str]:
    """Those that are read."""
    return set(await connection.scalars(select(feeds.c.stream).where(feeds.c.panel_id == panel_id)))


def secret_names(connection: Connection, scope: Scope, panel_id: int) -> frozenset[str]:
    """Which keys are stored; what they are, nobody is shown."""
    statement = scope.select(panel_secrets.c.name).where(panel_secrets.c.panel_id == panel_id)
    return frozenset(connection.scalars(statement))


def keys_entered(connection: Connection, panel_id: int) -> dict[str, datetime]:
    """When each key was last entered, by the audit. Nothing before the panel was added counts: older logs have ids that were given twice."""
    acts = select(audit.c.action, audit.c.at, audit.c.details).where(
        audit.c.panel_id == panel_id, audit.c.action.in_(NAMES_KEYS)
    )
    found: dict[str, datetime] = {}
    for row in connection.execute(acts.order_by(audit.c.id.desc())):
        for name in json.loads(row.details).get("keys", ()):
            found.setdefault(name, row.at)
        if row.action == "panel-add":
            break
    return found
