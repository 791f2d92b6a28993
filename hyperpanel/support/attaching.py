"""Panels attached: stored with their keys sealed, their feeds due at once, and each with a row in the audit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, panels
from hyperpanel.db.audit import Act
from hyperpanel.db.panels import New, Panel, folded
from hyperpanel.support.wanted import Wanted
from hyperpanel.vault import Vault
from sync.connectors import CONNECTORS
from sync.connectors.base import Access, Stream

Acting = Callable[..., Act]
"""Makes the audit's row of (action, target, panel id, **details): it knows who acts, and from where."""


def panel_of(wanted: Wanted, panel_id: int = 0) -> Panel:
    kept = {name: getattr(wanted, name) for name in Panel.__dataclass_fields__ if name != "id"}
    return Panel(id=panel_id, **kept)


def spelled(panel: Panel, others: Iterable[Panel]) -> Panel:
    """In a group that is there already under another spelling, it takes that one."""
    known = {folded(other.group_name): other.group_name for other in others if other.group_name}
    return replace(panel, group_name=known.get(folded(panel.group_name or ""), panel.group_name))


def access_of(panel: Panel, keys: Mapping[str, str]) -> Access:
    """How a panel would be reached that is not stored like this."""
    return Access(
        panel=panel.name,
        url=panel.url,
        currency=panel.currency,
        zone=ZoneInfo(panel.time_zone),
        admin_key=keys["admin_key"],
        services_key=keys.get("services_key"),
        private=panel.private,
    )


async def streams_of(kind: str, keys: Mapping[str, str]) -> Sequence[Stream]:
    """What a vendor's panel offers to somebody with these keys. Nobody is asked: only whether a key is there matters."""
    panel = Panel(0, "", kind, "https://panel.example", "USD", "UTC", 1.0, False)
    connector = CONNECTORS[kind](access_of(panel, dict.fromkeys(keys, "x")))
    try:
        return connector.streams()
    finally:
        await connector.close()


async def offered(new: Sequence[tuple[Panel, Mapping[str, str]]]) -> list[New]:
    """With the streams of each; a connector is made for each sort of panel, not for each of a thousand panels."""
    sorts = {(panel.kind, *sorted(keys)): (panel.kind, keys) for panel, keys in new}
    streams = {sort: await streams_of(kind, keys) for sort, (kind, keys) in sorts.items()}
    return [New(panel, keys, streams[panel.kind, *sorted(keys)]) for panel, keys in new]


async def attach(
    connection: AsyncConnection, vault: Vault, new: Sequence[New], act: Acting, now: datetime
) -> Sequence[int]:
    """All of them or none. Raises Conflict for a name in use."""
    ids = await panels.add_all(connection, new, vault, now)
    for one, panel_id in zip(new, ids, strict=True):
        await audit.write(connection, act("panel-add", one.panel.name, panel_id, **told(one.panel, one.secrets)), now)
    return ids


def told(panel: Panel, keys: Mapping[str, str]) -> dict[str, object]:
    """For the audit: all but the name, and of the keys which there are."""
    kept = {name: getattr(panel, name) for name in Panel.__dataclass_fields__ if name not in ("id", "name")}
    return kept | {"keys": sorted(keys)}
