"""Exports: a list as a file, row for row, for whoever may see it. tests/web/test_export_runs.py has the large ones."""

import json
from datetime import timedelta

import fastexcel
import pytest
from sqlalchemy import delete, select

from hyperpanel.db.schema import audit, staff, staff_panels, users
from hyperpanel.web import export_plans, export_steps
from tests.support import databases
from tests.support.exported import TABLES, exported, keys, listed, many, of, sheet, table
from tests.support.staged import NOON, order, stage


@pytest.fixture
async def staged(cast_file, tmp_path):
    web = {"exports_folder": str(tmp_path / "exports")}
    async with stage(databases.copy_of(cast_file, tmp_path), is_cast=True, web=web) as made:
        yield made


ASKED = [
    ("orders", ""),
    ("orders", "sort=created"),
    ("orders", "status=pending&status=fail"),
    ("orders", "user=u3&panel=eu-1&panel=us-2"),
    ("orders", "number=5001,5002,5007"),
    ("orders", "created_from=2026-03-01+11:00&columns=id,panel,charge"),
    ("tickets", ""),
    ("tickets", "sort=-created&status=answered"),
    ("users", "sort=balance"),
    ("users", "sort=last_auth&q=name"),
    ("users", "balance=negative&columns=id,panel,email"),
    ("payments", "sort=-amount"),
    ("payments", "status=waiting"),
    ("services", ""),
    ("services", "sort=name&refill=yes"),
    ("services", "sort=-max"),
]


async def test_an_export_is_its_list_row_for_row(database_url):
    async with stage(database_url) as made:
        ana = await made.signed_in("ana")
        for noun in TABLES:
            await many(made, noun=noun)
        for noun, query in ASKED:
            expected = await listed(ana, noun, query)
            answer = await exported(ana, noun, query)
            assert len(expected) > 2
            assert keys(answer) == expected, (noun, query)
            rows = [[str(cell) for cell in row] for row in sheet((await exported(ana, noun, query, "xlsx")).content)]
            assert [row[0] for row in rows[1:]] == [key.rpartition("-")[2] for key in expected]


def planned(made, visit, noun: str = "orders"):
    return made.database.read_now(lambda connection: export_plans.plan(connection, visit, noun))


async def test_rows_that_arrive_while_it_is_read_neither_double_nor_hide_others(database_url):
    async with stage(database_url) as made:
        await many(made)
        ana = await made.signed_in("ana")
        for query in ("", "sort=created"):
            before = await listed(ana, "orders", query)
            visit = of(made, await made.person("ana"), query)
            plan = planned(made, visit)
            plan.walk.at_once = 50
            found = []
            while not plan.walk.ended:
                found += [f"{row[2]}-{row[0]}" for row in made.database.read_now(plan.step)]
                fresh = str(9000 + len(found) + len(before))
                await made.keep(order(fresh, created_at=NOON + timedelta(seconds=len(found) + len(before))))
            assert [key for key in found if key in before] == before
            assert len(set(found)) == len(found)


async def test_a_row_that_moves_ahead_is_not_there_twice(staged):
    await many(staged, 60, "users")
    visit = of(staged, await staged.person("ana"), "sort=-balance", "users")
    plan = planned(staged, visit, "users")
    plan.walk.at_once = 10
    found = [row[0] for row in staged.database.read_now(plan.step)]
    await staged.change(users, {"balance": -1000}, id=found[0])
    while not plan.walk.ended:
        found += [row[0] for row in staged.database.read_now(plan.step)]
    assert len(set(found)) == len(found) == 60


async def test_an_export_has_what_the_screen_shows_each_value_in_a_column_of_its_own(staged, ana):
    await staged.keep(order("007", charge=12_345_600_000, link="https://x.example/" + "a" * 900, start_count=5))
    head, row = table(await exported(ana))
    told = dict(zip(head, row, strict=True))
    assert told["ID"] == "007"
    assert (told["The provider’s number"], told["Provider"]) == ("9007", "provider-a.example")
    assert (told["Charge"], told["Charge, currency"]) == ("123.456", "USD")
    assert (told["Link"], told["Start count"]) == ("https://x.example/" + "a" * 900, "5")
    assert (told["Service"], told["Service name"]) == ("170", "Followers [10K/Day]")
    assert (told["Status"], told["Created"]) == ("Pending", "2026-03-01T11:00:00+00:00")


