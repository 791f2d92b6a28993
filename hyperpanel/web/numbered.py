"""Rows of the console's own tables as addresses and forms name them: by their number, with the version that a form was opened with."""

from datetime import datetime

from hyperpanel.db.types import from_micros, micros
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import cursors
from hyperpanel.web.visits import Visit

LARGEST = 2**53


def whose(visit: Visit) -> int:
    """Whoever asks: nothing that is sent says another."""
    if visit.person is None:
        raise Missing("person")
    return visit.person.id


def number(text: str | None) -> int:
    """Raises BadInput where none is named, and Missing for what can be none."""
    if not text:
        raise BadInput("no number", "number")
    if not text.isascii() or not text.isdecimal() or len(text) > 16 or int(text) > LARGEST:
        raise Missing("number")
    return int(text)


def moment(text: str) -> datetime:
    """Raises BadInput for what no page of ours wrote."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18 or int(text) > cursors.LATEST:
        raise BadInput("no such time", "time")
    return from_micros(int(text))


def stamp(version: datetime) -> str:
    """What `moment` reads again."""
    return str(micros(version))


def place(at: datetime, row: int) -> str:
    """Where a list goes on."""
    return f"{micros(at)}-{row}"


def placed(text: str) -> tuple[datetime, int]:
    """What `place` wrote. Raises BadInput and Missing."""
    at, _, row = text.partition("-")
    return moment(at), number(row)
