"""`hyperpanel panel`: attach upstream panels, look after them, take them away."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import rich_click as click

from hyperpanel.cli.adding_many import add_many
from hyperpanel.cli.attaching import add
from hyperpanel.cli.frame import Place, as_json, in_place, installation, run
from hyperpanel.cli.output import Cell, machine, say, table
from hyperpanel.cli.pausing import pause, resume
from hyperpanel.cli.probing import NONE_YET, chosen, facts, standing, told
from hyperpanel.cli.remote import Remote, remotely
from hyperpanel.cli.removing import remove

if TYPE_CHECKING:
    from hyperpanel.db.panels import Panel, Pause
    from hyperpanel.support.probing import Looked

TITLES = ("name", "kind", "address", "currency", "time zone", "rate", "state")
Facts = Mapping[str, Any]


@click.group()
def panel() -> None:
    """The upstream panels: add, look at, pause, remove.

    \b
    Example:
    $ hyperpanel panel list
    """


@click.command("list")
@as_json
@remotely
@in_place
def list_panels(place: Place, as_json: bool, remote: Remote | None) -> None:
    """All panels, and whether they are being read.

    \b
    Example:
    $ hyperpanel panel list --json
    """
    if remote is None:
        known: Sequence[Facts] = run(listed(place))
    else:
        from hyperpanel.cli.remote_panels import listed_there

        known = listed_there(remote)
    if as_json:
        machine(known)
    elif not known:
        say(NONE_YET)
    else:
        table(TITLES, [line(one) for one in known])


async def listed(place: Place) -> list[Facts]:
    from hyperpanel.db import panels
    from hyperpanel.db.scope import EVERYTHING

    async with installation(place) as found:
        known, pauses = await found.database.read(
            lambda connection: (
                panels.all_of(connection, EVERYTHING),
                panels.running_pauses(connection, EVERYTHING),
            )
        )
    return [described(one) | {"paused": [pause_facts(p) for p in pauses if p.panel_id == one.id]} for one in known]


def line(panel: Facts) -> tuple[Cell, ...]:
    names = ("name", "kind", "url", "currency", "time_zone", "rate")
    return (*(panel[name] for name in names), state(panel["paused"]))


def state(pauses: Sequence[Facts]) -> str:
    return "; ".join(paused(pause) for pause in pauses) or "read"


def paused(pause: Facts) -> str:
    """A pause from the page gives no reason."""
    return f"{pause['stream'] or 'all'} paused by {pause['by']}{': ' if pause['why'] else ''}{pause['why']}"


def described(panel: "Panel") -> dict[str, Any]:
    from dataclasses import asdict

    facts = asdict(panel)
    return {name: facts[name] for name in facts if name != "id"}


def pause_facts(pause: "Pause") -> dict[str, Any]:
    return {"stream": pause.stream, "by": pause.by, "why": pause.why, "at": pause.at.isoformat()}


@click.command("check")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@as_json
@in_place
def check_panels(place: Place, names: Sequence[str], as_json: bool) -> None:
    """Look panels over: address, certificate, keys, rights, clock, currency, staff names, speed.

    All of them, unless some are named; exit 1 if something is wrong.

    \b
    Example:
    $ hyperpanel panel check eu-1
    """

    async def read() -> "list[Looked]":
        from hyperpanel.support.probing import look

        async with installation(place) as found:
            return await look(found, await chosen(found, names))

    looked = run(read())
    if as_json:
        machine([answers(one) for one in looked])
    elif not looked:
        say(NONE_YET)
    for one in [] if as_json else looked:
        for probe in one.probes:
            say(f"{probe.level:<6}{one.panel.name}  {told(probe)}")
        for sentence in standing(one):
            say(f"note  {one.panel.name}  {sentence}")
    if not all(one.ok for one in looked):
        sys.exit(1)


def answers(one: "Looked") -> dict[str, object]:
    paused = {"paused": one.pause.why if one.pause else None, "mended": one.is_mended}
    return {"panel": one.panel.name, "ok": one.ok, "probes": [facts(probe) for probe in one.probes], **paused}


for command in (add, add_many, list_panels, check_panels, pause, resume, remove):
    panel.add_command(command)
