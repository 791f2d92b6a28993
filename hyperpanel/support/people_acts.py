"""What is done with the people who may sign in: invited, sent a link, changed, disabled, enabled. Each is in the audit.

Whoever is limited to some panels hands out those alone, and does not touch people who see others. Nobody changes themselves, and somebody who
sees as much must be left who can put things right. All of it is asked in the transaction that acts, as things stand then: whoever was
disabled a moment ago disables nobody.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import audit, invites, panels, staff, staff_names
from hyperpanel.db.audit import Act
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.db.staff import Person
from hyperpanel.errors import BadInput, Conflict, Missing, Refused
from hyperpanel.support import roles
from hyperpanel.support.people import given, reaches
from hyperpanel.support.wanted import N_

MANAGE = "staff:manage"
LAST = N_("{name} is the last who can manage staff here. Give somebody else that role first.")
ONESELF = N_("Somebody else has to change your own role and panels, and whether you may sign in.")
DISABLED = N_("{name} is disabled. Enable them first.")


@dataclass(frozen=True)
class Hand:
    """Who acts: `person` is None for a command on the machine itself, which may everything but lock everybody out."""

    act: Callable[..., Act]
    person: Person | None = None

    @property
    def name(self) -> str:
        return self.act("").actor


class LastOne(BadInput):
    status = Conflict.status


async def acting(transaction: AsyncConnection, hand: Hand) -> Person | None:
    """Who acts, as they are now, one at a time. Raises Refused for who may no longer."""
    await staff.in_turn(transaction)
    if hand.person is None:
        return None
    person_id = hand.person.id
    now = await transaction.run_sync(lambda connection: staff.by_id(connection, person_id))
    if now is None or now.disabled_at or not roles.may(now.role, MANAGE):
        raise Refused(MANAGE)
    return now


async def within_reach(transaction: AsyncConnection, hand: Hand, staff_id: int) -> tuple[Person | None, Person]:
    """Who acts, and on whom. Raises Refused, and Missing for who sees more than they do."""
    actor = await acting(transaction, hand)
    person = await transaction.run_sync(lambda connection: staff.by_id(connection, staff_id))
    if person is None or (actor is not None and not reaches(actor.panel_ids, person.panel_ids)):
        raise Missing("person")
    return actor, person


async def reached(transaction: AsyncConnection, hand: Hand, staff_id: int) -> tuple[Person | None, Person]:
    """The same, and nobody reaches themselves: raises BadInput."""
    actor, person = await within_reach(transaction, hand, staff_id)
    if actor is not None and actor.id == person.id:
        raise BadInput(ONESELF, "self")
    return actor, person


def check_handed(actor: Person | None, panel_ids: Sequence[int] | None) -> None:
    """Raises Refused: the page offers no panel that its person does not see."""
    if actor is not None and not reaches(actor.panel_ids, None if panel_ids is None else frozenset(panel_ids)):
        raise Refused(MANAGE)


async def refuse_last(transaction: AsyncConnection, person: Person) -> None:
    """Raises LastOne where nobody would be left who can manage staff and sees as much."""
    keepers = await transaction.run_sync(lambda connection: staff.able(connection, roles.having(MANAGE)))
    others = [one for one in keepers if one.id != person.id]
    stays = any(one.panel_ids is None or person.panel_ids is not None for one in others)
    if any(one.id == person.id for one in keepers) and not stays:
        raise LastOne(LAST, "self", name=person.username)


async def told(transaction: AsyncConnection, role: str, panel_ids: Iterable[int] | None) -> dict[str, Any]:
    """Rights as the audit has them."""
    if panel_ids is None:
        return {"role": role, "panels": "all"}
    known = await transaction.run_sync(lambda connection: panels.all_of(connection, EVERYTHING))
    ids = frozenset(panel_ids)
    return {"role": role, "panels": [panel.name for panel in known if panel.id in ids]}


async def enrol(
    transaction: AsyncConnection,
    hand: Hand,
    name: str,
    role: str,
    panel_ids: Sequence[int] | None,
    password_hash: str,
    now: datetime,
) -> int:
    """`panel_ids` None allows every panel. Raises Refused; Conflict for a name in use."""
    check_handed(await acting(transaction, hand), panel_ids)
    staff_id = await staff.add(transaction, name, password_hash, role, panel_ids, now)
    act = "staff-add" if password_hash else "staff-invite"
    await audit.write(transaction, hand.act(act, name, **await told(transaction, role, panel_ids)), now)
    return staff_id


async def invite(
    transaction: AsyncConnection, hand: Hand, name: str, role: str, panel_ids: Sequence[int] | None, now: datetime
) -> tuple[int, str]:
    """Somebody new, and the token of their link."""
    staff_id = await enrol(transaction, hand, name, role, panel_ids, staff.NO_PASSWORD, now)
    return staff_id, await invites.make(transaction, staff_id, invites.JOIN, hand.name, now)


async def link(transaction: AsyncConnection, hand: Hand, staff_id: int, now: datetime) -> str:
    """The token of a new link. An old password is worth nothing from here on, nor is an older link, and nobody chose the new one for them."""
    _, person = await reached(transaction, hand, staff_id)
    if person.disabled_at:
        raise BadInput(DISABLED, "self", name=person.username)
    joined = staff_id in await transaction.run_sync(staff.with_password)
    if joined:
        await refuse_last(transaction, person)
        await staff.set_password(transaction, staff_id, staff.NO_PASSWORD)
    last = (await transaction.run_sync(invites.latest)).get(staff_id)
    had_one = joined or (last is not None and (last.purpose == invites.RESET or last.used_at is not None))
    purpose = invites.RESET if had_one else invites.JOIN
    token = await invites.make(transaction, staff_id, purpose, hand.name, now)
    await audit.write(transaction, hand.act("staff-link", person.username, purpose=purpose), now)
    return token


async def disable(transaction: AsyncConnection, hand: Hand, staff_id: int, why: str, now: datetime) -> Person:
    _, person = await reached(transaction, hand, staff_id)
    if person.disabled_at is None:
        await refuse_last(transaction, person)
        await staff.disable(transaction, staff_id, now)
        await audit.write(transaction, hand.act("staff-disable", person.username, **given(why)), now)
    return person


async def enable(transaction: AsyncConnection, hand: Hand, staff_id: int, why: str, now: datetime) -> Person:
    _, person = await reached(transaction, hand, staff_id)
    if person.disabled_at is not None:
        await staff.enable(transaction, staff_id)
        await audit.write(transaction, hand.act("staff-enable", person.username, **given(why)), now)
    return person


async def change(
    transaction: AsyncConnection,
    hand: Hand,
    staff_id: int,
    role: str,
    panel_ids: Sequence[int] | None,
    now: datetime,
) -> Person:
    """Another role or other panels; whoever has them begins with another sign-in. What is as it was ends no session."""
    actor, person = await reached(transaction, hand, staff_id)
    check_handed(actor, panel_ids)
    wanted = None if panel_ids is None else frozenset(panel_ids)
    if (role, wanted) == (person.role, person.panel_ids):
        return person
    if not roles.may(role, MANAGE) or (wanted is not None and person.panel_ids is None):
        await refuse_last(transaction, person)
    await staff.set_role(transaction, staff_id, role, panel_ids)
    before = await told(transaction, person.role, person.panel_ids)
    after = await told(transaction, role, panel_ids)
    await audit.write(transaction, hand.act("staff-edit", person.username, before=before, after=after), now)
    return person


async def set_password(
    transaction: AsyncConnection, hand: Hand, staff_id: int, password_hash: str, now: datetime
) -> Person:
    """By a command on the machine itself: who was disabled may sign in again."""
    _, person = await reached(transaction, hand, staff_id)
    await staff.set_password(transaction, staff_id, password_hash)
    await staff.end_links(transaction, staff_id, now)
    await staff.enable(transaction, staff_id)
    await audit.write(transaction, hand.act("staff-reset", person.username), now)
    return person


async def name_in(
    transaction: AsyncConnection, hand: Hand, staff_id: int, panel: Panel, name: str, now: datetime
) -> Person:
    """What somebody is called in a panel; their username, or nothing, is their username. One's own name is nobody's right, so it may be set."""
    actor, person = await within_reach(transaction, hand, staff_id)
    scope = actor.scope if actor else EVERYTHING
    if not scope.holds(panel.id) or not person.scope.holds(panel.id):
        raise Missing("panel")
    held = await transaction.run_sync(lambda connection: staff_names.given(connection, scope))
    after = "" if name == person.username else name
    before = held.get((panel.id, staff_id), "")
    if after != before:
        await staff_names.give(transaction, panel.id, staff_id, after, hand.name, now)
        names = {"before": before or person.username, "after": after or person.username}
        await audit.write(transaction, hand.act("staff-name", person.username, panel.id, **names), now)
    return person
