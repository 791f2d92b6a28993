"""`hyperpanel panel add`: what was typed is checked first, then the panel is asked, and only then is anything stored."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli import consoles, credentials
from hyperpanel.cli.frame import ACTOR, Place, as_json, in_place, installation, run
from hyperpanel.cli.output import machine, say
from hyperpanel.cli.probing import facts, told
from hyperpanel.errors import Conflict, HyperpanelError
from hyperpanel.support.wanted import KINDS

if TYPE_CHECKING:
    from hyperpanel.db.opening import Installation
    from hyperpanel.db.panels import Panel
    from hyperpanel.support.wanted import Wanted
    from sync.connectors.base import Probe


@click.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True)
@click.option(
    "--url", required=True, help="Its address, such as https://panel.example; of a hyperpanel, the console's."
)
@click.option("--only", default="", help="Of a console these panels alone: names with commas between.")
@click.option("--currency", default="USD", show_default=True, help="The currency that its orders are charged in.")
@click.option(
    "--timezone",
    "time_zone",
    default="UTC",
    show_default=True,
    help="The zone of its own clock, such as Europe/Berlin.",
)
@click.option("--rate", type=float, default=4, show_default=True, help="Calls a second that are allowed, 0.1 to 50.")
@click.option("--group", default="", help="The group that it is shown in.")
@click.option("--private", is_flag=True, help="It is on this machine or a private network; plain http may be spoken.")
@click.option("--secrets-stdin", is_flag=True, help="Read its keys as JSON from standard input.")
@click.option("--no-check", is_flag=True, help="Store it without asking it first.")
@as_json
@in_place
def add(
    place: Place, /, private: bool, secrets_stdin: bool, no_check: bool, as_json: bool, only: str, **typed: str | float
) -> None:
    """Attach a panel, after asking it whether its address and keys are right.

    The keys are {"admin_key": "…", "services_key": "…"}: one of the Admin API, and one of an ordinary account there, which
    only the catalogue of services needs. On a terminal they are asked for.

    With --kind hyperpanel another console is asked for its panels, and each becomes one of these: NAME if it is one, else
    NAME-PANEL. Its key is the admin_key; currencies and time zones come from there, and --rate is the most for each.

    \b
    Examples:
    $ hyperpanel panel add eu-1 --url https://panel.example --currency EUR --secrets-stdin < keys.json
    $ hyperpanel panel add asia --kind hyperpanel --url https://console.example --secrets-stdin < key.json
    """
    from hyperpanel.support.wanted import CONSOLE, Typed, judge

    texts = {name: str(text) for name, text in typed.items()}
    asked_for = Typed(**texts, private=private)
    if asked_for.kind == CONSOLE:
        keys = credentials.panel_keys(secrets_stdin)
        added = run(consoles.add(place, asked_for, keys["admin_key"], consoles.names(only), not no_check))
        return machine(added.described()) if as_json else say("\n".join(added.lines()))
    if only:
        raise click.UsageError("--only chooses among the panels of a console: it needs --kind hyperpanel")
    new = judge(asked_for, needs_key=False).require()
    keys = credentials.panel_keys(secrets_stdin)
    probes = run(attach(place, new, keys, not no_check))
    if as_json:
        machine(described(new, probes))
    else:
        say("\n".join(lines(new, probes)))


async def attach(place: Place, new: "Wanted", keys: Mapping[str, str], check: bool) -> "Sequence[Probe]":
    from hyperpanel.support.attaching import panel_of

    panel = panel_of(new)
    async with installation(place) as found:
        await require_free_name(found, panel.name)
        probes = await asked(found, panel, keys) if check else []
        await store(found, panel, keys)
    return probes


def described(new: "Wanted", probes: "Sequence[Probe]") -> dict[str, object]:
    return {"name": new.name, "url": new.url, "cut": new.cut or None, "probes": [facts(probe) for probe in probes]}


def lines(new: "Wanted", probes: "Sequence[Probe]") -> list[str]:
    name = new.name
    cut = [f"{new.cut} was cut off: the address is {new.url}."] if new.cut else []
    kept = [f"The path {new.kept} is kept, since it is none of an API: {new.url}."] if new.kept else []
    answers = [f"{probe.level:<6}{told(probe)}" for probe in probes]
    end = f"{name} is attached. `hyperpanel sync {name}` reads it now, `hyperpanel serve --with-worker` goes on reading it."
    return [*cut, *kept, *answers, end]


async def require_free_name(found: "Installation", name: str) -> None:
    """Before any call: a panel need not be asked about what cannot be stored."""
    from hyperpanel.db import panels
    from hyperpanel.db.scope import EVERYTHING

    known = await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    if any(panels.folded(panel.name) == panels.folded(name) for panel in known):
        raise Conflict(f"A panel named {name!r} is there already. Choose another name, or remove that one first.")


async def asked(found: "Installation", panel: "Panel", keys: Mapping[str, str]) -> "list[Probe]":
    """Raises what a look at it found wrong: nothing is stored then."""
    from hyperpanel.support.attaching import access_of
    from hyperpanel.support.probing import try_out

    probes = await try_out(found, access_of(panel, keys), panel.kind, rate=panel.rate)
    if wrong := [told(probe) for probe in probes if not probe.ok]:
        raise HyperpanelError(" ".join(wrong))
    return probes


async def store(found: "Installation", panel: "Panel", keys: Mapping[str, str]) -> int:
    """With its audit row, in one transaction; due at once."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db.audit import Act
    from hyperpanel.support import attaching

    def act(action: str, target: str, panel_id: int, **details: object) -> Act:
        return Act(ACTOR, action, target, panel_id, details)

    new = await attaching.offered([(panel, keys)])
    async with found.database.write() as connection:
        [panel_id] = await attaching.attach(connection, found.vault, new, act, SystemClock().now())
    return panel_id
