"""A small fleet with a stopped clock, called in process: the whole way of a request but the sockets.

What a panel and a console both answer is asked of both: tests marked with `both` run once against the sandbox, and once against a console
that has read it, with a key of that panel alone.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx2
import msgspec
import pytest

from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.server import create_app
from tests.support.mirrors import mirrored

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)  # no hour of the history before it occurs twice in Berlin


@dataclass
class Caller:
    """Someone who holds the first panel's keys."""

    fleet: Fleet
    http: httpx2.AsyncClient
    token: str | None = None

    @property
    def panel(self) -> Panel:
        return self.fleet.panels[0]

    @property
    def key(self) -> str:
        return self.token or self.panel.admin_key

    async def get(self, path: str, /, key: str | None = None, **query: Any) -> httpx2.Response:
        headers = {"X-Api-Key": key or self.key}
        return await self.http.get(f"/{self.panel.name}/adminapi/v2/{path}", params=query, headers=headers)

    async def post(self, path: str, /, **body: Any) -> httpx2.Response:
        headers = {"X-Api-Key": self.key}
        return await self.http.post(f"/{self.panel.name}/adminapi/v2/{path}", json=body, headers=headers)

    async def orders(self, **query: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = (await self.get("orders", **query)).json()["data"]["list"]
        return rows

    async def rows(self, stream: str, **query: Any) -> list[dict[str, Any]]:
        """One page of any list, a thousand rows unless told otherwise; money stays as it was written."""
        answer = await self.get(stream, **{"limit": 1000, **query})
        found: list[dict[str, Any]] = json.loads(answer.text, parse_float=Decimal)["data"]["list"]
        return found

    async def ids(self, **query: Any) -> list[int]:
        return [int(row["id"]) for row in await self.orders(**query)]

    async def user_api(self, action: str, /, **form: Any) -> Any:
        data = {"key": self.panel.services_key, "action": action, **form}
        return (await self.http.post(f"/{self.panel.name}/api/v2", data=data)).json()

    async def truth(self, stream: str = "orders") -> dict[str, dict[str, Any]]:
        lines = (await self.http.get(f"/_truth/{self.panel.name}/{stream}")).content.splitlines()
        return {row["id"]: row for row in map(msgspec.json.decode, lines)}

    async def lever(self, path: str, /, **body: Any) -> Any:
        return (await self.http.post(f"/_truth/{path}", json=body)).json()


def small(**changes: Any) -> Fleet:
    return Fleet(**{"panels": 1, "orders": 600, "now": NOW, "rate_limit": 10_000, "stopped": True, **changes})


SERVERS = ["sandbox", "console"]
both = pytest.mark.parametrize("caller", SERVERS, indirect=True)


@pytest.fixture(scope="module")
async def console(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Callable[[], Awaitable[Caller]]]:
    """Read when the first test of a module asks for it: nothing that is asked of it changes it, or the fleet behind it."""
    made: list[Caller] = []
    async with AsyncExitStack() as stack:

        async def one() -> Caller:
            if not made:
                fleet = small()
                http, key = await stack.enter_async_context(mirrored(fleet, tmp_path_factory.mktemp("console")))
                made.append(Caller(fleet, http, key))
            return made[0]

        yield one


@pytest.fixture
async def caller(request: pytest.FixtureRequest, console: Callable[[], Awaitable[Caller]]) -> AsyncIterator[Caller]:
    if getattr(request, "param", "sandbox") == "console":
        one = await console()
        before = one.panel.switches
        yield one
        one.panel.switch(**msgspec.structs.asdict(before))
        return
    fleet = small()
    transport = httpx2.ASGITransport(create_app(fleet))
    async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox.test") as http:
        yield Caller(fleet, http)


@pytest.fixture
def panel() -> Panel:
    return small().panels[0]
