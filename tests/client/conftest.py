"""Both clients behind one face, so that each claim is made of both: what one waits for, the other is awaited for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from hyperpanel.client import AsyncClient, Client, Patience

KEY = "hp_live_0123456789abcanary0canary0canary0canary0canary0"
SHORT = Patience(total=5, each=2, connecting=0.2, first=0.01, longest=0.05)

Work = Callable[[Any], Any]
"""What is done with a client: gives rows, or what one call of it gives."""


def waiting(url: str, work: Work, patience: Patience = SHORT, **settings: Any) -> Any:
    with Client(url, KEY, patience=patience, **settings) as client:
        found = work(client)
        return list(found) if hasattr(found, "__iter__") and not isinstance(found, str | dict) else found


def awaiting(url: str, work: Work, patience: Patience = SHORT, **settings: Any) -> Any:
    async def done() -> Any:
        async with AsyncClient(url, KEY, patience=patience, **settings) as client:
            found = work(client)
            return await gathered(found) if hasattr(found, "__aiter__") else await found

    return asyncio.run(done())


async def gathered(rows: AsyncIterator[Any]) -> list[Any]:
    return [row async for row in rows]


@pytest.fixture(params=[waiting, awaiting], ids=["Client", "AsyncClient"])
def asks(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """`asks(url, lambda client: client.orders())`."""
    found: Callable[..., Any] = request.param
    return found
