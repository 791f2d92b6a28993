"""`hyperpanel staff`: who may sign in."""

from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli import credentials, staff_changes
from hyperpanel.cli.frame import Place, as_json, in_place, installation, run
from hyperpanel.cli.output import machine, result, say, table
from hyperpanel.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hyperpanel.db.staff import Person

ROLES = ("admin", "manager", "support", "viewer")
panels_option = click.option("--panels", "panel_names", help="The panels they may see, with commas between; else all.")
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
@panels_option
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
    run(staff_changes.enrolled(place, shown, role, chosen, password))
    sees = "all panels" if chosen is None else ", ".join(chosen)
    facts = {"name": shown, "role": role, "panels": chosen}
    result(facts, f"{shown} may sign in as {role}, and sees {sees}.", as_json)


def username(name: str) -> str:
    from hyperpanel.support import people

    return people.username(name)


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


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True)
@panels_option
@as_json
@in_place
def invite(place: Place, name: str, role: str, panel_names: str | None, as_json: bool) -> None:
    """Print a link by which somebody new chooses their password.

    It works once, within 24 hours.

    \b
    Example:
    $ hyperpanel staff invite ben --role support --panels eu-1
    """
    shown = username(name)
    chosen = None if panel_names is None else listed(panel_names)
    told_link(shown, run(staff_changes.invited(place, shown, role, chosen)), as_json)


def told_link(name: str, address: str, as_json: bool) -> None:
    """The path alone, where the settings do not tell the console's address."""
    where = (
        "" if address.startswith("http") else " Put the console's address in front of it: web.public_url is not set."
    )
    result(
        {"name": name, "link": address}, f"{address}\nFor {name} alone: it works once, within 24 hours.{where}", as_json
    )


@staff.command("list")
@as_json
@in_place
def list_staff(place: Place, as_json: bool) -> None:
    """Everybody, with their role and panels.

    \b
    Example:
    $ hyperpanel staff list --json
    """
    known, names, joined = run(read_all(place))
    if as_json:
        machine([described(person, names) for person in known])
    elif not known:
        say("Nobody can sign in yet. Add the first person: hyperpanel staff add NAME --role admin")
    else:
        rows = [(person.username, person.role, allowed(person, names), state(person, joined)) for person in known]
        table(("name", "role", "panels", "state"), rows)


async def read_all(place: Place) -> "tuple[list[Person], Mapping[int, str], frozenset[int]]":
    from hyperpanel.db import panels
    from hyperpanel.db import staff as people
    from hyperpanel.db.scope import EVERYTHING

    async with installation(place) as found:
        known = await found.database.read(people.all_of)
        joined = await found.database.read(people.with_password)
        all_panels = await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    return known, {panel.id: panel.name for panel in all_panels}, joined


def state(person: "Person", joined: "frozenset[int]") -> str:
    if person.disabled_at:
        return "disabled"
    return "may sign in" if person.id in joined else "has a link to take"


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
    shown = run(staff_changes.disable(place, name))
    result({"name": shown, "disabled": True}, f"{shown} is disabled, and signed out everywhere.", as_json)


@staff.command()
@click.argument("name")
@as_json
@in_place
def enable(place: Place, name: str, as_json: bool) -> None:
    """Let somebody who was disabled sign in again, with the password that they had.

    \b
    Example:
    $ hyperpanel staff enable ben
    """
    shown = run(staff_changes.enable(place, name))
    result({"name": shown, "disabled": False}, f"{shown} may sign in again.", as_json)


@staff.command()
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--panels", "panel_names", help="The panels they may see, with commas between; else as it was.")
@click.option("--all-panels", is_flag=True, help="Every panel, those added later too.")
@as_json
@in_place
def role(place: Place, name: str, role: str, panel_names: str | None, all_panels: bool, as_json: bool) -> None:
    """Give somebody another role or other panels, and end their sessions.

    \b
    Examples:
    $ hyperpanel staff role ben manager
    $ hyperpanel staff role ben support --panels eu-1,us-2
    """
    if all_panels and panel_names is not None:
        raise click.UsageError("Choose --panels or --all-panels")
    chosen = None if panel_names is None else listed(panel_names)
    shown = run(staff_changes.rights(place, name, role, chosen, all_panels))
    result({"name": shown, "role": role}, f"{shown} is {role} now, and signs in again.", as_json)


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
    shown = run(staff_changes.password(place, name, password))
    result({"name": shown, "disabled": False}, f"{shown} has a new password, and is signed out everywhere.", as_json)
