"""Passwords and keys: from standard input or typed unseen, never from an argument, which everybody on the machine can read."""

import json
import sys
from getpass import getpass

import rich_click as click

from hyperpanel.errors import BadInput

KEYS = ("admin_key", "services_key")
LONGEST = 500


def password(from_stdin: bool, name: str) -> str:
    """Raises BadInput; what makes a password weak is judged elsewhere."""
    if sys.stdin.isatty():
        typed = getpass(f"Password of {name}: ", stream=sys.stderr)
        if getpass("The same again: ", stream=sys.stderr) != typed:
            raise BadInput("The two passwords differ. Nothing was changed.")
        return typed
    if not from_stdin:
        raise click.UsageError("Give the password on standard input, with --password-stdin")
    text = piped("a password").removesuffix("\n").removesuffix("\r")
    if not text:
        raise BadInput("Standard input is empty, but a password was expected there.")
    if "\n" in text:
        raise BadInput("Standard input holds several lines, but one with the password was expected.")
    return text


def panel_keys(from_stdin: bool) -> dict[str, str]:
    """`{"admin_key": …, "services_key": …}`, the second one only where there is one. Raises BadInput, which never repeats a key."""
    if sys.stdin.isatty():
        given = {
            "admin_key": getpass("Admin key: ", stream=sys.stderr),
            "services_key": getpass("Services key (of an ordinary account; Enter for none): ", stream=sys.stderr),
        }
    elif from_stdin:
        given = parsed(piped("the panel's keys"))
    else:
        raise click.UsageError("Give the keys on standard input, with --secrets-stdin")
    return {name: checked(name, value) for name, value in given.items() if value or name == "admin_key"}


def piped(what: str) -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"Standard input is not UTF-8 text, but {what} was expected there.") from None


def parsed(text: str) -> dict[str, str]:
    if not text.strip():
        raise BadInput(f"Standard input is empty, but {EXPECTED} was expected there.")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(f"Standard input is not JSON. Expected: {EXPECTED}.") from None
    if not isinstance(given, dict) or "admin_key" not in given:
        raise BadInput(f"Standard input names no admin_key. Expected: {EXPECTED}.")
    if unknown := sorted(set(given) - set(KEYS)):
        raise BadInput(f"Standard input holds an unknown name, {unknown[0]!r}. Expected: {EXPECTED}.")
    return {name: "" if value is None else value for name, value in given.items()}


EXPECTED = '{"admin_key": "…", "services_key": "…"}'


def checked(name: str, value: object) -> str:
    """A key goes into a header: anything that does not fit there was pasted wrongly."""
    key = value.strip() if isinstance(value, str) else ""
    if not key:
        raise BadInput(f"The {name} is empty or no text. Expected: {EXPECTED}.")
    if len(key) > LONGEST or not key.isascii() or not key.isprintable() or " " in key:
        raise BadInput(f"The {name} holds a space or another character that no key has. Paste it again.")
    return key
