"""Personal notes in the console: written alone or beside a row, found, changed without losing anything, deleted and brought back."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db import notes
from hyperpanel.db.schema import audit, services, staff_panels, tickets, users
from hyperpanel.db.schema import notes as table
from hyperpanel.db.schema import staff as people
from tests.support.staged import mirrored, order

HERE = "/personal"
ROW = {"panel": "eu-1", "noun": "orders", "id": "1000"}
BESIDE = f"{HERE}/about?panel=eu-1&noun=orders&id=1000"
PART = {"HX-Request": "true", "HX-Target": "notes"}
ROWS = {"users": users, "tickets": tickets, "services": services}


async def write(browser, body="call **her** back", **more):
    return await browser.post(HERE, data={"body": body, **more})


async def only(staged):
    [found] = await staged.rows(select(table))
    return found


def written(page: str) -> list[str]:
    """The texts of the notes in their order."""
    return re.findall(r'<div class="body"[^>]*><p>(.*?)</p>', page, re.DOTALL)


def seen(page: str) -> str:
    [found] = re.findall(r'name="seen" value="(\d+)"', page)
    return str(found)


async def test_index_says_how_to_begin(ana):
    page = (await ana.get(HERE)).text
    assert "You have no notes yet." in page
    assert 'name="body"' in page


async def test_index_shows_what_was_written_as_markdown(ana):
    answer = await write(ana)
    assert answer.headers["location"] == f"{HERE}?done=added"
    page = (await ana.get(answer.headers["location"])).text
    assert "The note was added." in page
    assert written(page) == ["call <strong>her</strong> back"]


async def test_index_has_what_changed_last_at_the_top(staged, ana):
    for word in ("one", "two", "three"):
        await write(ana, word)
        staged.clock.time += timedelta(minutes=1)
    assert written((await ana.get(HERE)).text) == ["three", "two", "one"]


async def test_index_finds_every_word_however_it_is_spelled(ana):
    await write(ana, "İade: sipariş ۱۲۳ geç kaldı")
    await write(ana, "nothing of the kind")
    for words in ("iade", "SİPARİS 123", "GEC iade"):
        assert len(written((await ana.get(HERE, params={"q": words})).text)) == 1
    assert "None of your notes is like that." in (await ana.get(HERE, params={"q": "iade kind"})).text


async def test_index_shows_those_about_one_kind_of_row(staged, ana):
    await staged.keep(order())
    await write(ana, "by itself")
    await write(ana, "of an order", **ROW)
    assert written((await ana.get(f"{HERE}?about=orders")).text) == ["of an order"]
    assert written((await ana.get(f"{HERE}?about=alone")).text) == ["by itself"]
    assert written((await ana.get(f"{HERE}?about=users")).text) == []


async def test_index_goes_on_where_a_page_ends(staged, ana, monkeypatch):
    monkeypatch.setattr(notes, "PAGE", 2)
    monkeypatch.setattr("hyperpanel.web.personal.PAGE", 2)
    for word in ("one", "two", "three", "four", "five"):
        await write(ana, f"{word} of all")
    page, found = (await ana.get(f"{HERE}?q=all")).text, []
    while older := re.search(r'href="([^"]+)"\s+rel="next"', page):
        found += written(page)
        page = (await ana.get(older[1].replace("&amp;", "&"))).text
    assert [*found, *written(page)] == [f"{word} of all" for word in ("five", "four", "three", "two", "one")]


@pytest.mark.parametrize("query", ["about=payments", "after=x", "after=1", "after=99999999999999999999-1", "deleted=x"])
async def test_index_takes_no_address_that_no_page_leads_to(ana, query):
    assert (await ana.get(f"{HERE}?{query}")).status_code in (404, 422)


@pytest.mark.parametrize("noun", ROWS)
async def test_about_knows_the_row_by_its_name(staged, ana, noun):
    names = {"users": {"username": "kadir"}, "tickets": {"subject": "Refill"}, "services": {"name": "Followers"}}
    await staged.keep(mirrored(noun, "7", **names[noun]), table=ROWS[noun])
    await write(ana, "x", panel="eu-1", noun=noun, id="7")
    page = (await ana.get(HERE)).text
    assert f'href="/{noun}/eu-1/7"' in page
    assert next(iter(names[noun].values())) in page


async def test_about_has_the_notes_of_one_row_alone(staged, ana):
    await staged.keep(order(), order("1001"))
    await write(ana, "of this one", **ROW)
    await write(ana, "of another", **{**ROW, "id": "1001"})
    assert written((await ana.get(BESIDE)).text) == ["of this one"]


async def test_about_answers_htmx_with_its_part_alone(staged, ana):
    await staged.keep(order())
    answer = await ana.post(HERE, data={"body": "beside it", **ROW}, headers=PART)
    assert (answer.status_code, answer.text.strip()[:8]) == (200, "<section")
    assert written(answer.text) == ["beside it"]
    gone = await ana.post(f"{HERE}/delete", data={"note": "1", "from": "row"}, headers=PART)
    assert "The note was deleted." in gone.text
    assert written(gone.text) == []
    back = await ana.post(f"{HERE}/restore", data={"note": "1", "from": "row"}, headers=PART)
    assert written(back.text) == ["beside it"]


async def test_about_leads_on_without_a_script(staged, ana):
    await staged.keep(order())
    answer = await write(ana, "beside it", **ROW)
    page = (await ana.get(answer.headers["location"])).text
    assert "The note was added." in page
    assert 'href="/orders/eu-1/1000"' in page


@pytest.mark.parametrize("change", [{"id": "404"}, {"panel": "us-2"}, {"panel": "zz-9"}])
async def test_about_a_row_that_is_not_here_is_missing(staged, ben, change):
    await staged.keep(order(), order(panel="us-2"))
    row = {**ROW, **change}
    assert (await ben.get(f"{HERE}/about", params=row)).status_code == 404
    assert (await write(ben, "x", **row)).status_code == 404
    assert await staged.rows(select(table)) == []


@pytest.mark.parametrize("path", ["/orders", "/users", "/tickets", "/services"])
async def test_the_page_of_a_row_asks_for_its_notes_later(staged, ana, path):
    noun = path.strip("/")
    kept = order("7") if noun == "orders" else mirrored(noun, "7")
    await staged.keep(kept, **({} if noun == "orders" else {"table": ROWS[noun]}))
    page = (await ana.get(f"{path}/eu-1/7")).text
    [href] = re.findall(r'hx-get="(/personal/about[^"]+)"', page)
    assert href == f"/personal/about?panel=eu-1&amp;noun={noun}&amp;id=7"
    assert (await ana.part(href.replace("&amp;", "&"), "notes")).status_code == 200


@pytest.mark.parametrize(
    ("body", "told"), [("", "Write something first."), (" \n ", "Write something"), ("ü" * 10_001, "10,001")]
)
async def test_what_is_wrong_comes_back_as_it_was_typed(staged, ana, body, told):
    await staged.keep(order())
    await write(ana, "first")
    for path, more in ((HERE, {}), (HERE, ROW), (f"{HERE}/edit", {"note": "1", "seen": "1"})):
        answer = await ana.post(path, data={"body": body, **more})
        assert answer.status_code == 422
        assert told in answer.text
        assert f">\n{body}</textarea>" in answer.text
    assert len(await staged.rows(select(table))) == 1


async def test_ten_thousand_letters_of_any_script_are_kept(staged, ana):
    body = "ش" * 10_000
    assert (await ana.post(HERE, files={"body": (None, body)})).status_code == 303
    assert (await only(staged)).body == body


async def test_line_ends_are_kept_alike(staged, ana):
    await write(ana, "one\r\ntwo\r\n")
    assert (await only(staged)).body == "one\ntwo"


async def test_edit_changes_it(staged, ana):
    await write(ana)
    page = (await ana.get(f"{HERE}/edit?note=1")).text
    assert "call **her** back</textarea>" in page
    staged.clock.time += timedelta(minutes=1)
    answer = await ana.post(f"{HERE}/edit", data={"note": "1", "seen": seen(page), "body": "done"})
    assert answer.headers["location"] == f"{HERE}?done=saved"
    assert (await only(staged)).body == "done"


async def test_edit_leads_back_to_the_row_where_it_began(staged, ana):
    await staged.keep(order())
    await write(ana, "x", **ROW)
    page = (await ana.get(f"{HERE}/edit?note=1&from=row")).text
    given = {"note": "1", "seen": seen(page), "body": "y", "from": "row"}
    assert (await ana.post(f"{HERE}/edit", data=given)).headers["location"] == "/orders/eu-1/1000"


async def test_edit_in_two_tabs_tells_the_second_and_loses_nothing(staged, ana):
    await write(ana)
    stamp = seen((await ana.get(f"{HERE}/edit?note=1")).text)
    await ana.post(f"{HERE}/edit", data={"note": "1", "seen": stamp, "body": "from the first tab"})
    second = {"note": "1", "seen": stamp, "body": "from the second tab"}
    answer = await ana.post(f"{HERE}/edit", data=second)
    assert answer.status_code == 409
    assert "changed elsewhere after you opened it" in answer.text
    assert "from the first tab</pre>" in answer.text
    assert "from the second tab</textarea>" in answer.text
    assert (await only(staged)).body == "from the first tab"
    await ana.post(f"{HERE}/edit", data={**second, "seen": seen(answer.text)})
    assert (await only(staged)).body == "from the second tab"


async def test_edit_of_one_that_was_deleted_meanwhile_brings_it_back_if_that_is_wanted(staged, ana):
    await write(ana)
    stamp = seen((await ana.get(f"{HERE}/edit?note=1")).text)
    staged.clock.time += timedelta(seconds=1)
    await ana.post(f"{HERE}/delete", data={"note": "1"})
    given = {"note": "1", "seen": stamp, "body": "still wanted"}
    answer = await ana.post(f"{HERE}/edit", data=given)
    assert answer.status_code == 409
    assert "Saving brings it back." in answer.text
    await ana.post(f"{HERE}/edit", data={**given, "seen": seen(answer.text)})
    assert written((await ana.get(HERE)).text) == ["still wanted"]


async def test_a_deleted_note_can_be_brought_back_without_a_script(ana):
    await write(ana)
    answer = await ana.post(f"{HERE}/delete", data={"note": "1"})
    page = (await ana.get(answer.headers["location"])).text
    assert written(page) == []
    assert "/personal/restore" in page
    assert (await ana.get(f"{HERE}/edit?note=1")).status_code == 404
    await ana.post(f"{HERE}/restore", data={"note": "1"})
    assert written((await ana.get(HERE)).text) == ["call <strong>her</strong> back"]
    assert "/personal/restore" not in (await ana.get(answer.headers["location"])).text


async def see_nothing(staged):
    await staged.change(people, {"all_panels": False}, username="ana")
    await staged.keep({"staff_id": (await staged.person("ana")).id, "panel_id": 2}, table=staff_panels)


async def let_the_order_go(staged):
    await staged.change(table, {"record_id": "gone"}, id=1)


async def detach_the_panel(staged):
    await staged.change(table, {"panel_id": None}, id=1)


@pytest.mark.parametrize("happens", [see_nothing, let_the_order_go, detach_the_panel])
async def test_a_note_outlives_the_sight_of_its_row(staged, ana, happens):
    await staged.keep(order())
    await write(ana, "kept", **ROW)
    await happens(staged)
    page = (await ana.get(HERE)).text
    assert written(page) == ["kept"]
    assert "About an order that is not here for you" in page
    assert "1000" not in page.partition("<main")[2]
    answer = await ana.post(f"{HERE}/delete", data={"note": "1", "from": "row"})
    assert answer.headers["location"] == f"{HERE}?deleted=1"


async def test_the_audit_holds_that_it_was_done_and_nothing_else(staged, ana):
    await staged.keep(order())
    await write(ana, "a secret", **ROW)
    stamp = seen((await ana.get(f"{HERE}/edit?note=1")).text)
    await ana.post(f"{HERE}/edit", data={"note": "1", "seen": stamp, "body": "another secret"})
    await ana.post(f"{HERE}/delete", data={"note": "1"})
    await ana.post(f"{HERE}/restore", data={"note": "1"})
    rows = await staged.rows(select(audit).where(audit.c.action.like("note-%")).order_by(audit.c.id))
    assert [row.action for row in rows] == ["note-add", "note-edit", "note-delete", "note-restore"]
    assert {(row.actor, row.target, row.panel_id, row.details) for row in rows} == {("ana", "", None, "{}")}


async def test_what_changes_nothing_is_not_in_the_audit(staged, ana):
    await write(ana)
    for _ in range(2):
        await ana.post(f"{HERE}/delete", data={"note": "1"})
    rows = await staged.rows(select(audit.c.action).where(audit.c.action == "note-delete"))
    assert len(rows) == 1
