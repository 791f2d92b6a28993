"""`--remote URL`: a command asks another installation's admin API, and prints what it would print there.

The key comes from the environment, standard input or a file, never from an argument, which everybody on the machine can read.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click

from hyperpanel.cli.credentials import piped
from hyperpanel.errors import BadInput, HyperpanelError

if TYPE_CHECKING:
    from hyperpanel.client import Client

T = TypeVar("T")
VARIABLE = "HYPERPANEL_REMOTE_KEY"


class Unanswered(HyperpanelError):
    """What the other installation, or the way to it, says instead of an answer."""


@dataclass(frozen=True)
class Remote:
    url: str
    key: str = field(repr=False)


def remotely(command: Callable[..., None]) -> Callable[..., None]:
    """--remote with the ways to give its key: `remote` of the function, None for this installation."""

    @wraps(command)
    def chosen(*words: Any, remote: str | None, key_stdin: bool, key_file: Path | None, **named: Any) -> None:
        command(*words, remote=remote_of(remote, key_stdin, key_file), **named)

    for option in (
        click.option("--key-file", type=click.Path(path_type=Path, dir_okay=False), help="The key is in this file."),
        click.option("--key-stdin", is_flag=True, help="The key comes on standard input."),
        click.option(
            "--remote",
            metavar="URL",
            help=f"Ask the console at this address, by its admin API; the key from {VARIABLE}, --key-stdin or --key-file.",
        ),
    ):
        chosen = option(chosen)
    return chosen


def remote_of(url: str | None, from_stdin: bool, file: Path | None) -> Remote | None:
    if url is None:
        if from_stdin or file:
            raise click.UsageError("A key is for --remote URL")
        return None
    if from_stdin and file:
        raise click.UsageError("Give the key on standard input or in a file, not both")
    return Remote(url, one_key(given(from_stdin, file)))


def given(from_stdin: bool, file: Path | None) -> str:
    if file:
        return in_file(file)
    if from_stdin:
        return getpass("Key: ", stream=sys.stderr) if sys.stdin.isatty() else piped("a key")
    if found := os.environ.get(VARIABLE, ""):
        return found
    raise click.UsageError(f"--remote needs a key: in {VARIABLE}, with --key-stdin or with --key-file FILE")


def in_file(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"The key cannot be read from {file}. Name a text file with the key alone.") from None


def one_key(text: str) -> str:
    """It goes into a header; what was given is never repeated."""
    key = text.strip()
    if not key:
        raise BadInput("The key is empty. Give one that `hyperpanel key add` printed.")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise BadInput("The key holds a space or another character that no key has. Paste it again.")
    return key


def ask(remote: Remote, question: "Callable[[Client], T]") -> T:
    """Raises Unanswered, with the client's sentence, and BadInput for a word that is empty. A large report takes its time; an address where
    nobody is, none."""
    from hyperpanel.client import Client, ClientError, Patience
    from hyperpanel.client.calls import Wordless

    try:
        with Client(remote.url, remote.key, patience=Patience(total=300, each=120, connecting=0)) as client:
            return question(client)
    except ClientError as problem:
        raise Unanswered(str(problem)) from None
    except Wordless as problem:
        raise BadInput(f"The {problem.name} is empty. Name one, or leave it out.", problem.name) from None
