"""A panel's list of orders from prebuilt records, in a process of its own: what is measured is the client, at no limit of rate.

Two ways to ask, as vendors have them: by time (`created_to`) and by offset. A path begins with the number of its list, and what follows
(the API's own path) is not looked at.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PAGE = 1000
START = 1_760_000_000


@dataclass(frozen=True)
class Listing:
    """Orders by number, the first created at `start`, and `a_second` of them in each second (less than one: seconds between two). One in
    `moved` has moved, if any."""

    rows: int
    start: int = START
    a_second: float = 0.2
    moved: int = 0

    def created(self, number: int) -> int:
        return self.start + int(number / self.a_second)

    def record(self, number: int) -> dict[str, Any]:
        """As the admin API writes it."""
        created = self.created(number)
        return {
            "id": 1_000_000 + number,
            "external_id": str(77_000_000 + number),
            "user": f"customer{number % 977}",
            "creation_type": "api",
            "charge": {"value": f"{number % 900 / 100:.2f}", "currency_code": "USD", "formatted": "$0"},
            "provider_charge": {"value": f"{number % 300 / 100:.2f}", "currency_code": "USD", "formatted": "$0"},
            "link": f"https://social.example/p/{number * 7919}",
            "start_count": number % 5000,
            "quantity": 1000,
            "service_id": number % 300,
            "service_type": "default",
            "service_name": f"Followers [Speed: {number % 50}K/Day] [R30]",
            "provider": f"provider-{number % 7}.example",
            "status": "completed" if number % 50 else "in_progress",
            "remains": 7 if self.moved and number % self.moved == 0 else 0,
            "is_autocomplete": False,
            "created": "2026-01-01 00:00:00",
            "created_timestamp": created,
            "mode": "auto",
            "ip_address": "203.0.113.1",
            "last_update": "2026-01-01 00:00:00",
            "last_update_timestamp": created + 60,
        }

    def built(self) -> list[bytes]:
        """Newest first."""
        return [json.dumps(self.record(number)).encode() for number in reversed(range(self.rows))]

    def first(self, query: dict[str, str]) -> int:
        """Where in that order an answer begins."""
        first = int(query.get("offset", 0))
        if "created_to" not in query:
            return first
        newer = self.start + self.rows / self.a_second - int(query["created_to"]) - 1
        return first + max(0, min(self.rows, int(newer * self.a_second)))


def serve(listings: Sequence[Listing], ready: Any) -> None:
    """Tells `ready` its port. What no list has changed is one object in all of them, and an answer once made is kept."""
    one: dict[bytes, bytes] = {}
    built = [[one.setdefault(record, record) for record in listing.built()] for listing in listings]
    answers: dict[tuple[int, int], bytes] = {}

    def answer(path: str, text: str) -> bytes:
        query = dict(part.split("=") for part in text.split("&") if part)
        if not path.endswith("/orders"):
            return EMPTY
        at = int(path.split("/")[1])
        key = (at, listings[at].first(query))
        if key not in answers:
            answers.clear() if len(answers) > KEPT else None
            answers[key] = page(built[at][key[1] : key[1] + PAGE], key[1] + PAGE < len(built[at]))
        return answers[key]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path, _, text = head.split(b" ", 2)[1].decode().partition("?")
                writer.write(answer(path, text))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def forever() -> None:
        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


KEPT = 100
"""Answers, of 700 kB each."""


def page(records: Sequence[bytes], more: bool) -> bytes:
    content = (
        b'{"data": {"count": 0, "list": ['
        + b",".join(records)
        + b']}, "pagination": {"next_page_href": "%s"}, "error_code": 0}' % (b"?next" if more else b"")
    )
    return answered(content)


def answered(content: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content)
    return head + content


EMPTY = page([], more=False)
