"""Volume and margin: who sees it, one currency at a time, every line opening its orders, and the same figures in the file."""

import csv
import io
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from tests.support.staged import NOON, order

HERE = "/tracking/margins"
CENT = 10**6


def sold(id: str, panel: str = "eu-1", **changes):
    usual = {
        "charge": 100 * CENT,
        "charge_currency": "USD",
        "provider_charge": 60 * CENT,
        "provider_charge_currency": "USD",
        "status": "completed",
        "service_id": "170",
        "service_name": "Followers",
        "provider": "prov-a",
        "user": "kadir",
    }
    return order(id, panel, **{**usual, **changes})


async def stock(staged) -> None:
    await staged.keep(
        sold("1000"),
        sold("1001", status="canceled", created_at=NOON - timedelta(days=1)),
        sold("2000", "us-2", charge_currency="EUR", provider="=cmd()"),
        sold("2001", "us-2", status="fail"),
        sold("1002", created_at=NOON - timedelta(days=9)),
    )


async def rows(browser, query: str = "") -> list[dict[str, str]]:
    answer = await browser.get(f"{HERE}/file{query}")
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_index_is_for_those_who_read_finances(staged):
    await stock(staged)
    for name, status in (("ana", 200), ("max", 200), ("ben", 403), ("vic", 403)):
        assert (await (await staged.signed_in(name)).get(HERE)).status_code == status


async def test_index_shows_one_currency_at_a_time(staged, ana):
    await stock(staged)
    dollars, euros = (await ana.get(HERE)).text, (await ana.get(f"{HERE}?currency=EUR")).text
    assert "Net, cost and margin per day, USD" in dollars
    assert "Net, cost and margin per day, EUR" in euros


async def test_index_tells_what_no_margin_was_made_of(staged, ana):
    await stock(staged)
    page = (await ana.get(HERE)).text
    assert "1 order in EUR cost 0.60\u00a0USD: another currency" in page
    assert "For 1 failed order the provider charged 0.60\u00a0USD." in page


async def test_index_says_which_panels_its_sums_lack(staged, ana):
    await stock(staged)
    assert "2 of 3 panels on time" in (await ana.get(HERE)).text


async def test_index_of_no_orders_says_so(staged, ana):
    assert "No orders were created in this time." in (await ana.get(HERE)).text


async def test_index_says_what_is_wrong_with_a_window(staged, ana):
    assert (await ana.get(f"{HERE}?hours=9999")).status_code == 422


async def test_a_line_opens_its_orders(staged, ana):
    await stock(staged)
    page = (await ana.get(f"{HERE}?by=service&panel=eu-1")).text
    [href] = {
        part.split('"')[0].replace("&amp;", "&")
        for part in page.split('href="')[1:]
        if "service=170" in part.split('"')[0]
    }
    asked = dict(parse_qsl(urlsplit(href).query))
    assert (asked["panel"], asked["created_from"], asked["created_to"]) == (
        "eu-1",
        "2026-02-22 12:00:00",
        "2026-03-01 12:00:00",
    )
    found = (await ana.get(href)).text
    assert [id for id in ("1000", "1001", "1002") if f'id="o-eu-1-{id}"' in found] == ["1000", "1001"]


async def test_a_line_opens_what_lies_before_an_end_within_a_second(staged, ana):
    staged.clock.time = NOON + timedelta(milliseconds=500)
    await staged.keep(sold("1", created_at=NOON), sold("2", created_at=NOON - timedelta(days=1)))
    page = (await ana.get(f"{HERE}?hours=24")).text
    [href] = {
        part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:] if part.startswith("/orders?pan")
    }
    assert [id for id in ("1", "2") if f'id="o-eu-1-{id}"' in (await ana.get(href)).text] == ["1"]


async def test_of_several_currencies_a_line_says_that_it_opens_all(staged, ana):
    await staged.keep(sold("1"))
    assert "opens all currencies" not in (await ana.get(HERE)).text
    await staged.keep(sold("2", charge_currency="EUR"))
    assert (await ana.get(HERE)).text.count("opens all currencies") == 2


async def test_a_currency_that_is_not_there_shows_the_usual_one(staged, ana):
    await stock(staged)
    page = (await ana.get(f"{HERE}?currency=XYZ")).text
    assert "XYZ" not in page.partition("<h2>")[2]
    assert "Net, cost and margin per day, USD" in page


async def test_a_currency_that_would_turn_the_charts_heading_around_is_shown_as_it_is(staged, ana):
    await staged.keep(sold("1", charge_currency="\u202eUSD", created_at=NOON - timedelta(days=1)))
    assert "per day, ⟨U+202E⟩USD" in (await ana.get(HERE)).text


async def test_a_charge_without_a_currency_has_no_amount_in_the_file(staged, ana):
    await staged.keep(sold("1", charge_currency=None))
    [row] = await rows(ana)
    assert (row["currency"], row["orders"], row["revenue"], row["margin"]) == ("", "1", "", "")


async def test_the_file_has_the_same_figures(staged, ana):
    await stock(staged)
    found = await rows(ana, "?by=panel&panel=eu-1")
    assert found == [
        {
            "panel": "eu-1",
            "currency": "USD",
            "orders": "2",
            "revenue": "2.00000000",
            "returned": "1.00000000",
            "net": "1.00000000",
            "cost": "0.60000000",
            "margin": "0.40000000",
            "margin_percent": "40.0",
            "orders_of_margin": "2",
        }
    ]


async def test_in_the_file_nobodys_name_is_a_formula(staged, ana):
    await stock(staged)
    assert {row["provider"] for row in await rows(ana, "?by=provider")} == {"prov-a", "'=cmd()"}


async def test_days_are_those_of_whoever_looks(staged, ana):
    await staged.keep(sold("1", created_at=NOON.replace(hour=22) - timedelta(days=1)))
    before = {row["day"] for row in await rows(ana, "?by=day")}
    await ana.post(
        "/preferences", data={"time_zone": "Asia/Kolkata", "language": "en", "theme": "auto", "density": "compact"}
    )
    assert (before, {row["day"] for row in await rows(ana, "?by=day")}) == ({"2026-02-28"}, {"2026-03-01"})


async def test_customers_of_one_name_on_two_panels_are_two(staged, ana):
    await stock(staged)
    assert {(row["panel"], row["user"]) for row in await rows(ana, "?by=user")} == {
        ("eu-1", "kadir"),
        ("us-2", "kadir"),
    }
