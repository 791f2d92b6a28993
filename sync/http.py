"""The one way out to the network: guarded addresses, no redirects, no environment proxies, a deadline, and caps on what is read.

Bodies are read raw and inflated by hand with a cap: a 522 kB gzip body costs a plain `.get()` more than 1 GB.
"""

import asyncio
import io
import os
import ssl
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

import httpcore2
import httpx2

from sync.guard import GuardedBackend, PrivateAddress, Unresolved
from sync.verdicts import Trouble

WIRE_CAP = 5 * 2**20
BODY_CAP = 16 * 2**20
STEP = 2**20
"""What is inflated at a time: a small piece of a body may hold all that it may come to."""

DEADLINE = 60.0
CONNECT = 5.0
AGENT = "hyperpanel"
CERTIFICATES = {
    10: "tls_expired",
    18: "tls_unknown",
    19: "tls_unknown",
    20: "tls_unknown",
    62: "tls_host",
    64: "tls_host",
}
"""X509_V_ERR numbers: has expired; self-signed, alone or at the root; no issuer known; another host name; another address."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `date` is the upstream's clock, where it told it."""

    status: int
    body: bytes
    content_type: str
    date: datetime | None
    retry_after: str | None
    location: str | None


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """httpx2's transport with our own way of connecting; the pool's settings are the library's."""

    def __init__(self, private: bool) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=trusting(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
            max_connections=4,
            keepalive_expiry=30,
            network_backend=GuardedBackend(private),
        )


@lru_cache(maxsize=4)
def trusting(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """The machine's certificate authorities, or those of OpenSSL's own variables. To read them takes 30 ms, so all clients share them."""
    return ssl.create_default_context()


def new_client(private: bool) -> httpx2.AsyncClient:
    """A client for one panel: its own connections, so that one panel cannot use up another's."""
    return httpx2.AsyncClient(
        transport=GuardedTransport(private),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx2.Timeout(DEADLINE, connect=CONNECT),
        headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": AGENT},
    )


async def fetch(client: httpx2.AsyncClient, request: httpx2.Request, deadline: float | None = None) -> Answer:
    """Send, read within the caps; raises Trouble for everything that kept an answer from arriving whole."""
    allowed = DEADLINE if deadline is None else deadline
    try:
        async with asyncio.timeout(allowed):
            return await exchange(client, request)
    except httpx2.ConnectTimeout:
        raise Trouble(
            "unreachable", host=request.url.host, detail=f"no connection within {CONNECT:g} seconds"
        ) from None
    except (TimeoutError, httpx2.TimeoutException):
        raise Trouble("timeout", seconds=round(allowed)) from None
    except httpx2.ConnectError as problem:
        raise unconnected(problem, request.url.host) from None
    except (httpx2.TransportError, zlib.error):
        raise Trouble("cut") from None


def unconnected(problem: httpx2.ConnectError, host: str) -> Trouble:
    """httpx2 wraps what the guard raised; the cause is what a person needs."""
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, Unresolved):
            return Trouble("unresolved", host=host)
        if isinstance(cause, PrivateAddress):
            return Trouble(
                "address", detail=f"{host} is on this machine or a private network, which this panel is not marked for"
            )
        if isinstance(cause, ssl.SSLError):
            return unsecured(cause, host)
        if isinstance(cause, ConnectionRefusedError):
            return Trouble("unreachable", host=host, detail="the connection was refused")
        cause = cause.__cause__ or cause.__context__
    return Trouble("unreachable", host=host, detail="no connection could be made")


def unsecured(cause: ssl.SSLError, host: str) -> Trouble:
    """What is wrong with a certificate, where OpenSSL's number of it is a usual one."""
    if isinstance(cause, ssl.SSLCertVerificationError) and cause.verify_code in CERTIFICATES:
        return Trouble(CERTIFICATES[cause.verify_code], host=host)
    told = getattr(cause, "verify_message", "") or (cause.reason or "no secure connection").lower()
    return Trouble("tls", detail=told.rstrip("."))


async def exchange(client: httpx2.AsyncClient, request: httpx2.Request) -> Answer:
    response = await client.send(request, stream=True)
    try:
        body = await read(response)
    finally:
        await response.aclose()
    headers = response.headers
    return Answer(
        status=response.status_code,
        body=body,
        content_type=headers.get("content-type", ""),
        date=http_date(headers.get("date")),
        retry_after=headers.get("retry-after"),
        location=headers.get("location"),
    )


async def read(response: httpx2.Response) -> bytes:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", ""):
        raise Trouble("not_json")
    inflate = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    body, wire = io.BytesIO(), 0  # which hands out what it holds without a copy of it
    async for chunk in response.aiter_raw():
        wire += len(chunk)
        for part in inflated(inflate, chunk) if inflate else (chunk,):
            body.write(part)
            if body.tell() > BODY_CAP or (inflate and wire > WIRE_CAP):
                raise Trouble("too_large", limit=BODY_CAP // 2**20)
    if inflate and not inflate.eof and wire:
        raise Trouble("cut")
    return body.getvalue()


def inflated(inflate: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    while part := inflate.decompress(chunk, STEP):
        yield part
        chunk = inflate.unconsumed_tail


def http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def retry_seconds(answer: Answer, now: datetime) -> float | None:
    """Retry-After as seconds or as a date; None where absent or unreadable."""
    text = (answer.retry_after or "").strip()
    if text.isdecimal() and len(text) < 12:
        return float(text)
    moment = http_date(text)
    return max(0.0, (moment - now).total_seconds()) if moment else None


def form(client: httpx2.AsyncClient, url: str, fields: dict[str, str]) -> httpx2.Request:
    """A form-encoded POST: where a protocol puts its key into the body, it stays out of the address."""
    return client.build_request("POST", url, data=fields)


def query(client: httpx2.AsyncClient, url: str, params: dict[str, Any], headers: dict[str, str]) -> httpx2.Request:
    return client.build_request("GET", url, params=params, headers=headers)
