"""Reports on complaints as they are made, by whichever process of the console is free: one at a time in each, two services at once.

What ends with its process is given back; one whose process was killed falls silent, and after a minute anybody takes it up, after the services
that are done. The rights of its person are looked at with every service. A budget that is reached ends it as partly done: whoever goes on with
it pays for nothing twice.
"""

import asyncio
import json
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from hyperpanel.ai import prompts, themes
from hyperpanel.ai.asks import About, AiTrouble, Prompt
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.themes import Looked, Subject
from hyperpanel.db import ai_providers, ai_report_services, ai_report_tickets, ai_reports, audit, exports
from hyperpanel.db.ai_providers import PanelUse
from hyperpanel.db.ai_report_services import Service, kept
from hyperpanel.db.ai_report_tickets import Given
from hyperpanel.db.ai_reports import DONE, FAILED, PARTLY, Report
from hyperpanel.db.scope import Scope
from hyperpanel.support import ai_report_plans, roles
from reports.windows import Window

LOG = structlog.get_logger("hyperpanel.web")
LOOK_EVERY, TELL_EVERY = 15.0, 10.0
AT_ONCE = 2
NEEDS = ("ai:report", "tracking:read", "tickets:read")
OF_THE_ANSWER = frozenset({"declined", "cut", "too_long", "form", "altered"})
"""Troubles of this one service: the others are gone on with."""

OF_THE_PANEL = frozenset({"off", "panel_budget"})
"""Of all services of its panel."""


class Taken(Exception):
    """It was stopped, or somebody else makes it."""


class Lost(Exception):
    """Its person may no longer have it."""


async def watch(desk: Desk, turn: asyncio.Lock) -> None:
    """What waits when this process starts, and what others leave behind later."""
    while True:
        await run(desk, turn)
        await asyncio.sleep(LOOK_EVERY)


async def run(desk: Desk, turn: asyncio.Lock) -> None:
    """Everything that waits, one after another."""
    async with turn:
        try:
            while found := await claimed(desk):
                await Making(desk, *found).run()
        except SQLAlchemyError as problem:
            LOG.warning("reports by AI could not be looked at; they are tried again", problem=type(problem).__name__)


async def claimed(desk: Desk) -> tuple[Report, str] | None:
    now, holder = desk.clock.now(), uuid4().hex
    if not await desk.database.read(lambda connection: ai_reports.is_any_free(connection, now)):
        return None
    async with desk.database.write() as connection:
        found = await ai_reports.claim(connection, holder, now)
    return (found, holder) if found else None


