"""Keys of the API: what they may do, and how they are made, rotated and revoked. Pages and commands keep these rules alike.

A key that a person made never does more than that person may at the moment of the call, so nobody outgrows their role by a key. Whoever
sees some panels has nothing to do with keys that see others: they are not told that there are any.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from hyperpanel.db import api_keys, audit, panels, staff
from hyperpanel.db.api_keys import Held, Key
from hyperpanel.db.audit import Act
from hyperpanel.db.scope import EVERYTHING, Scope
from hyperpanel.db.staff import Person
from hyperpanel.errors import BadInput, Conflict, Missing, Refused
from hyperpanel.support import roles
from hyperpanel.support.api_key_fields import Wanted
from hyperpanel.support.api_secrets import Secret, hash_of, id_of, new_secret, prefix
from hyperpanel.support.people import reaches
from hyperpanel.support.wanted import N_

__all__ = ["SCOPES", "Hand", "Rights", "Secret", "change", "id_of", "make", "new_secret", "revoke", "rights", "rotate"]

MANAGE = "keys:manage"
SCOPES: Mapping[str, str] = {
    "orders:read": "orders:read",
    "payments:read": "payments:read",
    "users:read": "users:read",
    "tickets:read": "tickets:read",
    "services:read": "services:read",
    "panels:read": "sync:read",
    "sync:read": "sync:read",
    "sync:control": "sync:control",
    "reports:read": "tracking:read",
    "snoozes:read": "tracking:read",
    "snoozes:set": "snooze:set",
    "staff:read": "staff:measure",
    "finance:read": "finance:read",
    "providers:read": "provider:see",
    "activity:read": "activity:read",
}
"""What a key may be given, and the permission that its owner must have for it to count."""

AT_ONCE = 2
"""Keys in force that take each other's place: the one that is used still, and the one that is to be."""

NOT_YOURS = N_("You may not give “{scope}”: your own role does not have it.")
TAKEN = N_("A key in force has this name already. Choose another name.")
PAIR = N_("Two keys of “{name}” are in force already. Revoke one of them first.")
OVER = N_("“{name}” is not in force any more. Make a new key.")


@dataclass(frozen=True)
class Hand:
    """Who acts: `person` is None for a command on the machine itself."""

    act: Callable[..., Act]
    person: Person | None = None


@dataclass(frozen=True)
class Rights:
    """What a key may do and see at one moment."""

    scopes: frozenset[str]
    scope: Scope


class Taken(BadInput):
    status = Conflict.status


def rights(held: Held, now: datetime) -> Rights | None:
    """None for a key that is not in force, or whose owner may not act."""
    owner, key = held.owner, held.key
    if not key.is_live(now) or (key.staff_id is not None and (owner is None or owner.disabled_at is not None)):
        return None
    scopes = key.scopes if owner is None else key.scopes & grantable(owner)
    return Rights(frozenset(scopes), sight(held))


def sight(held: Held) -> Scope:
    """The panels that it is for, so far as its owner sees them."""
    return (held.owner.scope if held.owner else EVERYTHING).narrowed(held.key.panel_ids)


def grantable(person: Person | None) -> frozenset[str]:
    """What somebody can give; a command gives anything."""
    return frozenset(name for name, needed in SCOPES.items() if person is None or roles.may(person.role, needed))


def is_within(person: Person | None, held: Held) -> bool:
    """Whether this person has anything to do with it."""
    return person is None or reaches(person.panel_ids, sight(held).panel_ids)


async def acting(transaction: AsyncConnection, hand: Hand) -> Person | None:
    """Who acts, as they are now, one at a time. Raises Refused for who may no longer."""
    await api_keys.in_turn(transaction)
    if hand.person is None:
        return None
    person_id = hand.person.id
    now = await transaction.run_sync(lambda connection: staff.by_id(connection, person_id))
    if now is None or now.disabled_at or not roles.may(now.role, MANAGE):
        raise Refused(MANAGE)
    return now


async def found(transaction: AsyncConnection, person: Person | None, key_id: str) -> Held:
    held = await transaction.run_sync(lambda connection: api_keys.held(connection, key_id))
    if held is None or not is_within(person, held):
        raise Missing("key")
    return held


def check_given(person: Person | None, wanted: Wanted) -> None:
    """Nobody gives what is not theirs: raises BadInput for a scope, and Refused for panels, since no page offers those."""
    for scope in sorted(wanted.scopes - grantable(person)):
        raise BadInput(NOT_YOURS, "scopes", scope=scope)
    allowed = person.panel_ids if person else None
    if wanted.panel_ids is not None and not reaches(allowed, wanted.panel_ids):
        raise Refused(MANAGE)


