"""Customers as the store would have written them, with their earlier names, payments and tickets."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from tests.support import records
from tests.support.staged import NOON, PANELS

SEEN = {"observed": 1, "digest": 1, "fields": 1, "first_seen_at": NOON, "seen_at": NOON}


def customer(id: str = "7", panel: str = "eu-1", **changes: Any) -> dict[str, Any]:
    gone = {"gone_at": changes.pop("gone_at", None)}
    given = {"created_at": NOON - timedelta(days=400), "last_auth_at": NOON - timedelta(hours=3), **changes}
    return {"panel_id": PANELS[panel], **msgspec.structs.asdict(records.user(id, **given)), **SEEN, **gone}


def renamed(was: str, now: str, at: datetime, id: str = "7", panel: str = "eu-1", number: int = 5) -> dict[str, Any]:
    """Known within a minute."""
    bounds = {"not_before": at - timedelta(minutes=1), "not_after": at}
    return {"panel_id": PANELS[panel], "user_id": id, "number": number, "was": was, "now": now, **bounds}


def payment(id: str = "1", panel: str = "eu-1", **changes: Any) -> dict[str, Any]:
    return {"panel_id": PANELS[panel], **msgspec.structs.asdict(records.payment(id, **changes)), **SEEN}


def ticket(id: str = "255", panel: str = "eu-1", **changes: Any) -> dict[str, Any]:
    return {"panel_id": PANELS[panel], **msgspec.structs.asdict(records.ticket(id, **changes)), **SEEN}
