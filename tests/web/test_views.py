"""Saved views: what is kept of an address, who gets it and what of it, and what its owner does with it."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import insert, select, update

from hyperpanel.db.schema import audit, panels, staff
from hyperpanel.db.schema import views as table
from hyperpanel.db.views import LONGEST_NAME, MOST
from tests.support.staged import NOON, mirrored

HERE = "/views"


def order(id: str, panel: str = "eu-1", **changes) -> dict[str, Any]:
    return mirrored("orders", id, panel, **changes)


async def save(browser, query: str = "status=pending", name: str = "Waiting", list: str = "orders", **more):
    return await browser.post(f"{HERE}/save", data={"list": list, "query": query, "name": name, **more})


def place(answer) -> tuple[str, list[tuple[str, str]]]:
    """Where it leads, without the number of the view."""
    assert answer.status_code == 303, answer.text[:2000]
    parts = urlsplit(answer.headers["location"])
    return parts.path, [pair for pair in parse_qsl(parts.query) if pair[0] != "view"]


def number(answer) -> str:
    return str(dict(parse_qsl(urlsplit(answer.headers["location"]).query))["view"])


def navigation(page: str) -> dict[str, str]:
    """The saved views in it: names and addresses."""
    nav = page[page.index('<nav class="nav-main"') : page.index("</nav>")]
    found = re.findall(r'<ul class="nav-views">(.*?)</ul>', nav, re.DOTALL)
    return {name: href for part in found for href, name in re.findall(r'href="([^"]+)"\s+title="([^"]+)"', part)}


async def counts(browser) -> dict[str, str]:
    page = (await browser.get(f"{HERE}/counts", headers={"hx-request": "true"})).text
    return dict(re.findall(r"data-count-of=\S*?(\d+)\S*?\]\">([^<]*)</span>", page))


async def act(browser, what: str, view: str, **more):
    return await browser.post(f"{HERE}/{what}", data={"view": view, **more})


async def acts(staged) -> list[str]:
    return [row.action for row in await staged.rows(select(audit.c.action).order_by(audit.c.id))]


async def test_index_says_how_to_save_the_first(ana):
    assert "You have saved no view yet" in (await ana.get(HERE)).text


async def test_index_tells_what_each_shows_and_whose_it_is(staged, ben):
    max = await staged.signed_in("max")
    await save(max, "status=pending&panel=eu-1&columns=id,user", shared="1")
    page = (await max.get(HERE)).text
    assert "Status: Pending · Panel: eu-1 · Columns: ID, User" in page
    assert "All staff" in page
    page = (await ben.get(HERE)).text
    assert "by max" in page
    assert "/views/delete" not in page


async def test_what_is_saved_is_the_filters_sort_columns_and_panels_and_not_the_place(staged, ana):
    query = "status=pending&created_from=-24h&sort=created&columns=id,user&panel=eu-1&view=7&at=x&next=//evil.example"
    path, pairs = place(await save(ana, query))
    assert path == "/orders"
    assert sorted(pairs) == [
        ("columns", "id,user"),
        ("created_from", "-24h"),
        ("panel", "eu-1"),
        ("sort", "created"),
        ("status", "pending"),
    ]
    [row] = await staged.rows(select(table.c.query))
    assert dict(parse_qsl(row.query))["panel"] == "1"


async def test_it_stands_in_the_navigation_of_every_page_and_in_the_menu_of_its_list(ana):
    await save(ana, name="Waiting <b>")
    for path in ("/", "/orders", "/help"):
        assert list(navigation((await ana.get(path)).text)) == ["Waiting &lt;b&gt;"] * 1
    assert 'class="views-list"' in (await ana.get("/orders")).text
    assert 'class="views-list"' not in (await ana.get("/users")).text


async def test_what_it_leads_to_says_so(ana):
    href = (await save(ana)).headers["location"]
    page = (await ana.get(href)).text
    assert re.search(r'title="Waiting"\s+aria-current="true"', page)
    assert "Save changes to" not in page
    changed = (await ana.get(f"{href}&user=kadir")).text
    assert "Save changes to Waiting" in changed


async def test_the_number_of_a_view_stays_while_the_list_is_filtered(ana):
    href = (await save(ana)).headers["location"]
    assert re.search(r'type="hidden" name="view" value="\d+"', (await ana.get(href)).text)


async def test_saved_changes_take_the_place_of_what_it_said(ana):
    view = number(await save(ana))
    assert place(await act(ana, "update", view, query="user=kadir")) == ("/orders", [("user", "kadir")])
    assert "user=kadir" in navigation((await ana.get("/")).text)["Waiting"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": " \t "}, "Give the view a name."),
        ({"name": "x" * (LONGEST_NAME + 1)}, f"A name has at most {LONGEST_NAME} characters."),
        ({"name": " WAITING "}, "You have a view of this name on this list already."),
        ({"query": "created_from=yesterday", "name": "Other"}, "Correct the marked filter, then save the view."),
        ({"query": "columns=password", "name": "Other"}, "There is no such column in this list."),
        ({"query": "sort=price", "name": "Other"}, "no such order of rows"),
    ],
)
async def test_what_cannot_be_saved_is_said_and_can_be_mended(staged, ana, given, said):
    await save(ana)
    answer = await save(ana, **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'action="/views/save"' in answer.text
    assert len(await staged.rows(select(table.c.id))) == 1


async def test_another_list_and_another_person_may_have_the_same_name(ana, ben):
    for browser, list in ((ana, "orders"), (ana, "tickets"), (ben, "orders")):
        place(await save(browser, "", list=list))


async def test_one_person_has_no_more_than_fifty(staged, ana):
    person = await staged.person("ana")
    rows = [
        {"staff_id": person.id, "noun": "orders", "name": str(n), "folded": str(n), "query": "", "shared": False}
        | {"created_at": NOON, "updated_at": NOON}
        for n in range(MOST)
    ]
    await staged.keep(*rows, table=table)
    assert f"You have {MOST} saved views." in (await save(ana)).text


async def test_a_private_view_is_nobody_elses(staged, ana):
    view = number(await save(ana, name="Mine alone"))
    max = await staged.signed_in("max")
    assert "Mine alone" not in (await max.get("/orders")).text
    assert "Mine alone" not in (await max.get(HERE)).text
    assert await counts(max) == {}
    for what, more in (("update", {"query": ""}), ("rename", {"name": "x"}), ("delete", {}), ("unshare", {})):
        there, missing = await act(max, what, view, **more), await act(max, what, "999", **more)
        assert (there.status_code, missing.status_code) == (404, 404), what
    assert (await act(max, "restore", view)).status_code == 404


async def test_only_those_who_may_share_do(staged, ben):
    assert "Share with all staff" not in (await ben.get("/orders")).text
    assert (await save(ben, shared="1")).status_code == 403
    view = number(await save(ben))
    assert (await act(ben, "share", view)).status_code == 403
    assert not (await staged.rows(select(table.c.shared)))[0].shared


async def test_who_may_share_no_more_rewrites_nothing_that_all_have(staged):
    max = await staged.signed_in("max")
    view = number(await save(max, shared="1"))
    await staged.change(staff, {"role": "viewer"}, username="max")
    for what, more in (("rename", {"name": "x"}), ("update", {"query": ""})):
        assert (await act(max, what, view, **more)).status_code == 403, what
    assert (await act(max, "delete", view)).status_code == 303
    assert (await act(max, "restore", view)).status_code == 403


async def test_a_shared_view_names_no_panel_that_is_not_allowed(staged, ana, ben):
    await save(ana, "panel=eu-1&panel=us-2", name="Both", shared="1")
    await save(ana, "panel=us-2", name="Theirs", shared="1")
    page = (await ben.get("/orders")).text
    assert list(navigation(page)) == ["Both"]
    assert "us-2" not in page
    assert "us-2" not in (await ben.get(HERE)).text
    assert (await ben.get(navigation(page)["Both"].replace("&amp;", "&"))).status_code == 200


async def test_a_view_of_a_group_is_for_those_who_see_some_of_it(staged, ana, ben):
    await staged.change(panels, {"group_name": "Oceania"}, name="us-2")
    await save(ana, "group=Oceania", shared="1")
    assert navigation((await ana.get("/")).text)
    assert not navigation((await ben.get("/")).text)


async def test_what_a_role_may_not_see_is_not_in_it(ana, ben):
    await save(ana, "provider=provider-a.example", name="By provider", shared="1")
    await save(ana, "columns=id,provider", name="Narrow", shared="1")
    found = navigation((await ben.get("/")).text)
    assert list(found) == ["Narrow"]
    assert "provider" not in found["Narrow"]
    assert (await save(ben, "provider=x", name="Other")).status_code == 403


async def test_a_panel_that_is_renamed_stays_in_it(staged, ana):
    await save(ana, "panel=eu-1")
    await staged.change(panels, {"name": "north", "folded": "north"}, name="eu-1")
    assert "panel=north" in navigation((await ana.get("/")).text)["Waiting"]


async def test_a_panel_of_nobody_is_missing(ben):
    assert [(await save(ben, f"panel={name}")).status_code for name in ("us-2", "zz-9")] == [404, 404]


async def test_rows_are_counted_for_who_asks(staged, ana, ben):
    await staged.keep(
        order("1", status="pending"), order("2", "us-2", status="pending"), order("3", status="completed")
    )
    view = number(await save(ana, shared="1"))
    assert await counts(ana) == {view: "2"}
    assert await counts(ben) == {view: "1"}


async def test_what_is_relative_is_counted_as_of_now(staged, ana):
    await staged.keep(order("1", created_at=NOON))
    view = number(await save(ana, "created_from=-5m"))
    assert await counts(ana) == {view: "1"}
    staged.clock.time = NOON.replace(minute=6)
    assert await counts(ana) == {view: "0"}


async def test_a_count_of_the_same_news_is_not_made_again_at_once(staged, ana):
    view = number(await save(ana, ""))
    assert await counts(ana) == {view: "0"}
    await staged.keep(order("1"))
    assert await counts(ana) == {view: "0"}
    staged.clock.time = NOON.replace(minute=1)
    assert await counts(ana) == {view: "1"}


async def test_it_is_renamed_shared_and_made_private(ana, ben):
    view = number(await save(ana))
    await act(ana, "rename", view, name="  Still   waiting ")
    await act(ana, "share", view)
    assert list(navigation((await ben.get("/")).text)) == ["Still waiting"]
    await act(ana, "unshare", view)
    assert not navigation((await ben.get("/")).text)


async def test_a_name_that_is_taken_is_said_beside_it(ana):
    await save(ana, name="First")
    view = number(await save(ana, name="Second"))
    answer = await act(ana, "rename", view, name="FIRST")
    assert answer.status_code == 422
    assert re.search(r'value="FIRST".*You have a view of this name', answer.text, re.DOTALL)


async def test_one_that_was_deleted_comes_back_as_it_was(ana):
    made = await save(ana)
    gone = await act(ana, "delete", number(made))
    page = (await ana.get(gone.headers["location"])).text
    assert "Deleted: Waiting" in page
    assert not navigation(page)
    await act(ana, "restore", number(made))
    assert navigation((await ana.get("/")).text)["Waiting"].replace("&amp;", "&") == made.headers["location"]


async def test_the_name_of_one_that_was_deleted_is_free(staged, ana):
    gone = number(await save(ana))
    await act(ana, "delete", gone)
    place(await save(ana))
    assert (await act(ana, "restore", gone)).status_code == 404


async def test_each_act_is_in_the_audit(staged, ana):
    view = number(await save(ana))
    for what, more in (
        ("update", {"query": ""}),
        ("rename", {"name": "Other"}),
        ("share", {}),
        ("unshare", {}),
        ("delete", {}),
        ("restore", {}),
    ):
        assert (await act(ana, what, view, **more)).status_code == 303
    done = ("save", "update", "rename", "share", "unshare", "delete", "restore")
    assert [found for found in await acts(staged) if found.startswith("view-")] == [f"view-{what}" for what in done]


@pytest.mark.parametrize("view", ["x", "١", "9" * 30, "-1"])
async def test_a_number_of_none_is_missing(ana, view):
    assert (await act(ana, "delete", view)).status_code == 404
    assert (await ana.get(f"/orders?view={view}")).status_code == 200
    assert (await ana.get(f"{HERE}?done=deleted&was={view}")).status_code == 200


async def test_a_form_that_names_none_is_said(ana):
    for what in ("update", "rename", "share", "unshare", "delete", "restore"):
        assert (await ana.post(f"{HERE}/{what}", data={})).status_code == 422
    assert (await ana.post(f"{HERE}/save", data={})).status_code == 422
    assert (await save(ana, list="wallets")).status_code == 404


async def test_a_view_that_no_longer_fits_its_list_breaks_no_page(staged, ana):
    person = await staged.person("ana")
    values = {"staff_id": person.id, "shared": False, "created_at": NOON, "updated_at": NOON}
    odd = {"orders": "created_from=soon&sort=price&columns=gone&other=1", "wallets": "x=1"}
    async with staged.database.write() as connection:
        for noun, query in odd.items():
            await connection.execute(insert(table).values(noun=noun, name=noun, folded=noun, query=query, **values))
        await connection.execute(update(staff).where(staff.c.id == person.id).values(time_zone="Europe/Berlin"))
    for path in ("/", "/orders", HERE, f"{HERE}/counts"):
        assert (await ana.get(path)).status_code == 200, path
    assert "wallets" not in (await ana.get("/")).text


async def test_a_moment_that_was_typed_is_the_same_for_everybody(staged, ana, ben):
    await staged.change(staff, {"time_zone": "Europe/Istanbul"}, username="ana")
    made = await save(ana, "created_from=2026-03-01+00%3A00&created_to=-1h", shared="1")
    asked = [("created_from", "2026-02-28T21:00:00Z"), ("created_to", "-1h")]
    assert place(made)[1] == asked
    assert (
        parse_qsl(urlsplit(navigation((await ben.get(HERE)).text)["Waiting"]).query.replace("&amp;", "&"))[:2] == asked
    )


async def test_ones_own_view_stays_where_nothing_of_it_is_left(staged, ana):
    await staged.change(panels, {"group_name": "Europe"}, name="eu-1")
    made = number(await save(ana, "group=Europe"))
    await staged.change(panels, {"group_name": "EU"}, name="eu-1")
    page = (await ana.get(HERE)).text
    assert "Nothing that it is about is there for you now." in page
    assert navigation(page) == {}
    assert (await act(ana, "delete", made)).status_code == 303


async def test_who_was_disabled_shares_nothing(staged, ana, ben):
    await save(ana, shared="1")
    assert "Waiting" in (await ben.get(HERE)).text
    await staged.change(staff, {"disabled_at": NOON}, username="ana")
    assert "Waiting" not in (await ben.get(HERE)).text


async def test_restore_says_when_there_is_no_room(staged, ana):
    gone = number(await save(ana))
    await act(ana, "delete", gone)
    for n in range(MOST):
        await save(ana, name=f"v{n}")
    answer = await act(ana, "restore", gone)
    page = (await ana.get(answer.headers["location"])).text
    assert "There are too many saved views for it to come back." in page
    assert "Deleted: Waiting" in page