async def test_numbers_and_times_are_what_they_are_in_a_workbook_too(staged, ana):
    await staged.change(staff, {"time_zone": "Europe/Istanbul"}, username="ana")
    await staged.keep(order("007", charge=-12_345_600_000, quantity=10**9))
    head, row = sheet((await exported(ana, format="xlsx")).content)
    told = dict(zip(head, row, strict=True))
    assert told["ID"] == "007"
    assert told["Quantity"] in (10**9, "1000000000")
    rows = fastexcel.read_excel((await exported(ana, format="xlsx")).content).load_sheet(0).to_polars()
    assert rows["Charge"][0] == -123.456
    assert str(rows["Created (Europe/Istanbul)"][0]) == "2026-03-01 14:00:00"


async def test_an_export_is_in_the_persons_language_and_zone(staged, ana):
    await staged.change(staff, {"language": "tr", "time_zone": "Europe/Istanbul"}, username="ana")
    await staged.keep(order("1"))
    answer = await exported(ana)
    head, row = table(answer)
    assert "Bağlantı" in head
    assert "2026-03-01T14:00:00+03:00" in row
    assert "filename*=UTF-8''Sipari%C5%9Fler-2026-03-01-1500.csv" in answer.headers["content-disposition"]
    assert 'filename="orders-2026-03-01-1500.csv"' in answer.headers["content-disposition"]


async def test_columns_on_the_screen_are_the_columns_of_the_file(staged, ana):
    await staged.keep(order("1"))
    head, _ = table(await exported(ana, query="columns=id,charge&panel=eu-1"))
    assert head == ["ID", "The provider’s number", "Charge", "Charge, currency"]


async def test_a_provider_is_for_those_who_may_see_one(staged, ben):
    await staged.keep(order("1"))
    for format in ("csv", "xlsx"):
        assert b"provider-a" not in (await exported(ben, format=format)).content
    assert "Provider" not in table(await exported(ben))[0]
    refused = await exported(ben, query="provider=provider-a.example")
    assert refused.status_code == 403
    assert await staged.rows(select(audit.c.action)) == [("export",)] * 3 + [("refused",)]


async def test_only_panels_of_the_person_are_in_it(staged, ben):
    await staged.keep(order("1"), order("2", "us-2"))
    assert [row[0] for row in table(await exported(ben))[1:]] == ["1"]
    assert (await exported(ben, query="panel=us-2")).status_code == 404


@pytest.mark.parametrize(
    ("noun", "query", "format", "status"),
    [
        ("nothing", "", "csv", 404),
        ("orders", "", "ods", 422),
        ("orders", "service=%3C", "csv", 422),
        ("orders", "sort=none", "csv", 422),
    ],
)
async def test_what_cannot_be_understood_is_refused(staged, ana, noun, query, format, status):
    assert (await exported(ana, noun, query, format)).status_code == status
    assert await staged.rows(select(audit.c.action)) == []


async def test_who_sees_no_panel_gets_the_heads_alone(staged):
    await staged.change(staff, {"role": "support"}, username="nia")
    assert len(table(await exported(await staged.signed_in("nia")))) == 1


async def test_an_export_is_told_to_the_audit_without_what_was_typed(staged, ana):
    await staged.keep(order("1"))
    await exported(ana, query="user=kadir&status=pending&panel=eu-1")
    [(actor, target, details)] = await staged.rows(select(audit.c.actor, audit.c.target, audit.c.details))
    told = json.loads(details)
    assert (actor, target, told["rows"], told["panels"]) == ("ana", "orders", 1, ["eu-1"])
    assert told["asked"] == {"user": ["•••"], "status": ["pending"], "panel": ["eu-1"]}


async def test_who_loses_a_panel_meanwhile_gets_a_download_that_breaks_off(staged, ben):
    await staged.keep(*(order(str(n)) for n in range(30)))
    visit = of(staged, await staged.person("ben"))
    plan = planned(staged, visit)
    plan.walk.at_once = 10
    content = export_steps.lines(plan)
    assert [len((await anext(content)).splitlines()) for _ in range(2)] == [1, 10]
    async with staged.database.write() as connection:
        await connection.execute(delete(staff_panels))
    with pytest.raises(export_plans.Lost):
        await anext(content)


async def test_the_menu_is_for_those_who_may(staged, ana):
    assert 'action="/exports/begin/orders?status=fail"' in (await ana.get("/orders?status=fail")).text
    assert "/exports/begin" not in (await (await staged.signed_in("vic")).get("/orders")).text


async def test_index_says_where_exports_begin_as_long_as_there_is_none(ana):
    page = (await ana.get("/exports")).text
    assert "Each list has an Export menu" in page
    assert "every 2s" not in page
