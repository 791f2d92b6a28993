"""Descriptions from a file: looked at first, all or nothing, kept apart from what others did meanwhile, and what became of each line."""

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db import staff
from hyperpanel.db.schema import audit, descriptions, import_panels, imports, services
from tests.support.broken_imports import broken
from tests.support.staged import NOON, mirrored

PLACE = "/descriptions"
HEAD = "panel,service_id,description\n"
GOOD = HEAD + "eu-1,170,First\neu-1,171,-\neu-1,172,\n"
MIXED = HEAD + "eu-1,170,First\neu-1,999,Nowhere\nzz-9,170,Nobody\n"


def file(text: str | bytes, name: str = "texts.csv"):
    return {"file": (name, text.encode() if isinstance(text, str) else text, "text/csv")}


@pytest.fixture(autouse=True)
async def catalogue(staged):
    rows = [mirrored("services", id) for id in ("170", "171", "172")] + [mirrored("services", "170", "us-2")]
    await staged.keep(*rows, table=services)
    kept = {"panel_id": 1, "service_id": "171", "body": "Old", "updated_at": NOON, "updated_by": "max"}
    await staged.keep(kept, table=descriptions)


async def look(person, text, **headers):
    return await person.post(PLACE, files=file(text), data={"do": "look"}, headers=headers)


def seen_of(answer) -> str:
    found: str = answer.text.split('name="seen" value="')[1].split('"')[0]
    return found


async def take(person, text, name: str = "texts.csv", seen: str | None = None, **more: str):
    seen = seen if seen is not None else seen_of(await look(person, text))
    return await person.post(PLACE, files=file(text, name), data={"do": "add", "seen": seen, **more})


async def bodies(staged) -> dict[tuple[int, str], str]:
    columns = descriptions.c.panel_id, descriptions.c.service_id, descriptions.c.body
    found = await staged.rows(select(*columns).execution_options(scoped=True))
    return {(row.panel_id, row.service_id): row.body for row in found}


async def result(person, answer) -> list[list[str]]:
    number = answer.headers["location"].rpartition("=")[2]
    body = (await person.get(f"{PLACE}/result?number={number}")).content
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


async def lea(staged):
    async with staged.database.write() as connection:
        await staff.add(connection, "lea", "x", "manager", [1], NOON)
    return await staged.signed_in("lea")


async def test_index_has_the_form_and_the_ways_to_a_file(ana):
    page = (await ana.get(PLACE)).text
    assert 'action="/descriptions"' in page
    assert 'method="post" action="/descriptions/file"' in page
    assert page.count('name="format" value="xlsx"') == 1
    assert "No file has been taken in yet." in page


async def test_a_look_changes_nothing_and_counts_each_kind(staged, ana):
    page = (await look(ana, GOOD)).text
    for told in ("New 1", "Removed 1", "Blank, left as it is 1", "Change 2 descriptions"):
        assert told in page
    assert await bodies(staged) == {(1, "171"): "Old"}


async def test_htmx_gets_what_was_found_alone(ana):
    answer = await look(ana, GOOD, **{"HX-Request": "true", "HX-Target": "looked"})
    assert answer.text.strip().startswith('<section id="looked"')


async def test_what_was_looked_at_is_taken(staged, ana):
    answer = await take(ana, GOOD)
    assert answer.status_code == 303
    assert await bodies(staged) == {(1, "170"): "First"}
    page = (await ana.get(answer.headers["location"])).text
    assert "The file was taken in. New: 1 · Removed: 1 · Blank, left as it is: 1" in page
    assert "texts.csv" in page


async def test_the_result_says_what_became_of_each_line(ana):
    answer = await take(ana, GOOD + "eu-1,=1+1,x\n", valid_only="yes")
    assert await result(ana, answer) == [
        ["line", "panel", "service_id", "result"],
        ["2", "eu-1", "170", "added"],
        ["3", "eu-1", "171", "removed"],
        ["4", "eu-1", "172", "blank, left as it was"],
        ["5", "eu-1", "'=1+1", "left out: There is no service =1+1 on eu-1."],
    ]