@dataclass
class Making:
    """One report by one holder. `problem`: what ended it, or left something out; `closed`: panels of which nothing more is asked."""

    desk: Desk
    report: Report
    holder: str
    problem: str | None = None
    is_ended: bool = False
    closed: set[int] = field(default_factory=set)

    async def run(self) -> None:
        try:
            await self.told(self.make())
            await self.end(PARTLY if self.problem else DONE, self.problem)
        except Taken:
            LOG.info("a report by AI was stopped", report=self.report.id)
        except Lost:
            await self.end(FAILED, "rights")
        except asyncio.CancelledError:
            async with self.desk.database.write() as connection:
                await ai_reports.give_back(connection, self.report.id, self.holder)
            raise
        except Exception as bug:
            LOG.error("a report by AI failed", report=self.report.id, exc_info=bug)
            await self.end(FAILED, "broken")

    async def told(self, making: Coroutine[Any, Any, None]) -> None:
        """Says that its maker is there for as long as it is made, and breaks it off when it is no longer ours."""
        work, telling = asyncio.create_task(making), asyncio.create_task(self.tell())
        try:
            await asyncio.wait([work, telling], return_when=asyncio.FIRST_COMPLETED)
            (telling if telling.done() else work).result()
        finally:
            await ended(work, telling)

    async def tell(self) -> None:
        while True:
            await asyncio.sleep(TELL_EVERY)
            async with self.desk.database.write() as connection:
                if not await ai_reports.go_on(connection, self.report.id, self.holder, self.desk.clock.now()):
                    raise Taken

    async def make(self) -> None:
        if self.report.tickets is None:
            await self.plan()
        prompt, todo = await self.desk.database.read(self.left)
        waiting = deque(todo)
        workers = [asyncio.create_task(self.work(prompt, waiting)) for _ in range(AT_ONCE)]
        try:
            await asyncio.gather(*workers)
        finally:
            await ended(*workers)

    async def plan(self) -> None:
        report, database = self.report, self.desk.database
        scope = await database.read(partial(allowed, report=report))
        window = Window(report.since, report.until)
        made = await database.reader.ask(ai_report_plans.plan, scope, window, report.least)
        now, known = self.desk.clock.now(), {"tickets": made.tickets, "covered": made.covered}
        async with database.write() as connection:
            if not await ai_reports.go_on(connection, report.id, self.holder, now, **known):
                raise Taken
            await ai_report_services.plan(connection, report.id, made.services)

    def left(self, connection: Connection) -> tuple[Prompt, list[Service]]:
        scope, report = allowed(connection, self.report), self.report
        prompt = prompt_of(connection, report)
        found = ai_report_services.of(connection, scope, report.id)
        return prompt, [one for one in found if one.state != ai_report_services.DONE]

    async def work(self, prompt: Prompt, waiting: deque[Service]) -> None:
        while waiting and not self.is_ended:
            one = waiting.popleft()
            if one.panel_id not in self.closed:
                await self.look(prompt, one)

    async def look(self, prompt: Prompt, one: Service) -> None:
        tickets, use = await self.desk.database.read(partial(self.given, one=one))
        about = About(themes.PURPOSE, self.report.by, self.report.staff_id, one.panel_id)
        service = None if one.service_id is None else one.name
        try:
            if not use.is_on:
                raise AiTrouble("off")
            subject = Subject(about, prompt, service, self.report.language, use.hides_personal)
            found = await themes.look(self.desk, subject, tickets)
        except AiTrouble as trouble:
            await self.put_aside(one, trouble.kind)
        else:
            await self.keep(one, found, tickets)

    def given(self, connection: Connection, one: Service) -> tuple[list[Given], PanelUse]:
        """Of the one panel alone."""
        scope = allowed(connection, self.report).narrowed([one.panel_id])
        tickets = ai_report_tickets.given(connection, scope, one.panel_id, one.given)
        return tickets, ai_providers.panel(connection, scope, one.panel_id)

    async def keep(self, one: Service, found: Looked, tickets: list[Given]) -> None:
        told = {**kept(found.themes), "given": json.dumps([ticket.id for ticket in tickets])}
        by = {"provider": found.provider, "model": found.model, "invented": found.invented}
        await self.put_down(one, ai_report_services.DONE, problem=None, **told, **by)

    async def put_aside(self, one: Service, problem: str) -> None:
        """What is wrong with one answer is told there; what all others would meet too ends this go."""
        self.problem = self.problem or problem
        if problem in OF_THE_ANSWER:
            await self.put_down(one, ai_report_services.FAILED, problem=problem)
        elif problem in OF_THE_PANEL:
            self.closed.add(one.panel_id)
        else:
            self.problem, self.is_ended = problem, True

    async def put_down(self, one: Service, state: str, **values: Any) -> None:
        """Only for who still may have it. Raises Lost, Taken."""
        async with self.desk.database.write() as connection:
            await connection.run_sync(allowed, self.report)
            if not await ai_report_services.keep(connection, self.holder, one, state, self.desk.clock.now(), **values):
                raise Taken

    async def end(self, state: str, problem: str | None) -> None:
        now, report = self.desk.clock.now(), self.report
        async with self.desk.database.write() as connection:
            if await ai_reports.end(connection, report.id, self.holder, state, problem, now):
                told = {"state": state, "problem": problem or ""}
                await audit.write(connection, audit.Act(report.by, "ai-report-end", report.id, details=told), now)


def allowed(connection: Connection, report: Report) -> Scope:
    """What its person may see of it now. Raises Lost."""
    person = exports.person(connection, report.staff_id)
    is_there = person is not None and all(roles.may(person.role, permission) for permission in NEEDS)
    if person is None or not is_there or not ai_reports.may_see(person.scope, report):
        raise Lost
    return person.scope.narrowed(report.panel_ids)


def prompt_of(connection: Connection, report: Report) -> Prompt:
    """The one that was in use when the report was wanted."""
    if report.prompt_id is None:
        return prompts.built_in(themes.PURPOSE)
    return prompts.one(connection, report.prompt_id, report.prompt_version)


async def ended(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
