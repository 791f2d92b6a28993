"""`hyperpanel demo`: simulated panels, the console and the worker in one go; a second start goes on where the first one ended."""

from pathlib import Path

import rich_click as click

from hyperpanel.cli.frame import as_json
from hyperpanel.cli.output import note, number
from hyperpanel.paths import ROOT

FOLDER = ROOT / "data" / "demo"
ORDERS = 26_000
"""Of which more than 20 000 lie within the 90 days that the console keeps."""


@click.command()
@click.option("--panels", type=click.IntRange(1, 100), help="How many simulated panels.  [default: 3]")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Of the console.")
@click.option("--seed", type=int, help="The same seed gives the same panels.  [default: 7]")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the demo keeps its database.  [default: data/demo of this checkout]",
)
@click.option("--orders", type=click.IntRange(0, 5_000_000), hidden=True, help="Orders in each panel.")
@as_json
def demo(
    panels: int | None, port: int, seed: int | None, folder: Path | None, orders: int | None, as_json: bool
) -> None:
    """A console full of orders to look at, within a minute; until Ctrl-C.

    Everything runs on this machine: simulated panels, the console, and the worker that reads the one into the other. The
    next start finds the same panels, rows and passwords; remove the folder to begin anew. Its config.toml makes every other
    command work on it too.

    \b
    Examples:
    $ hyperpanel demo
    $ hyperpanel demo --panels 6 --port 8080 --dir /tmp/six
    """
    from hyperpanel.cli.keepsakes import kept

    place = folder or FOLDER
    found = kept(place, {"panels": (panels, 3), "seed": (seed, 7), "orders": (orders, ORDERS)}, port)
    note(f"Starting {found.panels} simulated panels, of {number(found.orders)} orders each …")

    from hyperpanel.cli.staging import perform

    perform(found, place, port, as_json)
