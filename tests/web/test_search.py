"""Search everything: what is found by which key, by whom, and how it is told."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import insert

from hyperpanel.db import search_indexing, search_parts
from hyperpanel.db.schema import orders, payments, services, text_queue, tickets, user_renames, users
from tests.support.scoping import COMMITTING
from tests.support.staged import NOON, mirrored, order
from tests.web.test_queries import statements

HIT = re.compile(r'<a class="hit" href="([^"]+)"')
TABLES = {"orders": orders, "users": users, "payments": payments, "tickets": tickets, "services": services}


async def index_all(staged) -> None:
    COMMITTING.add(staged.database.committing)
    rows = [{"panel_id": panel, "stream": stream, "rows": 1} for panel in (1, 2) for stream in TABLES]
    async with staged.database.write() as connection:
        await connection.execute(insert(text_queue), rows)
    while await staged.database.commit(search_indexing.step):
        pass


async def planted(staged) -> None:
    """One record of each kind, and an order of the same number on a second panel."""
    await staged.keep(
        order("2274209", user="kadir", link="https://www.instagram.com/p/C8abc/", provider_order_id="77120448"),
        order("2274209", "us-2", user="else", link="https://other.example/", provider_order_id="5"),
    )
    await staged.keep(mirrored("users", "700", username="kadir", email="kadir@mail.example"), table=users)
    await staged.keep(mirrored("payments", "181680", memo="TRX-99-kuzu", user="kadir"), table=payments)
    await staged.keep(mirrored("tickets", "255", subject="Orders - Where is it"), table=tickets)
    await staged.keep(mirrored("services", "170", name="Şarkı dinleme [5K/D]"), table=services)
    rename = {"panel_id": 1, "user_id": "700", "number": 4, "was": "old_kadir", "now": "kadir"}
    await staged.keep({**rename, "not_before": NOON, "not_after": NOON}, table=user_renames)
    await index_all(staged)


async def found(browser, typed: str) -> list[str]:
    answer = await browser.part(f"/search?q={quote(typed)}", "hits")
    assert answer.status_code in (200, 422)
    return HIT.findall(answer.text)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("#2274209", "/orders/eu-1/2274209"),
        ("۲۲۷۴۲۰۹", "/orders/eu-1/2274209"),
        ("77120448", "/orders/eu-1/2274209"),
        ("C8abc", "/orders/eu-1/2274209"),
        ("https://instagram.com/p/C8abc/?igsh=1", "/orders/eu-1/2274209"),
        ("My order 2274209 is not here!", "/orders/eu-1/2274209"),
        ("KADIR", "/orders/eu-1/2274209"),
        ("kadir@mail.example", "/users/eu-1/700"),
        ("old_kadir", "/users/eu-1/700"),
        ("@MAIL.ex", "/users/eu-1/700"),
        ("700", "/users/eu-1/700"),
        ("trx-99", "/payments/eu-1/181680"),
        ("181680", "/payments/eu-1/181680"),
        ("255", "/tickets/eu-1/255"),
        ("where is it", "/tickets/eu-1/255"),
        ("170", "/services/eu-1/170"),
        ("sarki din", "/services/eu-1/170"),
    ],
)
async def test_index_finds_a_record_by_each_kind_of_key(staged, ben, typed, first):
    await planted(staged)
    assert (await found(ben, typed))[0] == first


async def test_equal_numbers_are_told_apart_and_only_those_of_the_own_panels_are_found(staged, ana, ben):
    await planted(staged)
    assert await found(ana, "2274209") == ["/orders/us-2/2274209", "/orders/eu-1/2274209"]
    assert await found(ben, "2274209") == ["/orders/eu-1/2274209"]
    assert await found(ben, "other.example") == await found(ben, "else") == []
    assert await found(ana, "other.example") == ["/orders/us-2/2274209"]


async def test_what_is_foreign_looks_like_what_is_missing(staged, ben):
    await planted(staged)
    foreign, missing = [(await ben.part(f"/search?q={typed}", "hits")).text for typed in ("other", "never")]
    assert foreign.replace("other", "never") == missing


async def test_nobody_finds_anything_without_panels(staged):
    await planted(staged)
    nia = await staged.signed_in("nia")
    assert await found(nia, "2274209") == []
    assert "No panel is open to you yet." in (await nia.get("/search?q=2274209")).text


async def test_what_was_named_comes_before_what_only_holds_it_and_then_the_newest(staged, ana):
    rows = [order(str(n), link="https://x.example/2274", created_at=NOON - timedelta(hours=n)) for n in range(5, 8)]
    await staged.keep(*rows, order("2274", created_at=NOON - timedelta(days=9)))
    await index_all(staged)
    assert [href.rpartition("/")[2] for href in await found(ana, "2274")] == ["2274", "5", "6", "7"]


async def test_several_numbers_are_a_list_and_those_that_nothing_has_are_told(staged, ben):
    await staged.keep(*(order(str(n)) for n in range(1000, 1020)))
    answer = await ben.part("/search?q=" + quote("1001, 1002\n#1003;77,1001"), "hits")
    assert sorted(HIT.findall(answer.text)) == [f"/orders/eu-1/{n}" for n in (1001, 1002, 1003)]
    assert "1 number was not found:" in answer.text
    assert '<bdi class="missing" dir="ltr">77</bdi>' in answer.text


async def test_of_more_than_a_hundred_numbers_the_first_are_looked_for(staged, ben):
    await staged.keep(*(order(str(n)) for n in range(1000, 1120)))
    answer = await ben.part("/search?q=" + "+".join(map(str, range(1000, 1120))), "hits")
    assert answer.status_code == 422
    assert len(HIT.findall(answer.text)) == 100
    assert "Only the first 100 numbers were looked for." in answer.text


async def test_what_is_pasted_as_many_numbers_may_be_one_text(staged, ben):
    await staged.keep(mirrored("payments", "77", memo="4512 8890 1177 3301"), table=payments)
    await index_all(staged)
    for typed in ("4512 8890 1177 3301", "8890  1177", "۸۸۹۰ ۱۱۷۷"):
        answer = await ben.part(f"/search?q={quote(typed)}", "hits")
        assert HIT.findall(answer.text) == ["/payments/eu-1/77"], typed
        assert "not found" not in answer.text


async def test_names_with_digits_are_found_together(staged, ben):
    """One by its name, one by what it was called before; and beside them an order's number."""
    both = [mirrored("users", n, username=name) for n, name in (("78", "ali72"), ("79", "Reza_new"))]
    await staged.keep(*both, mirrored("users", "80", "us-2", username="foreign9"), table=users)
    rename = {"panel_id": 1, "user_id": "79", "number": 4, "was": "reza85", "now": "reza_new"}
    await staged.keep({**rename, "not_before": NOON, "not_after": NOON}, table=user_renames)
    await staged.keep(order("1001"))
    answer = await ben.part("/search?q=" + quote("ALI72 reza85, 1001 foreign9"), "hits")
    assert sorted(HIT.findall(answer.text)) == ["/orders/eu-1/1001", "/users/eu-1/78", "/users/eu-1/79"]
    assert '<bdi class="missing" dir="ltr">foreign9</bdi>' in answer.text


