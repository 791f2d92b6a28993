"""No test reaches the outside, and a unit test opens no socket at all.

An audit hook rather than a patched class: it sees every way through Python's socket module, name look-ups too.
It cannot be taken off again, so it asks what is allowed at the moment.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

LOCAL_NAMES = {None, "", b"", "localhost", b"localhost"}
WATCHED = {"socket.connect": 1, "socket.bind": 1, "socket.sendto": 1, "socket.getaddrinfo": 0}


class SocketForbidden(AssertionError):
    """No OSError: the code under test would take it for an upstream that is down."""


class _Allowed:
    loopback = True


def forbid_the_outside() -> None:
    sys.addaudithook(_watch)


@contextmanager
def loopback(allowed: bool) -> Iterator[None]:
    before, _Allowed.loopback = _Allowed.loopback, allowed
    yield
    _Allowed.loopback = before


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event not in WATCHED:
        return
    target = args[WATCHED[event]]
    if event == "socket.getaddrinfo" or isinstance(target, tuple):
        _judge(target[0] if isinstance(target, tuple) else target)


def _judge(host: Any) -> None:
    if not is_local(host):
        raise SocketForbidden(f"a test reached for {host!r}: tests use this machine only")
    if not _Allowed.loopback:
        raise SocketForbidden(f"a unit test opened a socket ({host!r}): hand it a transport, or mark it `loopback`")


def is_local(host: Any) -> bool:
    if host in LOCAL_NAMES:
        return True
    try:
        return ip_address(host if isinstance(host, str) else host.decode()).is_loopback
    except ValueError:
        return False
