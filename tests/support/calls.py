"""A script that calls a console's API in process, by a key that is really there."""

from dataclasses import dataclass
from typing import Any

import httpx2

from hyperpanel.support.api_keys import SCOPES
from tests.support.scripts_keys import kept
from tests.support.staged import Stage

BASE = "/adminapi/v2"
EVERY = frozenset(SCOPES)
PLENTY = 100_000
"""Calls a minute: no test but that of the limit meets it."""


@dataclass(frozen=True)
class Script:
    """`get` and the like take a path within the API, or a whole one."""

    client: httpx2.AsyncClient
    base: str = BASE

    async def call(self, method: str, path: str, **how: Any) -> httpx2.Response:
        return await self.client.request(method, path if "/adminapi" in path else self.base + path, **how)

    async def get(self, path: str, headers: dict[str, str] | None = None, **params: Any) -> httpx2.Response:
        return await self.call("GET", path, headers=headers, params=params or None)

    async def post(self, path: str, **how: Any) -> httpx2.Response:
        return await self.call("POST", path, **how)

    async def data(self, path: str, **params: Any) -> Any:
        """Of an answer that is no refusal."""
        answer = await self.get(path, **params)
        assert answer.status_code == 200, answer.text
        assert answer.json()["error_code"] == 0, answer.text
        return answer.json()["data"]

    async def rows(self, path: str, **params: Any) -> list[Any]:
        found: list[Any] = (await self.data(path, **params))["list"]
        return found


@dataclass(frozen=True)
class Scripts:
    """Whoever calls this console."""

    stage: Stage

    async def key(self, *scopes: str, panels: frozenset[int] | None = frozenset({1}), **more: Any) -> str:
        """The text of one; without a word about scopes it has all of them."""
        wanted = {"scopes": frozenset(scopes or EVERY), "panel_ids": panels, "per_minute": PLENTY, **more}
        return await kept(self.stage.database, **wanted)

    async def script(self, *scopes: str, base: str = BASE, **more: Any) -> Script:
        return self.using(await self.key(*scopes, **more), base)

    def using(self, key: str | None, base: str = BASE) -> Script:
        headers = {"accept-encoding": "identity", **({"X-Api-Key": key} if key is not None else {})}
        made = self.stage.browser(**headers)
        del made.headers["sec-fetch-site"]
        return Script(made, base)
