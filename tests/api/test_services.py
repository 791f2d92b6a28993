"""Catalogues for scripts: rates as exact amounts, the speed that counts, and a number that several panels have."""

import msgspec
import pytest

from hyperpanel.client.console import Service, ServiceDetail
from hyperpanel.db.schema import descriptions, service_speeds, services
from tests.support.staged import NOON, mirrored


@pytest.fixture
async def held(staged):
    rows = [
        mirrored("services", "170", name="Followers 170 [5-10K/Day]", rate=90_000_000),
        mirrored("services", "171", category="TikTok", refill=False),
        mirrored("services", "170", "us-2", name="Views"),
    ]
    await staged.keep(*rows, table=services)
    return staged


async def test_a_row_is_told_with_its_rate_and_speed(held, scripts):
    script = await scripts.script("services:read")
    first, second = await script.rows("/services")
    assert (first["id"], first["panel"], second["id"]) == (170, "eu-1", 171)
    assert first["rate"] == {"value": "0.90", "currency_code": "USD", "formatted": first["rate"]["formatted"]}
    assert (first["speed_per_day"], first["speed_from"]) == (5000, "name")
    assert all(msgspec.convert(row, Service) for row in (first, second))


async def test_a_speed_that_a_person_set_counts(held, scripts):
    speed = {"panel_id": 1, "service_id": "170", "per_day": 25, "name": "", "by": "ana", "at": NOON}
    await held.keep(speed, table=service_speeds)
    first, _ = await (await scripts.script("services:read")).rows("/services")
    assert (first["speed_per_day"], first["speed_from"]) == (25, "set")


async def test_they_are_narrowed_and_put_in_order(held, scripts):
    script = await scripts.script("services:read", panels=None)
    assert [row["id"] for row in await script.rows("/services", category="tiktok")] == [171]
    assert [row["panel"] for row in await script.rows("/services", ids="170")] == ["eu-1", "us-2"]
    assert [row["id"] for row in await script.rows("/services", refill="no", panel="eu-1")] == [171]
    assert (await script.get("/services", sort="moon")).status_code == 400
    assert (await script.get("/services", category_id="1")).status_code == 400


async def test_one_is_told_whole(held, scripts):
    body = "It starts within an hour. " * 20
    written = {"panel_id": 1, "service_id": "170", "body": body, "updated_at": NOON, "updated_by": "ana"}
    await held.keep(written, table=descriptions)
    script = await scripts.script("services:read", panels=None)
    refused = await script.get("/services/170")
    assert (refused.status_code, refused.json()["panels"]) == (409, ["eu-1", "us-2"])
    told = msgspec.convert(await script.data("/services/170", panel="eu-1"), ServiceDetail)
    assert (told.name, told.description, told.changes, told.gone_at) == ("Followers 170 [5-10K/Day]", body, [], None)
    assert (await script.get("/services/999")).status_code == 404
