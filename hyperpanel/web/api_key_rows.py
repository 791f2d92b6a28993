"""Keys as lines of Settings → API keys: what each may do, and how it stands.

Of keys that see panels which this person does not, nothing is told, not even that there are any.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from hyperpanel.db import api_keys, panels
from hyperpanel.db.api_keys import Held
from hyperpanel.db.panels import Panel
from hyperpanel.support.api_keys import grantable, is_within
from hyperpanel.support.api_secrets import prefix
from hyperpanel.web.api_key_words import SCOPE_WORDS
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

HERE = "/settings/keys"
SOON = timedelta(days=14)
ACTIVE, ENDING, OWNERLESS, EXPIRED, REVOKED = "active", "ending", "ownerless", "expired", "revoked"
STATES = {
    ACTIVE: ("ok", N_("Active")),
    ENDING: ("warn", N_("Ends soon")),
    OWNERLESS: ("bad", N_("Its owner is disabled")),
    EXPIRED: ("idle", N_("Expired")),
    REVOKED: ("idle", N_("Revoked")),
}
LIVE = frozenset({ACTIVE, ENDING, OWNERLESS})


@dataclass(frozen=True)
class Line:
    """`scopes`: in words, those that count now; `idle_scopes`: those that do not, since its owner may not do so much any more.
    `takes_place_of` and `replaced_by`: the prefix of the other key in force, where there are two."""

    name: str
    href: str
    prefix: str
    tone: str
    state: str
    is_live: bool
    scope_names: Sequence[str]
    scopes: Sequence[str]
    idle_scopes: Sequence[str]
    sees_all: bool
    panels: Sequence[str]
    owner: str | None
    created_at: datetime
    last_used_at: datetime | None
    last_used_from: str | None
    expires_at: datetime
    takes_place_of: str | None
    replaced_by: str | None


@dataclass(frozen=True)
class Around:
    """All that keys are judged by."""

    keys: Mapping[str, Held]
    panels: Sequence[Panel]


def look(connection: Connection, visit: Visit) -> Around:
    found = [held for held in api_keys.all_of(connection) if is_within(visit.person, held)]
    return Around({held.key.id: held for held in found}, panels.all_of(connection, visit.scope))


def href_of(key_id: str) -> str:
    return f"{HERE}/{key_id}"


def state_of(held: Held, now: datetime) -> str:
    if held.key.revoked_at:
        return REVOKED
    if held.key.expires_at <= now:
        return EXPIRED
    if held.owner and held.owner.disabled_at:
        return OWNERLESS
    return ENDING if held.key.expires_at - now <= SOON else ACTIVE


def lines(visit: Visit, around: Around) -> list[Line]:
    """Those in force first, each kind by its age."""
    made = [line(visit, held, around) for held in around.keys.values()]
    return sorted(made, key=lambda one: not one.is_live)


def line(visit: Visit, held: Held, around: Around) -> Line:
    key, state = held.key, state_of(held, visit.now)
    counting = key.scopes & grantable(held.owner)
    return Line(
        name=shown(key.name) or "",
        href=href_of(key.id),
        prefix=prefix(key.id),
        tone=STATES[state][0],
        state=visit.say(STATES[state][1]),
        is_live=state in LIVE,
        scope_names=[name for name in SCOPE_WORDS if name in counting],
        scopes=worded(visit, counting),
        idle_scopes=worded(visit, key.scopes - counting),
        sees_all=key.panel_ids is None,
        panels=[panel.name for panel in around.panels if key.panel_ids and panel.id in key.panel_ids],
        owner=shown(held.owner.username) if held.owner else None,
        created_at=key.created_at,
        last_used_at=key.last_used_at,
        last_used_from=key.last_used_from,
        expires_at=key.expires_at,
        takes_place_of=live_prefix(around, key.follows, visit.now) if state in LIVE else None,
        replaced_by=successor(around, key.id, visit.now) if state in LIVE else None,
    )


def worded(visit: Visit, scopes: frozenset[str]) -> list[str]:
    return [visit.say(words) for name, (words, _) in SCOPE_WORDS.items() if name in scopes]


def live_prefix(around: Around, key_id: str | None, now: datetime) -> str | None:
    other = around.keys.get(key_id or "")
    return prefix(other.key.id) if other and other.key.is_live(now) else None


def successor(around: Around, key_id: str, now: datetime) -> str | None:
    later = (held.key for held in around.keys.values() if held.key.follows == key_id)
    return next((prefix(key.id) for key in later if key.is_live(now)), None)
