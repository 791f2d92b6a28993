"""A request as a panel sees it, and the answer it gives: plain values between the server and the two APIs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import msgspec

JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=UTF-8"


@dataclass(frozen=True)
class Request:
    method: str
    path: str  # below the panel
    query: str
    headers: Mapping[str, str]
    body: bytes
    base: str  # http://host/panel

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> dict[str, Any]:
        """The body as an object; anything else is a ValueError."""
        try:
            return msgspec.json.decode(self.body or b"{}", type=dict[str, Any])
        except msgspec.MsgspecError as error:
            raise ValueError(f"the body is no JSON object: {error}") from None


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(value: object, status: int = 200) -> Answer:
    return Answer(status, msgspec.json.encode(value))