async def test_the_audit_tells_the_panel_the_file_and_the_counts(staged, ana):
    await take(ana, GOOD)
    [row] = await staged.rows(select(audit.c.action, audit.c.target, audit.c.details, audit.c.panel_id))
    assert (row.action, row.target, row.panel_id) == ("description-import", "eu-1", 1)
    told = json.loads(row.details)
    assert told["file"] == "texts.csv"
    assert told["rows"] == {"new": 1, "removed": 1, "blank": 1}


async def test_every_wrong_line_is_told_with_its_number(ana):
    page = (await look(ana, MIXED)).text
    assert "Line 3: There is no service 999 on eu-1." in page
    assert "Line 4: There is no panel “zz-9”." in page


async def test_nothing_is_taken_while_a_line_is_wrong(staged, ana):
    answer = await take(ana, MIXED)
    assert answer.status_code == 422
    assert "Nothing was changed: correct" in answer.text
    assert await bodies(staged) == {(1, "171"): "Old"}
    assert await staged.rows(select(imports.c.id)) == []


async def test_wrong_lines_are_left_out_where_that_is_chosen(staged, ana):
    await take(ana, MIXED, valid_only="yes")
    assert await bodies(staged) == {(1, "170"): "First", (1, "171"): "Old"}


async def test_a_file_that_changes_nothing_is_not_taken(staged, ana):
    answer = await take(ana, HEAD + "eu-1,171,Old\n")
    assert answer.status_code == 422
    assert "There is nothing in this file to change." in answer.text


@pytest.mark.parametrize("seen", ["", "0" * 64, "1-2-3", "x-y-z-", "9" * 16 + "-0-0", "²-0-0"])
async def test_a_file_that_was_not_looked_at_is_not_taken(staged, ana, seen):
    answer = await take(ana, GOOD, seen=seen)
    assert answer.status_code == 422
    assert "another file" in answer.text
    assert await bodies(staged) == {(1, "171"): "Old"}


async def test_another_file_than_the_one_looked_at_is_not_taken(staged, ana):
    answer = await take(ana, GOOD, seen=seen_of(await look(ana, MIXED)))
    assert answer.status_code == 422
    assert await bodies(staged) == {(1, "171"): "Old"}


async def test_what_somebody_changed_meanwhile_is_told_and_kept(staged, ana):
    seen = seen_of(await look(ana, GOOD))
    staged.clock.time += timedelta(minutes=1)
    await staged.change(descriptions, {"body": "Newer", "updated_at": staged.clock.time}, service_id="171")
    answer = await take(ana, GOOD, seen=seen)
    assert answer.status_code == 409
    assert "since you looked at it, others changed line 3 by max" in answer.text
    assert await bodies(staged) == {(1, "171"): "Newer"}
    assert (await take(ana, GOOD, seen=seen_of(answer))).status_code == 303


async def test_what_was_removed_meanwhile_is_told_too(staged, ana):
    seen = seen_of(await look(ana, GOOD))
    async with staged.database.write() as connection:
        await connection.execute(descriptions.delete())
    answer = await take(ana, GOOD, seen=seen)
    assert answer.status_code == 409
    assert "some of its services have changed" in answer.text


async def test_what_others_change_beside_the_file_does_not_matter(staged, ana):
    seen = seen_of(await look(ana, HEAD + "eu-1,170,First\n"))
    await staged.change(descriptions, {"body": "Newer"}, service_id="171")
    assert (await take(ana, HEAD + "eu-1,170,First\n", seen=seen)).status_code == 303


async def test_a_foreign_panel_is_as_one_that_is_not_there(staged):
    person = await lea(staged)
    page = (await look(person, HEAD + "us-2,170,x\nzz-9,170,x\n")).text
    assert "Line 2: There is no panel “us-2”." in page
    assert "Line 3: There is no panel “zz-9”." in page


