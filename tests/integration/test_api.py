"""The API over real sockets: the line that its documentation shows, as it stands there."""

import asyncio
import json
import shlex
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hyperpanel.app import create_app
from hyperpanel.config import Database as DatabaseSettings
from hyperpanel.config import Settings, Web
from tests.support.api_shelf import row, shelf_over
from tests.support.server import served
from tests.support.staged import NOON, VAULT

pytestmark = [pytest.mark.loopback, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
CURL = 'curl -H "X-Api-Key: {key}" "{console}/adminapi/v2/orders?order_status=fail&limit=10"'


async def run(line: str) -> dict[str, Any]:
    words = [shutil.which("curl") or "curl", "--silent", "--max-time", "20", *shlex.split(line)[1:]]
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    found: dict[str, Any] = json.loads(told)
    return found


async def test_the_line_that_is_shown_works_as_written(database_url, tmp_path: Path):
    async with shelf_over(database_url) as shelf:
        await shelf.keep(
            "orders",
            *(row("orders", str(n), status="fail", created_at=NOON) for n in range(100, 112)),
            row("orders", "7", status="completed", created_at=NOON),
        )
        key = await shelf.key(made_at=datetime.now(UTC))
    settings = Settings(database=DatabaseSettings(url=database_url), web=Web(plain_http=True))
    with served(create_app(settings, vault=VAULT)) as console:
        told = await run(CURL.format(key=key, console=console))
        refused = await run(CURL.format(key="hp_live_wrong", console=console))
    assert [one["id"] for one in told["data"]["list"]] == list(range(111, 101, -1))
    assert {one["status"] for one in told["data"]["list"]} == {"fail"}
    assert (told["data"]["count"], told["error_message"], told["error_code"]) == (12, "", 0)
    assert (refused["data"], refused["error_code"]) == ([], 401)
