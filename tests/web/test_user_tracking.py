"""User tracking as a page: one currency at a time, figures that open, and never a row of a panel that is not one's own."""

from datetime import timedelta
from html import unescape
from re import findall
from typing import Any

import pytest

from hyperpanel.db.schema import orders, payments, profiles, user_renames, users
from hyperpanel.support.profiles import Users, written
from tests.support.staged import NOON, mirrored, order

HERE = "/tracking/users"
USD = 10**8


def ago(hours: float) -> dict[str, Any]:
    return {"created_at": NOON - timedelta(hours=hours)}


@pytest.fixture
async def shop(staged):
    """Kadir of eu-1 orders most; zoe of us-2 too, in euros as well."""
    await staged.keep(
        mirrored("users", "7", username="kadir", spent=900 * USD, **ago(3)),
        mirrored("users", "2000", "us-2", username="zoe", email="zoe@mail.example", **ago(500)),
        table=users,
    )
    await staged.keep(
        order("1", user="kadir", charge=5 * USD, service_id="170", **ago(1)),
        order("2", user="kadir", charge=4 * USD, status="canceled", service_id="171", **ago(2)),
        order("3", user="kadir", charge=2 * USD, status="partial", quantity=100, remains=25, **ago(3)),
        order("4", user="kadir", charge=50 * USD, **ago(30)),
        order("5", "us-2", user="zoe", charge=3 * USD, **ago(2)),
        order("6", "us-2", user="zoe", charge=7 * USD, charge_currency="EUR", **ago(2)),
    )
    await staged.keep(
        mirrored("payments", "1", user="kadir", amount=20 * USD, **ago(1)),
        mirrored("payments", "2", user="kadir", amount=11 * USD, mode="manual", **ago(1)),
        mirrored("payments", "3", user="kadir", amount=13 * USD, status="waiting", **ago(1)),
        table=payments,
    )
    return staged


async def rows(browser, path: str) -> list[list[str]]:
    """The text of the table's cells."""
    page = (await browser.get(path)).text
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    found = []
    for row in findall(r"<tr.*?</tr>", body.replace("\n", " ")):
        cells = findall(r"<t[hd].*?</t[hd]>", row)
        found.append([" ".join(unescape(" ".join(findall(r">([^<]+)", cell))).split()) for cell in cells])
    return found


async def test_index_lists_the_largest_spending_first(shop):
    ana = await shop.signed_in("ana")
    kadir, zoe = await rows(ana, HERE)
    assert kadir[:3] == ["7", "eu-1", "kadir New"]
    assert kadir[5:9] == ["By hand 1 · 20.00 USD", "3 · 11.00 USD", "6.50 USD", "900.00 USD"]
    assert zoe[2:4] == ["zoe", "zoe@mail.example"]
    assert (zoe[5], zoe[6]) == ("", "1 · 3.00 USD")


async def test_index_adds_no_currencies_up(shop):
    ana = await shop.signed_in("ana")
    page = (await ana.get(HERE)).text
    assert findall(r'href="([^"]+)"[^>]*><bdi dir="ltr">(\w+)</bdi> <span class="tally">(\d+)', page) == [
        (f"{HERE}?currency=USD", "USD", "4"),
        (f"{HERE}?currency=EUR", "EUR", "1"),
    ]
    assert [row[6] for row in await rows(ana, f"{HERE}?currency=EUR")] == ["1 · 7.00 EUR"]


async def test_index_tells_what_all_come_to_and_how_many_panels_are_on_time(shop):
    ana = await shop.signed_in("ana")
    page = " ".join((await ana.get(HERE)).text.split())
    assert "14.00 USD" in page
    assert "2 of 3 panels on time" in page


async def test_index_shows_a_person_their_own_panels_alone(shop):
    ben = await shop.signed_in("ben")
    assert [row[1] for row in await rows(ben, HERE)] == ["kadir New"]
    assert "zoe" not in (await ben.get(f"{HERE}?currency=EUR")).text
    assert "No panel is open to you yet" in (await (await shop.signed_in("nia")).get(HERE)).text


async def test_index_looks_at_the_window_that_is_asked_for(shop):
    ana = await shop.signed_in("ana")
    assert [row[6] for row in await rows(ana, f"{HERE}?hours=96")] == ["4 · 61.00 USD", "1 · 3.00 USD"]
    assert [row[6] for row in await rows(ana, f"{HERE}?from=2026-03-01 09:00&to=2026-03-01 10:00")] == ["1 · 2.00 USD"]
    assert (await ana.get(f"{HERE}?hours=never")).status_code == 422


async def test_index_follows_a_profile_without_what_it_cannot_say(shop):
    kept = {"kind": "users", "created_at": NOON, "created_by": "ana"}
    picked = Users(picked=((1, "7"), (2, "2000")), min_spend=4 * USD, hours=96)
    await shop.keep(
        {"id": "p", "name": "Whales", "folded": "whales", "settings": written(picked), **kept}, table=profiles
    )
    ana, ben = await shop.signed_in("ana"), await shop.signed_in("ben")
    assert [row[2] for row in await rows(ana, f"{HERE}?profile=p")] == ["kadir New"]
    euros = await ana.get(f"{HERE}?profile=p&currency=EUR")
    assert "says nothing about amounts in EUR" in euros.text
    assert [row[1] for row in await rows(ben, f"{HERE}?profile=p")] == ["kadir New"]
    assert (await ana.get(f"{HERE}?profile=other")).status_code == 404


