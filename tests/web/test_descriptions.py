"""The description of a service: shown, edited, kept apart where two people edit it, listed, and saved as a file."""

import io
import json

import fastexcel
import pytest
from sqlalchemy import select

from hyperpanel.db import staff
from hyperpanel.db.schema import audit, changes, descriptions, services
from hyperpanel.support import roles
from hyperpanel.web import description_acts
from tests.support.staged import NOON, mirrored

PLACE = "/services/eu-1/170/description"
HOSTILE = "<script>alert(1)</script>\n=1+1\u202e"


def described(body: str, id: str = "170", panel: int = 1, by: str = "max"):
    return {"panel_id": panel, "service_id": id, "body": body, "updated_at": NOON, "updated_by": by}


@pytest.fixture(autouse=True)
async def catalogue(staged):
    rows = [mirrored("services", "170"), mirrored("services", "171"), mirrored("services", "170", "us-2")]
    await staged.keep(*rows, table=services)


async def bodies(staged) -> dict[tuple[int, str], str]:
    columns = descriptions.c.panel_id, descriptions.c.service_id, descriptions.c.body
    found = await staged.rows(select(*columns).execution_options(scoped=True))
    return {(row.panel_id, row.service_id): row.body for row in found}


async def save(person, body: str, place: str = PLACE, **more: str):
    page = (await person.get(place)).text
    seen = page.split('name="seen" value="')[1].split('"')[0]
    return await person.post(place, data={"body": body, "seen": seen, **more})


async def test_edit_shows_the_text_and_the_facts_beside_it(staged, ana):
    await staged.keep(described("Slow but safe"), table=descriptions)
    page = (await ana.get(PLACE)).text
    assert "Slow but safe</textarea>" in page
    assert "Rate per 1000" in page


async def test_what_is_saved_is_shown_and_in_the_audit(staged, ana):
    await staged.keep(described("Old"), table=descriptions)
    answer = await save(ana, "New\r\nlines")
    assert (answer.status_code, answer.headers["location"]) == (303, "/services/eu-1/170")
    assert await bodies(staged) == {(1, "170"): "New\nlines"}
    assert "New\nlines</p>" in (await ana.get("/services/eu-1/170")).text
    [row] = await staged.rows(select(audit.c.action, audit.c.target, audit.c.details, audit.c.panel_id))
    assert (row.action, row.target, row.panel_id) == ("description-change", "eu-1/170", 1)
    assert json.loads(row.details) == {"before": "Old", "after": "New\nlines"}


async def test_the_audit_repeats_a_long_text_shortened(staged, ana):
    await save(ana, "x" * 5000)
    [row] = await staged.rows(select(audit.c.details))
    assert len(json.loads(row.details)["after"]) == 400


async def test_saving_it_empty_removes_it(staged, ana):
    await staged.keep(described("Old"), described("Other", "171"), table=descriptions)
    await save(ana, " \n ")
    assert await bodies(staged) == {(1, "171"): "Other"}
    assert "It has no description." in (await ana.get("/services/eu-1/170")).text


async def test_what_is_as_before_changes_nothing(staged, ana):
    await staged.keep(described("Old"), table=descriptions)
    await save(ana, "Old")
    assert await staged.rows(select(audit.c.id)) == []


async def test_of_two_people_the_second_sees_both_texts_and_may_save_again(staged, ana):
    max_ = await staged.signed_in("max")
    page = (await max_.get(PLACE)).text
    await save(ana, "of ana")
    answer = await max_.post(PLACE, data={"body": "of max", "seen": page.split('name="seen" value="')[1].split('"')[0]})
    assert answer.status_code == 409
    assert "of max</textarea>" in answer.text
    assert "of ana</p>" in answer.text
    assert await bodies(staged) == {(1, "170"): "of ana"}
    again = answer.text.split('name="seen" value="')[1].split('"')[0]
    assert (await max_.post(PLACE, data={"body": "of max", "seen": again})).status_code == 303
    assert await bodies(staged) == {(1, "170"): "of max"}


async def test_one_that_was_removed_meanwhile_is_told_so(staged, ana):
    await staged.keep(described("Old"), table=descriptions)
    seen = (await ana.get(PLACE)).text.split('name="seen" value="')[1].split('"')[0]
    await save(await staged.signed_in("max"), "")
    answer = await ana.post(PLACE, data={"body": "New", "seen": seen})
    assert answer.status_code == 409
    assert "The description was removed" in answer.text


async def test_a_text_too_long_is_refused_and_kept_in_the_form(staged, ana):
    answer = await save(ana, "x" * 20_001)
    assert answer.status_code == 422
    assert "It has 20001 characters; at most 20000 are kept." in answer.text
    assert "x" * 20_001 in answer.text
    assert await bodies(staged) == {}


