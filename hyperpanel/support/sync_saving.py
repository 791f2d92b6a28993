"""Changed settings of syncing put down and in force at once: the rows, what a shorter retention lets go of, the feeds timed anew, and the
audit, in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.config import Sync
from hyperpanel.db import audit, paces, panels, sync_rules
from hyperpanel.db.scope import Scope
from hyperpanel.support import retention
from hyperpanel.support.attaching import Acting
from hyperpanel.support.retention import Shortening
from hyperpanel.support.sync_forms import Change
from hyperpanel.support.sync_settings import retention as kept
from sync.store import FeedKey

KEPT = "retention_days"


def lets_go(connection: Connection, scope: Scope, change: Change, settings: Sync, now: datetime) -> list[Shortening]:
    """What would go, counted; nothing where no resource is kept for another time."""
    if all(one.name != KEPT for one in change.fields):
        return []
    of_panel = scope if change.panel_id is None else scope.narrowed([change.panel_id])
    return list(retention.shortened(connection, of_panel, change.before, change.after, settings, now))


def longer(connection: Connection, scope: Scope, change: Change, settings: Sync) -> list[FeedKey]:
    """The feeds that are to be held further back than before."""
    streams = {one.stream for one in change.fields if one.name == KEPT}
    of_panel = scope if change.panel_id is None else scope.narrowed([change.panel_id])
    known = [FeedKey(panel.id, stream) for panel in panels.all_of(connection, of_panel) for stream in sorted(streams)]
    return [feed for feed in known if kept(settings, change.after, feed) > kept(settings, change.before, feed)]


async def save(
    connection: AsyncConnection,
    change: Change,
    found: Sequence[Shortening],
    longer: Sequence[FeedKey],
    target: str,
    act: Acting,
    now: datetime,
) -> None:
    """`found`: what a person agreed to let go of; `longer`: feeds that are to be held further back; `target` for the audit."""
    by = act("", "").actor
    for stream in change.streams:
        await sync_rules.put(connection, change.panel_id, stream, change.of(stream), by, now)
    if found:
        await retention.let_go(connection, found, by, now)
    await retention.lengthened(connection, longer, now)
    for stream in change.streams:
        await paces.anew(connection, change.panel_id, stream, change.after, now)
    await audit.write(connection, act("sync-settings", target, change.panel_id, **told(change, found)), now)


def told(change: Change, found: Sequence[Shortening]) -> Mapping[str, Any]:
    moved = {
        f"{one.stream}.{one.name}": {"before": before, "after": after} for one, (before, after) in change.fields.items()
    }
    return {"changed": moved, **({"rows": sum(one.rows for one in found)} if found else {})}
