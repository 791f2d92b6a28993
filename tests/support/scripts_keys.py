"""Keys of scripts, as rows: with a text that opens something, or with none."""

from datetime import timedelta
from typing import Any

from hyperpanel.db import api_keys
from hyperpanel.db.api_keys import Key
from hyperpanel.db.engine import Database
from hyperpanel.support.api_secrets import hash_of, id_of, new_secret
from tests.support.staged import NOON

USUAL: dict[str, Any] = {
    "name": "nightly",
    "scopes": frozenset({"orders:read"}),
    "panel_ids": frozenset({1}),
    "addresses": (),
    "per_minute": 300,
    "staff_id": None,
    "follows": None,
    "created_at": NOON,
    "expires_at": NOON + timedelta(days=90),
}


def scripts_key(key_id: str, **changes: Any) -> Key:
    return Key(key_id, **(USUAL | changes))


async def kept(database: Database, **changes: Any) -> str:
    """The text of a key that was put into the database without a page."""
    secret = new_secret()
    async with database.write() as connection:
        await api_keys.add(connection, scripts_key(secret.id, **changes), hash_of(secret.text))
    return secret.text


def number_of(text: str) -> str:
    """The part of a good key that may be shown."""
    found = id_of(text)
    assert found is not None
    return found
