"""The Orders page: what it shows to whom, its filters, its pages, and the order beside it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, insert

from hyperpanel.db.schema import feeds, order_flips, orders, plans, users
from tests.support.staged import NOON, mirrored, order

ROW = re.compile(r'<tr id="o-([\w-]+)"')
PROVIDER = "provider-a.example"


def ids(answer) -> list[str]:
    return [found.rpartition("-")[2] for found in ROW.findall(answer.text)]


def older(answer) -> str:
    return link(answer, "next")


def newer(answer) -> str:
    return link(answer, "prev")


def link(answer, rel: str) -> str:
    found = re.search(rf'href="([^"]+)"\s+rel="{rel}"', answer.text)
    return found[1].replace("&amp;", "&") if found else ""


def live(answer) -> str:
    found = re.search(r'id="rows"[^>]*hx-get="([^"]+)"', answer.text)
    assert found is not None
    return found[1].replace("&amp;", "&")


async def many(staged, count: int = 250) -> list[str]:
    """Newest first, over two panels."""
    rows = [
        order(str(5000 + n), ("eu-1", "us-2")[n % 2], created_at=NOON - timedelta(minutes=count - n))
        for n in range(count)
    ]
    await staged.keep(*rows)
    return [row["id"] for row in reversed(rows)]


async def test_index_shows_the_newest_first(staged, ana):
    await staged.keep(order("1", created_at=NOON - timedelta(hours=2)), order("2", "us-2"), order("3", created_at=None))
    assert ids(await ana.get("/orders")) == ["2", "1", "3"]


async def test_index_answers_htmx_with_the_rows_alone(staged, ana):
    await staged.keep(order("1"))
    part = (await ana.part("/orders", "rows")).text.strip()
    assert part.startswith('<div id="rows"')
    assert '<nav class="nav-main"' not in part


@pytest.mark.parametrize("headers", [{"HX-Target": "nav"}, {"HX-History-Restore-Request": "true", "HX-Target": "rows"}])
async def test_index_answers_anything_else_with_the_page(staged, ana, headers):
    page = await ana.get("/orders", headers={"HX-Request": "true", **headers})
    assert page.text.startswith("<!DOCTYPE html>")


async def test_index_issues_as_many_queries_for_100_rows_as_for_one(staged, ana):
    async def queries(path: str) -> int:
        seen: list[str] = []

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        event.listen(staged.database.reading, "before_cursor_execute", note)
        await ana.get(path)
        event.remove(staged.database.reading, "before_cursor_execute", note)
        return len(seen)

    await staged.keep(order("1", user="kadir"))
    one = await queries("/orders")
    await many(staged, 100)
    assert await queries("/orders") <= one + 1


async def test_pages_follow_each_other_without_gap_or_repeat(staged, ana):
    expected = await many(staged)
    first = await ana.get("/orders")
    second = await ana.get(older(first))
    third = await ana.get(older(second))
    assert ids(first) + ids(second) + ids(third) == expected
    assert older(third) == ""
    assert "101–200 of 250" in second.text


async def test_turning_back_leads_to_the_same_pages(staged, ana):
    expected = await many(staged)
    third = await ana.get(older(await ana.get(older(await ana.get("/orders")))))
    second = await ana.get(newer(third))
    assert ids(second) == expected[100:200]
    assert ids(await ana.get(newer(second))) == expected[:100]


async def test_orders_of_one_second_are_paged_too(staged, ana):
    await staged.keep(*(order(str(7000 + n), ("eu-1", "us-2")[n % 2], created_at=NOON) for n in range(230)))
    first = await ana.get("/orders")
    second = await ana.get(older(first))
    third = await ana.get(older(second))
    assert len(set(ids(first) + ids(second) + ids(third))) == 230


async def test_new_orders_wait_above_while_the_page_stands_still(staged, ana):
    await staged.keep(order("1"), order("2"))
    place = live(await ana.get("/orders"))
    await staged.keep(*(order(str(10 + n), created_at=NOON) for n in range(7)))
    again = await ana.part(place, "rows")
    assert ids(again) == ["2", "1"]
    assert "7 new" in again.text
    assert ids(await ana.get("/orders"))[0] == "16"


async def test_a_row_changes_where_it_stands(staged, ana):
    await staged.keep(order("1"))
    place = live(await ana.get("/orders"))
    await staged.change(orders, {"status": "completed", "remains": 0}, id="1")
    assert "Completed" in (await ana.part(place, "rows")).text


async def test_an_order_deeper_in_the_list_stays_on_its_page(staged, ana):
    expected = await many(staged)
    second = await ana.get(older(await ana.get("/orders")))
    await staged.keep(order("9999", created_at=NOON))
    assert ids(await ana.part(live(second), "rows")) == expected[100:200]


FILTERS = {
    "number=2": ["2"],
    "number=%D9%A2": ["2"],
    "number=1+2%2C+%239999": ["2", "1"],
    "number=92": ["2"],
    "user=kadir": ["3", "1"],
    "status=completed": ["3"],
    "status=completed&status=fail": ["3", "2"],
    "mode=manual": ["2"],
    "source=web": ["2"],
    "service=88": ["2"],
    "provider=provider-b.example": ["2"],
    "created_from=2026-03-01+10:30": ["3", "2"],
    "created_to=2026-03-01+10:30": ["1"],
    "created_from=2026-03-01&created_to=2026-03-01+11:30:00": ["2", "1"],
    "user=kadir&status=completed": ["3"],
    "panel=us-2": ["2"],
    "panel=EU-1": ["3", "1"],
    "status=nonsense": [],
    "sort=created": ["1", "2", "3"],
}


@pytest.mark.parametrize(("query", "expected"), FILTERS.items(), ids=FILTERS)
async def test_a_filter_keeps_what_it_says(staged, ana, query, expected):
    other = {"user": "ayşe", "status": "fail", "mode": "manual", "creation_type": "web", "service_id": "88"}
    await staged.keep(
        order("1", created_at=NOON - timedelta(hours=2)),
        order("2", "us-2", created_at=NOON - timedelta(hours=1), provider="provider-b.example", **other),
        order("3", created_at=NOON, status="completed"),
    )
    assert ids(await ana.get(f"/orders?{query}")) == expected


BAD = {
    "created_from=yesterday": "Write it like 2026-01-31",
    "created_from=2026-03-02&created_to=2026-03-01": "This must be later",
    "number=12%2034+%24%24": "digits and Latin letters only",
    "number=" + "+".join(map(str, range(101))): "At most 100 numbers",
    "service=Instagram+followers": "named by its number",
}


@pytest.mark.parametrize(("query", "sentence"), BAD.items(), ids=range(len(BAD)))
async def test_a_bad_filter_is_said_beside_its_field_and_nothing_is_lost(staged, ana, query, sentence):
    await staged.keep(order("1"))
    answer = await ana.get(f"/orders?{query}&user=somebody")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="somebody"' in answer.text
    assert ids(answer) == []


@pytest.mark.parametrize(
    "query", ["after=nonsense", "at=" + "A" * 5000, "sort=price", "after=W10&before=W10", "at=WzksMSwieCIsMV0"]
)
async def test_a_damaged_place_is_said_and_breaks_nothing(staged, ana, query):
    await staged.keep(order("1"))
    assert (await ana.get(f"/orders?{query}")).status_code in (200, 422)


async def test_a_day_begins_at_midnight_where_the_person_is(staged, ana):
    await staged.keep(order("1", created_at=NOON.replace(hour=21, minute=30)))
    await ana.post("/preferences", data={"time_zone": "Europe/Istanbul"})
    assert ids(await ana.get("/orders?created_from=2026-03-02")) == ["1"]
    assert ids(await ana.get("/orders?created_to=2026-03-02")) == []


async def test_each_filter_in_use_can_be_taken_away_alone(staged, ana):
    page = (await ana.get("/orders?status=fail&status=error&user=kadir&panel=eu-1")).text
    assert 'href="/orders?status=error&amp;user=kadir&amp;panel=eu-1"' in page
    assert 'href="/orders?status=fail&amp;status=error&amp;panel=eu-1"' in page


async def test_the_provider_is_absent_for_whoever_may_not_see_it(staged, ana, ben):
    await staged.keep(order("1"))
    for path in ("/orders", "/orders/eu-1/1"):
        assert PROVIDER in (await ana.get(path)).text
        assert PROVIDER not in (await ben.get(path)).text
    assert (await ben.get(f"/orders?provider={PROVIDER}")).status_code == 403


async def test_whoever_may_see_one_panel_sees_no_trace_of_the_others(staged, ben):
    await staged.keep(order("1"), order("2", "us-2", user="secret-user"))
    page = (await ben.get("/orders")).text
    assert "secret-user" not in page
    assert "us-2" not in page
    assert "1–1 of 1" in page


async def test_a_status_that_nobody_knows_can_be_chosen(staged, ana):
    await staged.keep(order("1", status="on_the_moon"))
    page = (await ana.get("/orders")).text
    assert "On the moon" in page
    assert 'value="on_the_moon"' in page


async def test_what_cannot_be_seen_is_marked(staged, ana):
    await staged.keep(order("1", user="evil\u202euser\u200b", service_name="a\x07b"))
    page = (await ana.get("/orders")).text
    assert "evil⟨U+202E⟩user⟨U+200B⟩" in page
    assert "a⟨U+0007⟩b" in page


EMPTY = {
    "/orders": ("No orders have been read yet.", "/settings/sync"),
    "/orders?user=x": ("No order matches these filters.", "/orders"),
    "/orders?user=x&panel=eu-1": ("No order matches these filters.", "/orders?panel=eu-1"),
}


@pytest.mark.parametrize(("path", "told"), EMPTY.items(), ids=EMPTY)
async def test_an_empty_list_says_what_to_do(ana, path, told):
    page = (await ana.get(path)).text
    assert told[0] in page
    assert f'href="{told[1]}"' in page


async def test_whoever_has_no_panel_is_told_so(staged):
    nia = await staged.signed_in("nia")
    assert "No panel is open to you yet." in (await nia.get("/orders")).text


async def test_a_list_says_how_old_it_is_and_why(staged, ana):
    await staged.keep(order("1"))
    fresh = (await ana.get("/orders?panel=eu-1")).text
    assert "1 of 1 panel on time" in fresh
    await staged.change(plans, {"as_of": NOON - timedelta(hours=1)}, panel_id=1, plan="refresh")
    stale = (await ana.get("/orders?panel=eu-1&panel=us-2")).text
    assert "eu-1 has not been read in time." in stale
    assert "1 h" in stale


async def test_a_large_list_is_counted_to_its_bound(staged, ana, monkeypatch):
    monkeypatch.setattr("hyperpanel.db.list_pages.COUNTED_TO", 120)
    await many(staged, 130)
    assert "1–100 of 120+" in (await ana.get("/orders?mode=auto")).text
    await staged.change(feeds, {"cached": 20_000}, panel_id=1, stream="orders")
    assert "1–100 of 10,000+" in (await ana.get("/orders")).text


async def test_show_tells_both_numbers_and_the_amounts(staged, ana):
    await staged.keep(order("1", quantity=1000, remains=640, start_count=5))
    page = (await ana.get("/orders/eu-1/1")).text
    assert all(fact in page for fact in ("91", "1,000", "640", "360", "0.03\u00a0USD", "0.01\u00a0USD"))


async def test_show_answers_htmx_with_the_drawer_alone(staged, ana):
    await staged.keep(order("1"))
    assert (await ana.part("/orders/eu-1/1", "drawer")).text.strip().startswith('<aside id="drawer"')


async def test_show_tells_when_the_status_changed(staged, ana):
    await staged.keep(order("1", status="completed"))
    async with staged.database.write() as connection:
        flip = {"panel_id": 1, "order_id": "1", "number": 5, "was": "pending", "now": "completed"}
        bounds = {"not_before": NOON - timedelta(minutes=9), "not_after": NOON - timedelta(minutes=5)}
        await connection.execute(insert(order_flips).values(**flip, **bounds))
    page = (await ana.get("/orders/eu-1/1")).text
    assert page.index("Completed") < page.index("between") < page.index("first seen")


async def test_show_is_as_old_as_the_last_proof_of_it(staged, ana):
    seen = {"first_seen_at": NOON - timedelta(days=1), "seen_at": NOON - timedelta(days=1)}
    await staged.keep({**order("1"), **seen}, {**order("2", status="completed"), **seen})
    assert "as of <time" in " ".join((await ana.get("/orders/eu-1/1")).text.split())
    assert "20 s</time>" in (await ana.get("/orders/eu-1/1")).text
    assert "24 h</time>" in (await ana.get("/orders/eu-1/2")).text


async def test_a_link_is_shortened_at_its_beginning_alone(staged, ana):
    """What is taken out of the middle makes another host of it."""
    await staged.keep(
        order("1", link="https://instagram.cwww.om/x"), order("2", link="https://www.instagram.com/https://x")
    )
    page = (await ana.get("/orders")).text
    assert '<bdi dir="ltr">instagram.cwww.om/x</bdi>' in page
    assert '<bdi dir="ltr">instagram.com/https://x</bdi>' in page


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://user:pass@host.example/",
        "http://evil\u202e.example",
        "//host.example/x",
        "ftp://host.example",
    ],
)
async def test_a_link_that_is_not_safe_is_text(staged, ana, link):
    await staged.keep(order("1", link=link))
    page = (await ana.get("/orders/eu-1/1")).text
    assert f'href="{link}"' not in page
    assert "data-visit" not in (await ana.get("/orders")).text.split("tbody>")[1]


async def test_rows_that_all_moved_on_do_not_blame_the_filters(staged, ana):
    await staged.keep(order("1", status="pending", created_at=NOON - timedelta(hours=1)))
    place = live(await ana.get("/orders?status=pending"))
    await staged.change(orders, {"status": "completed"}, panel_id=1, id="1")
    await staged.keep(order("2", status="pending", created_at=NOON))
    page = (await ana.get(place)).text
    assert "There is nothing further on." in page
    assert 'href="/orders?status=pending"' in page


async def test_index_turns_its_order_round_by_the_head_of_a_column(staged, ana):
    await staged.keep(order("1", created_at=NOON - timedelta(hours=2)), order("2"))
    usual = (await ana.get("/orders?mode=auto")).text
    head = re.search(r'class="c-created"\s+scope="col"\s+aria-sort="(\w+)">\s*<a class="sort" href="([^"]+)"', usual)
    assert head is not None
    assert head.groups() == ("descending", "/orders?mode=auto&amp;sort=created")
    turned = await ana.get("/orders?mode=auto&sort=created")
    assert ids(turned) == ["1", "2"]
    assert 'aria-sort="ascending"' in turned.text
    assert 'href="/orders?mode=auto">Created' in turned.text


@pytest.mark.parametrize("typed", ["kadir", "KADİR", "Kadır"])
async def test_index_finds_a_customer_however_the_name_is_typed(staged, ana, typed):
    await staged.keep(mirrored("users", "9", username="Kadir"), table=users)
    await staged.keep(order("1", user="Kadir"), order("2", user="kadir"), order("3", user="kadirov"))
    assert sorted(ids(await ana.get("/orders", params={"user": typed}))) == ["1", "2"]


async def test_show_leads_on_to_the_customer_and_what_they_have(staged, ana):
    await staged.keep(mirrored("users", "9", username="kadir"), table=users)
    await staged.keep(order("1", user="kadir"), order("2", user=None))
    page = (await ana.get("/orders/eu-1/1")).text
    for href in ("/users/eu-1/9", "/tickets?panel=eu-1&amp;user=kadir", "/payments?panel=eu-1&amp;user=kadir"):
        assert f'href="{href}"' in page
    assert 'class="ways"' not in (await ana.get("/orders/eu-1/2")).text
