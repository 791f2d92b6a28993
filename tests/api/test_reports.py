"""The reports for scripts: every figure told what it means, three ways to write it, and the same refusals as the page and the command."""

import csv
import io
import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, update

from hyperpanel.client import figures
from hyperpanel.db.schema import feeds, messages, orders, plans, threads, tickets, users
from hyperpanel.db.schema import profiles as kept
from hyperpanel.support import profiles
from hyperpanel.support.report_figures import FIGURES
from tests.support.conversations import heard, said, ticket
from tests.support.staged import NOON, feed, mirrored, order, plan

HOUR, DAY, USD = timedelta(hours=1), timedelta(days=1), 10**8
KINDS = {
    "service-health": figures.ServiceHealth,
    "users": figures.UserFigures,
    "tickets-by-staff": figures.TicketsByStaff,
    "tickets-by-service": figures.TicketsByService,
    "margins": figures.Margins,
    "providers": figures.Providers,
}


@pytest.fixture
async def told(staged):
    """Something for each report: stuck and finished orders, spending, a ticket about one of them, a customer."""
    late: dict[str, Any] = {
        "status": "completed",
        "finished_from": NOON - HOUR,
        "finished_at": NOON - HOUR,
        "remains": 0,
    }
    paid: dict[str, Any] = {"charge": 5 * USD, "charge_currency": "USD", "provider": "prov-1"}
    cost: dict[str, Any] = {"provider_charge": 2 * USD, "provider_charge_currency": "USD"}
    some = [
        *(order(f"a{n}", created_at=NOON - 30 * HOUR, user="kadir", **paid) for n in range(6)),
        *(order(f"b{n}", created_at=NOON - 2 * HOUR, user="kadir", **paid, **cost, **late) for n in range(4)),
        order("100001", created_at=NOON - 2 * HOUR, user="kadir", **paid),
        order("c1", "us-2", created_at=NOON - 2 * HOUR, user="zoe", **paid),
    ]
    names = {name for row in some for name in row}
    talk = [
        said(1, "Where is order 100001?", sender="kadir", is_staff=False),
        said(2, "wait", sender="Ben", is_staff=True),
    ]
    asked = ticket("255", user="kadir", created_at=NOON - 9 * HOUR, subject="Orders - Refill")
    async with staged.database.write() as connection:
        await connection.execute(insert(orders), [dict.fromkeys(names) | row for row in some])
        await connection.execute(insert(tickets), asked)
        await connection.execute(insert(messages), talk)
        await connection.execute(insert(threads), heard(asked["fields"]))
        await connection.execute(insert(users), mirrored("users", "7", username="kadir"))
    return staged


@pytest.fixture
async def every(scripts):
    return await scripts.script(panels=None)


@pytest.mark.parametrize("name", KINDS)
async def test_each_is_as_its_shape_says_with_every_figure_told(told, every, name):
    found = msgspec.convert(await every.data(f"/reports/{name}"), KINDS[name])
    assert found.rows
    assert (found.report, found.panels_in_all, {one.panel for one in found.panels}) == (
        name,
        3,
        {"dark", "eu-1", "us-2"},
    )
    assert all(figure.definition.endswith(".") and figure.unit for figure in found.figures)
    row = msgspec.to_builtins(found.rows[0])
    for figure in found.figures:
        value = row
        for part in figure.name.split("."):
            value = value[part]


async def test_a_score_is_told_raw_too(told, every):
    [row, *_] = (await every.data("/reports/service-health", panel="eu-1"))["rows"]
    assert sum(row["terms"].values()) == row["raw_score"]
    assert row["score"] == max(0, min(100, row["raw_score"]))
    assert (row["stuck"], row["finished"]) == (6, 4)


