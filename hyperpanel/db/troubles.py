"""A Trouble as it is kept in a row: its code and details, so that a screen can word it in the reader's language later."""

import json

from sync.verdicts import TROUBLES, Trouble


def dump(trouble: Trouble | None) -> str | None:
    return (
        None if trouble is None else json.dumps({"code": trouble.code, "details": trouble.details}, ensure_ascii=False)
    )


def load(text: str | None) -> Trouble | None:
    """None for no trouble, and for one of a program version that knew other codes."""
    data = json.loads(text) if text else None
    if not data or data["code"] not in TROUBLES:
        return None
    return Trouble(data["code"], **data["details"])
