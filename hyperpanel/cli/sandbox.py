"""`hyperpanel sandbox`: simulated panels alone, for training, tests and trying out."""

import json
import shlex
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli.frame import as_json, run
from hyperpanel.cli.output import machine, say
from hyperpanel.errors import BadInput

if TYPE_CHECKING:
    from hyperpanel.sandbox.fleet import Fleet
    from hyperpanel.sandbox.panel import Panel

HOST = "127.0.0.1"
COUNT = click.IntRange(0, 5_000_000)


@click.command()
@click.option("--panels", type=click.IntRange(1, 100), default=3, show_default=True, help="How many panels.")
@click.option("--port", type=click.IntRange(1, 65535), default=9000, show_default=True)
@click.option(
    "--seed", type=int, default=7, show_default=True, help="The same seed gives the same fleet, keys included."
)
@click.option("--orders", type=COUNT, default=20_000, show_default=True, help="Orders in each.")
@click.option("--users", type=COUNT, help="Users in each.  [default: as many as go with the orders]")
@click.option("--payments", type=COUNT, help="Payments in each.  [default: likewise]")
@click.option("--tickets", type=COUNT, help="Tickets in each, with their messages.  [default: likewise]")
@click.option("--faults", default="", help="What goes wrong: kind[:times][@path] with commas between, such as 500:3.")
@click.option("--since", "since", hidden=True, help="The moment at which this fleet began (ISO), to go on from there.")
@click.option("--attached", is_flag=True, hidden=True, help="End with standard input, whoever starts it ends it.")
@as_json
def sandbox(
    panels: int,
    port: int,
    seed: int,
    orders: int,
    users: int | None,
    payments: int | None,
    tickets: int | None,
    faults: str,
    since: str | None,
    attached: bool,
    as_json: bool,
) -> None:
    """Simulated panels over real HTTP, until Ctrl-C.

    Each is at http://127.0.0.1:PORT/PANEL; what is needed to attach it is printed.

    \b
    Examples:
    $ hyperpanel sandbox --orders 1000000
    $ hyperpanel sandbox --orders 5000 --users 800 --payments 0 --tickets 300
    $ hyperpanel sandbox --faults 500:3,challenge@orders,ai-429:3
    """
    from hyperpanel.cli import logs
    from hyperpanel.cli.answering import answer
    from hyperpanel.cli.staying import leave
    from hyperpanel.config import Log
    from hyperpanel.sandbox.fleet import Fleet

    fleet = Fleet(seed, panels, orders, began(since), users=users, payments=payments, tickets=tickets)
    if since:
        catch_up(fleet)
    try:
        fleet.misbehave(faults)
    except ValueError as problem:
        raise BadInput(f"--faults: {problem}.", "faults") from None
    logs.set_up(Log(), least="warning")
    leave(run(answer(fleet, port, lambda: tell(fleet, port, as_json), attached)))


def began(since: str | None) -> datetime | None:
    return datetime.fromisoformat(since) if since else None


def catch_up(fleet: "Fleet") -> None:
    """A fleet that began earlier has lived on since, by the same rule."""
    from hyperpanel.clock import SystemClock

    fleet.clock.step(max(0.0, SystemClock().now().timestamp() - fleet.clock.seconds()))
    for panel in fleet:
        panel.settle()


def tell(fleet: "Fleet", port: int, as_json: bool) -> None:
    from hyperpanel.sandbox.ai_exchange import KEY, MODELS

    told = [facts(panel, port) for panel in fleet]
    if as_json:
        machine(told)
    else:
        say("\n".join(line for one in told for line in lines(one)))
        say(f"The truth about them is at http://{HOST}:{port}/_truth/. They answer until Ctrl-C.")
        say(
            f"Canned AI answers are at http://{HOST}:{port}/_ai/openai/v1 and /_ai/anthropic (key {KEY}, model {MODELS[0]})."
        )
    sys.stdout.flush()


def facts(panel: "Panel", port: int) -> dict[str, str]:
    return {
        "name": panel.name,
        "url": f"http://{HOST}:{port}/{panel.name}",
        "currency": panel.currency,
        "time_zone": panel.time_zone,
        "admin_key": panel.admin_key,
        "services_key": panel.services_key,
    }


def lines(panel: dict[str, str]) -> Sequence[str]:
    keys = json.dumps({name: panel[name] for name in ("admin_key", "services_key")})
    options = f"--url {panel['url']} --currency {panel['currency']} --timezone {panel['time_zone']} --private"
    return (
        f"{panel['name']}  {panel['url']}",
        f"  admin key     {panel['admin_key']}",
        f"  services key  {panel['services_key']}",
        "  attach it with",
        f"    echo {shlex.quote(keys)} | hyperpanel panel add {panel['name']} {options} --secrets-stdin",
        "",
    )
