"""A server on a real socket that answers as a script says, one line of it for each request, and remembers what it was asked."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Said:
    """`cut`: how many bytes of the body leave before the connection ends; None: all of it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass(frozen=True)
class Seen:
    """`at`: by a clock that never goes back."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)


@dataclass
class Scripted:
    """The last line of the script is said for all that follows."""

    script: Sequence[Said]
    url: str = ""
    seen: list[Seen] = field(default_factory=list)

    def next(self) -> Said:
        return self.script[min(len(self.seen), len(self.script)) - 1]


def data(found: object, **more: object) -> Said:
    return Said(body=json.dumps({"data": found, "error_message": "", "error_code": 0, **more}).encode())


def rows(*found: Mapping[str, object], cursor: str = "", headers: Mapping[str, str] | None = None) -> Said:
    place = {"prev_page_href": "", "next_page_href": "", "offset": 0, "limit": 2, "next_cursor": cursor}
    told = {"data": {"count": len(found), "count_is_total": True, "list": found}, "pagination": place, "as_of": None}
    body = json.dumps({**told, "error_message": "", "error_code": 0}).encode()
    return Said(body=body, headers=headers or {})


def refusal(status: int, sentence: str = "No.", headers: Mapping[str, str] | None = None, **more: object) -> Said:
    body = json.dumps({"data": [], "error_message": sentence, "error_code": status, **more}).encode()
    return Said(status, body, headers or {})


def lines(*found: object, end: int | None, cut: int | None = None, cursor: str = "") -> Said:
    """`end`: how many rows the last line says there were; None: it is missing."""
    said = [*found, *([] if end is None else [{"end": {"count": end, "next_cursor": cursor}}])]
    body = b"".join(json.dumps(one, separators=(",", ":")).encode() + b"\n" for one in said)
    return Said(200, body, {"Content-Type": "application/x-ndjson"}, cut)


@contextmanager
def scripted(*script: Said) -> Iterator[Scripted]:
    told = Scripted(script)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(told))
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def handler(told: Scripted) -> Callable[..., BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            told.seen.append(Seen(self.command, self.path, headers, self.rfile.read(length)))
            self.say(told.next())

        do_GET = do_POST = do_DELETE = answer

        def say(self, said: Said) -> None:
            if said.status == 0:
                self.close_connection = True
                return
            self.send_response_only(said.status)
            for name, value in {"Content-Type": "application/json", **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body if said.cut is None else said.body[: said.cut])
            self.close_connection = said.cut is not None

        def log_message(self, *_words: Any) -> None:
            pass

    return Answering


GONE = Said(status=0)
"""The connection ends without a word."""