async def make(transaction: AsyncConnection, hand: Hand, wanted: Wanted, now: datetime) -> Secret:
    """Its text is in the answer alone. Raises BadInput."""
    person = await acting(transaction, hand)
    check_given(person, wanted)
    await refuse_taken(transaction, wanted.name, frozenset(), now)
    secret = new_secret()
    settings = (wanted.name, wanted.scopes, wanted.panel_ids, wanted.addresses, wanted.per_minute)
    key = Key(secret.id, *settings, person.id if person else None, None, now, now + wanted.lasts)
    await api_keys.add(transaction, key, hash_of(secret.text))
    await tell(transaction, hand, "key-make", key, now)
    return secret


async def refuse_taken(transaction: AsyncConnection, name: str, but: frozenset[str], now: datetime) -> None:
    known = await transaction.run_sync(api_keys.all_of)
    for held in known:
        if held.key.is_live(now) and held.key.id not in but and staff.folded(held.key.name) == staff.folded(name):
            raise Taken(TAKEN, "name")


async def rotate(transaction: AsyncConnection, hand: Hand, key_id: str, now: datetime) -> Secret:
    """A second key with the same settings, for as long as the first was made for; the first stays until it is revoked or ends."""
    person = await acting(transaction, hand)
    held = await found(transaction, person, key_id)
    await refuse_third(transaction, held, now)
    secret, lasts = new_secret(), held.key.expires_at - held.key.created_at
    first = inherited(held, person)
    check_given(person, Wanted(first.name, first.scopes, first.panel_ids, first.addresses, first.per_minute, lasts))
    second = replace(first, id=secret.id, follows=first.id, created_at=now, expires_at=now + lasts)
    key = replace(second, last_used_at=None, last_used_from=None)
    await api_keys.add(transaction, key, hash_of(secret.text))
    await tell(transaction, hand, "key-rotate", key, now, follows=prefix(first.id))
    return secret


def inherited(held: Held, person: Person | None) -> Key:
    """Whoever rotates somebody else's key bounds the second one, which then allows no more than the first did at that moment. By a command
    it stays its owner's."""
    if person is None or person.id == held.key.staff_id:
        return held.key
    scopes = held.key.scopes & grantable(held.owner)
    return replace(held.key, staff_id=person.id, scopes=frozenset(scopes), panel_ids=sight(held).panel_ids)


async def refuse_third(transaction: AsyncConnection, held: Held, now: datetime) -> None:
    if not held.key.is_live(now):
        raise Taken(OVER, "self", name=held.key.name)
    kin = await transaction.run_sync(lambda connection: api_keys.chain(connection, held.key.id))
    known = await transaction.run_sync(api_keys.all_of)
    if sum(one.key.id in kin and one.key.is_live(now) for one in known) >= AT_ONCE:
        raise Taken(PAIR, "self", name=held.key.name)


async def revoke(transaction: AsyncConnection, hand: Hand, key_id: str, now: datetime) -> Key:
    """At once and for ever."""
    person = await acting(transaction, hand)
    key = (await found(transaction, person, key_id)).key
    if await api_keys.revoke(transaction, key_id, now):
        await tell(transaction, hand, "key-revoke", key, now)
    return key


async def change(
    transaction: AsyncConnection, hand: Hand, key_id: str, values: Mapping[str, str | int], now: datetime
) -> Key:
    """Name, addresses and limit: what it may do and see is as it was made."""
    person = await acting(transaction, hand)
    key = (await found(transaction, person, key_id)).key
    before = {"name": key.name, "addresses": " ".join(key.addresses), "per_minute": key.per_minute}
    changed = {name: value for name, value in values.items() if value != before[name]}
    if changed:
        if "name" in changed:
            kin = await transaction.run_sync(lambda connection: api_keys.chain(connection, key_id))
            await refuse_taken(transaction, str(changed["name"]), kin, now)
        await api_keys.change(transaction, key_id, changed)
        was = {name: before[name] for name in changed}
        act = hand.act("key-edit", key.name, before=was, after=changed, prefix=prefix(key.id))
        await audit.write(transaction, act, now)
    return key


async def tell(transaction: AsyncConnection, hand: Hand, action: str, key: Key, now: datetime, **more: Any) -> None:
    """With what it allows, never with the key itself."""
    known = await transaction.run_sync(lambda connection: panels.all_of(connection, EVERYTHING))
    named = "all" if key.panel_ids is None else [panel.name for panel in known if panel.id in key.panel_ids]
    details = {
        "prefix": prefix(key.id),
        "scopes": sorted(key.scopes),
        "panels": named,
        "addresses": list(key.addresses),
        "per_minute": key.per_minute,
        "until": key.expires_at.isoformat(timespec="seconds"),
        **more,
    }
    await audit.write(transaction, hand.act(action, key.name, **details), now)
