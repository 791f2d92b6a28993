"""Every example that a reader can copy, run as it stands: the lines of the API page and of the README, and the Python, against a console on a
port. What comes back fits the document, and looks like the example beside it."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from sqlalchemy import insert, update

from hyperpanel.api import frame
from hyperpanel.config import Api
from hyperpanel.db.schema import orders
from hyperpanel.paths import ROOT
from hyperpanel.support.schemas import Schema
from hyperpanel.web import api_document, api_pages
from tests.support import databases, planting
from tests.support.calls import EVERY
from tests.support.scripts_keys import kept
from tests.support.site import Site, site

pytestmark = pytest.mark.loopback
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
DOCUMENT = frame.document()
CALLS = [call for one in api_document.read(DOCUMENT).resources.values() for call in one.calls if not call.refused]
NAMED = {"orders": 906386, "payments": 181680, "tickets": 255, "users": 7, "services": 170}
"""The records that the examples speak of."""


@dataclass(frozen=True)
class Console:
    url: str
    key: str

    async def run(self, line: str) -> str:
        """In a shell, which knows the key."""
        return await self.told(["sh", "-ec", line])

    async def python(self, code: str) -> str:
        return await self.told([sys.executable, "-c", code])

    async def told(self, command: list[str]) -> str:
        environment = {**os.environ, "HYPERPANEL_KEY": self.key, "PYTHONPATH": str(ROOT)}
        done = await asyncio.to_thread(
            subprocess.run, command, capture_output=True, text=True, env=environment, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
async def console(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    folder = tmp_path_factory.mktemp("examples")
    async with site(databases.sqlite_copy(run_folder, folder, migrated=True)) as made:
        await planting.read_all(made.database)
        await plant(made)
        lasts = datetime.now(UTC) + timedelta(days=1)
        key = await kept(made.database, scopes=EVERY, panel_ids=None, expires_at=lasts, per_minute=100_000)
        yield Console(made.url, key)


async def plant(made: Site) -> None:
    async with made.database.write() as connection:
        for stream, number in NAMED.items():
            rows = planting.rows(stream, [number])
            await connection.execute(insert(planting.MIRRORED[stream]), rows)
        await connection.execute(update(orders).values(status="fail", status_raw="fail"))


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("curl ")]


def fits(example: Any, answer: Any) -> bool:
    """What stands in the example stands in the answer, and is of its kind; what is null may be anything."""
    if example is None or answer is None:
        return True
    if isinstance(example, dict):
        return isinstance(answer, dict) and all(
            name in answer and fits(of, answer[name]) for name, of in example.items()
        )
    if isinstance(example, list):
        return isinstance(answer, list) and (not example or all(fits(example[0], one) for one in answer[:3]))
    return isinstance(answer, int | float if isinstance(example, int | float) else type(example))


def schema_of(call: api_document.Call) -> Schema:
    answers = DOCUMENT["paths"][call.path][call.method.lower()]["responses"]
    told = next(answer for status, answer in answers.items() if status.startswith("2"))
    schema: Schema = told["content"]["application/json"]["schema"]
    return schema


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.anchor)
async def test_the_line_of_a_call_is_answered_as_the_example_beside_it(console, call):
    line = api_pages.curl(console.url + api_pages.ROOT + call.asks, call.method, call.sends)
    answer = json.loads(await console.run(line.replace("curl ", "curl -sS ")))
    assert answer.get("error_code", 0) == 0, answer
    assert fits(json.loads(call.example or "null"), answer), answer
    jsonschema_rs.validate({**schema_of(call), "components": DOCUMENT["components"]}, answer)


async def test_the_lines_of_the_guide_are_answered(console):
    guide = api_pages.guide(console.url, "eu-1", Api(), None)
    found = [line for text in (guide.first, guide.stream, guide.changes, guide.document) for line in lines(text)]
    assert len(found) == 4
    for line in found:
        assert await console.run(f"{line} -sSf")


async def test_the_line_of_the_readme_is_answered_with_failed_orders(console):
    (line,) = [line for code in examples("sh") for line in lines(code)]
    answer = json.loads(await console.run(f"{line.format(url=console.url)} -sS"))
    assert [row["id"] for row in answer["data"]["list"]] == [NAMED["orders"]]


async def test_the_python_of_the_readme_and_of_the_guide_is_the_same_and_runs(console):
    (code,) = examples("python")
    shown = api_pages.python(console.url)
    assert code.replace("{url}", console.url).strip() == shown
    assert (await console.python(shown)).startswith(f"eu-1 {NAMED['orders']} ")


def test_the_address_of_one_panel_is_that_of_a_panels_api():
    assert api_pages.guide("https://console.example", "eu-1", Api(), None).panel == "https://console.example/p/eu-1"


def examples(language: str) -> Iterator[str]:
    """Of the README's part on the API, at the console's own address."""
    for kind, code in FENCED.findall(README.partition("## Admin API")[2].partition("\n## ")[0]):
        if kind == language:
            yield code.replace("http://127.0.0.1:8000", "{url}")
