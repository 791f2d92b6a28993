"""`hyperpanel staff`: who may sign in."""

import re
from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli import credentials
from hyperpanel.cli.frame import ACTOR, Place, as_json, in_place, installation, run
from hyperpanel.cli.output import machine, result, say, table
from hyperpanel.errors import BadInput, Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hyperpanel.db.opening import Installation
    from hyperpanel.db.staff import Person

ROLES = ("admin", "manager", "support", "viewer")
NAME = re.compile(r"[^\W_][\w .@-]{0,63}")
password_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@click.group()
def staff() -> None:
    """The people who may sign in.

    \b
    Example:
    $ hyperpanel staff list
    """


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--panels", "panel_names", help="The panels they may see, with commas between; else all.")
@password_stdin
@as_json
@in_place
def add(place: Place, name: str, role: str, panel_names: str | None, password_stdin: bool, as_json: bool) -> None:
    """Add somebody.

    The password has at least 12 characters; on a terminal it is asked for.

    \b
    Examples:
    $ hyperpanel staff add ana --role admin
    $ hyperpanel staff add ben --role support --panels eu-1,us-2 --password-stdin < ben.txt
    """
    shown = username(name)
    password = accepted(credentials.password(password_stdin, shown), shown)
    chosen = None if panel_names is None else listed(panel_names)
    run(add_person(place, shown, role, chosen, password))
    sees = "all panels" if chosen is None else ", ".join(chosen)
    facts = {"name": shown, "role": role, "panels": chosen}
    result(facts, f"{shown} may sign in as {role}, and sees {sees}.", as_json)


def username(name: str) -> str:
    shown = " ".join(name.split())
    if not NAME.fullmatch(shown):
        raise BadInput(
            "A name has 1 to 64 letters, digits, spaces and . _ @ -, and begins with a letter or digit.", "name"
        )
    return shown


def accepted(password: str, name: str) -> str:
    """Raises BadInput with all that is wrong with it."""
    from hyperpanel.support import passwords

    try:
        return passwords.checked(password, name)
    except BadInput as weak:
        raise BadInput(f"That password will not do. {weak}", weak.field) from None


def listed(text: str) -> list[str]:
    names = [part.strip() for part in text.split(",") if part.strip()]
    if not names:
        raise BadInput("--panels names no panel. Leave it out to allow all of them.", "panels")
    return names


async def add_person(place: Place, name: str, role: str, panel_names: "Sequence[str] | None", password: str) -> None:
    async with installation(place) as found:
        await enrol(found, name, role, panel_names, password)


async def enrol(
    found: "Installation", name: str, role: str, panel_names: "Sequence[str] | None", password: str
) -> None:
    """With the audit row, in one transaction. `panel_names` None allows every panel. Raises Missing, Conflict."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db import audit, panels
    from hyperpanel.db import staff as people
    from hyperpanel.db.scope import EVERYTHING
    from hyperpanel.support import passwords

    ids = None
    if panel_names is not None:
        ids = [
            panel.id
            for panel in await found.database.read(lambda connection: panels.named(connection, EVERYTHING, panel_names))
        ]
    kept, now = await passwords.hashed_later(password), SystemClock().now()
    async with found.database.write() as connection:
        await people.add(connection, name, kept, role, ids, now)
        told = {"role": role, "panels": "all" if panel_names is None else list(panel_names)}
        await audit.write(connection, audit.Act(ACTOR, "staff-add", name, None, told), now)


@staff.command("list")
@as_json
@in_place
def list_staff(place: Place, as_json: bool) -> None:
    """Everybody, with their role and panels.

    \b
    Example:
    $ hyperpanel staff list --json
    """
    known, names = run(read_all(place))
    if as_json:
        machine([described(person, names) for person in known])
    elif not known:
        say("Nobody can sign in yet. Add the first person: hyperpanel staff add NAME --role admin")
    else:
        rows = [
            (person.username, person.role, allowed(person, names), "disabled" if person.disabled_at else "may sign in")
            for person in known
        ]
        table(("name", "role", "panels", "state"), rows)


async def read_all(place: Place) -> "tuple[list[Person], Mapping[int, str]]":
    from hyperpanel.db import panels
    from hyperpanel.db import staff as people
    from hyperpanel.db.scope import EVERYTHING

    async with installation(place) as found:
        known = await found.database.read(people.all_of)
        all_panels = await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    return known, {panel.id: panel.name for panel in all_panels}


def allowed(person: "Person", names: "Mapping[int, str]") -> str:
    if person.panel_ids is None:
        return "all"
    return ", ".join(sorted(names[one] for one in person.panel_ids if one in names)) or "none"


def described(person: "Person", names: "Mapping[int, str]") -> dict[str, object]:
    panels = None if person.panel_ids is None else sorted(names[one] for one in person.panel_ids if one in names)
    disabled = person.disabled_at.isoformat() if person.disabled_at else None
    return {"name": person.username, "role": person.role, "panels": panels, "disabled_at": disabled}


@staff.command()
@click.argument("name")
@as_json
@in_place
def disable(place: Place, name: str, as_json: bool) -> None:
    """Keep somebody from signing in, and end all their sessions at once.

    \b
    Example:
    $ hyperpanel staff disable ben
    """
    shown = run(change(place, name, None))
    result({"name": shown, "disabled": True}, f"{shown} is disabled, and signed out everywhere.", as_json)


@staff.command()
@click.argument("name")
@password_stdin
@as_json
@in_place
def reset(place: Place, name: str, password_stdin: bool, as_json: bool) -> None:
    """Give somebody a new password, and end all their sessions.

    Who was disabled may sign in again.

    \b
    Example:
    $ hyperpanel staff reset ben --password-stdin < ben.txt
    """
    password = accepted(credentials.password(password_stdin, name), name)
    shown = run(change(place, name, password))
    result({"name": shown, "disabled": False}, f"{shown} has a new password, and is signed out everywhere.", as_json)


async def change(place: Place, name: str, password: str | None) -> str:
    """Without a password: disable. Returns the name as it is written."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db import audit
    from hyperpanel.db import staff as people
    from hyperpanel.support import passwords

    async with installation(place) as found:
        person = await found.database.read(lambda connection: people.named(connection, name))
        if person is None:
            raise Missing(f"There is nobody named {name!r}. See: hyperpanel staff list")
        now, act = SystemClock().now(), "staff-disable" if password is None else "staff-reset"
        kept = None if password is None else await passwords.hashed_later(password)
        async with found.database.write() as connection:
            if kept is None:
                await people.disable(connection, person.id, now)
            else:
                await people.set_password(connection, person.id, kept)
                await people.enable(connection, person.id)
            await audit.write(connection, audit.Act(ACTOR, act, person.username), now)
    return person.username
