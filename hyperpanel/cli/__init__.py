"""The command line: starts things, and answers scripts (one line on stderr and exit 1 for what went wrong, 2 for wrong usage).

Commands import what they run when they run, so that `--help` answers at once.
"""

import signal
import sys
from pathlib import Path
from types import FrameType

import rich_click as click

from hyperpanel import __version__
from hyperpanel.cli.ai import ai
from hyperpanel.cli.audit import audit
from hyperpanel.cli.backfilling import backfill
from hyperpanel.cli.checking import check
from hyperpanel.cli.demo import demo
from hyperpanel.cli.frame import Commands, Place
from hyperpanel.cli.key import key
from hyperpanel.cli.migrating import migrate
from hyperpanel.cli.panels import panel
from hyperpanel.cli.report import report
from hyperpanel.cli.sandbox import sandbox
from hyperpanel.cli.services import serve, work
from hyperpanel.cli.staff import staff
from hyperpanel.cli.syncing import sync


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hyperpanel", message="%(prog)s %(version)s")
@click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The settings file; else HYPERPANEL_CONFIG, else config.toml in this folder.",
)
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    """One console over many upstream panels.

    \b
    See it at once, with simulated panels:
    $ hyperpanel demo
    \b
    Set up your own:
    $ hyperpanel staff add ana --role admin
    $ hyperpanel panel add eu-1 --url https://panel.example
    $ hyperpanel serve --with-worker
    """
    context.obj = Place(config)


for command in (demo, serve, work, migrate, check, staff, key, panel, sync, backfill, report, ai, audit, sandbox):
    cli.add_command(command)


def main() -> None:
    """`kill` ends a command as Ctrl-C does: what it holds is given back."""
    signal.signal(signal.SIGTERM, as_interrupt)
    cli(prog_name="hyperpanel")
    sys.exit(0)


def as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGINT)
