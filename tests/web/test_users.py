"""The Users page: the list with earlier names, and one customer with orders, money and what was asked."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from hyperpanel.db.schema import payments, plans, tickets, user_renames, users
from hyperpanel.support import roles
from tests.support.aside_rows import put
from tests.support.customers import customer, payment, renamed, ticket
from tests.support.staged import NOON, order

ROW = re.compile(r'<tr id="u-[\w]+-\d-(\w+)"')


def ids(answer) -> list[str]:
    return ROW.findall(answer.text)


def flat(answer) -> str:
    return " ".join(answer.text.split())


async def three(staged) -> None:
    await put(
        staged,
        users,
        customer("1", username="kadir", balance=-5_000_000, created_at=NOON - timedelta(days=9), discount="7.5"),
        customer(
            "2",
            "us-2",
            username="ayşe",
            balance=0,
            created_at=NOON - timedelta(days=2),
            status="suspended",
            discount=None,
        ),
        customer("30", username="İbrahim", email="x@shop.example", created_at=NOON - timedelta(days=1), discount="10%"),
    )
    await put(staged, user_renames, renamed("eski_ad", "kadir", NOON - timedelta(days=3), id="1"))


async def test_index_shows_the_newest_first(staged, ana):
    await three(staged)
    page = await ana.get("/users")
    assert ids(page) == ["30", "2", "1"]
    assert "-0.05\u00a0USD" in page.text
    assert "was <bdi>eski_ad</bdi>" in page.text


async def test_index_answers_htmx_with_the_rows_alone(staged, ana):
    await three(staged)
    assert (await ana.part("/users", "rows")).text.strip().startswith('<div id="rows"')


FILTERS = {
    "q=IBRAHIM": ["30"],
    "q=shop.ex": ["30"],
    "q=ESKI": ["1"],
    "number=1+30": ["30", "1"],
    "status=suspended": ["2"],
    "balance=negative": ["1"],
    "created_from=2026-02-27": ["30", "2"],
    "auth_to=2026-02-27": [],
    "panel=us-2": ["2"],
    "sort=-discount": ["30", "1", "2"],
    "sort=id": ["1", "2", "30"],
}


@pytest.mark.parametrize(("query", "expected"), FILTERS.items(), ids=FILTERS)
async def test_a_filter_keeps_what_it_says(staged, ana, query, expected):
    await three(staged)
    assert ids(await ana.get(f"/users?{query}")) == expected


async def test_an_empty_list_says_what_to_do(ana):
    assert "No users have been read yet." in (await ana.get("/users")).text
    assert "No user matches these filters." in (await ana.get("/users?q=x")).text


async def test_whoever_may_see_one_panel_finds_nobody_of_another(staged, ben):
    await three(staged)
    assert ids(await ben.get("/users")) == ["30", "1"]
    assert ids(await ben.get("/users?q=ayse")) == []


async def whole(staged) -> None:
    """One customer with everything: two names, two currencies, orders of a year, payments of each kind, a ticket."""
    rates = '[{"service_id":"170","service_name":"Followers","rate":"0.5","percent":10}]'
    await put(staged, users, customer("7", username="kadir", custom_rates=rates))
    await put(staged, user_renames, renamed("eski_ad", "kadir", NOON - timedelta(days=5)))
    await staged.keep(
        order("1", charge=250_000_000, status="completed", created_at=NOON - timedelta(hours=1)),
        order("2", charge=500_000_000, status="partial", created_at=NOON - timedelta(days=2)),
        order("3", charge=100_000_000, user="eski_ad", status="completed", created_at=NOON - timedelta(days=60)),
        order("4", charge=700_000_000, charge_currency="EUR", status="fail", created_at=NOON - timedelta(days=3)),
        order("5", charge=900_000_000, user="eski_ad", created_at=NOON - timedelta(days=1)),
    )
    await put(
        staged,
        payments,
        payment("1"),
        payment("2", method="Manual", mode="manual", amount=300_000_000),
        payment("3", method="Bonus", amount=200_000_000),
        payment("4", status="expired"),
    )
    await put(staged, tickets, ticket("255", created_at=NOON - timedelta(hours=5)))


async def test_show_tells_the_panel_s_figure_apart_from_what_is_held(staged, ana):
    await whole(staged)
    page = flat(await ana.get("/users/eu-1/7"))
    assert (
        'Spent, as the panel tells it</th> <td class="num"></td> <td class="num"> <span class="sum"><bdi dir="ltr">9.00'
        in page
    )
    [sums] = re.findall(r"Orders held here</th>(.*?)</tr>", page)
    assert all(told in sums for told in (">4<", "7.00 EUR", "8.50 USD"))
    assert "1 rate of their own" in page


async def test_what_nobody_paid_is_apart_from_what_was_paid(staged, ana):
    await whole(staged)
    page = flat(await ana.get("/users/eu-1/7"))
    for label, amount in (("Paid", "10.00"), ("Entered by hand", "3.00"), ("Bonuses", "2.00")):
        assert f"{amount} USD" in re.findall(rf">{label}</th>(.*?)</tr>", page)[0]


async def test_orders_under_an_earlier_name_are_linked_by_that_name(staged, ana):
    await whole(staged)
    page = flat(await ana.get("/users/eu-1/7"))
    assert '/orders?panel=eu-1&amp;user=kadir">3 as kadir' in page
    assert '/orders?panel=eu-1&amp;user=eski_ad">1 as eski_ad' in page
    assert "/orders/eu-1/5" not in page


async def test_each_currency_has_a_chart_of_its_own(staged, ana):
    await whole(staged)
    page = (await ana.get("/users/eu-1/7")).text
    assert page.count('role="img"') == 2
    assert "<title>Feb 27, 2026: 5.00\u00a0USD</title>" in page
    assert "<title>Feb 26, 2026: 7.00\u00a0EUR</title>" in page
    assert "Spent per week, USD" in (await ana.get("/users/eu-1/7?days=365")).text


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", "Feb 28"), ("Asia/Kathmandu", "Mar 1"), ("America/New_York", "Feb 28")]
)
async def test_a_day_is_one_of_the_person_s_calendar(staged, ana, zone, day):
    await put(staged, users, customer("7", username="kadir"))
    await staged.keep(order("1", charge=100_000_000, created_at=NOON.replace(hour=18, minute=20) - timedelta(days=1)))
    await ana.post("/preferences", data={"time_zone": zone})
    assert f"<title>{day}, 2026: 1.00\u00a0USD</title>" in (await ana.get("/users/eu-1/7")).text


async def test_a_window_longer_than_what_is_held_says_so(staged, ana):
    await whole(staged)
    floor = int((NOON - timedelta(days=20)).timestamp())
    await staged.change(plans, {"cursor": f'{{"done":true,"reached":{floor}}}'}, panel_id=1, plan="backfill")
    assert "Orders from before Feb 9, 2026 are not held here" in (await ana.get("/users/eu-1/7")).text
    await staged.change(plans, {"cursor": '{"done":true,"reached":5}'}, panel_id=1, plan="backfill")
    assert "are not held here" not in (await ana.get("/users/eu-1/7")).text


async def test_whoever_did_nothing_yet_is_shown_too(staged, ana):
    await put(staged, users, customer("7", balance=None, spent=None, gone_at=NOON))
    page = (await ana.get("/users/eu-1/7")).text
    for told in ("No orders in this time.", "No order of this customer is held.", "No longer at the panel since"):
        assert told in page


async def test_what_a_role_does_not_show_is_said_and_not_asked_for(staged, ana, monkeypatch):
    await whole(staged)
    monkeypatch.setitem(roles.ROLES, "admin", roles.ROLES["admin"] - {"orders:read", "payments:read"})
    page = flat(await ana.get("/users/eu-1/7"))
    assert page.count("Your role does not show these.") == 2
    assert "Spent over time" not in page
    assert "Orders held here</th>" not in page


async def test_show_asks_as_much_for_many_orders_as_for_one(staged, ana):
    async def queries() -> int:
        seen: list[str] = []
        event.listen(staged.database.reading, "before_cursor_execute", note := lambda *args: seen.append(args[2]))
        await ana.get("/users/eu-1/7")
        event.remove(staged.database.reading, "before_cursor_execute", note)
        return len(seen)

    await put(staged, users, customer("7", username="kadir"))
    few = await queries()
    await staged.keep(*(order(str(100 + n), service_id=str(n), charge=n) for n in range(60)))
    assert await queries() == few


async def test_show_answers_htmx_with_the_drawer_alone(staged, ana):
    await whole(staged)
    assert (await ana.part("/users/eu-1/7", "drawer")).text.strip().startswith('<aside id="drawer"')


async def test_a_customer_of_a_foreign_panel_is_as_good_as_missing(staged, ben):
    await put(staged, users, customer("9", "us-2"))
    answers = [await ben.get(path) for path in ("/users/us-2/9", "/users/us-2/10", "/users/eu-1/9")]
    assert {answer.status_code for answer in answers} == {404}


async def test_hostile_names_stay_text(staged, ana):
    await put(staged, users, customer("7", username="<b>\u202ex", email='"><script>alert(1)</script>'))
    await staged.keep(order("1", user="<b>\u202ex", service_name="<script>"))
    for path in ("/users", "/users/eu-1/7"):
        page = (await ana.get(path)).text
        assert "<b>" not in page
        assert "<script>alert" not in page
        assert "⟨U+202E⟩x" in page
