"""A call before it is sent and an answer after it has come, as values: nothing here reads a socket or a clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import msgspec

JSON = "application/json"
NDJSON = "application/x-ndjson"
UNIX = frozenset({"created_from", "created_to", "updated_from", "updated_to"})
"""Parameters in seconds since 1970, as a Perfect Panel has them; other moments are written out."""


@dataclass(frozen=True)
class Call:
    """`path` begins behind the API's own address, with a slash. `body`: of a POST, sent as JSON."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    body: Mapping[str, object] | None = None
    accept: str = JSON

    @property
    def is_safe(self) -> bool:
        """It changes nothing, so it may be sent again."""
        return self.method == "GET"

    @property
    def content(self) -> bytes | None:
        return msgspec.json.encode(self.body or {}) if self.method == "POST" else None


@dataclass(frozen=True)
class Reply:
    """What came back; `headers` by their names in small letters. `body` is empty for an answer in lines that is still to be read."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False, default=b"")


@dataclass(frozen=True)
class Lost:
    """No answer, and `why`, for people. `sent`: the call may have arrived. `is_final`: it would be the same again."""

    why: str
    sent: bool
    is_final: bool = False


class Wordless(ValueError):
    """A value, `name`, that is empty."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"{name} is empty. Give None where it is not to matter; for none of them there is nothing to ask."
        )


def query(params: Mapping[str, object]) -> dict[str, str]:
    """As the API writes them; None is left out. Raises Wordless for what is empty: left out, "of these none" would ask for everything."""
    texts = {name: text(name, value) for name, value in params.items() if value is not None}
    for name, value in texts.items():
        if not value.strip():
            raise Wordless(name)
    return texts


def text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return moment(name, value)
    if isinstance(value, Iterable):
        return ",".join(text(name, one) for one in value)
    return str(value)


def moment(name: str, value: datetime) -> str:
    """Raises ValueError for one without a zone: whose hours it means is not to be guessed."""
    if value.utcoffset() is None:
        raise ValueError(f"{name} has no time zone. Give it one, such as datetime.UTC.")
    return str(int(value.timestamp())) if name in UNIX else value.astimezone(UTC).isoformat()


def place(*parts: object) -> str:
    """A path of parts that are names or ids, whatever characters they hold."""
    return "".join(f"/{quote(str(part), safe='')}" for part in parts)
