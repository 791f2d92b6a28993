"""What `hyperpanel key` does, by the rules that the console keeps: hyperpanel/support/api_keys.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hyperpanel.cli.frame import Place, installation
from hyperpanel.cli.staff_changes import panel_ids
from hyperpanel.errors import BadInput, Conflict, Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hyperpanel.db.api_keys import Held, Key
    from hyperpanel.db.opening import Installation
    from hyperpanel.support.api_key_fields import Wanted
    from hyperpanel.support.api_keys import Hand
    from hyperpanel.support.api_secrets import Secret


@dataclass(frozen=True)
class Typed:
    name: str
    scopes: str
    panels: str | None
    expires: str
    addresses: str
    per_minute: int | None


@dataclass(frozen=True)
class Listed:
    """A key for a table and for scripts."""

    cells: "Sequence[str]"
    facts: "Mapping[str, object]"


def words(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


async def made(place: Place, typed: Typed) -> "Secret":
    from hyperpanel.clock import SystemClock
    from hyperpanel.support import api_keys

    async with installation(place) as found:
        asked = await wanted(found, typed)
        async with found.database.write() as connection:
            return await api_keys.make(connection, hand(), asked, SystemClock().now())


async def wanted(found: "Installation", typed: Typed) -> "Wanted":
    from hyperpanel.support import api_key_fields as rules
    from hyperpanel.support.api_keys import SCOPES

    names = None if typed.panels is None else words(typed.panels)
    if names == []:
        raise BadInput("--panels names no panel. Leave it out to allow all of them.", "panels")
    limit = found.settings.api.per_minute if typed.per_minute is None else typed.per_minute
    ids = await panel_ids(found, names)
    return rules.Wanted(
        rules.name(typed.name),
        rules.scopes(words(typed.scopes), SCOPES),
        None if ids is None else frozenset(ids),
        rules.addresses(typed.addresses),
        rules.per_minute(str(limit)),
        rules.lasts(typed.expires),
    )


def hand() -> "Hand":
    from hyperpanel.cli import staff_changes
    from hyperpanel.support.api_keys import Hand

    return Hand(staff_changes.hand().act)


async def rotated(place: Place, name: str) -> "tuple[str, Secret]":
    from hyperpanel.clock import SystemClock
    from hyperpanel.support import api_keys

    async with installation(place) as found:
        now = SystemClock().now()
        key = await meant(found, name, now)
        async with found.database.write() as connection:
            return key.name, await api_keys.rotate(connection, hand(), key.id, now)


async def revoked(place: Place, name: str) -> str:
    from hyperpanel.clock import SystemClock
    from hyperpanel.support import api_keys

    async with installation(place) as found:
        now = SystemClock().now()
        key = await meant(found, name, now)
        async with found.database.write() as connection:
            await api_keys.revoke(connection, hand(), key.id, now)
    return key.name


async def meant(found: "Installation", name: str, now: datetime) -> "Key":
    """The key in force of this name or prefix. Raises Missing, and Conflict where two have the name."""
    from hyperpanel.db import api_keys, staff
    from hyperpanel.support.api_secrets import prefix

    known = [held.key for held in await found.database.read(api_keys.all_of)]
    live = [key for key in known if key.is_live(now)]
    named = [key for key in live if prefix(key.id) == name or staff.folded(key.name) == staff.folded(name)]
    if not named:
        raise Missing(f"There is no key {name!r} in force. See: hyperpanel key list")
    if len(named) > 1:
        both = ", ".join(prefix(key.id) for key in named)
        raise Conflict(f"Several keys in force are named {name!r}. Give the prefix of one: {both}.")
    return named[0]


async def listed(place: Place) -> list[Listed]:
    from hyperpanel.clock import SystemClock
    from hyperpanel.db import api_keys, panels
    from hyperpanel.db.scope import EVERYTHING

    now = SystemClock().now()
    async with installation(place) as found:
        known = await found.database.read(api_keys.all_of)
        all_panels = await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    names = {panel.id: panel.name for panel in all_panels}
    return [told(held, names, now) for held in sorted(known, key=lambda held: not held.key.is_live(now))]


def told(held: "Held", names: "Mapping[int, str]", now: datetime) -> Listed:
    from hyperpanel.support.api_secrets import prefix

    key, standing = held.key, state(held, now)
    seen = None if key.panel_ids is None else sorted(names[one] for one in key.panel_ids if one in names)
    used = f"{key.last_used_at:%Y-%m-%d %H:%M} from {key.last_used_from}" if key.last_used_at else "never"
    shown = "all" if seen is None else ", ".join(seen) or "none"
    scopes = sorted(key.scopes)
    facts = {
        "name": key.name,
        "prefix": prefix(key.id),
        "scopes": scopes,
        "panels": seen,
        "addresses": list(key.addresses),
        "per_minute": key.per_minute,
        "owner": held.owner.username if held.owner else None,
        "follows": prefix(key.follows) if key.follows else None,
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat(),
        "last_used_at": key.last_used_at.isoformat() if key.last_used_at else None,
        "last_used_from": key.last_used_from,
        "state": standing,
    }
    ends = f"{key.expires_at:%Y-%m-%d}"
    return Listed((key.name, prefix(key.id), ", ".join(scopes), shown, used, ends, standing), facts)


def state(held: "Held", now: datetime) -> str:
    if held.key.revoked_at:
        return "revoked"
    if held.key.expires_at <= now:
        return "expired"
    return "its owner is disabled" if held.owner and held.owner.disabled_at else "active"
