"""Rows as upstreams write them, spoiled in every way; and a Perfect Panel that is answered here, without a socket."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import msgspec
from hypothesis import strategies as st

from sync.connectors.base import Access
from sync.connectors.perfect_panel import PerfectPanel

ISTANBUL = ZoneInfo("Europe/Istanbul")
Row = dict[str, Any]

TEXTS = st.text(st.characters(exclude_categories=())) | st.sampled_from(
    ["0000-00-00 00:00:00", "12,5", "x" * 400, "-5"]
)
SCALARS = (
    st.none() | st.booleans() | TEXTS | st.floats() | st.integers() | st.integers(min_value=10**30, max_value=10**40)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=5
)
"""Any value that JSON can hold, and some that it cannot."""


def spoiled(row: Row) -> st.SearchStrategy[msgspec.Raw]:
    """The row with any of its fields replaced, missing or joined by others."""
    fields = st.sampled_from(sorted(row)) | TEXTS
    return st.dictionaries(fields, VALUES | st.just(...), max_size=4).map(lambda changes: raw(row, changes))


def raw(row: Row, changes: Row | None = None) -> msgspec.Raw:
    """As JSON; `...` takes a field away."""
    after = {name: value for name, value in {**row, **(changes or {})}.items() if value is not ...}
    return msgspec.Raw(json.dumps(after).encode())


def storable(record: msgspec.Struct) -> bool:
    """Whether PostgreSQL takes all its texts, and a 64-bit column all its numbers."""
    values = [getattr(record, name) for name in record.__struct_fields__]
    texts = [value.encode() for value in values if isinstance(value, str)]
    return not any(b"\x00" in text for text in texts) and all(
        abs(value) < 2**63 for value in values if isinstance(value, int)
    )


def access(**changes: Any) -> Access:
    return Access(
        **{
            "panel": "eu-1",
            "url": "https://panel.example",
            "currency": "EUR",
            "zone": ISTANBUL,
            "admin_key": "key",
            **changes,
        }
    )


def panel(answer: Callable[[httpx2.Request], httpx2.Response], **changes: Any) -> PerfectPanel:
    connector = PerfectPanel(access(**changes))
    connector.client = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    return connector


def answering(body: Any, status: int = 200) -> PerfectPanel:
    """A panel with one answer to everything."""
    return panel(lambda request: response(body, status))


def response(body: Any, status: int = 200) -> httpx2.Response:
    """JSON, or bytes as they are; they come as a stream, as over a network."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def stream() -> AsyncIterator[bytes]:
        yield content

    return httpx2.Response(status, content=stream(), headers={"content-type": "application/json"})


def listing(*rows: Row, **others: Any) -> Row:
    """The envelope of a list."""
    return {"data": {"count": len(rows), "list": list(rows)}, "error_message": "", "error_code": 0, **others}
