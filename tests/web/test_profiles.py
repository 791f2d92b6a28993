"""Profiles: shared by everybody, judged field by field; what is picked on panels that somebody does not see is neither shown nor lost."""

import json
from typing import Any

import pytest
from sqlalchemy import insert, select

from hyperpanel.db import staff
from hyperpanel.db.schema import audit, profiles, services, users
from hyperpanel.support import profiles as kinds
from tests.support.staged import NOON, PASSWORD_HASH, mirrored

HERE = "/tracking/profiles"
GOOD = {
    "kind": "services",
    "name": "Night shift",
    "hours": "12",
    "stuck_after": "6,5",
    "multiplier": "3",
    "min_orders": "2",
}


async def kept(staged):
    return [(row.kind, row.name, json.loads(row.settings)) for row in await staged.rows(select(profiles))]


async def put(
    staged,
    id: str = "one",
    settings: kinds.Services | kinds.Users | None = None,
    kind: str = "services",
    name: str = "One",
):
    values = {"id": id, "kind": kind, "name": name, "folded": name.casefold(), "created_at": NOON, "created_by": "max"}
    text = kinds.written(settings or kinds.Services())
    async with staged.database.write() as connection:
        await connection.execute(insert(profiles).values(**values, settings=text))


@pytest.fixture
async def catalogue(staged):
    names = {"170": "Instagram likes", "171": "Telegram views"}
    rows = [mirrored("services", id, panel, name=name) for id, name in names.items() for panel in ("eu-1", "us-2")]
    await staged.keep(*rows, table=services)


async def test_index_lists_those_of_one_report(staged, ana):
    await put(staged, settings=kinds.Services(stuck_after=6.5, hours=48))
    await put(staged, "two", kinds.Users(min_payments=3), "users", "Whales")
    page = (await ana.get(HERE)).text
    assert "stuck after 6.5 h" in page
    assert "Whales" not in page
    assert "3 payments or more" in (await ana.get(f"{HERE}?kind=users")).text


async def test_index_without_any_says_what_counts(ana):
    assert "stuck after 12 h · slow beyond ×2 · set apart under 5 orders" in (await ana.get(HERE)).text


async def test_index_offers_edits_to_those_who_may(staged, ana, ben):
    await put(staged)
    assert f'href="{HERE}/one"' in (await ana.get(HERE)).text
    assert f'href="{HERE}/one"' not in (await ben.get(HERE)).text


async def test_new_begins_as_usual_or_as_a_copy(staged, ana):
    await put(staged, settings=kinds.Services(multiplier=7))
    assert 'value="12"' in (await ana.get(f"{HERE}/new")).text
    page = (await ana.get(f"{HERE}/new?of=one")).text
    assert 'value="Copy of One"' in page
    assert 'value="7"' in page


async def test_new_of_a_user_profile_has_other_fields(ana):
    page = (await ana.get(f"{HERE}/new?kind=users")).text
    assert "Min spend" in page
    assert "Stuck after" not in page


async def test_a_profile_is_added_and_told(staged, ana):
    answer = await ana.post(f"{HERE}/new", data=GOOD)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?kind=services&done=added")
    [(kind, name, settings)] = await kept(staged)
    assert (kind, name) == ("services", "Night shift")
    assert settings == {"picked": [], "hours": 12.0, "stuck_after": 6.5, "multiplier": 3.0, "min_orders": 2}
    [told] = await staged.rows(select(audit.c.action, audit.c.target))
    assert told == ("profile-add", "Night shift")


async def test_a_user_profile_keeps_its_amount_in_units(staged, ana):
    data = {
        "kind": "users",
        "name": "Whales",
        "hours": "96",
        "min_payments": "1",
        "min_spend": "12.50",
        "currency": "usd",
    }
    await ana.post(f"{HERE}/new", data=data)
    [(_, _, settings)] = await kept(staged)
    assert (settings["min_spend"], settings["currency"]) == (1_250_000_000, "USD")


WRONG = {
    "name": ("", "A profile&#39;s name has 1 to 60 characters."),
    "hours": ("0", "Write a number of hours, 744 at most."),
    "stuck_after": ("soon", "Write a number of hours, 744 at most."),
    "multiplier": ("0", "Write a number from 0.1 to 100."),
    "min_orders": ("1.5", "Write a whole number from 0 to 1000."),
}


@pytest.mark.parametrize("field", WRONG)
async def test_what_is_wrong_is_said_beside_its_field(staged, ana, field):
    value, said = WRONG[field]
    answer = await ana.post(f"{HERE}/new", data=GOOD | {field: value})
    assert answer.status_code == 422
    assert answer.text.split(f'id="e-{field}">')[1].startswith(said)
    assert await kept(staged) == []


async def test_a_name_is_taken_once_for_each_report(staged, ana):
    await put(staged, name="Night Shift")
    answer = await ana.post(f"{HERE}/new", data=GOOD)
    assert (answer.status_code, "is there already" in answer.text) == (422, True)
    others = {
        "kind": "users",
        "name": "Night shift",
        "hours": "24",
        "min_payments": "0",
        "min_spend": "0",
        "currency": "USD",
    }
    assert (await ana.post(f"{HERE}/new", data=others)).status_code == 303


