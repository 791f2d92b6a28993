"""One client on one connection that stays open, as lean as can be: its own work is within every time that it measures."""

import re
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

import httpx2

HOST = "127.0.0.1"
PATIENCE = 120.0
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
TOKEN = re.compile(r'name="(csrf|csrfmiddlewaretoken)" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """`head` is what stands before the body, as it came."""

    status: int
    head: bytes
    body: bytes


class Connection:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""

    def ask(self, request: bytes) -> Answer:
        self.socket.sendall(request)
        head = self.until(b"\r\n\r\n")
        length = LENGTH.search(head)
        if length is None and CHUNKED.search(head) is None:
            raise ValueError(f"an answer of unknown length: {head!r}")
        body = self.chunks() if length is None else self.exactly(int(length[1]))
        return Answer(int(head[9:12]), head, body)

    def until(self, mark: bytes) -> bytes:
        while mark not in self.rest:
            self.hear()
        found, _, self.rest = self.rest.partition(mark)
        return found

    def exactly(self, size: int) -> bytes:
        while len(self.rest) < size:
            self.hear()
        found, self.rest = self.rest[:size], self.rest[size:]
        return found

    def chunks(self) -> bytes:
        found = []
        while size := int(self.until(b"\r\n"), 16):
            found.append(self.exactly(size + 2)[:-2])
        self.until(b"\r\n")
        return b"".join(found)

    def hear(self) -> None:
        heard = self.socket.recv(262_144)
        if not heard:
            raise ConnectionError("the server hung up")
        self.rest += heard

    def close(self) -> None:
        self.socket.close()


def request(path: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in {"Host": HOST, **headers}.items())]
    return "\r\n".join((*lines, "", "")).encode()


def fetch(port: int, path: str, headers: Mapping[str, str]) -> Answer:
    """Raises where the answer is not the page that was meant."""
    connection = Connection(port)
    try:
        answer = connection.ask(request(path, headers))
    finally:
        connection.close()
    if answer.status != 200:
        raise ValueError(f"{path} was answered with {answer.status}: {answer.body[:300]!r}")
    return answer


def burst(port: int, requests: Sequence[bytes], first: int, seconds: float) -> list[float]:
    """Milliseconds of each request, one after another; what is asked for goes round, beginning with the `first`."""
    connection, turn = Connection(port), cycle((*requests[first:], *requests[:first]))
    took: list[float] = []
    until = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < until or not took:
        answer = connection.ask(next(turn))
        took.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200:
            raise ValueError(f"answered with {answer.status} in the middle of a burst")
    connection.close()
    return took


def signed_in(port: int, form: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The headers of somebody who has signed in through the form, as a browser does."""
    with httpx2.Client(base_url=f"http://{HOST}:{port}", headers={"Sec-Fetch-Site": "same-origin"}) as browser:
        found = TOKEN.search(browser.get(form).text)
        if found is None:
            raise ValueError(f"{form} shows no form")
        answer = browser.post(form, data={**fields, found[1]: found[2]})
        if answer.status_code not in (302, 303):
            raise ValueError(f"{form} let nobody in: {answer.status_code}")
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
