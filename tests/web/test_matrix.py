"""Who gets what: every route of the router × every kind of person × own, foreign and missing, expected from the route's permission and the
roles alone. What is refused writes nothing, and what is foreign looks like what is missing, byte for byte."""

import asyncio
import itertools
import re

import pytest
from sqlalchemy import insert, update

from hyperpanel.db import api_keys, staff
from hyperpanel.db.invites import LASTS
from hyperpanel.db.schema import (
    ai_reports,
    audit,
    holds,
    invites,
    metadata,
    orders,
    panels,
    payments,
    profiles,
    service_reports,
    services,
    set_aside,
    tickets,
    users,
)
from hyperpanel.db.schema import staff as people
from hyperpanel.db.sessions import hash_of
from hyperpanel.support.roles import ROLES
from hyperpanel.web.guards import PUBLIC
from tests.support import databases
from tests.support.ai_complaints import report
from tests.support.aside_rows import hold, record
from tests.support.routes import FOREIGN, FOREIGN_ROW, MISSING, MISSING_ROW, OWN, OWN_ROW, WORDS, Route, routes
from tests.support.scripts_keys import scripts_key
from tests.support.staged import NOON, PASSWORD_HASH, PEOPLE, Stage, mirrored, stage, tokenless

MIRRORED = {"orders": orders, "users": users, "payments": payments, "tickets": tickets, "services": services}
LIMITED = {"lea": ("manager", [1]), "leo": ("admin", [1])}
"""Beside the usual cast: those who may do more, on one panel."""

STAFF = {**PEOPLE, **LIMITED}
ALL = ["nobody", *STAFF]
OUT = {"nobody", "cy"}
"""Not signed in; and disabled, with a session from before."""

SEE_ONE = ["ben", "vic", "nia", *LIMITED]
PASSING = {200, 303, 400, 409, 413, 422}
"""Where a request was let through, with or without sense in it."""

NO_STATE = {"audit", "sessions"}
"""Tables that any request may write: a refusal is told to the one, being seen moves the other on."""

ENDS_IT = ("/sign-out", "/remove")
NUMBER = re.compile(r"\b[0-9a-z]{4}-[0-9a-z]{4}\b")
"""Of an answer that went wrong: each has its own."""

GROUPS = ("Oceania", "Atlanta")
"""The first is that of the foreign panel, the second is none."""

QUERIES = {
    "streams=orders&panel={}": (FOREIGN, MISSING),
    "streams=orders&group={}": GROUPS,
    f"stream=orders&panel={OWN}&record={{}}": (FOREIGN_ROW, MISSING_ROW),
}
"""What is asked with the one and the other; where a page knows a name of it not, the answers are equal all the more."""


async def planted(made: Stage) -> Stage:
    """A row of each kind on each panel; the panels stand where nobody may be called."""
    async with made.database.write() as connection:
        for name, (role, allowed) in LIMITED.items():
            await staff.add(connection, name, PASSWORD_HASH, role, allowed, NOON)
        for stream, table in MIRRORED.items():
            rows = [mirrored(stream, OWN_ROW, OWN), mirrored(stream, FOREIGN_ROW, FOREIGN)]
            await connection.execute(insert(table), rows)
        told = {"actor": "ana", "action": "x", "target": "", "details": "{}", "address": "", "device": ""}
        await connection.execute(insert(audit).values(id=1000, at=NOON, hash=bytes(32), panel_id=1, **told))
        await connection.execute(insert(set_aside), [record(OWN_ROW), record(FOREIGN_ROW, FOREIGN)])
        await connection.execute(insert(holds), [hold(id=OWN_ROW), hold(id=FOREIGN_ROW, panel_id=2)])
        said = {"service_id": OWN_ROW, "service_name": "", "reason": "", "by": "ben", "at": NOON}
        reported = [{"panel_id": 1, "id": OWN_ROW, **said}, {"panel_id": 2, "id": FOREIGN_ROW, **said}]
        await connection.execute(insert(service_reports), reported)
        shared = {"id": "noon", "kind": "services", "name": "Noon", "folded": "noon", "settings": "{}"}
        await connection.execute(insert(profiles).values(**shared, created_at=NOON, created_by="ana"))
        await connection.execute(insert(ai_reports).values(report(panels="[1]", at=NOON)))
        linked = {"staff_id": 4, "purpose": "reset", "by": "ana", "at": NOON, "expires_at": NOON + LASTS}
        await connection.execute(insert(invites).values(token_hash=hash_of(WORDS["token"]), **linked))
        await api_keys.add(connection, scripts_key(WORDS["key_id"]), bytes(32))
        await connection.execute(update(panels).values(url="https://10.0.0.1"))
        await connection.execute(update(panels).where(panels.c.name == FOREIGN).values(group_name=GROUPS[0]))
    return made


@pytest.fixture(scope="module")
async def house(cast_file, tmp_path_factory):
    """One stage for the whole file: what is asked of it must change nothing."""
    url = databases.copy_of(cast_file, tmp_path_factory.mktemp("house"))
    async with stage(url, is_cast=True) as made:
        yield await planted(made)


