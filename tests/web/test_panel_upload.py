"""Settings → Panels → Add many: looked at first, all or nothing, no key in any page."""

import json

import pytest
from sqlalchemy import select

from hyperpanel.db import panels as stored
from hyperpanel.db.schema import audit, panels
from hyperpanel.db.scope import EVERYTHING
from tests.support.staged import VAULT

PLACE = "/settings/panels/add-many"
KEY = "planted-key-4711"
HEAD = "name,url,admin_key,services_key,currency,time_zone,rate,group,private,kind\n"
GOOD = (
    HEAD
    + f"de-9,https://de-9.example,{KEY},,EUR,Europe/Berlin,2,Europe,no,\nfr-1,https://fr-1.example,{KEY},{KEY},,,,,,\n"
)
MIXED = HEAD + f"de-9,https://de-9.example,{KEY},,EUR,,,,,\nfr-1,fr-1.example,,,,,,,,\n"


def file(text: str | bytes):
    return {"file": ("panels.csv", text.encode() if isinstance(text, str) else text, "text/csv")}


async def look(person, text, **headers):
    return await person.post(PLACE, files=file(text), data={"do": "look"}, headers=headers)


async def add(person, text, **more):
    page = (await look(person, text)).text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    return await person.post(PLACE, files=file(text), data={"do": "add", "seen": seen, **more})


async def names(staged) -> set[str]:
    found = await staged.rows(select(panels.c.name).execution_options(scoped=True))
    return {row.name for row in found} - {"eu-1", "us-2", "dark"}


async def test_a_look_adds_nothing_and_shows_every_line_without_its_keys(staged, ana):
    answer = await look(ana, GOOD)
    assert answer.status_code == 200
    assert "https://fr-1.example" in answer.text
    assert "2 lines can be added" in answer.text
    assert KEY not in answer.text
    assert await names(staged) == set()


async def test_htmx_gets_the_lines_alone(ana):
    answer = await look(ana, GOOD, **{"HX-Request": "true", "HX-Target": "looked"})
    assert answer.text.strip().startswith('<section id="looked"')


async def test_what_was_looked_at_is_added(staged, ana):
    answer = await add(ana, GOOD)
    assert "2 panels were added." in answer.text
    assert await names(staged) == {"de-9", "fr-1"}
    [one] = await staged.database.read(lambda connection: stored.named(connection, EVERYTHING, ["de-9"]))
    access = staged.database.read_now(lambda connection: stored.access(connection, VAULT, one.id))
    assert (one.currency, one.rate, one.group_name, access.admin_key) == ("EUR", 2.0, "Europe", KEY)


async def test_each_panel_has_its_line_in_the_audit(staged, ana):
    await add(ana, GOOD)
    told = await staged.rows(select(audit.c.target, audit.c.details))
    assert [(row.target, json.loads(row.details)["keys"]) for row in told] == [
        ("de-9", ["admin_key"]),
        ("fr-1", ["admin_key", "services_key"]),
    ]


async def test_errors_are_told_by_line(ana):
    page = (await look(ana, MIXED)).text
    faults = page.split('class="faults"')[1]
    assert "The address has no scheme. Write it as https://fr-1.example." in faults
    assert "A key is needed here." in faults
    assert "1 line is wrong" in page


async def test_nothing_is_added_while_a_line_is_wrong(staged, ana):
    answer = await add(ana, MIXED)
    assert answer.status_code == 422
    assert "Nothing was added" in answer.text
    assert await names(staged) == set()


async def test_wrong_lines_are_left_out_where_that_is_chosen(staged, ana):
    answer = await add(ana, MIXED, valid_only="yes")
    assert "1 panel was added." in answer.text
    assert "1 line was left out." in answer.text
    assert await names(staged) == {"de-9"}


@pytest.mark.parametrize("seen", ["", "0" * 64])
async def test_a_file_that_was_not_looked_at_is_not_added(staged, ana, seen):
    answer = await ana.post(PLACE, files=file(GOOD), data={"do": "add", "seen": seen})
    assert answer.status_code == 422
    assert "another file" in answer.text
    assert await names(staged) == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "The file is empty."),
        ("name,url\na,b\n", "“admin_key” is missing"),
        (HEAD, "names no panel"),
        ("name,url,admin_key,colour\na,b,c,d\n", "a column “colour”"),
        (b"\xff\xfen\x00a\x00", "is not UTF-8 text"),
        (HEAD + 'a,"b\n', "cannot be read as CSV"),
        (HEAD + "x,https://x.example,k\n" * 1001, "more than 1000 panels"),
        ("x" * (2**20 + 1), "larger than 1 MiB"),
    ],
)
async def test_a_file_that_cannot_be_used_says_why(ana, text, said):
    answer = await look(ana, text)
    assert answer.status_code == 422
    assert said in answer.text


async def test_a_file_far_too_large_is_not_even_read(ana):
    assert (await look(ana, "x" * (5 * 2**20))).status_code == 413


async def test_the_other_pages_take_no_large_bodies(ana):
    assert (await ana.post("/settings/panels/new", data={"name": "x" * 70_000})).status_code == 413


async def test_the_template_is_a_file_that_adds_nothing_by_mistake(ana):
    answer = await ana.get(f"{PLACE}/template")
    assert answer.headers["content-disposition"] == 'attachment; filename="panels.csv"'
    page = (await look(ana, answer.content)).text
    assert "0 lines can be added" in page


@pytest.mark.parametrize("more", [{"colour": "1"}, {"seen": "\x00"}])
async def test_a_field_that_no_page_sends_is_refused(ana, more):
    if "colour" in more:
        assert (await ana.post(PLACE, files=file(GOOD), data=more)).status_code == 400
    else:
        assert (await ana.post(PLACE, files=file(GOOD), data={"do": "add", **more})).status_code == 422


async def test_text_in_the_place_of_the_file_is_refused(ana):
    assert (await ana.post(PLACE, data={"file": "text", "do": "look"})).status_code == 400


@pytest.mark.parametrize("name", ["max", "ben"])
async def test_only_an_administrator_adds_many(staged, name):
    assert (await look(await staged.signed_in(name), GOOD)).status_code == 403


async def test_a_formula_is_text_like_any_other(staged, ana):
    page = (await look(ana, HEAD + "=1+1,https://x.example,k,,,,,,,\n")).text
    assert "A panel&#39;s name has" in page


async def test_a_thousand_panels_are_added_in_one_go(staged, ana):
    lines = "".join(f"p{number},https://p{number}.example,{KEY},,,,,,,\n" for number in range(1000))
    assert "1,000 panels were added." in (await add(ana, HEAD + lines)).text
    assert len(await names(staged)) == 1000
