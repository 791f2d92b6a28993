"""What both clients are made of, without a socket: where calls go, with what headers, and what a failure of httpx2 means for people."""

import random
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx2

from hyperpanel import __version__
from hyperpanel.client.addresses import base_of
from hyperpanel.client.calls import JSON, Call, Lost, Reply
from hyperpanel.client.errors import BadKey
from hyperpanel.client.pacing import Pace
from hyperpanel.client.retries import Patience, Plan, Send, exchange

AGENT = f"hyperpanel-client/{__version__}"
MOST_PAGE = 1000
UNSENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


@dataclass(frozen=True)
class Core:
    """`base`: the address of the API. The key is in the headers of each call, and in nothing that can be printed."""

    base: str
    host: str
    key: str = field(repr=False)
    patience: Patience = field(default_factory=Patience)
    page_size: int = 500
    pace: Pace = field(default_factory=Pace, repr=False, compare=False)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False, compare=False)
    chance: Callable[[], float] = field(default=random.random, repr=False, compare=False)

    def plan(self, call: Call) -> Plan:
        return exchange(call, self.patience, self.pace, self.clock, self.chance)

    def request(self, step: Send) -> dict[str, Any]:
        """What httpx2 builds the request of."""
        call, headers = step.call, {"Accept": step.call.accept, "X-Api-Key": self.key}
        if call.content is not None:
            headers["Content-Type"] = JSON
        left = max(0.1, min(step.each, step.until - self.clock()))
        asked = {"method": call.method, "url": self.base + call.path, "params": call.params, "headers": headers}
        return {**asked, "content": call.content, "timeout": httpx2.Timeout(left, connect=min(left, 10.0))}

    def reply(self, response: httpx2.Response, body: bytes = b"") -> Reply:
        """A server that repeats the key does not get it into an error or a log of ours."""
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, body.replace(self.key.encode(), b"..."))

    def is_over(self, step: Send) -> bool:
        return self.clock() > step.until

    def late(self) -> Lost:
        return Lost(f"{self.host} did not answer in time.", sent=True)

    def lost(self, problem: httpx2.HTTPError) -> Lost:
        """In words of ours: the library's may hold what was sent."""
        if any(isinstance(one, ssl.SSLError) for one in causes(problem)):
            return Lost(f"The certificate of {self.host} is not accepted.", sent=False, is_final=True)
        if isinstance(problem, UNSENT):
            return Lost(f"Nobody answers at {self.host}.", sent=False)
        if isinstance(problem, httpx2.TimeoutException):
            return self.late()
        return Lost(f"The connection to {self.host} broke off.", sent=True)


def core(url: str, key: str, insecure: bool, patience: Patience, page_size: int) -> Core:
    """Raises BadAddress and BadKey; nothing is asked yet."""
    base = base_of(url, insecure)
    if not 1 <= page_size <= MOST_PAGE:
        raise ValueError(f"page_size must be between 1 and {MOST_PAGE}.")
    return Core(base, httpx2.URL(base).netloc.decode("ascii"), good(key), patience, page_size)


def good(key: str) -> str:
    """It goes into a header; a line end in it would begin another one."""
    given = key.strip()
    if not given or not given.isascii() or not given.isprintable() or " " in given:
        raise BadKey("The key is empty, or holds a space or another character that no key has. Paste it again.")
    return given


def settings(core: Core) -> dict[str, Any]:
    """Of either httpx2 client. A proxy of the environment must not see a call in plain text."""
    return {"follow_redirects": False, "trust_env": core.base.startswith("https:"), "headers": {"User-Agent": AGENT}}


def causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__
