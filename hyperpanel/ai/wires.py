"""The way of one call to a provider: guarded addresses, no redirects, nothing from the environment, deadlines, and a cap on what is read.

The vendors' libraries take headers, addresses and keys from a dozen environment variables and tell the vendor about this machine. So what leaves
is made here: the headers that a call needs and its own key, whatever else was added. A call has its own connection: one that was kept open may
be dead, and then nobody knows whether the question has arrived.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx2

from hyperpanel.ai.client import CallTrouble, Question
from sync.guard import PrivateAddress
from sync.http import AGENT, CONNECT, GuardedTransport

FIRST, BETWEEN = 30.0, 20.0
"""Seconds until the first byte, and from one to the next."""

LEAST_BYTES, BYTES_A_TOKEN = 300_000, 1_000
"""What may be read: a streamed token takes some 250 bytes, at some servers three times as many."""

AT_ONCE = 16_384
KEPT = frozenset({"host", "content-length", "content-type", "accept", "anthropic-version"})
VERSION = re.compile(r"/v\d")
CREDENTIALS = ("authorization", "x-api-key")


class Overlong(httpx2.TransportError):
    """More came than any answer has, or packed so that nobody knows how much it is."""


class Wire(httpx2.AsyncBaseTransport):
    """To one address, with one key."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, key: str, most: int) -> None:
        self.inner = inner
        self.key = key
        self.most = most

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        plain = httpx2.Request(
            request.method,
            request.url,
            headers=self.headers(request),
            stream=request.stream,
            extensions=request.extensions,
        )
        response = await self.inner.handle_async_request(plain)
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("identity", ""):
            await response.aclose()
            raise Overlong("packed without being asked to")
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 -- of an asynchronous transport
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=Capped(response.stream, self.most),
            extensions=response.extensions,
        )

    def headers(self, request: httpx2.Request) -> dict[str, str]:
        kept = {name: value for name, value in request.headers.items() if name.lower() in KEPT}
        return {**kept, **self.credentials(request), "user-agent": AGENT, "accept-encoding": "identity"}

    def credentials(self, request: httpx2.Request) -> dict[str, str]:
        """In the header that the library has for them, if it put ours there."""
        if not self.key:
            return {}
        ours = {name: request.headers.get(name, "") for name in CREDENTIALS}
        found = {name: value for name, value in ours.items() if value in (self.key, f"Bearer {self.key}")}
        return found or {"authorization": f"Bearer {self.key}"}

    async def aclose(self) -> None:
        await self.inner.aclose()


class Capped(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, most: int) -> None:
        self.inner = inner
        self.most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts, left, patience = self.inner.__aiter__(), self.most, FIRST
        try:
            while (part := await self.next(parts, patience)) is not None:
                left, patience = left - len(part), BETWEEN
                if left < 0:
                    raise Overlong("too long")
                for start in range(0, len(part), AT_ONCE):
                    yield part[start : start + AT_ONCE]
                    await asyncio.sleep(0)  # whatever has come already is read without a pause otherwise
        finally:
            if isinstance(parts, AsyncGenerator):
                await parts.aclose()

    async def next(self, parts: AsyncIterator[bytes], patience: float) -> bytes | None:
        try:
            async with asyncio.timeout(patience):
                return await anext(parts, None)
        except TimeoutError:
            raise httpx2.ReadTimeout("nothing more came") from None

    async def aclose(self) -> None:
        await self.inner.aclose()


@asynccontextmanager
async def wired(question: Question) -> AsyncIterator[httpx2.AsyncClient]:
    """A client for one call. Raises CallTrouble for a key that no header can hold."""
    if not question.key.isascii() or not (question.key or "-").isprintable():
        raise CallTrouble("key_refused", is_free=True)
    most = LEAST_BYTES + question.most_out * BYTES_A_TOKEN
    transport = Wire(GuardedTransport(question.provider.private), question.key, most)
    async with httpx2.AsyncClient(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(FIRST, connect=CONNECT),
    ) as client:
        yield client


def root(address: str) -> str:
    """An address as people type it, with or without what follows the server's root."""
    found = urlsplit(address.strip())
    path = found.path.rstrip("/")
    for end in ("/chat/completions", "/messages", "/models"):
        path = path.removesuffix(end)
    return f"{found.scheme}://{found.netloc}{path.removesuffix('/v1').rstrip('/')}"


def versioned(address: str) -> str:
    """The same with the version of the protocol, which is 1 unless the address has another one somewhere."""
    found = root(address)
    return found if VERSION.search(urlsplit(found).path) else f"{found}/v1"


def lost(problem: BaseException) -> CallTrouble:
    """What kept an answer from arriving, by what the guard or the connection raised first."""
    causes = list(chain(problem))
    if any(isinstance(one, PrivateAddress) for one in causes):
        return CallTrouble("address", is_free=True)
    if any(isinstance(one, Overlong) for one in causes):
        return CallTrouble("server")
    if any(isinstance(one, httpx2.ConnectError | httpx2.ConnectTimeout) for one in causes):
        return CallTrouble("unreachable", may_repeat=True, is_free=True)
    if any(isinstance(one, httpx2.TimeoutException | TimeoutError) for one in causes):
        return CallTrouble("timeout")
    return CallTrouble("cut", may_repeat=True)


def chain(problem: BaseException | None) -> Iterator[BaseException]:
    seen = set[int]()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        yield problem
        problem = problem.__cause__ or problem.__context__
