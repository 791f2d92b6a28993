"""`hyperpanel panel add`: what was typed is checked first, then the panel is asked, and only then is anything stored."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import rich_click as click

from hyperpanel.cli import credentials
from hyperpanel.cli.frame import ACTOR, Place, as_json, in_place, installation, run
from hyperpanel.cli.output import machine, say
from hyperpanel.cli.wanted import KINDS, Wanted, wanted
from hyperpanel.errors import Conflict, HyperpanelError

if TYPE_CHECKING:
    from hyperpanel.db.opening import Installation
    from hyperpanel.db.panels import Panel
    from sync.connectors.base import Connector, Probe


@click.command()
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True)
@click.option("--url", required=True, help="Its address, such as https://panel.example.")
@click.option("--currency", default="USD", show_default=True, help="The currency that its orders are charged in.")
@click.option("--timezone", default="UTC", show_default=True, help="The zone of its own clock, such as Europe/Berlin.")
@click.option("--rate", type=float, default=4, show_default=True, help="Calls a second that are allowed, 0.1 to 50.")
@click.option("--private", is_flag=True, help="It is on this machine or a private network; plain http may be spoken.")
@click.option("--secrets-stdin", is_flag=True, help="Read its keys as JSON from standard input.")
@click.option("--no-check", is_flag=True, help="Store it without asking it first.")
@as_json
@in_place
def add(place: Place, /, secrets_stdin: bool, no_check: bool, as_json: bool, **typed: Any) -> None:
    """Attach a panel, after asking it whether its address and keys are right.

    The keys are {"admin_key": "…", "services_key": "…"}: one of the Admin API, and one of an ordinary account there, which
    only the catalogue of services needs. On a terminal they are asked for.

    \b
    Example:
    $ hyperpanel panel add eu-1 --url https://panel.example --currency EUR --secrets-stdin < keys.json
    """
    new = wanted(**typed)
    keys = credentials.panel_keys(secrets_stdin)
    probes = run(attach(place, new.panel, keys, not no_check))
    if as_json:
        machine(facts(new, probes))
    else:
        say("\n".join(lines(new, probes)))


async def attach(place: Place, panel: "Panel", keys: Mapping[str, str], check: bool) -> "Sequence[Probe]":
    async with installation(place) as found:
        await require_free_name(found, panel.name)
        probes = await asked(panel, keys) if check else []
        await store(found, panel, keys)
    return probes


def facts(new: Wanted, probes: "Sequence[Probe]") -> dict[str, object]:
    notes = [text for probe in probes for text in probe.notes]
    return {"name": new.panel.name, "url": new.panel.url, "cut": new.cut or None, "notes": notes}


def lines(new: Wanted, probes: "Sequence[Probe]") -> list[str]:
    name = new.panel.name
    cut = [f"{new.cut} was cut off: the address is {new.panel.url}."] if new.cut else []
    kept = [f"The path {new.kept} is kept, since it is none of an API: {new.panel.url}."] if new.kept else []
    answers = ["  ".join([f"{name}: {probe.sentence}", *probe.notes]) for probe in probes]
    end = f"{name} is attached. `hyperpanel sync {name}` reads it now, `hyperpanel serve --with-worker` goes on reading it."
    return [*cut, *kept, *answers, end]


async def require_free_name(found: "Installation", name: str) -> None:
    """Before any call: a panel need not be asked about what cannot be stored."""
    from hyperpanel.db import panels
    from hyperpanel.db.scope import EVERYTHING

    known = await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    if any(panels.folded(panel.name) == panels.folded(name) for panel in known):
        raise Conflict(f"A panel named {name!r} is there already. Choose another name, or remove that one first.")


async def asked(panel: "Panel", keys: Mapping[str, str]) -> "list[Probe]":
    """Each of its doors, tried once. Raises the connector's own sentence where one stays shut."""
    connector = connected(panel, keys)
    try:
        probes = await connector.probe()
    finally:
        await connector.close()
    for probe in probes:
        if not probe.ok:
            raise HyperpanelError(probe.sentence)
    return probes


async def store(found: "Installation", panel: "Panel", keys: Mapping[str, str]) -> int:
    """With its audit row, in one transaction; due at once."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db import audit, panels

    connector, now = connected(panel, keys), SystemClock().now()
    streams = connector.streams()
    await connector.close()
    told = {"kind": panel.kind, "url": panel.url, "rate": panel.rate, "private": panel.private, "keys": sorted(keys)}
    async with found.database.write() as connection:
        panel_id = await panels.add(connection, panel, keys, streams, found.vault, now)
        await audit.write(connection, audit.Act(ACTOR, "panel-add", panel.name, panel_id, told), now)
    return panel_id


def connected(panel: "Panel", keys: Mapping[str, str]) -> "Connector":
    from zoneinfo import ZoneInfo

    from sync.connectors import CONNECTORS
    from sync.connectors.base import Access

    access = Access(
        panel=panel.name,
        url=panel.url,
        currency=panel.currency,
        zone=ZoneInfo(panel.time_zone),
        admin_key=keys["admin_key"],
        services_key=keys.get("services_key"),
        private=panel.private,
    )
    return CONNECTORS[panel.kind](access)
