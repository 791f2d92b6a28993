"""An export as it leaves: CSV line by line while it is read, XLSX from a file without a name, what was made before from its file.

An answer that has begun can only break off: whoever loses their rights meanwhile gets a download that fails, not one that looks whole.
"""

import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import IO, Any
from urllib.parse import quote

from litestar.response import Stream

from hyperpanel.support.export_files import in_thread
from hyperpanel.support.sheet_files import MEDIA, Cell, CsvBook, csv_head, csv_lines
from hyperpanel.support.workbooks import Workbook
from hyperpanel.web.export_plans import Plan
from hyperpanel.web.visits import Console, Visit

BLOCK = 256 * 1024


async def step(console: Console, plan: Plan) -> list[list[Cell]]:
    async with console.exports.steps:
        return await console.database.read(plan.step)


def book(into: IO[bytes], plan: Plan, format: str) -> CsvBook | Workbook:
    heads, zone = plan.heads(format), plan.visit.zone
    return Workbook(into, plan.label, heads, zone) if format == "xlsx" else CsvBook(into, heads, zone)


async def lines(plan: Plan) -> AsyncIterator[bytes]:
    zone = plan.visit.zone

    def some(connection: Any) -> bytes:
        return csv_lines(plan.step(connection), zone)

    yield csv_head(plan.heads("csv"))
    console = plan.visit.console
    while not plan.walk.ended:
        async with console.exports.steps:
            made = await console.database.read(some)
        yield made


async def zipped(plan: Plan) -> AsyncIterator[bytes]:
    with tempfile.TemporaryFile() as file:
        made = book(file, plan, "xlsx")
        await in_thread(made.begin)
        while not plan.walk.ended:
            rows = await step(plan.visit.console, plan)
            await in_thread(partial(made.write, rows))
        await in_thread(made.finish)
        file.seek(0)
        async for block in blocks(file):
            yield block


async def blocks(file: IO[bytes]) -> AsyncIterator[bytes]:
    while block := await in_thread(lambda: file.read(BLOCK)):
        yield block


async def opened(file: IO[bytes]) -> AsyncIterator[bytes]:
    """To its end, and closed then."""
    with file:
        async for block in blocks(file):
            yield block


def download(
    visit: Visit,
    content: AsyncIterator[bytes],
    noun: str,
    label: str,
    format: str,
    at: datetime,
    size: int | None = None,
) -> Stream:
    headers = {"Content-Disposition": disposition(visit, noun, label, format, at)}
    if size is not None:
        headers["Content-Length"] = str(size)
    return Stream(content, media_type=MEDIA[format], headers=headers, status_code=200)


def disposition(visit: Visit, noun: str, label: str, format: str, at: datetime) -> str:
    """The name in the person's language, and a plain one for whoever reads only that. Neither has text of other people."""
    stamp = f"{at.astimezone(visit.zone):%Y-%m-%d-%H%M}"
    named = quote(f"{label.replace(' ', '-')}-{stamp}.{format}", safe="")
    return f"attachment; filename=\"{noun}-{stamp}.{format}\"; filename*=UTF-8''{named}"