@pytest.mark.parametrize("name", KINDS)
async def test_lines_and_csv_hold_the_rows_of_the_json(told, every, name):
    path = f"/reports/{name}"
    rows = (await every.data(path))["rows"]
    lines = (await every.get(path, headers={"accept": "application/x-ndjson"})).text.splitlines()
    assert [json.loads(line) for line in lines[:-1]] == rows
    assert json.loads(lines[-1]) == {"end": {"count": len(rows), "next_cursor": ""}}
    answer = await every.get(path, format="csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(table) == len(rows)
    for line, row in zip(table, rows, strict=True):
        for column, text in line.items():
            if isinstance(row.get(column), int | str):
                assert text == str(row[column])


async def test_csv_parts_what_is_within_another_and_has_its_heads_without_rows(told, every):
    heads = "panel,panel_state,user,username,created_at,new,spend_count,spend_amount,terms_canceled_count"
    for hours in ("24", "0.001"):
        assert (await every.get("/reports/users", format="csv", hours=hours)).text.startswith(heads)
    by_service = (await every.get("/reports/margins", headers={"accept": "text/csv"}, by="service")).text
    assert by_service.startswith("panel,service_id,name,currency,orders,revenue")


async def test_a_profile_and_a_past_moment_are_those_of_the_page(told, every):
    settings = profiles.written(profiles.Services(picked=((2, "170"),), hours=6, stuck_after=1))
    values = {"id": "p", "kind": "services", "name": "Slow ones", "folded": "slow ones", "created_by": "ana"}
    await told.keep({**values, "settings": settings, "created_at": NOON}, table=kept)
    found = await every.data("/reports/service-health", profile="slow ONES")
    assert (found["profile"], found["hours"], found["measure"]["stuck_after_hours"]) == ("Slow ones", 6, 1)
    assert [row["panel"] for row in found["rows"]] == ["us-2"]
    past = await every.data("/reports/tickets-by-staff", at="2026-03-01T09:00", hours=48)
    assert (past["since"], past["until"]) == ("2026-02-27T09:00:00+00:00", "2026-03-01T09:00:00+00:00")
    seconds = int((NOON - 3 * HOUR).timestamp())
    assert (await every.data("/reports/tickets-by-staff", at=seconds, hours=48))["until"] == past["until"]


async def test_what_stands_behind_a_scope_needs_it(told, scripts):
    script = await scripts.script("reports:read", "finance:read")
    rows = (await script.data("/reports/users"))["rows"]
    assert [row["username"] for row in rows] == ["kadir"]
    assert not [row for row in rows if "email" in row]
    for path in ("/reports/tickets-by-staff", "/reports/providers"):
        assert (await script.get(path)).status_code == 403
    assert (await script.get("/reports/margins", by="provider")).status_code == 403
    assert (await script.get("/reports/margins", by="day")).status_code == 200


async def test_an_e_mail_address_comes_with_the_scope_of_users(told, scripts):
    [row] = (await (await scripts.script("reports:read", "users:read")).data("/reports/users"))["rows"]
    assert "email" in row


WRONG = [
    ("service-health", {"hours": "0"}),
    ("service-health", {"hours": "745"}),
    ("service-health", {"hours": "nan"}),
    ("service-health", {"at": "soon"}),
    ("service-health", {"at": "2027-01-01"}),
    ("service-health", {"at": "99999999999999999999"}),
    ("service-health", {"profile": "mine"}),
    ("service-health", {"format": "xml"}),
    ("service-health", {"by": "day"}),
    ("users", {"rows": "0"}),
    ("tickets-by-staff", {"leave": "all"}),
    ("margins", {"zone": "Mars/Base"}),
    ("margins", {"zone": "localtime"}),
    ("margins", {"zone": "Factory"}),
    ("margins", {"by": "moon"}),
    ("providers", {"at": "2026-02-27"}),
]


@pytest.mark.parametrize(("name", "params"), WRONG, ids=str)
async def test_what_cannot_be_asked_is_refused_by_name(told, every, name, params):
    answer = await every.get(f"/reports/{name}", **params)
    assert (answer.status_code, answer.json()["fields"]) == (400, list(params))


async def test_a_foreign_panel_is_not_there(told, script):
    assert (await script.get("/reports/service-health", panel="us-2")).status_code == 404
    found = await script.data("/reports/users")
    assert ([row["username"] for row in found["rows"]], found["panels_in_all"]) == (["kadir"], 1)


def test_every_report_has_its_figures_told():
    assert set(FIGURES) == set(KINDS)


async def test_a_report_is_as_old_as_its_oldest_panel_and_stream(told, every):
    """`dark` was never read, and of eu-1 no payments were."""
    assert (await every.data("/reports/margins"))["as_of"] is None
    async with told.database.write() as connection:
        await connection.execute(insert(feeds), {**feed("eu-1", 1, "payments", NOON), "fetched_at": None})
        await connection.execute(insert(plans), {**plan("eu-1", 1, "payments", "head", NOON), "as_of": None})
    [panel] = (await every.data("/reports/users", panel="eu-1"))["panels"]
    assert (panel["state"], panel["as_of"]) == ("never", None)


async def test_tickets_by_service_is_as_old_as_the_orders_they_are_about(told, every):
    old = NOON - timedelta(days=1)
    async with told.database.write() as connection:
        for stream, names in (("tickets", ("head", "refresh")), ("messages", ("head",))):
            await connection.execute(insert(feeds), feed("eu-1", 1, stream, NOON))
            await connection.execute(insert(plans), [plan("eu-1", 1, stream, name, NOON) for name in names])
        await connection.execute(
            update(plans).where(plans.c.stream == "orders", plans.c.panel_id == 1).values(as_of=old)
        )
    found = await every.data("/reports/tickets-by-service", panel="eu-1")
    assert (found["as_of"], found["panels_on_time"]) == (old.isoformat(), 0)


async def test_a_report_says_how_far_back_its_records_go(told, every):
    reached = NOON - 12 * HOUR
    past = update(plans).where(plans.c.plan == "backfill", plans.c.stream == "orders", plans.c.panel_id == 1)
    async with told.database.write() as connection:
        await connection.execute(past.values(cursor=json.dumps({"reached": int(reached.timestamp())})))
    found = msgspec.convert(await every.data("/reports/margins", panel="eu-1", hours=48), figures.Margins)
    assert (found.reaches_back_to, found.panels[0].reaches_back_to) == (reached, reached)
    both = await every.data("/reports/margins", panel="eu-1,dark")
    assert both["reaches_back_to"] is None


async def test_a_currency_may_be_in_small_letters(told, every):
    assert await every.data("/reports/users", currency="usd") == await every.data("/reports/users", currency="USD")
