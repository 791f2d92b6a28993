"""What `hyperpanel staff` does, by the rules that the console keeps: hyperpanel/support/people_acts.py. Whoever has the machine may change
anybody, but does not lock everybody out by accident either.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from hyperpanel.cli.frame import ACTOR, Place, installation
from hyperpanel.errors import Missing

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from hyperpanel.db.opening import Installation
    from hyperpanel.db.staff import Person
    from hyperpanel.support.people_acts import Hand


async def enrolled(place: Place, name: str, role: str, panel_names: Sequence[str] | None, password: str) -> None:
    async with installation(place) as found:
        await enrol(found, name, role, panel_names, password)


async def enrol(found: "Installation", name: str, role: str, panel_names: Sequence[str] | None, password: str) -> None:
    """`panel_names` None allows every panel. Raises Missing, Conflict."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.support import passwords, people_acts

    ids = await panel_ids(found, panel_names)
    kept, now = await passwords.hashed_later(password), SystemClock().now()
    async with found.database.write() as connection:
        await people_acts.enrol(connection, hand(), name, role, ids, kept, now)


async def panel_ids(found: "Installation", panel_names: Sequence[str] | None) -> "list[int] | None":
    from hyperpanel.db import panels
    from hyperpanel.db.scope import EVERYTHING

    if panel_names is None:
        return None
    named = await found.database.read(lambda connection: panels.named(connection, EVERYTHING, panel_names))
    return [panel.id for panel in named]


def hand() -> "Hand":
    from hyperpanel.db.audit import Act
    from hyperpanel.support.people_acts import Hand

    def act(action: str, target: str = "", panel_id: int | None = None, **details: object) -> Act:
        return Act(ACTOR, action, target, panel_id, details)

    return Hand(act)


async def invited(place: Place, name: str, role: str, panel_names: Sequence[str] | None) -> str:
    from hyperpanel.clock import SystemClock
    from hyperpanel.support import people_acts

    async with installation(place) as found:
        ids = await panel_ids(found, panel_names)
        async with found.database.write() as connection:
            made = await people_acts.invite(connection, hand(), name, role, ids, SystemClock().now())
    return link(found, made[1])


def link(found: "Installation", token: str) -> str:
    return f"{found.settings.web.public_url.rstrip('/')}/invites/{token}"


async def disable(place: Place, name: str) -> str:
    from hyperpanel.support import people_acts

    return await changed(
        place, name, lambda connection, person, now: people_acts.disable(connection, hand(), person.id, "", now)
    )


async def enable(place: Place, name: str) -> str:
    from hyperpanel.support import people_acts

    return await changed(
        place, name, lambda connection, person, now: people_acts.enable(connection, hand(), person.id, "", now)
    )


async def password(place: Place, name: str, password: str) -> str:
    from hyperpanel.support import passwords, people_acts

    kept = await passwords.hashed_later(password)
    return await changed(
        place, name, lambda connection, person, now: people_acts.set_password(connection, hand(), person.id, kept, now)
    )


async def rights(place: Place, name: str, role: str, panel_names: Sequence[str] | None, all_panels: bool) -> str:
    """Without panels they stay as they were."""
    from hyperpanel.support import people_acts

    async with installation(place) as found:
        named = await panel_ids(found, panel_names)

    def change(connection: "AsyncConnection", person: "Person", now: datetime) -> "Awaitable[Person]":
        held = None if person.panel_ids is None else sorted(person.panel_ids)
        ids = None if all_panels else held if named is None else named
        return people_acts.change(connection, hand(), person.id, role, ids, now)

    return await changed(place, name, change)


async def changed(
    place: Place, name: str, change: "Callable[[AsyncConnection, Person, datetime], Awaitable[Person]]"
) -> str:
    """Returns the name as it is written. Raises Missing."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db import staff as people

    async with installation(place) as found:
        person = await found.database.read(lambda connection: people.named(connection, name))
        if person is None:
            raise Missing(f"There is nobody named {name!r}. See: hyperpanel staff list")
        async with found.database.write() as connection:
            await change(connection, person, SystemClock().now())
    return person.username