async def test_index_says_why_there_is_nobody(staged, ana):
    assert "Nobody ordered or paid in this window." in (await ana.get(HERE)).text
    await staged.keep(order("1", **ago(1)))
    assert "There is nothing further on." in (await ana.get(f"{HERE}?page=9")).text


async def test_index_marks_a_name_that_nobody_is_known_by(staged, ana):
    await staged.keep(order("1", user="<b>ghost</b>", **ago(1)))
    page = (await ana.get(HERE)).text
    assert "&lt;b&gt;ghost&lt;/b&gt;" in page
    assert ">unknown<" in page.replace("\n", "").replace("  ", "")


async def test_show_opens_the_figures_to_their_terms(shop):
    ana = await shop.signed_in("ana")
    part = await ana.part(f"{HERE}/eu-1/7", "drawer")
    text = " ".join(unescape(" ".join(findall(r">([^<]+)", part.text))).split())
    assert "Spend: the charges of all orders 3 11.00 USD − Canceled orders 1 4.00 USD" in text
    assert "− Undelivered parts of partial orders 1 0.50 USD = Net 6.50 USD" in text
    assert "3 Partial 0.50 USD 2.00 USD × 25 ÷ 100" in text
    assert "/orders/eu-1/2" in part.text
    assert "/payments/eu-1/2" in part.text
    assert part.text.strip().startswith("<aside")


async def test_show_leads_to_the_orders_that_it_adds_up(shop):
    ana = await shop.signed_in("ana")
    page = unescape((await ana.get(f"{HERE}/eu-1/7")).text)
    [there] = findall(r'href="(/orders\?[^"]+)"', page)
    listed = (await ana.get(there)).text
    assert findall(r'<tr id="o-eu-1-(\d+)"', listed) == ["1", "2", "3"]


async def test_show_counts_what_was_ordered_under_an_earlier_name(shop):
    span = {"not_before": NOON - timedelta(hours=2.5), "not_after": NOON - timedelta(hours=2.4)}
    told = {"panel_id": 1, "user_id": "7", "number": 1, "was": "old", "now": "kadir"}
    await shop.keep({**told, **span}, table=user_renames)
    await shop.change(orders, {"user": "old"}, id="3")
    ana = await shop.signed_in("ana")
    assert (await rows(ana, HERE))[0][6] == "3 · 11.00 USD"
    page = (await ana.get(f"{HERE}/eu-1/7")).text
    assert "Orders as old" in page
    assert "Orders as kadir" in page


async def test_show_says_the_same_as_the_row_through_a_profile(shop):
    kept = {"kind": "users", "created_at": NOON, "created_by": "ana"}
    await shop.keep(
        {"id": "p", "name": "3 days", "folded": "3 days", "settings": written(Users(hours=72)), **kept}, table=profiles
    )
    ana = await shop.signed_in("ana")
    page = unescape((await ana.get(f"{HERE}?profile=p")).text)
    [href] = findall(rf'"({HERE}/eu-1/7[^"]*)"', page)
    assert (await rows(ana, f"{HERE}?profile=p"))[0][6] == "4 · 61.00 USD"
    assert "61.00\u00a0USD" in unescape((await ana.get(href)).text)


async def test_a_payment_is_theirs_whose_number_it_tells(staged, ana):
    await staged.keep(
        mirrored("users", "9", username="bob", **ago(500)),
        mirrored("users", "7", username="robert", **ago(900)),
        table=users,
    )
    await staged.keep(order("1", user="bob", charge=5 * USD, **ago(1)))
    await staged.keep(
        mirrored("payments", "1", user="bob", user_id="7", amount=20 * USD, **ago(1)),
        mirrored("payments", "2", user="bob", user_id="404", amount=30 * USD, **ago(1)),
        mirrored("payments", "3", user="bob", user_id=None, amount=40 * USD, **ago(1)),
        mirrored("payments", "4", user="ann", user_id="405", amount=50 * USD, **ago(1)),
        table=payments,
    )
    found = {(row[0], row[2]): row[5] for row in await rows(ana, HERE)}
    assert found == {
        ("9", "bob"): "1 · 40.00 USD",
        ("7", "robert"): "1 · 20.00 USD",
        ("404", ""): "1 · 30.00 USD",
        ("unknown", "ann"): "1 · 50.00 USD",
    }
    page, show = unescape((await ana.get(HERE)).text), unescape((await ana.get(f"{HERE}/eu-1/7")).text)
    assert f"{HERE}/eu-1/404" not in page
    assert ["user=bob" in href for href in findall(r'"(/(?:orders|payments)\?[^"]+)"', show)] == [True, False, False]


async def test_a_refunded_order_is_taken_off(staged, ana):
    await staged.keep(mirrored("users", "7", username="kadir", **ago(3)), table=users)
    await staged.keep(order("1", user="kadir", charge=4 * USD, status="refunded", **ago(2)))
    assert (await rows(ana, HERE))[0][6:8] == ["1 · 4.00 USD", "0.00 USD"]
    text = " ".join(unescape(" ".join(findall(r">([^<]+)", (await ana.get(f"{HERE}/eu-1/7")).text))).split())
    assert "− Refunded orders 1 4.00 USD" in text


async def test_show_finds_no_customer_of_another_panel(shop):
    ben = await shop.signed_in("ben")
    assert (await ben.get(f"{HERE}/us-2/2000")).status_code == 404
    assert (await ben.get(f"{HERE}/eu-1/2000")).status_code == 404
