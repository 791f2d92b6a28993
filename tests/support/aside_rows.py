"""What is set aside and held for a decision, as the engine leaves it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from hyperpanel.db import aside
from tests.support.staged import NOON, PANELS, VAULT, Stage

HERE = "/settings/set-aside"


async def put(staged: Stage, table: Any, *rows: dict[str, Any]) -> None:
    async with staged.database.write() as connection:
        await connection.execute(insert(table), list(rows))


def record(id: str, panel: str = "eu-1", values: str | None = None, **changes: Any) -> dict[str, Any]:
    stream = changes.get("stream", "orders")
    sealed = None if values is None else VAULT.seal(values, aside.place(PANELS[panel], stream, id))
    plain = {"panel_id": PANELS[panel], "stream": stream, "record_id": id, "reason": "no status", "number": 1}
    seen = {"first_at": NOON, "at": NOON, "sealed": sealed, "dismissed_at": None, "dismissed_by": None}
    return {**plain, **seen, **changes}


def hold(**changes: Any) -> dict[str, Any]:
    plain = {"panel_id": 1, "id": "h", "stream": "orders", "kind": "deletes", "what": ""}
    return {**plain, "rows": 1204, "of_rows": 20_013, "at": NOON - timedelta(hours=2), **changes}
