"""`hyperpanel panel add-many`: panels from a CSV file, each line judged before anything is stored."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from hyperpanel.cli.frame import ACTOR, Place, as_json, in_place, installation, run
from hyperpanel.cli.output import machine, note, say
from hyperpanel.errors import BadInput

if TYPE_CHECKING:
    from hyperpanel.db.opening import Installation
    from hyperpanel.db.panels import Panel
    from hyperpanel.support.panel_files import Line


@click.command("add-many")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--valid-only", is_flag=True, help="Add the lines that are right, and leave the others out.")
@click.option("--dry-run", is_flag=True, help="Say what would be added, and add nothing.")
@as_json
@in_place
def add_many(place: Place, file: Path, valid_only: bool, dry_run: bool, as_json: bool) -> None:
    """Attach every panel that a CSV file names; - reads it from standard input.

    Its first line names the columns: name, url and admin_key, and if wanted services_key, currency, time_zone, rate, group,
    private (yes or no) and kind. Nothing is added unless every line is right. The panels are not asked: `panel check` does that.

    \b
    Example:
    $ hyperpanel panel add-many panels.csv
    """
    body = read(file)
    lines, added = run(perform(place, body, valid_only, dry_run))
    wrong = [line for line in lines if line.errors]
    for sentence in [] if as_json else faults(wrong):
        note(sentence)
    if as_json:
        machine({"added": added, "wrong": [described(line) for line in wrong], "dry_run": dry_run})
    elif added or dry_run:
        say(outcome(lines, wrong, added, dry_run))
    else:
        raise BadInput("Nothing was added. Correct these lines, or leave them out with --valid-only.")
    if wrong and not added:
        sys.exit(1)


def read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as problem:
        raise BadInput(f"{file} cannot be read: {problem.strerror}.") from None


async def perform(place: Place, body: bytes, valid_only: bool, dry_run: bool) -> "tuple[Sequence[Line], Sequence[str]]":
    from hyperpanel.db import panels
    from hyperpanel.db.scope import EVERYTHING
    from hyperpanel.support import panel_files

    async with installation(place) as found:
        known = await found.database.read(lambda connection: panels.all_of(connection, EVERYTHING))
        lines = panel_files.read(body, known)
        whole = all(line.panel for line in lines)
        if dry_run or not (whole or valid_only):
            return lines, []
        return lines, await store(found, panel_files.addable(lines, known))


async def store(found: "Installation", panels: "Sequence[tuple[Panel, Mapping[str, str]]]") -> list[str]:
    from hyperpanel.clock import SystemClock
    from hyperpanel.db.audit import Act
    from hyperpanel.support import attaching

    def act(action: str, target: str, panel_id: int, **details: object) -> Act:
        return Act(ACTOR, action, target, panel_id, details)

    new = await attaching.offered(panels)
    async with found.database.write() as connection:
        await attaching.attach(connection, found.vault, new, act, SystemClock().now())
    return [one.panel.name for one in new]


def faults(wrong: "Sequence[Line]") -> list[str]:
    return [
        f"line {line.number}: {'' if column == 'line' else f'{column}: '}{problem}"
        for line in wrong
        for column, problem in line.errors.items()
    ]


def described(line: "Line") -> dict[str, object]:
    return {"line": line.number, "errors": {column: str(problem) for column, problem in line.errors.items()}}


def outcome(lines: "Sequence[Line]", wrong: "Sequence[Line]", added: Sequence[str], dry_run: bool) -> str:
    if dry_run:
        return f"{len(lines) - len(wrong)} of {many(len(lines), 'panel')} can be added. Nothing was stored."
    left = f" {many(len(wrong), 'line')} left out." if wrong else ""
    return f"{many(len(added), 'panel')} attached: {', '.join(added)}.{left}"


def many(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
