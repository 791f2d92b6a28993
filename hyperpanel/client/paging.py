"""Lists: what to ask for, how a page is read, and what comes after it. By cursor from a console; by offset from a Perfect Panel, whose lists end
with an empty page, since its counts are not to be relied on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, Self, TypeVar, cast

import msgspec
from msgspec import UNSET, Struct, UnsetType

from hyperpanel.client.calls import NDJSON, Call, Reply, query
from hyperpanel.client.envelopes import End
from hyperpanel.client.errors import Cut, NoConsole
from hyperpanel.client.replies import checked, decoded

T = TypeVar("T")
END = b'{"end":'
LAST = msgspec.json.Decoder(End)


class WireRows(Struct, Generic[T]):
    list: list[T]
    count: int | None = None
    count_is_total: bool | None = None


class WirePlace(Struct):
    next_cursor: str | UnsetType = UNSET
    offset: int | None = None
    limit: int | None = None


class WirePage(Struct, Generic[T]):
    data: WireRows[T]
    pagination: WirePlace = field(default_factory=WirePlace)
    as_of: datetime | None = None


@dataclass(frozen=True)
class Page(Generic[T]):
    """`count`: rows of the whole list, and no more than it is counted to where not `count_is_total`. `next_cursor`: empty on the last page.
    `next_call`: what fetches the page after, None where there is none."""

    rows: Sequence[T]
    count: int | None
    count_is_total: bool
    next_cursor: str
    as_of: datetime | None
    next_call: Call | None = field(repr=False)

    def behind(self, before: "Page[T] | None") -> Self:
        """Raises NoConsole where it is the page before once more: a panel that passes over an unknown offset would be read for ever."""
        if before and self.rows and self.rows == before.rows and "offset" in (before.next_call or Call("")).params:
            raise NoConsole(
                "This panel gives the same page whatever offset it is asked for, so its list cannot be read on."
            )
        return self


@dataclass(frozen=True)
class Listing(Generic[T]):
    """A list with its filters; `row` is the type of one."""

    path: str
    row: type[T]
    params: Mapping[str, object] = field(default_factory=dict)

    def call(self, limit: int, offset: int = 0, cursor: str = "") -> Call:
        return Call(
            self.path, query({**self.params, "limit": limit, "offset": offset or None, "cursor": cursor or None})
        )

    def lines_call(self, limit: int | None = None, cursor: str = "") -> Call:
        return Call(self.path, query({**self.params, "limit": limit, "cursor": cursor or None}), accept=NDJSON)

    def page(self, reply: Reply, call: Call) -> Page[T]:
        found = decoded(checked(reply).body, page_decoder(self.row))
        cursor = found.pagination.next_cursor
        return Page(
            rows=found.data.list,
            count=found.data.count,
            count_is_total=bool(found.data.count_is_total),
            next_cursor=cursor or "",
            as_of=found.as_of,
            next_call=after(call, cursor, len(found.data.list)),
        )

    def line(self, text: bytes) -> T:
        return decoded(text, line_decoder(self.row))


def after(call: Call, cursor: str | UnsetType, rows: int) -> Call | None:
    """`cursor` is unset where the server knows none."""
    params = dict(call.params)
    offset = int(params.pop("offset", "0"))
    if cursor is UNSET:
        return Call(call.path, {**params, "offset": str(offset + rows)}) if rows else None
    return Call(call.path, {**params, "cursor": str(cursor)}) if cursor else None


def page_decoder(row: type[T]) -> "msgspec.json.Decoder[WirePage[T]]":
    return cast("msgspec.json.Decoder[WirePage[T]]", decoder_of(cast(Any, row), True))


def line_decoder(row: type[T]) -> "msgspec.json.Decoder[T]":
    return cast("msgspec.json.Decoder[T]", decoder_of(cast(Any, row), False))


@lru_cache(maxsize=64)
def decoder_of(row: Any, whole_page: bool) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(WirePage[lenient(row)] if whole_page else lenient(row))  # type: ignore[misc] # a type that is made


@lru_cache(maxsize=64)
def lenient(row: Any) -> Any:
    """The same, where every field may be absent: a Perfect Panel has not all that a console adds, an older console not all that a newer has."""
    optional = [
        (one.name, one.type | UnsetType, msgspec.field(default=UNSET, name=one.encode_name))
        for one in msgspec.structs.fields(row)
    ]
    return msgspec.defstruct(row.__name__, optional, bases=(row,), kw_only=True, module=row.__module__)


class Lines:
    """Bytes as they come, into whole lines; `ended` when the last one said so."""

    def __init__(self) -> None:
        self.rest = b""
        self.count = 0
        self.next_cursor = ""
        self.has_ended = False

    def whole(self, piece: bytes) -> list[bytes]:
        """The rows that a piece completes."""
        *lines, self.rest = (self.rest + piece).split(b"\n")
        return [line for line in lines if line and not self.is_last(line)]

    def is_last(self, line: bytes) -> bool:
        if not line.startswith(END):
            self.count += 1
            return False
        end = decoded(line, LAST).end
        self.has_ended, self.next_cursor = end.count == self.count, end.next_cursor
        return True

    def close(self) -> None:
        """Raises Cut where rows are missing."""
        if not self.has_ended:
            raise Cut(
                f"The answer was cut off after {self.count} rows. Ask again, or by pages, which go on where they were."
            )
