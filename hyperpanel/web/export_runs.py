"""Large exports made in the background, by whichever process of the console is free: one at a time in each.

What ends with its process is given back and begun anew by another; a process that was killed leaves its export silent, and after a minute
anybody takes it up. The person's rights are looked at with every thousand rows: who lost them has no file, not even a part of one.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO
from urllib.parse import parse_qsl
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from hyperpanel.db import audit, exports
from hyperpanel.db.exports import DONE, FAILED, Export
from hyperpanel.db.sessions import Session
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import export_files
from hyperpanel.support.export_files import in_thread
from hyperpanel.web import export_plans, export_steps
from hyperpanel.web.addresses import Address
from hyperpanel.web.export_plans import Lost, Plan
from hyperpanel.web.visits import Console, Visit

LOG = structlog.get_logger("hyperpanel.web")
LOOK_EVERY = 15.0
TOLD_EVERY = 10
"""Steps between two words on how far it has come."""

TOLD_AFTER = 1.0
"""Seconds after which it is said anyway."""


class Taken(Exception):
    """It was stopped, or somebody else makes it."""


async def watch(console: Console) -> None:
    """What waits when this process starts, and what others leave behind later."""
    while True:
        await run(console)
        await asyncio.sleep(LOOK_EVERY)


async def run(console: Console) -> None:
    """Everything that waits, one after another."""
    async with console.exports.making:
        try:
            while found := await claimed(console):
                await Making(console, *found).run()
        except SQLAlchemyError as problem:
            LOG.warning("exports could not be looked at; they are tried again", problem=type(problem).__name__)


async def claimed(console: Console) -> tuple[Export, str] | None:
    now, holder = console.clock.now(), uuid4().hex
    if not await console.database.read(lambda connection: exports.is_any_free(connection, now)):
        return None
    async with console.database.write() as connection:
        found = await exports.claim(connection, holder, now)
    return (found, holder) if found else None


@dataclass
class Making:
    """One export by one holder."""

    console: Console
    export: Export
    holder: str
    told_at: float = 0.0
    steps: int = 0
    expected: int | None = None

    async def run(self) -> None:
        try:
            await self.make()
        except Taken:
            LOG.info("an export was stopped", export=self.export.id)
        except (Lost, Missing):
            await self.end(FAILED, problem="rights")
        except BadInput:
            await self.end(FAILED, problem="address")
        except asyncio.CancelledError:
            async with self.console.database.write() as connection:
                await exports.give_back(connection, self.export.id, self.holder)
            raise
        except Exception as bug:
            LOG.error("an export failed", export=self.export.id, exc_info=bug)
            await self.end(FAILED, problem="broken")

    async def make(self) -> None:
        plan, self.expected = await self.console.database.read(self.planned)
        folder = self.console.settings.web.exports_folder
        with part(folder, self.export.id, self.holder) as file:
            await self.fill(plan, file)
            size = await in_thread(partial(written, file))
            made = export_files.part(folder, self.export.id, self.holder)
            whole = export_files.place(folder, self.export.id, self.export.format)
            told = {"rows": plan.walk.rows, "of_rows": plan.walk.rows, "size": size}
            problem = "shorter" if plan.walk.is_cut else None
            await self.end(DONE, partial(made.replace, whole), problem=problem, **told)

    def planned(self, connection: Connection) -> tuple[Plan, int | None]:
        visit = self.visit(connection)
        plan = export_plans.again(connection, visit, self.export)
        return plan, plan.walk.expected(connection, visit.scope)

    def visit(self, connection: Connection) -> Visit:
        """As its person would ask now. Raises Lost."""
        console, export, now = self.console, self.export, self.console.clock.now()
        person = exports.person(connection, export.staff_id)
        if person is None:
            raise Lost("export")
        return Visit(
            console=console,
            now=now,
            url=Address(export_plans.kind_of(export.noun).path, tuple(parse_qsl(export.query))),
            address="",
            browser="",
            device="",
            is_new_device=False,
            session=Session(b"", person, "", now, now),
            language=console.languages.get(export.language, console.languages["en"]),
            zone=ZoneInfo(export.time_zone),
        )

    async def fill(self, plan: Plan, file: IO[bytes]) -> None:
        book = export_steps.book(file, plan, self.export.format)
        await in_thread(book.begin)
        while not plan.walk.ended:
            rows = await export_steps.step(self.console, plan)
            await in_thread(partial(book.write, rows))
            await self.tell(plan.walk.rows)
        await in_thread(book.finish)

    async def tell(self, rows: int) -> None:
        """Raises Taken. A database that is busy for a while is told the next time."""
        self.steps += 1
        moment = self.console.clock.monotonic()
        if self.steps % TOLD_EVERY and moment < self.told_at + TOLD_AFTER:
            return
        self.told_at, now = moment, self.console.clock.now()
        try:
            async with self.console.database.write() as connection:
                is_ours = await exports.go_on(connection, self.export.id, self.holder, rows, self.expected, now)
        except OperationalError as problem:
            LOG.warning("how far an export has come could not be written", problem=str(problem.orig))
            return
        if not is_ours:
            raise Taken

    async def end(self, state: str, placed: Callable[[], object] = lambda: None, **values: object) -> None:
        """With a word to the audit. The file gets its name under the lock of the row, so that one who was thought dead touches nobody's."""
        now = self.console.clock.now()
        async with self.console.database.write() as connection:
            if await exports.end(connection, self.export.id, self.holder, state, now, **values):
                person = await connection.run_sync(exports.username, self.export.staff_id)
                details = {"list": self.export.noun, "format": self.export.format, "state": state}
                told = {**details, "rows": values.get("rows", 0)}
                await audit.write(connection, audit.Act(person, "export-end", self.export.id, details=told), now)
                placed()


def written(file: IO[bytes]) -> int:
    """How long it is."""
    file.flush()
    return file.seek(0, 2)


@contextmanager
def part(folder: str, export_id: str, holder: str) -> Iterator[IO[bytes]]:
    """Gone at the end, unless it was given its own name by then."""
    path = export_files.part(folder, export_id, holder)
    try:
        with export_files.begun(path) as file:
            yield file
    finally:
        path.unlink(missing_ok=True)