@pytest.fixture(scope="module")
async def callers(house):
    await house.change(people, {"disabled_at": None}, username="cy")
    found = {name: await house.signed_in(name, **{"accept-encoding": "identity"}) for name in STAFF}
    await house.change(people, {"disabled_at": NOON}, username="cy")
    return {"nobody": house.browser(), **found}


async def held(made: Stage):
    """All that there is, but who was seen and what was refused."""
    tables = [table for table in metadata.sorted_tables if table.name not in NO_STATE]
    return {table.name: await made.rows(table.select().execution_options(scoped=True)) for table in tables}


def sees(name: str, panel: str) -> bool:
    allowed = STAFF[name][1]
    return panel in (OWN, FOREIGN) and (allowed is None or (panel == OWN and 1 in allowed))


def expected(name: str, route: Route, place) -> str:
    if route.permission == PUBLIC:
        return "passed"
    if name in OUT:
        return "sent to sign in"
    if route.permission not in ROLES[STAFF[name][0]]:
        return "refused"
    names_panel = route.has_panel or route.has_row
    return "missing" if place.is_missing or (names_panel and not sees(name, place.panel)) else "passed"


def outcome(answer) -> str:
    if answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in?next="):
        return "sent to sign in"
    words = {403: "refused", 404: "missing"}
    return "passed" if answer.status_code in PASSING else words.get(answer.status_code, str(answer.status_code))


def parametrized(which):
    return [pytest.param(route, id=str(route)) for route in routes() if which(route)]


@pytest.mark.parametrize("route", parametrized(lambda route: route.permission != PUBLIC or route.is_safe))
async def test_everybody_gets_what_the_permission_says_and_nothing_is_written(house, callers, route):
    before = await held(house)
    wrong = []
    for name in ALL:
        for place in route.places():
            told = expected(name, route, place)
            if told == "passed" and not route.is_safe:
                continue
            found = outcome(await asked(callers[name], route.method, place.path))
            wrong += [(name, place.path, found, told)] if found != told else []
    assert wrong == []
    assert await held(house) == before


async def asked(caller, method: str, path: str):
    """An answer that does not end, as that to a page that listens, fails the test in time."""
    async with asyncio.timeout(60):
        return await caller.request(method, path)


async def alike(caller, method: str, one: str, other: str, typed: tuple[str, str]) -> list[str]:
    """What tells the two answers apart, where the two names that were typed, of one length, count as one."""
    first, second = [await asked(caller, method, path) for path in (one, other)]
    assert len(one) == len(other)
    facts = {
        "status": lambda answer: answer.status_code,
        "headers": lambda answer: sorted(item for item in answer.headers.items() if item[0] != "date"),
        "body": lambda answer: re.sub("|".join(typed), "…", NUMBER.sub("", tokenless(answer.text))),
    }
    return [name for name, fact in facts.items() if fact(first) != fact(second)]


@pytest.mark.parametrize("route", parametrized(lambda route: route.has_panel or route.has_row))
async def test_foreign_looks_like_missing(house, callers, route):
    before = await held(house)
    pairs = [(route.at(FOREIGN, FOREIGN_ROW), route.at(MISSING, FOREIGN_ROW), (FOREIGN, MISSING))]
    if route.has_row:
        pairs += [(route.at(OWN, FOREIGN_ROW), route.at(OWN, MISSING_ROW), (FOREIGN_ROW, MISSING_ROW))]
    wrong = [
        (name, one, told)
        for name, (one, other, typed) in itertools.product(SEE_ONE, pairs)
        for told in await alike(callers[name], route.method, one, other, typed)
    ]
    assert wrong == []
    assert await held(house) == before


def is_about_panels(route: Route) -> bool:
    """Every page may be asked with a panel in its query; of what changes something, that which concerns panels."""
    return not route.has_panel and route.permission != PUBLIC and (route.is_safe or route.permission != "self")


@pytest.mark.parametrize("route", parametrized(is_about_panels))
async def test_foreign_looks_like_missing_in_a_query_too(house, callers, route):
    before = await held(house)
    wrong = []
    for name, (query, typed) in itertools.product(SEE_ONE, QUERIES.items()):
        one, other = (f"{route.path}?{query.format(word)}" for word in typed)
        wrong += [(name, one, told) for told in await alike(callers[name], route.method, one, other, typed)]
    assert wrong == []
    assert await held(house) == before


@pytest.mark.parametrize("name", [name for name in ALL if name not in OUT])
async def test_who_may_change_something_can(cast_file, tmp_path, name):
    """On a stage of their own; what ends the panel or the session comes last."""
    async with stage(databases.copy_of(cast_file, tmp_path), is_cast=True) as made:
        await planted(made)
        caller = await made.signed_in(name)
        wrong = []
        for route in sorted(routes(), key=lambda route: [route.path.endswith(end) for end in ENDS_IT]):
            place = next(route.places())
            told = expected(name, route, place)
            if told == "passed" and not route.is_safe and route.permission != PUBLIC:
                found = outcome(await asked(caller, route.method, place.path))
                wrong += [(str(route), found)] if found != told else []
        assert wrong == []
