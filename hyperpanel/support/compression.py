"""Pages and JSON leave gzipped where the browser takes it: a list of a hundred rows repeats itself, and shrinks tenfold.

A page holds a secret beside what others typed, and the length of what is compressed tells whether the two are alike (BREACH). So the token
in its forms is another in each answer (`masks`), and the session's cookie is never sent along for another site. Streams of events pass
untouched: each must arrive when it happens.
"""

import zlib
from collections.abc import Iterable
from typing import Any

from litestar.types import Message, Send

LEAST = 1024
LEVEL = 3
"""Half a millisecond for a list of a hundred rows; from 4 on it costs twice as much and brings little."""

GZIP = 31
"""How zlib is asked for gzip's own wrapping."""

KINDS = (b"text/html", b"text/plain", b"text/csv", b"application/json")
VARY = (b"vary", b"Accept-Encoding")
Headers = list[tuple[bytes, bytes]]


class Zipping:
    """Stands before `send`: holds an answer's start back until its body is there, if it is one that can shrink."""

    def __init__(self, send: Send, may_zip: bool) -> None:
        self.send = send
        self.may_zip = may_zip
        self.start: Message | None = None

    @property
    def held(self) -> bool:
        return self.start is not None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and can_shrink(message["headers"]):
            self.start = message
        elif self.start is not None and message["type"] == "http.response.body":
            start, self.start = self.start, None
            for each in self.shrunk(start, message):
                await self.send(each)
        else:
            await self.send(message)

    def shrunk(self, start: Any, body: Any) -> tuple[Any, Any]:
        """What comes in pieces is sent as it comes."""
        headers, content = [*start["headers"], VARY], body.get("body", b"")
        if not self.may_zip or body.get("more_body") or len(content) < LEAST:
            return {**start, "headers": headers}, body
        zipped = zlib.compress(content, LEVEL, GZIP)
        return {**start, "headers": resized(headers, len(zipped))}, {**body, "body": zipped}


def can_shrink(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Static files come compressed or need not be."""
    given = {name.lower(): value for name, value in headers}
    return b"content-encoding" not in given and given.get(b"content-type", b"").startswith(KINDS)


def resized(headers: Headers, length: int) -> Headers:
    others = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return [*others, (b"content-encoding", b"gzip"), (b"content-length", str(length).encode())]


def takes_gzip(accepted: str) -> bool:
    """`gzip;q=0` is a refusal."""
    for part in accepted.split(","):
        name, _, quality = part.strip().lower().partition(";")
        if name.strip() in ("gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
