"""Which network addresses may be connected to. A panel's name is resolved here, every answer is checked, and the checked one is connected to.

Otherwise whoever edits an address (or its DNS) could make this machine call its own network. NAT64's 64:ff9b::/96 counts as global for
Python's ipaddress, though it can carry any private IPv4 address.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore2

AT_ONCE = 2**20
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
CARRIERS = tuple(
    ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
)
"""IPv6 ranges that carry an IPv4 address inside: NAT64, its local form, 6to4, Teredo, IPv4-compatible."""


def public(address: IPAddress) -> bool:
    """Whether an address is on the open internet, by every spelling of it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return public(address.ipv4_mapped)
        if any(address in net for net in CARRIERS):
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Connects to public addresses only; with `private`, to any."""

    def __init__(self, private: bool, inner: httpcore2.AsyncNetworkBackend | None = None) -> None:
        self.private = private
        self.inner = inner or httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- the library's own signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        failure: Exception | None = None
        for address in await self.checked(host, port):
            try:
                return Wide(await self.inner.connect_tcp(str(address), port, timeout, local_address, socket_options))
            except httpcore2.ConnectError as problem:
                failure = problem
        raise failure or Unresolved(host)

    async def checked(self, host: str, port: int) -> list[IPAddress]:
        """All addresses of the host; one that may not be called spoils them all, since DNS could serve it next time."""
        found = await resolve(host, port)
        if not self.private and not all(public(address) for address in found):
            raise PrivateAddress(host)
        return found


class Wide(httpcore2.AsyncNetworkStream):
    """Reads what has arrived, up to 1 MiB at once: a page of orders is 700 kB, and 64 KiB at a time costs a fifth more CPU."""

    def __init__(self, inner: httpcore2.AsyncNetworkStream) -> None:
        self.inner = inner

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        return await self.inner.read(max(max_bytes, AT_ONCE), timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self.inner.write(buffer, timeout)

    async def aclose(self) -> None:
        await self.inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore2.AsyncNetworkStream:
        return Wide(await self.inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)


class Unresolved(httpcore2.ConnectError):
    """The host name is not known."""


class PrivateAddress(httpcore2.ConnectError):
    """The host is on this machine or a private network."""


async def resolve(host: str, port: int) -> list[IPAddress]:
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        pass
    try:
        answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unresolved(host) from None
    found = [ipaddress.ip_address(answer[4][0]) for answer in answers]
    return sorted(set(found), key=lambda address: address.version)
