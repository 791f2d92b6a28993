"""What a command prints: tables for people and JSON for scripts on stdout; anything said meanwhile goes to stderr."""

import json
from collections.abc import Mapping, Sequence

import rich_click as click

Cell = str | int | float | None


def one_line(text: str) -> str:
    """Upstreams and file names may hold line ends and escape sequences; a terminal or a log must not obey them."""
    flat = " ".join(text.splitlines()) if "\n" in text else text
    return flat if flat.isprintable() else "".join(map(plain, flat))


def plain(letter: str) -> str:
    return letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")


def number(value: float) -> str:
    return f"{value:,}".replace(",", " ")


def say(text: str) -> None:
    """A result."""
    click.echo("\n".join(one_line(line) for line in text.split("\n")))


def note(text: str) -> None:
    """Something on the way; never part of a result."""
    click.echo(one_line(text), err=True)


def machine(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, default=str))


def result(facts: Mapping[str, object], sentence: str, as_json: bool) -> None:
    """What an act came to."""
    machine(facts) if as_json else say(sentence)


def table(titles: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    """Aligned text: numbers to the right. The last column is not padded."""
    cells = [[shown(cell) for cell in row] for row in rows]
    widths = [max(len(text) for text in column) for column in zip(titles, *cells, strict=True)]
    right = [bool(rows) and all(isinstance(row[at], int | float) for row in rows) for at in range(len(titles))]
    for line in [list(titles), *cells]:
        padded = [
            text.rjust(width) if flush else text.ljust(width)
            for text, width, flush in zip(line, widths, right, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())


def shown(cell: Cell) -> str:
    if cell is None:
        return "–"
    return one_line(cell) if isinstance(cell, str) else number(cell)
