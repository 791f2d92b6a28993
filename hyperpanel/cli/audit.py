"""`hyperpanel audit`: whether what everybody did stands as it was written."""

import sys
from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli.frame import Place, as_json, complain, in_place, installation, run
from hyperpanel.cli.output import machine, number, say

if TYPE_CHECKING:
    from hyperpanel.db.audit_checks import Checked


@click.group()
def audit() -> None:
    """The log of what everybody did.

    \b
    Example:
    $ hyperpanel audit verify
    """


@audit.command()
@as_json
@in_place
def verify(place: Place, as_json: bool) -> None:
    """Follow the chain of the log from its first row to its last.

    Each row is sealed over itself and the one before it. Exit 1 names the first row that was changed, moved, put in or follows one that
    was taken out, and rows that are gone from the end though they were seen before.

    \b
    Example:
    $ hyperpanel audit verify
    """
    found = run(look(place))
    if as_json:
        machine({"ok": found.broken is None, "rows": found.rows, "broken_at": found.broken})
    elif found.broken is None:
        say(f"The log is whole, as it was written: {many(found.rows)}.")
    else:
        complain(f"The log was tampered with at row {found.broken}. Before it: {many(found.rows)} as written.")
    if found.broken is not None:
        sys.exit(1)


async def look(place: Place) -> "Checked":
    from hyperpanel.clock import SystemClock
    from hyperpanel.support import audit_watch

    async with installation(place) as opened:
        return await audit_watch.all_of(opened.database, SystemClock().now())


def many(rows: int) -> str:
    return f"{number(rows)} row{'' if rows == 1 else 's'}"
