"""The choice of columns: in the address, kept by all that leads on from a page, and never more than the person may see."""

import re
from typing import Any

import pytest

from hyperpanel.db import schema
from tests.support.staged import mirrored

LISTS = {"orders": "service", "tickets": "subject", "users": "email", "payments": "memo", "services": "category"}
"""A column of each that is left out."""


def order(id: str, panel: str = "eu-1", **changes) -> dict[str, Any]:
    return mirrored("orders", id, panel, **changes)


def heads(page: str) -> list[str]:
    return [name for name in re.findall(r'<th class="c-(\w+)[^>]*scope="col"', page) if name not in ("select", "menu")]


def cells(page: str) -> list[str]:
    """Of the first row."""
    row = page[page.index("<tbody>") : page.index("</tr>", page.index("<tbody>"))]
    return [name for name in re.findall(r'<t[dh] class="c-(\w+)', row) if name not in ("select", "menu")]


@pytest.mark.parametrize("noun", LISTS)
async def test_rows_have_the_columns_of_their_head(staged, ana, noun):
    await staged.keep(mirrored(noun, "1000", "eu-1"), table=getattr(schema, noun))
    whole = (await ana.get(f"/{noun}")).text
    assert cells(whole) == heads(whole)
    assert LISTS[noun] in heads(whole)
    few = (await ana.get(f"/{noun}?columns=panel,{LISTS[noun]}")).text
    assert heads(few) == cells(few)
    assert sorted(heads(few)) == sorted(["id", "panel", LISTS[noun]])


async def test_two_people_with_other_columns_do_not_get_each_others_rows(staged, ana):
    await staged.keep(order("1", provider="provider-a.example", user="kadir"))
    ben = await staged.signed_in("ben")
    assert "provider-a.example" in (await ana.get("/orders?panel=eu-1")).text
    assert "provider-a.example" not in (await ben.get("/orders")).text
    assert ">kadir<" not in (await ana.get("/orders?columns=charge")).text


async def test_each_may_be_named_by_itself_as_a_form_does(staged, ana):
    await staged.keep(order("1"))
    page = (await ana.get("/orders?columns=id&columns=user&columns=charge")).text
    assert heads(page) == ["id", "user", "charge"]


async def test_all_that_leads_on_keeps_them(staged, ana):
    await staged.keep(*(order(str(n)) for n in range(1000, 1101)))
    page = (await ana.get("/orders?columns=user,created")).text
    assert 'name="columns" value="user,created"' in page[page.index('id="filters"') :]
    for mark in ('rel="next"', 'class="sort"', 'id="rows"'):
        around = page[page.index(mark) - 400 : page.index(mark) + 400]
        assert "columns=user%2Ccreated" in around, mark


async def test_an_unknown_one_is_refused(ana):
    assert (await ana.get("/orders?columns=id,password")).status_code == 422


async def test_one_that_is_not_for_this_person_is_left_out_as_if_it_were_not_there(staged, ana, ben):
    await staged.keep(order("1", provider="provider-a.example"))
    page = (await ben.get("/orders?columns=user,provider")).text
    assert heads(page) == ["id", "user"]
    assert 'value="provider"' not in page[page.index('class="pop columns-pop"') :]
    assert heads((await ana.get("/orders?columns=user,provider")).text) == ["id", "user", "provider"]


async def test_the_menu_has_those_in_view_marked_and_the_id_stays(staged, ana):
    page = (await ana.get("/orders?columns=user")).text
    menu = page[page.index('class="pop columns-pop"') :]
    menu = menu[: menu.index("</details>")]
    assert re.findall(r'value="(\w+)"\s+checked', menu) == ["user"]
    assert '<input type="checkbox" checked disabled>' in menu
    assert 'href="/orders">Show all' in menu


async def test_the_panel_column_is_kept_while_one_panel_alone_is_in_view(ana):
    page = (await ana.get("/orders?panel=eu-1&columns=panel,user")).text
    assert '<input type="hidden" name="columns" value="panel">' in page
