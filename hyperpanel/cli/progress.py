"""How far long work is: live lines on a terminal, now and then a plain one where stderr is a file or a pipe."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import rich_click as click

from hyperpanel.cli.output import number, one_line

EVERY = 2.0
Show = Callable[[str, int], None]
"""What is being read, and how many so far."""


@contextmanager
def shown(unit: str) -> Iterator[Show]:
    """Hand out what to call with each new count; on a terminal the lines vanish at the end."""
    if sys.stderr.isatty():
        with live(unit) as show:
            yield show
    else:
        yield plain(unit)


def plain(unit: str, clock: Callable[[], float] = time.monotonic) -> Show:
    said: dict[str, tuple[float, int]] = {}

    def show(name: str, count: int) -> None:
        at, before = said.get(name, (clock() - EVERY, 0))
        if clock() - at >= EVERY and count != before:
            said[name] = (clock(), count)
            click.echo(f"{one_line(name)}: {number(count)} {unit}", err=True)

    return show


@contextmanager
def live(unit: str) -> Iterator[Show]:
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

    lines: dict[str, TaskID] = {}
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:

        def show(name: str, count: int) -> None:
            text = f"{escape(one_line(name)):<24} {number(count):>10} {unit}"
            if name in lines:
                progress.update(lines[name], description=text)
            else:
                lines[name] = progress.add_task(text, total=None)

        yield show