async def test_the_longest_text_fits_into_a_form(staged, ana):
    assert (await save(ana, "🙂" * 20_000)).status_code == 303
    assert len((await bodies(staged))[1, "170"]) == 20_000


async def test_hostile_text_is_text_on_every_page(staged, ana):
    await staged.keep(described(HOSTILE), table=descriptions)
    for place in ("/services", "/services/eu-1/170", PLACE):
        page = (await ana.get(place)).text
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page
    assert "⟨U+202E⟩" in (await ana.get("/services/eu-1/170")).text


@pytest.mark.parametrize("place", ["/services/us-2/170/description", "/services/zz-9/170/description"])
async def test_a_foreign_service_is_as_one_that_is_not_there(staged, place):
    async with staged.database.write() as connection:
        await staff.add(connection, "lea", "x", "manager", [1], NOON)
    lea = await staged.signed_in("lea")
    assert (await lea.get(place)).status_code == 404
    assert (await lea.post(place, data={"body": "x"})).status_code == 404


async def test_who_may_not_edit_is_not_offered_it(staged, ben):
    await staged.keep(described("Slow but safe"), table=descriptions)
    page = (await ben.get("/services/eu-1/170")).text
    assert "Slow but safe" in page
    assert "Edit description" not in page
    assert (await ben.get(PLACE)).status_code == 403


async def test_the_list_shows_the_first_words_and_filters_by_having_one(staged, ana):
    await staged.keep(described("First\nwords " + "x" * 300), table=descriptions)
    assert "First words xxx" in (await ana.get("/services")).text
    with_one = (await ana.get("/services?described=yes")).text
    without = (await ana.get("/services?described=no")).text
    assert [with_one.count('<tr id="s-'), without.count('<tr id="s-')] == [1, 2]
    assert "First words" not in without


async def exported(person, query: str = "", format: str = "csv"):
    return await person.post(f"/descriptions/file{query}", data={"format": format})


async def test_the_file_has_all_services_of_the_chosen_panels(staged, ana):
    await staged.keep(described("=1+1"), table=descriptions)
    answer = await exported(ana, "?panel=eu-1")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == '"panel","service_id","name","category","type","rate","min","max","description"'
    assert len(lines) == 3
    assert lines[1].startswith('"eu-1","170"')
    assert lines[1].endswith('"\'=1+1"')


async def test_the_workbook_has_the_same_rows(staged, ana):
    await staged.keep(described("=1+1"), table=descriptions)
    answer = await exported(ana, format="xlsx")
    sheet = fastexcel.read_excel(io.BytesIO(answer.content).read()).load_sheet(0, header_row=None, dtypes="string")
    rows = sheet.to_polars().rows()
    assert [row[:2] for row in rows] == [
        ("panel", "service_id"),
        ("eu-1", "170"),
        ("eu-1", "171"),
        ("us-2", "170"),
    ]
    assert rows[1][8] == "=1+1"


async def test_the_file_has_no_panel_that_its_reader_does_not_see(staged, ben):
    assert b"us-2" not in (await exported(ben)).content
    assert (await exported(ben, "?panel=us-2")).status_code == 404


async def test_the_audit_tells_of_the_file(staged, ana):
    await exported(ana, "?panel=eu-1", "xlsx")
    [row] = await staged.rows(select(audit.c.action, audit.c.actor, audit.c.target, audit.c.details))
    assert row[:3] == ("description-export", "ana", "descriptions")
    assert json.loads(row.details) == {"format": "xlsx", "panels": ["eu-1"]}


async def test_a_file_of_more_than_is_read_at_once_is_whole(staged, ana, monkeypatch):
    monkeypatch.setattr(description_acts, "AT_ONCE", 2)
    assert len((await exported(ana)).content.splitlines()) == 4


async def test_an_address_alone_gives_no_file(staged, ana):
    """What leaves is told to the audit, so it takes a press."""
    assert (await ana.get("/descriptions/file")).status_code == 405
    assert (await exported(ana, format="pdf")).status_code == 422
    assert await staged.rows(select(audit.c.id)) == []


async def test_who_may_not_read_services_gets_no_file_of_them(staged, monkeypatch):
    without = roles.ROLES["manager"] - {"services:read"}
    monkeypatch.setitem(roles.ROLES, "manager", without)
    async with staged.database.write() as connection:
        await staff.add(connection, "kim", "x", "manager", None, NOON)
    kim = await staged.signed_in("kim")
    assert (await exported(kim)).status_code == 403


async def test_what_is_saved_or_removed_is_told_to_scripts_that_follow(staged, ana):
    for body in ("New", ""):
        await save(ana, body)
    rows = await staged.rows(select(changes.c.panel_id, changes.c.stream, changes.c.ids).execution_options(scoped=True))
    assert [tuple(row) for row in rows] == [(1, "services", '["170"]')] * 2
