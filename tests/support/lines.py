"""What a faulty line does to a real connection: a port that nobody holds, one whose queue is full, a certificate that does not hold.

Names are struck where the machine would look them up. `dns_changes` moves a name to 127.0.0.2, which is this machine too.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpcore2

from hyperpanel.sandbox.line import Line
from tests.support import tls

HERE, MOVED, NAME = "127.0.0.1", "127.0.0.2", "panel.example"
PLAIN = httpcore2.AnyIOBackend


@dataclass(frozen=True)
class Doors:
    """Ports that answer as the kind of fault says."""

    refused: int
    connect_hangs: int
    tls_bad: int
    tls_expired: int


@contextmanager
def doors(folder: Path, known: tls.Signed) -> Iterator[Doors]:
    """`known` has signed the expired certificate; the bad one has signed itself."""
    with ExitStack() as stack:
        full = stack.enter_context(socket.create_server((HERE, 0), backlog=0))
        crowd = [stack.enter_context(socket.socket()) for _ in range(3)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        with socket.create_server((HERE, 0)) as closed:
            nobody = closed.getsockname()[1]
        ports = []
        for signed in (tls.signed("bad", None), tls.signed("expired", known, until=timedelta(seconds=-1))):
            certificate = signed.written(folder / "front.pem")
            ports.append(stack.enter_context(tls.front(certificate, nobody)).rpartition(":")[2])
        yield Doors(nobody, full.getsockname()[1], *map(int, ports))


class Struck(PLAIN):
    """Connects as the line has it; the guard's checks stand before it."""

    def __init__(self, line: Line, doors: Doors) -> None:
        super().__init__()
        self.line, self.doors = line, doors

    async def connect_tcp(self, host: str, port: int, *more: Any, **others: Any) -> httpcore2.AsyncNetworkStream:
        fault = self.line.strike(host)
        there = port if fault is None else getattr(self.doors, fault.kind)
        return await super().connect_tcp(host, there, *more, **others)


def looked_up(line: Line) -> Any:
    """`socket.getaddrinfo`, of which a test's name asks the line."""
    usual = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *more: Any, **others: Any) -> Any:
        if host != NAME:
            return usual(host, port, *more, **others)
        fault = line.strike(NAME)
        if fault is not None and fault.kind == "dns_fails":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (HERE if fault is None else MOVED, port))]

    return getaddrinfo