async def test_of_many_numbers_each_is_found_whatever_the_others_have(staged, ana):
    """More hits than are shown: each number has its share, and what nothing has is told nevertheless."""
    ids = [str(5000 + n) for n in range(60)]
    rows = [order(n, panel, created_at=NOON - timedelta(days=int(n))) for n in ids for panel in ("eu-1", "us-2")]
    rows += [order(f"9{n}", provider_order_id="5000", created_at=NOON) for n in range(400)]
    await staged.keep(*rows)
    await staged.keep(mirrored("tickets", "255"), table=tickets)
    answer = await ana.part("/search?q=" + "+".join([*ids, "255", "4999"]), "hits")
    assert {f"/orders/eu-1/{n}" for n in ids[1:]} | {"/tickets/eu-1/255"} <= set(HIT.findall(answer.text))
    assert '<bdi class="missing" dir="ltr">4999</bdi>' in answer.text
    assert "Of some numbers there are more records than are shown here." in answer.text
    assert 'href="/orders?number=' in answer.text


async def test_nothing_is_said_to_be_missing_that_was_not_looked_through(staged, ben, monkeypatch):
    monkeypatch.setattr(search_parts, "CANDIDATES", 5)
    await staged.keep(*(order(str(n), link="https://x.example/101010-011") for n in range(20)))
    await index_all(staged)
    answer = (await ben.part("/search?q=0101011", "hits")).text
    assert "Nothing was found in what was looked through." in answer
    assert "Too much looks like this to go through all of it" in answer
    assert "on the panels that you may see" not in answer