async def test_the_picker_finds_by_name_and_number_and_counts(catalogue, ana):
    part = (
        await ana.post(
            f"{HERE}/pick",
            data={"q": "LIKES", "pick": ["eu-1/171"]},
            headers={"HX-Request": "true", "HX-Target": "picker"},
        )
    ).text
    assert part.strip().startswith('<div id="picker"')
    assert "1 service" in part
    assert part.count('value="eu-1/170"') == part.count('value="us-2/170"') == 1
    assert 'value="us-2/171"' not in part
    assert "Nothing is found." in (await ana.post(f"{HERE}/pick", data={"q": "nothing"})).text


async def test_the_picker_knows_services_by_their_orders_alone(staged, ana):
    await staged.keep(mirrored("orders", "1", service_id="555", service_name="By order"))
    assert "By order" in (await ana.post(f"{HERE}/pick", data={"q": "555"})).text


async def test_the_picker_finds_users_too(staged, ana):
    await staged.keep(mirrored("users", "9", username="kadir"), table=users)
    assert 'value="eu-1/9"' in (await ana.post(f"{HERE}/pick", data={"kind": "users", "q": "kad"})).text


@pytest.fixture
async def lea(staged):
    """A manager who sees eu-1 alone."""
    async with staged.database.write() as connection:
        await staff.add(connection, "lea", PASSWORD_HASH, "manager", [1], NOON)
    return await staged.signed_in("lea")


async def test_edit_neither_shows_nor_loses_what_others_picked(catalogue, staged, lea):
    await put(staged, settings=kinds.Services(picked=((1, "170"), (2, "171"))))
    page = (await lea.get(f"{HERE}/one")).text
    assert "us-2" not in page
    assert "1 more is picked on panels that you do not see." in page
    await lea.post(f"{HERE}/one", data=GOOD | {"pick": ["eu-1/171", "us-2/170"]})
    [(_, name, settings)] = await kept(staged)
    assert name == "Night shift"
    assert settings["picked"] == [[1, "171"], [2, "171"]]


async def test_a_report_of_picks_that_somebody_may_not_see_is_empty(staged, lea):
    await staged.keep(
        mirrored("orders", "1", status="pending", quantity=5, remains=5, created_at=NOON.replace(day=1, hour=0))
    )
    await put(staged, settings=kinds.Services(picked=((2, "170"),), stuck_after=1))
    assert "None of the picked services" in (await lea.get("/tracking/services?profile=one")).text


async def test_a_profile_is_the_measure_of_the_report(staged, ana):
    said: dict[str, Any] = {
        "service_id": "170",
        "status": "pending",
        "quantity": 5,
        "remains": 5,
        "created_at": NOON.replace(hour=9),
    }
    await staged.keep(*(mirrored("orders", str(n), **said) for n in range(7)))
    await put(staged, settings=kinds.Services(stuck_after=2, hours=48))
    assert '<tr id="s-eu-1-170"' not in (await ana.get("/tracking/services")).text
    page = (await ana.get("/tracking/services?profile=one")).text
    assert "100 − min(60, 5 × 7) − 0 = 65" in page
    assert 'aria-current="true">48 h' in " ".join(page.split())


async def test_one_is_deleted_after_a_question(staged, ana):
    await put(staged)
    assert "Delete the profile One?" in (await ana.get(f"{HERE}/one")).text
    answer = await ana.post(f"{HERE}/one/remove")
    assert answer.headers["location"] == f"{HERE}?kind=services&done=deleted"
    assert await kept(staged) == []


async def test_what_is_not_there_is_missing(ana):
    assert [(await ana.get(f"{HERE}/{name}")).status_code for name in ("none", "new?of=none", "?kind=cars")] == [
        404
    ] * 3


async def test_a_copy_of_what_somebody_may_not_see_is_refused(staged, lea):
    """Without its picks it would be about everything."""
    await put(staged, settings=kinds.Services(picked=((2, "170"),)))
    answer = await lea.get(f"{HERE}/new?of=one")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?kind=services&done=hidden")
    page = (await lea.get(answer.headers["location"])).text
    assert "so it cannot be copied" in page
    assert "None for you" in page
    assert f"{HERE}/one" not in page


async def test_a_copy_says_that_it_is_not_whole(staged, lea):
    await put(staged, settings=kinds.Services(picked=((1, "170"), (2, "170"), (2, "171"))))
    assert "panels that you do not see is not copied." in (await lea.get(f"{HERE}/new?of=one")).text
    page = (await lea.get(HERE)).text
    assert "1 service" in page
    assert "3 services" not in page


async def test_what_is_about_other_panels_alone_cannot_be_changed(staged, lea):
    await put(staged, settings=kinds.Services(picked=((2, "170"),)))
    answers = [
        await lea.get(f"{HERE}/one"),
        await lea.post(f"{HERE}/one", data=GOOD),
        await lea.post(f"{HERE}/one/remove"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert [name for _, name, _ in await kept(staged)] == ["One"]
