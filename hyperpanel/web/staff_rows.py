"""People as lines of Settings → Staff: what they may, what they are called in the panels, and how they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from hyperpanel.db import invites, panels, staff, staff_names
from hyperpanel.db.invites import Invite
from hyperpanel.db.panels import Panel
from hyperpanel.db.staff import Person
from hyperpanel.support.people import is_plain, reaches
from hyperpanel.web.frame import ROLE_NAMES
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

HERE = "/settings/staff"
ACTIVE, INVITED, AWAITED, EXPIRED, DISABLED = "active", "invited", "awaited", "expired", "disabled"
STATES = {
    ACTIVE: ("ok", N_("Active")),
    INVITED: ("unknown", N_("Invited")),
    AWAITED: ("unknown", N_("New password awaited")),
    EXPIRED: ("warn", N_("Link expired")),
    DISABLED: ("idle", N_("Disabled")),
}
MOST_OFFERED = 8
"""Names that answer in a panel and are offered for somebody who is not known there."""

SEEN, STRANGE, UNKNOWN = "seen", "strange", "unknown"


@dataclass(frozen=True)
class Around:
    """All that people are judged by: panels, names and answers only as far as whoever looks sees the panels."""

    panels: Sequence[Panel]
    given: Mapping[tuple[int, int], str] = field(default_factory=dict)
    seen: Mapping[int, Mapping[str, datetime]] = field(default_factory=dict)
    joined: frozenset[int] = frozenset()
    links: Mapping[int, Invite] = field(default_factory=dict)
    last: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Name:
    """As it is there, and as it is shown."""

    value: str
    label: str


@dataclass(frozen=True)
class Called:
    """Somebody in one panel. `standing`: seen, strange (others answer there and nobody of this name), or unknown where nothing is known of
    the answers; `typed` is empty where it is the username."""

    panel: str
    name: str
    typed: str
    standing: str
    last_at: datetime | None
    offered: Sequence[Name]


@dataclass(frozen=True)
class Line:
    """`href` is None for somebody whom this person may not change; `more`: they see panels that this person does not. `strange`: the panels
    where nobody of their name answers; `until`: how long their link can be taken."""

    username: str
    href: str | None
    role: str
    sees_all: bool
    panels: Sequence[str]
    more: bool
    strange: Sequence[str]
    seen_in: int
    seen_at: datetime | None
    since: datetime
    tone: str
    state: str
    until: datetime | None


def look(connection: Connection, visit: Visit) -> Around:
    return Around(
        panels=panels.all_of(connection, visit.scope),
        given=staff_names.given(connection, visit.scope),
        seen=staff_names.seen(connection, visit.scope),
        joined=staff.with_password(connection),
        links=invites.latest(connection),
        last=staff.last_seen(connection),
    )


def href_of(staff_id: int) -> str:
    return f"{HERE}/{staff_id}"


def state_of(person: Person, around: Around, now: datetime) -> str:
    if person.disabled_at:
        return DISABLED
    if person.id in around.joined:
        return ACTIVE
    link = around.links.get(person.id)
    if link is None or not link.is_open(now):
        return EXPIRED
    return AWAITED if link.purpose == invites.RESET else INVITED


def until(person: Person, around: Around, now: datetime) -> datetime | None:
    link = around.links.get(person.id)
    return link.expires_at if link and link.is_open(now) else None


def called(person: Person, around: Around) -> list[Called]:
    """In each panel that they and this person see; where something is wrong first."""
    found = [called_in(person, panel, around) for panel in around.panels if person.scope.holds(panel.id)]
    return sorted(found, key=lambda one: one.standing != STRANGE)


def called_in(person: Person, panel: Panel, around: Around) -> Called:
    typed, seen = around.given.get((panel.id, person.id), ""), around.seen.get(panel.id, {})
    name = typed or person.username
    standing = SEEN if name in seen else STRANGE if seen else UNKNOWN
    latest = sorted(filter(is_plain, seen), key=lambda other: seen[other], reverse=True)
    offered = [Name(other, shown(other) or "") for other in latest[:MOST_OFFERED]] if standing == STRANGE else []
    return Called(panel.name, name, typed, standing, seen.get(name), offered)


def line(visit: Visit, person: Person, around: Around) -> Line:
    tone, label = STATES[state_of(person, around, visit.now)]
    names = called(person, around)
    mine = visit.scope.panel_ids
    return Line(
        username=shown(person.username) or "",
        href=href_of(person.id) if reaches(mine, person.panel_ids) else None,
        role=visit.say(ROLE_NAMES.get(person.role, person.role)),
        sees_all=person.panel_ids is None,
        panels=[panel.name for panel in around.panels if person.panel_ids and panel.id in person.panel_ids],
        more=not reaches(mine, person.panel_ids) and person.panel_ids is not None,
        strange=[one.panel for one in names if one.standing == STRANGE and not person.disabled_at],
        seen_in=sum(one.standing == SEEN for one in names),
        seen_at=around.last.get(person.id),
        since=person.created_at,
        tone=tone,
        state=visit.say(label),
        until=until(person, around, visit.now),
    )
