"""What a demo keeps beside its database, so that its next start is the same one: the panels' beginning and the passwords.

The passwords open nothing but a console on this machine; the file is its owner's alone.
"""

import os
import secrets
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from hyperpanel.cli.sandbox import HOST
from hyperpanel.errors import BadInput, Unusable

NAME = "demo.json"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PEOPLE = ("admin", "support", "viewer")
Wanted = Mapping[str, tuple[int | None, int]]
"""Each option as it was given (or None), and its default."""


class Kept(msgspec.Struct, frozen=True):
    """`since`: when the simulated panels began; their history is a function of it and the seed. `port`: where they answer."""

    panels: int
    seed: int
    orders: int
    since: datetime
    port: int
    passwords: dict[str, str]


def kept(folder: Path, wanted: Wanted, console_port: int) -> Kept:
    """What an earlier start left there, else made now. Raises BadInput where the options ask for another demo."""
    place = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = read(place) if place.exists() else None
        if found is None:
            refuse_foreign(folder)
            found = made(wanted, console_port)
            write(place, found)
    except OSError as problem:
        raise Unusable(
            f"The demo cannot keep anything in {folder}: {problem.strerror}. Name another with --dir."
        ) from None
    agree(found, wanted, folder)
    return found


def read(place: Path) -> Kept:
    try:
        return msgspec.json.decode(place.read_bytes(), type=Kept)
    except msgspec.MsgspecError:
        raise Unusable(f"{place} is damaged. Remove the folder {place.parent} to begin anew.") from None


def refuse_foreign(folder: Path) -> None:
    if any(folder.glob("*.db")):
        raise BadInput(f"{folder} holds a database that is not a demo's. Choose another folder with --dir.", "dir")


def made(wanted: Wanted, console_port: int) -> Kept:
    options = {name: default if given is None else given for name, (given, default) in wanted.items()}
    passwords = {name: password() for name in PEOPLE}
    return Kept(
        since=datetime.now(UTC).replace(microsecond=0),
        port=free_port(console_port + 1000),
        passwords=passwords,
        **options,
    )


def password() -> str:
    """About 79 bits, easy to type."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def free_port(first: int) -> int:
    for port in (first, 0):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that has just ended does not count
            try:
                tried.bind((HOST, port))
            except (OSError, OverflowError):
                continue
            return int(tried.getsockname()[1])
    raise Unusable(f"No port of {HOST} is free.")


def write(place: Path, found: Kept) -> None:
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")


def agree(found: Kept, wanted: Wanted, folder: Path) -> None:
    for name, (given, _) in wanted.items():
        if given is not None and given != getattr(found, name):
            raise BadInput(
                f"The demo in {folder} was made with --{name} {getattr(found, name)}. Leave --{name} out, choose another "
                "folder with --dir, or remove that one.",
                name,
            )
