"""`hyperpanel key`: the keys by which scripts read the console. What is printed of a new one is printed once."""

from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli import key_changes
from hyperpanel.cli.frame import Place, as_json, in_place, run
from hyperpanel.cli.output import machine, note, result, say, table

if TYPE_CHECKING:
    from hyperpanel.support.api_secrets import Secret

NONE_YET = "There are no keys yet. Make one: hyperpanel key add NAME --scopes orders:read"


@click.group()
def key() -> None:
    """Keys for scripts that read the console.

    \b
    Example:
    $ hyperpanel key list
    """


@key.command()
@click.argument("name")
@click.option("--scopes", required=True, help="What it may do, with commas between.")
@click.option("--panels", help="The panels it may see, with commas between; else all.")
@click.option("--expires", default="90d", show_default=True, help="After how many days it ends, 1d to 365d.")
@click.option("--addresses", default="", help="Addresses and networks it may be used from; else anywhere.")
@click.option("--per-minute", type=int, help="Calls a minute; else as the settings say.")
@as_json
@in_place
def add(
    place: Place,
    name: str,
    scopes: str,
    panels: str | None,
    expires: str,
    addresses: str,
    per_minute: int | None,
    as_json: bool,
) -> None:
    """Make a key, and print it: it is shown this once.

    Nobody's role bounds it: it may do what is given here until it ends or is revoked.

    \b
    Examples:
    $ hyperpanel key add nightly --scopes orders:read,payments:read
    $ hyperpanel key add shop --scopes orders:read --panels eu-1 --expires 30d --addresses 192.0.2.7
    """
    typed = key_changes.Typed(name, scopes, panels, expires, addresses, per_minute)
    told_secret(name, run(key_changes.made(place, typed)), as_json)


def told_secret(name: str, secret: "Secret", as_json: bool) -> None:
    """Alone on stdout, so that it can be led into a file."""
    if as_json:
        machine({"name": name, "id": secret.id, "key": secret.text})
    else:
        say(secret.text)
        note(f"The key {name!r}. It is shown only now: put it where the script keeps its secrets.")


@key.command("list")
@as_json
@in_place
def list_keys(place: Place, as_json: bool) -> None:
    """All keys, those in force first.

    \b
    Example:
    $ hyperpanel key list --json
    """
    known = run(key_changes.listed(place))
    if as_json:
        machine([one.facts for one in known])
    elif not known:
        say(NONE_YET)
    else:
        titles = ("name", "prefix", "scopes", "panels", "last used", "expires", "state")
        table(titles, [one.cells for one in known])


@key.command()
@click.argument("name")
@as_json
@in_place
def rotate(place: Place, name: str, as_json: bool) -> None:
    """Make a second key with the same settings, and print it.

    Both are good until the first is revoked. NAME may be its prefix as well.

    \b
    Example:
    $ hyperpanel key rotate nightly
    """
    shown, secret = run(key_changes.rotated(place, name))
    told_secret(shown, secret, as_json)


@key.command()
@click.argument("name")
@as_json
@in_place
def revoke(place: Place, name: str, as_json: bool) -> None:
    """End a key at once and for ever.

    Where two of a name are in force, NAME is the prefix of one.

    \b
    Examples:
    $ hyperpanel key revoke nightly
    $ hyperpanel key revoke hp_live_4fK2mZq81LxA
    """
    shown = run(key_changes.revoked(place, name))
    result({"name": shown, "revoked": True}, f"{shown} is revoked: it opens nothing any more.", as_json)
