"""A panel edited: what that asks for again, and what else it changes.

A new address asks for the keys again: whoever may edit a panel, but never saw its keys, could send them to a host of his own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, panel_edits, panels
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput
from hyperpanel.support import wanted
from hyperpanel.support.attaching import Acting, panel_of
from hyperpanel.support.wanted import N_, Judged, Typed
from hyperpanel.vault import Vault
from sync.connectors.base import Stream
from sync.verdicts import TROUBLES

KEY_CURES = frozenset({"auth", "rights", "forbidden", "scope", "no_services_key"})
"""Troubles that a new key may have ended: what still is so, the engine finds out with its next request."""
SERVICES = "services_key"
MOVED = N_("The address changed: enter this key again, so that it only goes where you mean it to go.")


@dataclass(frozen=True)
class Edit:
    """`keys`: those that were entered; `forget`: the services key is to be forgotten."""

    before: Panel
    after: Panel
    keys: Mapping[str, str] = field(repr=False)
    forget: bool = False

    @property
    def is_moved(self) -> bool:
        return self.before.url != self.after.url

    @property
    def reads_anew(self) -> bool:
        """Amounts and times of all records depend on these."""
        return (self.before.currency, self.before.time_zone) != (self.after.currency, self.after.time_zone)

    @property
    def reaches_differently(self) -> bool:
        return bool(self.is_moved or self.reads_anew or self.keys or self.before.private != self.after.private)


def judge(before: Panel, held: Collection[str], typed: Typed, forget: bool) -> Judged:
    """An empty key means the one that is stored, but for a panel that has moved."""
    judged = wanted.judge(replace(typed, kind=before.kind), needs_key=False)
    if judged.wanted is None or judged.wanted.url == before.url:
        return judged
    kept = {"admin_key", *held} - judged.keys.keys() - ({SERVICES} if forget else set())
    asked = {name: BadInput(MOVED, name) for name in sorted(kept)}
    return replace(judged, wanted=None if asked else judged.wanted, errors=asked)


def edit_of(before: Panel, judged: Judged, forget: bool) -> Edit:
    """Raises BadInput."""
    return Edit(before, panel_of(judged.require(), before.id), judged.keys, forget and SERVICES not in judged.keys)


async def apply(
    connection: AsyncConnection, vault: Vault, edit: Edit, streams: Sequence[Stream], act: Acting, now: datetime
) -> None:
    """In one transaction, with its audit row. Raises Conflict. `streams`: what the panel offers to whoever has these keys."""
    panel_id = edit.before.id
    await panel_edits.change(connection, edit.before, edit.after)
    await panels.set_secrets(connection, panel_id, edit.keys, vault)
    if edit.forget:
        await panel_edits.forget_secret(connection, panel_id, SERVICES)
    if edit.reaches_differently:
        await reach_differently(connection, edit, streams, act("", "").actor, now)
    told = {"before": differing(edit.before, edit.after), "after": differing(edit.after, edit.before)}
    keys = {"keys": sorted(edit.keys), **({"forgotten": [SERVICES]} if edit.forget else {})}
    await audit.write(connection, act("panel-edit", edit.after.name, panel_id, **told, **keys), now)


async def reach_differently(
    connection: AsyncConnection, edit: Edit, streams: Sequence[Stream], by: str, now: datetime
) -> None:
    """Runs under the old access are broken off, pauses that this cures end, and everything is due at once."""
    panel_id = edit.before.id
    await panel_edits.interrupt(connection, panel_id, now)
    if edit.is_moved:
        await panel_edits.forget_manners(connection, panel_id)
    for services in (False, True):
        await panel_edits.end_pauses(connection, panel_id, cured(edit, services), services, by, now)
    known = await panel_edits.streams(connection, panel_id)
    await panels.add_feeds(connection, [(panel_id, stream) for stream in streams if stream.name not in known], now)
    again = panel_edits.read_anew if edit.reads_anew else panel_edits.read_now
    await again(connection, panel_id, now)


def cured(edit: Edit, services: bool) -> Collection[str]:
    """The troubles that are gone, or worth another look: of the catalogue (`services`), which has its own key, or of all else."""
    if edit.is_moved:
        return TROUBLES.keys() - {"removing"}
    return KEY_CURES if (SERVICES if services else "admin_key") in edit.keys else ()


def differing(one: Panel, other: Panel) -> dict[str, object]:
    return {
        name: getattr(one, name)
        for name in Panel.__dataclass_fields__
        if name != "id" and getattr(one, name) != getattr(other, name)
    }
