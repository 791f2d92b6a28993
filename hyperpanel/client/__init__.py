"""The admin API for Python scripts: its shapes, and clients of it that wait (`Client`) or await (`AsyncClient`)."""

from typing import TYPE_CHECKING, Any

from hyperpanel.client.errors import (
    Ambiguous,
    BadAddress,
    BadAsk,
    BadKey,
    Broken,
    Busy,
    ClientError,
    Conflict,
    Cut,
    Expired,
    NoConsole,
    NoSuchPath,
    NotAllowed,
    NotBuilt,
    NotThere,
    TooFast,
    Unreachable,
    Unsure,
)
from hyperpanel.client.retries import Patience

if TYPE_CHECKING:
    from hyperpanel.client.async_client import AsyncClient
    from hyperpanel.client.client import Client

__all__ = [
    "Ambiguous",
    "AsyncClient",
    "BadAddress",
    "BadAsk",
    "BadKey",
    "Broken",
    "Busy",
    "Client",
    "ClientError",
    "Conflict",
    "Cut",
    "Expired",
    "NoConsole",
    "NoSuchPath",
    "NotAllowed",
    "NotBuilt",
    "NotThere",
    "Patience",
    "TooFast",
    "Unreachable",
    "Unsure",
]


def __getattr__(name: str) -> Any:
    """The clients bring httpx2; the server, which has the shapes from here, need not wait for it."""
    if name == "Client":
        from hyperpanel.client.client import Client  # noqa: PLC0415

        return Client
    if name == "AsyncClient":
        from hyperpanel.client.async_client import AsyncClient  # noqa: PLC0415

        return AsyncClient
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
