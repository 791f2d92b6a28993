"""Services that nobody wants to be told about for now: those that are put aside, putting one aside, and taking it back."""

from datetime import timedelta
from functools import partial

from litestar import delete, get, post
from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection

from hyperpanel.api import whole_lists
from hyperpanel.api.callers import Caller, Calling
from hyperpanel.api.errors import BadAsk
from hyperpanel.api.listing import Asked, Asking, Page, reply
from hyperpanel.client.console import NewSnooze, Snooze, Woken
from hyperpanel.client.envelopes import Detail, Listed
from hyperpanel.db import snoozes
from hyperpanel.db.snoozes import TIME
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support import profiles, service_explaining, snooze_acts
from hyperpanel.support.service_tracking import Asked as Report
from hyperpanel.support.snooze_acts import LONGEST_WHY, Named
from hyperpanel.support.snoozing import Wish
from reports.windows import of_hours

USUAL = timedelta(hours=24)
SET = {"scope": "snoozes:set"}


@get("/snoozes", name="snoozes.index", opt={"scope": "snoozes:read"})
async def index(caller: Calling, asked: Asking) -> Listed[Snooze]:
    """Snoozes that run, by panel and service."""

    async def fetch(part: Asked) -> Page[Snooze]:
        rows = await caller.read(lambda connection: running(connection, caller, part))
        return whole_lists.page(part, rows, key, as_of=caller.now)

    return await reply(asked, fetch)


@post("/snoozes", name="snoozes.create", opt=SET, status_code=200)
async def create(caller: Calling, data: JSONBody[NewSnooze]) -> Detail[Snooze]:
    """Puts a service aside for everyone: for 24 hours, or as told. One that runs already is replaced."""
    line = caller.panel(data.panel)
    scope = caller.scope.narrowed([line.id])
    await caller.read(lambda connection: snooze_acts.known(connection, scope, line.id, data.service))
    try:
        chosen = await settings(caller, data.profile)
        measured = Report(scope, of_hours(data.report_hours or chosen.hours, caller.now), chosen.measure)
        wish = wished(caller, data, measured)
    except BadInput as problem:
        raise BadAsk(f"{problem.field}: {problem}", [problem.field]) from None
    explained = await caller.api.database.reader.ask(service_explaining.one, measured, line.id, data.service)
    async with caller.write() as transaction:
        await snooze_acts.put(transaction, [Named(line.name, explained.row)], wish, caller.act)
    made = await caller.read(lambda connection: snoozes.one(connection, scope, line.id, data.service))
    if made is None:
        raise Missing("snooze")
    return Detail(told(made, line.name))


@delete("/snoozes/{panel:str}/{service_id:str}", name="snoozes.end", opt=SET, status_code=200)
async def end(caller: Calling, panel: FromPath[str], service_id: FromPath[str]) -> Detail[Woken]:
    """Ends the snooze of a service, if one runs."""
    line = caller.panel(panel)
    await caller.read(lambda connection: snooze_acts.known(connection, caller.scope, line.id, service_id))
    service, by = (line.id, service_id), f"key {caller.key.name}"
    async with caller.write() as transaction:
        ended = await snooze_acts.end(transaction, caller.scope, line.name, service, by, caller.act, caller.now)
    return Detail(Woken(ended))


def running(connection: Connection, caller: Caller, asked: Asked) -> list[Snooze]:
    names = {line.id: line.name for line in caller.panels.values()}
    found = snoozes.running(connection, caller.scope.narrowed(asked.panel_ids), caller.now)
    return [told(one, names[one.panel_id]) for one in found]


def key(snooze: Snooze) -> tuple[str, ...]:
    return snooze.panel, snooze.service


def told(one: snoozes.Snooze, panel: str) -> Snooze:
    return Snooze(
        panel=panel,
        service=one.service_id,
        by=one.by,
        why=one.why,
        at=one.at,
        until=one.until,
        wakes=one.wakes,
        report_hours=one.hours,
        score=one.score,
        stuck=one.stuck,
    )


async def settings(caller: Caller, profile: str | None) -> profiles.Services:
    """Of the report that it is judged by."""
    if profile is None:
        return profiles.Services()
    try:
        found = await caller.read(partial(profiles.named, kind=profiles.SERVICES, name=profile))
    except Missing as problem:
        raise BadAsk(f"profile: {problem}", ["profile"]) from None
    return found.services


def wished(caller: Caller, data: NewSnooze, measured: Report) -> Wish:
    """Raises BadInput."""
    if data.hours is not None and data.until is not None:
        raise BadAsk("hours, until: give one of the two.", ["hours", "until"])
    until = data.until if data.hours is None else caller.now + timedelta(hours=data.hours)
    if until is None and data.wakes == TIME:
        until = caller.now + USUAL
    if until is not None and until.utcoffset() is None:
        raise BadAsk("until: say its time zone, such as 2026-01-31T09:00Z.", ["until"])
    return Wish(
        by=f"key {caller.key.name}",
        now=caller.now,
        wakes=data.wakes,
        until=until,
        why=data.why.strip()[:LONGEST_WHY],
        measure=measured.measure,
        hours=measured.window.hours,
    )
