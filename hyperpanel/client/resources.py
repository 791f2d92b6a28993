"""Calls of one answer: where each goes and what its data is. Both clients ask by these, so that no path is written twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

import msgspec
from msgspec import Struct

from hyperpanel.client.calls import Call, Reply, place, query
from hyperpanel.client.console import NewSnooze, Snooze
from hyperpanel.client.paging import lenient
from hyperpanel.client.replies import checked, decoded

T = TypeVar("T")


class WireData(Struct, Generic[T]):
    data: T


@dataclass(frozen=True)
class One(Generic[T]):
    """A call whose data is one record of a type."""

    call: Call
    kind: type[T] = field(repr=False)

    def read(self, reply: Reply) -> T:
        """Raises a ClientError."""
        decoder = cast("msgspec.json.Decoder[WireData[T]]", data_decoder(cast(Any, self.kind)))
        return decoded(checked(reply).body, decoder).data


@lru_cache(maxsize=64)
def data_decoder(kind: Any) -> "msgspec.json.Decoder[Any]":
    is_record = isinstance(kind, type) and issubclass(kind, Struct)
    return msgspec.json.Decoder(WireData[lenient(kind) if is_record else kind])  # type: ignore[misc] # a type that is made


def got(kind: type[T], *parts: object, **params: object) -> One[T]:
    return One(Call(place(*parts), query(params)), kind)


def posted(kind: type[T], *parts: object, body: Mapping[str, object | None]) -> One[T]:
    """What is None is left out."""
    told = {name: value for name, value in body.items() if value is not None}
    return One(Call(place(*parts), method="POST", body=told), kind)


def deleted(kind: type[T], *parts: object, **params: object) -> One[T]:
    return One(Call(place(*parts), query(params), method="DELETE"), kind)


def snoozed(new: NewSnooze) -> One[Snooze]:
    return One(Call("/snoozes", method="POST", body=msgspec.to_builtins(new)), Snooze)