async def test_history_is_for_those_who_see_all_of_its_panels(staged, ana):
    person = await lea(staged)
    both = await take(ana, HEAD + "eu-1,170,x\nus-2,170,y\n", "both.csv")
    await take(ana, HEAD + "eu-1,172,x\n", "one.csv")
    page = (await person.get(PLACE)).text
    assert ("one.csv" in page, "both.csv" in page) == (True, False)
    number = both.headers["location"].rpartition("=")[2]
    foreign, none = await person.get(f"{PLACE}/result?number={number}"), await person.get(f"{PLACE}/result?number=987")
    assert (foreign.status_code, none.status_code) == (404, 404)


async def test_a_removed_panel_leaves_its_imports_to_those_who_see_everything(staged, ana):
    person = await lea(staged)
    await take(ana, HEAD + "eu-1,170,x\nus-2,170,y\n", "both.csv")
    async with staged.database.write() as connection:
        await connection.execute(import_panels.delete().where(import_panels.c.panel_id == 2))
    assert "both.csv" not in (await person.get(PLACE)).text
    assert "both.csv" in (await ana.get(PLACE)).text


async def test_history_goes_on_behind_its_first_page(staged, ana):
    kept = {"kind": "descriptions", "by": "ana", "at": NOON, "valid_only": False, "counts": "{}", "panels": 1}
    rows = [{**kept, "file_name": f"file-{n}.csv", "result": b""} for n in range(1, 53)]
    await staged.keep(*rows, table=imports)
    page = (await ana.get(PLACE)).text
    assert ("file-52.csv" in page, "file-2.csv" in page) == (True, False)
    older = page.split('rel="next"')[0].rpartition('href="')[2].split('"')[0]
    assert "file-2.csv" in (await ana.get(older)).text


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30])
async def test_a_result_without_a_number_is_a_sentence(ana, number):
    assert (await ana.get(f"{PLACE}/result?number={number}")).status_code == 422


async def test_a_hostile_file_name_is_text(ana):
    answer = await take(ana, GOOD, "../../<b>x\u202e.csv")
    page = (await ana.get(answer.headers["location"])).text
    assert "<b>x" not in page
    assert "&lt;b&gt;x⟨U+202E⟩.csv" in page


async def test_what_is_not_known_in_the_header_is_told(ana):
    page = (await look(ana, "panel,service_id,description,colour,<i>\neu-1,170,x,red,1\n")).text
    assert "Columns that are not known and not read: colour, &lt;i&gt;" in page


async def test_what_was_saved_as_a_file_is_taken_back_unchanged(staged, ana):
    for kind in ("csv", "xlsx"):
        body = (await ana.post(f"{PLACE}/file", data={"format": kind})).content
        page = (await look(ana, body)).text
        assert "Unchanged 1" in page
        assert "Wrong" not in page


async def test_a_file_too_large_is_told_so_and_one_far_too_large_is_not_read(ana):
    assert "larger than 5 MiB" in (await look(ana, "x" * (5 * 2**20 + 1))).text
    assert (await look(ana, "x" * (11 * 2**20))).status_code == 413


@pytest.mark.parametrize("name", ["ben", "vic"])
async def test_only_who_edits_descriptions_takes_files(staged, name):
    assert (await look(await staged.signed_in(name), GOOD)).status_code == 403


@pytest.mark.parametrize("kinds", range(6))
async def test_no_broken_file_changes_a_row(staged, ana, kinds):
    """One of each kind, pressed on in spite of what is wrong with it."""
    before = await bodies(staged)
    for one in [one for one in broken() if one.name.endswith("-0")][kinds::6]:
        page = await look(ana, one.body)
        seen = seen_of(page) if 'name="seen"' in page.text else ""
        assert (await take(ana, one.body, seen=seen)).status_code == 422, one.name
    assert await bodies(staged) == before
    assert await staged.rows(select(imports.c.id)) == []


async def test_a_field_that_no_page_sends_is_refused(ana):
    assert (await ana.post(PLACE, files=file(GOOD), data={"colour": "1"})).status_code == 400