@pytest.mark.parametrize(
    ("typed", "path"),
    [("sync", "/settings/sync"), ("SENK", "/settings/sync"), ("eşit", "/settings/sync"), ("servis", "/services")],
)
async def test_pages_are_found_in_both_languages(staged, typed, path):
    max_ = await staged.signed_in("max", **{"accept-language": "tr"})
    assert path in await found(max_, typed)


async def test_only_pages_that_may_be_opened_are_found(staged, ben):
    assert await found(ben, "panels") == []
    assert await found(ben, "orders") == ["/orders"]


async def test_each_noun_needs_its_permission(staged, ben, monkeypatch):
    await planted(staged)
    monkeypatch.setitem(
        __import__("hyperpanel.support.roles").support.roles.ROLES, "support", frozenset({"self", "users:read"})
    )
    assert await found(ben, "kadir") == ["/users/eu-1/700"]
    assert await found(ben, "2274209") == []


async def test_few_letters_are_looked_for_as_they_are(staged, ben):
    await staged.keep(mirrored("users", "9", username="al"), mirrored("users", "10", username="ali"), table=users)
    await index_all(staged)
    answer = await ben.part("/search?q=al", "hits")
    assert HIT.findall(answer.text) == ["/users/eu-1/9"]
    assert "from three letters on" in answer.text


async def test_it_is_told_how_many_records_wait_to_be_indexed(staged, ben):
    waiting = {"panel_id": 1, "stream": "orders", "ids": '["1"]', "rows": 1200}
    await staged.keep(waiting, {**waiting, "panel_id": 2, "rows": 5}, table=text_queue)
    assert "1,200 records are found by their numbers or names only" in (await ben.part("/search?q=abc", "hits")).text


async def test_index_is_a_page_without_script_that_says_how_old_it_is(staged, ben):
    await planted(staged)
    page = (await ben.get("/search?q=2274209")).text
    assert 'value="2274209"' in page
    assert HIT.findall(page) == ["/orders/eu-1/2274209"]
    assert 'data-state="on_time"' in page
    assert "Type or paste a number" in (await ben.get("/search")).text
    assert "Nothing was found on the panels that you may see." in (await ben.get("/search?q=zzzz")).text


async def test_more_than_are_shown_lead_to_their_list(staged, ben):
    await staged.keep(*(mirrored("services", str(n), name="Şarkı") for n in range(100, 120)), table=services)
    await index_all(staged)
    answer = (await ben.part("/search?q=sarki", "hits")).text
    assert len(HIT.findall(answer)) == 8
    assert 'href="/services?name=sarki"' in answer


async def test_more_hits_are_no_more_queries(staged, ana):
    counts = []
    for number in (1, 2):
        rows = [order(f"{number}{n}", link="https://same.example/", user=f"u{n}") for n in range(10 * number)]
        await staged.keep(*rows)
        await index_all(staged)
        with statements(staged) as made:
            assert len(await found(ana, "same.example")) > 5
        counts.append(len(made))
    assert counts[0] == counts[1] <= 30


HOSTILE = '"><img src=x onerror=alert(1)>\u202e'


async def test_hostile_text_stays_text(staged, ben):
    await staged.keep(order("1", link=HOSTILE, user=HOSTILE, service_name=HOSTILE))
    await index_all(staged)
    for typed in (HOSTILE, "onerror=alert"):
        answer = await ben.get(f"/search?q={quote(typed)}")
        assert "<img" not in answer.text
        assert "/orders/eu-1/1" in answer.text
        assert "\u202e" not in answer.text.split('class="hit-list"')[1]


@pytest.mark.parametrize(
    "typed",
    ["a" * 9000, '"', "NEAR(", "*", "'; DROP TABLE orders; --", "\ud83d\ude00\ud83d\ude00\ud83d\ude00", "%ff%fe"],
)
async def test_nothing_that_is_typed_fails(staged, ben, typed):
    raw = typed if "%" in typed else quote(typed, errors="replace")
    assert (await ben.get(f"/search?q={raw}")).status_code == 200
