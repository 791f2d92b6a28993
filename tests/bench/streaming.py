"""Many clients at once over real sockets, each request with the time of its first byte; and one answer of any length, read and thrown away."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from tests.bench.client import CHUNKED, LENGTH, Connection


@dataclass
class Burst:
    """Milliseconds of each request to its first byte and to its last; `seconds` from the first request's start to the last one's end."""

    firsts: list[float] = field(default_factory=list)
    wholes: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Burst") -> None:
        self.firsts += other.firsts
        self.wholes += other.wholes


def crowd(port: int, requests: Sequence[bytes], clients: int, seconds: float) -> Burst:
    """Each client goes its own way round the requests."""
    found, begun = Burst(), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        starts = [index * len(requests) // clients for index in range(clients)]
        for one in pool.map(lambda start: alone(port, requests, start, seconds), starts):
            found.add(one)
    found.seconds = time.perf_counter() - begun
    return found


def alone(port: int, requests: Sequence[bytes], start: int, seconds: float) -> Burst:
    connection, found, turn = Connection(port), Burst(), start
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or not found.wholes:
        begun = time.perf_counter()
        connection.socket.sendall(requests[turn % len(requests)])
        head = connection.until(b"\r\n\r\n")
        found.firsts.append((time.perf_counter() - begun) * 1000)
        if head[9:12] != b"200":
            raise ValueError(f"answered with {head[9:12]!r} in the middle of a burst")
        for _ in pieces(connection, head):
            pass
        found.wholes.append((time.perf_counter() - begun) * 1000)
        turn += 1
    connection.close()
    return found


def pieces(connection: Connection, head: bytes) -> Iterator[bytes]:
    length = LENGTH.search(head)
    if length is not None:
        yield connection.exactly(int(length[1]))
        return
    if CHUNKED.search(head) is None:
        raise ValueError(f"an answer of unknown length: {head!r}")
    while size := int(connection.until(b"\r\n"), 16):
        yield connection.exactly(size + 2)[:-2]
    connection.until(b"\r\n")


@dataclass
class Stream:
    lines: int = 0
    size: int = 0
    first: float = 0.0
    seconds: float = 0.0
    last: bytes = b""


def streamed(port: int, asked: bytes, look: Callable[[], None], every: int = 100) -> Stream:
    """`look` is called now and then while it comes."""
    connection, found, begun = Connection(port), Stream(), time.perf_counter()
    connection.socket.sendall(asked)
    head = connection.until(b"\r\n\r\n")
    found.first = (time.perf_counter() - begun) * 1000
    coming = pieces(connection, head)
    while some := list(islice(coming, every)):
        for piece in some:
            found.lines += piece.count(b"\n")
            found.size += len(piece)
            found.last = (found.last + piece)[-2000:]
        look()
    found.seconds = time.perf_counter() - begun
    connection.close()
    return found
