"""Who gets what: every route × every kind of key × own, foreign and missing, expected from the route's scope alone. What is refused writes
nothing, and what is foreign looks like what is missing, byte for byte but for the number of the error."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from hyperpanel.db.schema import metadata, orders, payments, services, tickets, users
from hyperpanel.support.api_keys import SCOPES
from hyperpanel.support.api_secrets import new_secret
from hyperpanel.support.roles import ROLES
from tests.support import databases
from tests.support.api_routes import PLACES, routes
from tests.support.calls import EVERY, Scripts
from tests.support.staged import NOON, mirrored, stage

MIRRORED = {"orders": orders, "users": users, "payments": payments, "tickets": tickets, "services": services}
PASSING = {200, 400, 410}
"""Where a call was let through, with or without sense in it."""

VIC, CY = 4, 6
"""A viewer who sees eu-1; and one who is disabled."""

USES = {"last_used_at", "last_used_from"}
NUMBER = re.compile(r'"error_id":"[0-9a-z]{4}-[0-9a-z]{4}"')
OFTEN = {"date", "x-ratelimit-remaining", "x-ratelimit-reset"}
FOLLOWED = frozenset({"orders:read", "payments:read", "users:read", "tickets:read", "services:read"})
"""Who has none of these has nothing to follow."""

VIEWERS = frozenset(scope for scope, permission in SCOPES.items() if permission in ROLES["viewer"])


@pytest.fixture(scope="module")
async def house(cast_file, tmp_path_factory):
    """One stage for the whole file: what is asked of it must change nothing."""
    url = databases.copy_of(cast_file, tmp_path_factory.mktemp("house"))
    async with stage(url, is_cast=True) as made:
        async with made.database.write() as connection:
            for stream, table in MIRRORED.items():
                rows = [mirrored(stream, row, panel) for panel, row in list(PLACES.values())[:2]]
                await connection.execute(insert(table), rows)
        yield made


@pytest.fixture
def scripts(house):
    return Scripts(house)


async def held(house):
    """All that there is, but when keys were used and how often."""
    kept = {}
    for table in metadata.sorted_tables:
        if table.name != "api_uses":
            columns = [column for column in table.c if column.name not in USES]
            kept[table.name] = await house.rows(
                table.select().with_only_columns(*columns).execution_options(scoped=True)
            )
    return kept


def expected(route, place: str, scopes: frozenset[str], seen: str) -> set[int]:
    if not route.allows(scopes) or (route.path == "/changes" and not FOLLOWED & scopes):
        return {403}
    if route.is_unbuilt:
        return {501}
    if route.names_place:
        return PASSING if place == seen else {404}
    return PASSING | ({404} if not seen else set())


async def wrong(script, scopes: frozenset[str], seen: str, places=tuple(PLACES)):
    """What was answered otherwise than the route's scope says; what would be done is left out."""
    told = []
    for route in routes():
        for place in places if route.names_place else places[:1]:
            wanted = expected(route, place, scopes, seen)
            if route.is_safe or wanted != PASSING:
                answer = await script.call(route.method, route.at(place))
                told += [(str(route), place, answer.status_code, wanted)] if answer.status_code not in wanted else []
    return told


@pytest.mark.parametrize("how", ["none", "wrong", "unknown", "revoked", "expired", "disabled", "elsewhere"])
async def test_no_key_in_force_gets_nothing_but_health(house, scripts, how):
    good = {
        "none": lambda: None,
        "wrong": lambda: "hp_live_wrong",
        "unknown": lambda: new_secret().text,
    }
    kept: dict[str, dict[str, Any]] = {
        "revoked": {"revoked_at": NOON},
        "expired": {"expires_at": NOON},
        "disabled": {"staff_id": CY, "panels": None},
        "elsewhere": {"addresses": ("198.51.100.7",)},
    }
    key = good[how]() if how in good else await scripts.key(**kept[how])
    script, before, told = scripts.using(key), await held(house), []
    for route in routes():
        house.clock.time += timedelta(seconds=1)  # wrong keys are counted by the minute
        answer = await script.call(route.method, route.at("own"))
        is_right = answer.status_code == (200 if route.path == "/health" else 401)
        told += [] if is_right else [(str(route), answer.status_code)]
    assert told == []
    assert await held(house) == before


@pytest.mark.parametrize("scope", sorted(SCOPES))
async def test_a_scope_alone_opens_its_routes_and_no_other(house, scripts, scope):
    script = await scripts.script(scope)
    before = await held(house)
    assert await wrong(script, frozenset({scope}), "own", ("own",)) == []
    assert await held(house) == before


KEYS: dict[str, tuple[dict[str, Any], frozenset[str], str]] = {
    "all scopes, its own panel": ({}, EVERY, "own"),
    "all scopes, the other panel": ({"panels": frozenset({2})}, EVERY, "foreign"),
    "all scopes, no panel": ({"panels": frozenset()}, EVERY, ""),
    "all scopes and panels, made by a viewer": ({"panels": None, "staff_id": VIC}, VIEWERS, "own"),
}


@pytest.mark.parametrize("name", KEYS)
async def test_a_key_sees_its_panels_alone(house, scripts, name):
    how, scopes, seen = KEYS[name]
    script = await scripts.script(**how)
    before = await held(house)
    assert await wrong(script, scopes, seen) == []
    assert await held(house) == before


def alike(one, other) -> list[str]:
    """What tells the two answers apart, where the names that were asked with count as one."""
    facts = {
        "status": lambda answer: answer.status_code,
        "headers": lambda answer: sorted(item for item in answer.headers.items() if item[0] not in OFTEN),
        "body": lambda answer: NUMBER.sub("", answer.text),
    }
    return [name for name, fact in facts.items() if fact(one) != fact(other)]


async def test_foreign_looks_like_missing(house, scripts):
    script = await scripts.script()
    before, told = await held(house), []
    for route in (route for route in routes() if route.names_place):
        one, other = [await script.call(route.method, route.at(place)) for place in ("foreign", "missing")]
        told += [(str(route), apart) for apart in alike(one, other)]
    assert told == []
    assert await held(house) == before


async def test_foreign_looks_like_missing_in_a_query_too(house, scripts):
    script = await scripts.script()
    before, told = await held(house), []
    for route in (route for route in routes() if "panel" in route.query):
        one, other = [
            await script.call(route.method, route.at("own"), params={"panel": PLACES[place][0]})
            for place in ("foreign", "missing")
        ]
        told += [(str(route), apart) for apart in alike(one, other)]
        told += [(str(route), one.status_code)] if one.status_code != 404 else []
    assert told == []
    assert await held(house) == before


async def test_foreign_looks_like_missing_behind_a_panels_own_address(house, scripts):
    key, told = await scripts.key(), []
    for route in routes():
        one, other = [
            await scripts.using(key, f"/p/{PLACES[place][0]}/adminapi/v2").call(route.method, route.at("own"))
            for place in ("foreign", "missing")
        ]
        told += [(str(route), apart) for apart in alike(one, other)] + ([] if one.status_code == 404 else [str(route)])
    assert told == []
