"""The Tickets page: what it shows to whom and its filters; and one ticket with its customer. Its conversation: test_thread_views.py."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from hyperpanel.db.schema import tickets
from hyperpanel.support import roles
from tests.support.conversations import HERE, filled, heard, plain, said, ticket
from tests.support.customers import customer, payment
from tests.support.staged import NOON, order

ROW = re.compile(r'<tr id="t-([\w-]+)"')
HOUR = timedelta(hours=1)


def ids(answer) -> list[str]:
    return [found.rpartition("-")[2] for found in ROW.findall(answer.text)]


async def queries(staged, browser, path: str) -> int:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(staged.database.reading, "before_cursor_execute", note)
    assert (await browser.get(path)).status_code == 200
    event.remove(staged.database.reading, "before_cursor_execute", note)
    return len(seen)


async def test_index_shows_the_last_touched_first(staged, ana):
    some = [ticket("1", last_update_at=NOON - HOUR), ticket("2", "us-2"), ticket("3", last_update_at=None)]
    await filled(staged, tickets=some)
    assert ids(await ana.get("/tickets")) == ["2", "1", "3"]


async def test_index_answers_htmx_with_the_rows_alone(staged, ana):
    await filled(staged, tickets=[ticket()])
    part = (await ana.part("/tickets", "rows")).text.strip()
    assert part.startswith('<div id="rows"')
    assert '<nav class="nav-main"' not in part


async def test_index_issues_as_many_queries_for_100_rows_as_for_one(staged, ana):
    await filled(staged, tickets=[ticket("1")])
    one = await queries(staged, ana, "/tickets")
    await filled(staged, tickets=[ticket(str(n)) for n in range(2, 130)])
    assert await queries(staged, ana, "/tickets") <= one + 1


FILTERS = {
    "number=2+%233": ["3", "2"],
    "user=KADIR": ["4", "1"],
    "status=answered": ["2"],
    "waiting=us": ["4", "1"],
    "waiting=customer": ["2"],
    "waiting=us&waiting=customer": ["4", "2", "1"],
    "waiting=us&status=pending": ["1"],
    "waiting=us&status=closed": [],
    "waiting=nonsense": [],
    "subject=Sİparış": ["3"],
    "assignee=Destek": ["3"],
    "assigned=no": ["4", "2", "1"],
    "read=no": ["4", "2", "1"],
    "read=yes": ["3"],
    "updated_from=2026-03-01+10:30": ["4", "3"],
    "updated_to=2026-03-01+10:30": ["2", "1"],
    "created_to=2026-02-28": ["2"],
    "sort=updated": ["1", "2", "3", "4"],
    "sort=-created": ["3", "4", "1", "2"],
    "panel=us-2": ["3"],
}


async def test_a_filter_keeps_what_it_says(staged, ana):
    some = [
        ticket("1", last_update_at=NOON - 3 * HOUR),
        ticket("2", last_update_at=NOON - 2 * HOUR, status="answered", user="ayşe", created_at=NOON - 99 * HOUR),
        ticket(
            "3",
            "us-2",
            last_update_at=NOON - HOUR,
            status="closed",
            user=None,
            subject="siparişim nerede",
            is_read=True,
            assignee="Destek",
        ),
        ticket("4", last_update_at=NOON, status="open"),
    ]
    await filled(staged, tickets=some)
    assert {query: ids(await ana.get(f"/tickets?{query}")) for query in FILTERS} == FILTERS


async def test_a_row_tells_who_waits_and_what_is_unread_in_words(staged, ana):
    some = [ticket("1", last_update_at=NOON - 2 * HOUR, status="pending"), ticket("2", status="answered", is_read=True)]
    await filled(staged, tickets=some)
    waiting, answered = plain(await ana.get("/tickets?sort=updated")).split(" 2 eu-1 ")
    assert "1 Unread eu-1 kadir Orders - Refill Pending waits 2 h" in waiting
    assert answered.startswith("kadir Orders - Refill Answered")
    assert "Unread" not in answered.partition("1–2")[0]


async def test_a_status_that_nobody_knows_is_readable_and_can_be_chosen(staged, ana):
    await filled(staged, tickets=[ticket(status="on_hold")])
    page = (await ana.get("/tickets")).text
    assert 'status-unknown">On hold' in page
    assert 'value="on_hold"' in page


EMPTY = {
    "/tickets": ("No tickets have been read yet.", "/settings/sync"),
    "/tickets?user=x": ("No ticket matches these filters.", "/tickets"),
}


@pytest.mark.parametrize(("path", "told"), EMPTY.items(), ids=EMPTY)
async def test_an_empty_list_says_what_to_do(ana, path, told):
    page = (await ana.get(path)).text
    assert told[0] in page
    assert f'href="{told[1]}"' in page


async def test_a_bad_filter_is_said_and_nothing_is_lost(staged, ana):
    answer = await ana.get("/tickets?updated_from=yesterday&user=somebody")
    assert answer.status_code == 422
    assert "Write it like 2026-01-31" in answer.text
    assert 'value="somebody"' in answer.text


async def test_show_tells_the_conversation_oldest_first_and_who_is_who(staged, ana):
    some = [said(1, "<p>refill</p>"), said(2, "done", sender="Destek", is_staff=True, created_at=NOON + 20 * HOUR)]
    await filled(staged, tickets=[ticket()], messages=some, threads=[heard(ticket()["fields"])])
    page = await ana.get(HERE)
    told = plain(page)
    assert "Orders - Refill Pending waits for us, 0 s Unread by staff Assignee Nobody" in told
    assert "Mar 1, 2026 kadir Customer 04:01 refill Mar 2, 2026 Destek Staff 08:00 done Messages as of 3 min" in told
    assert page.text.index('class="message theirs-side"') < page.text.index('class="message ours"')


async def test_show_answers_htmx_with_the_drawer_alone(staged, ana):
    await filled(staged, tickets=[ticket()])
    assert (await ana.part(HERE, "drawer")).text.strip().startswith('<aside id="drawer"')


async def test_show_issues_as_many_queries_for_many_messages_as_for_one(staged, ana):
    await filled(staged, tickets=[ticket()], users=[customer("7", username="kadir")], orders=[order("2274209")])
    await filled(staged, messages=[said(1, "2274209")])
    one = await queries(staged, ana, HERE)
    await filled(staged, messages=[said(n, "2274209 2274210") for n in range(2, 90)])
    assert await queries(staged, ana, HERE) == one


@pytest.mark.parametrize("path", ["/tickets/eu-1/999", "/tickets/nowhere/255", "/tickets/us-2/255"])
async def test_a_ticket_that_is_not_there_and_a_foreign_one_look_alike(staged, ben, path):
    await filled(staged, tickets=[ticket(), ticket("255", "us-2")])
    assert (await ben.get(path)).status_code == 404
    assert (await ben.get(HERE)).status_code == 200


async def test_what_is_gone_says_so(staged, ana):
    await filled(staged, tickets=[ticket()], messages=[said(1, gone_at=NOON - HOUR)])
    assert "no longer there since 60 min" in plain(await ana.get(HERE)).replace("1 h", "60 min")
    await staged.change(tickets, {"gone_at": NOON - HOUR}, id="255")
    assert "No longer at the panel" in plain(await ana.get(HERE))
    assert ids(await ana.get("/tickets")) == []


async def test_the_customer_stands_beside_it(staged, ana):
    await filled(staged, tickets=[ticket(), ticket("300", subject="Other"), ticket("301", status="closed")])
    await filled(staged, users=[customer("7", username="kadir", balance=1_240_000_000)], payments=[payment("1")])
    await filled(staged, orders=[order(str(n), user="kadir", created_at=NOON - n * HOUR) for n in range(1, 6)])
    page = await ana.get(HERE)
    assert "kadir Balance 12.40\xa0USD Spent 9.00\xa0USD Orders 5 Tickets 3 Payments 1 Last orders 1 Pending".replace(
        "\xa0", " "
    ) in plain(page)
    assert 'href="/users/eu-1/7"' in page.text
    assert 'href="/orders?panel=eu-1&amp;user=kadir"' in page.text
    card = page.text.partition('class="customer"')[2].partition("</section>")[0]
    assert re.findall(r'href="/(?:orders|tickets)/eu-1/(\d+)"', card) == ["1", "2", "3", "300"]


async def test_a_customer_nobody_knows_is_a_name_alone(staged, ana):
    await filled(staged, tickets=[ticket()])
    page = await ana.get(HERE)
    assert 'id="customer-title"' in page.text
    assert "Balance" not in plain(page)
    await staged.change(tickets, {"user": None, "user_id": None}, id="255")
    assert 'id="customer-title"' not in (await ana.get(HERE)).text


async def test_parts_that_somebody_may_not_see_are_left_out(staged, monkeypatch):
    await filled(staged, tickets=[ticket()], messages=[said(1, "2274209")], users=[customer("7", username="kadir")])
    await filled(staged, orders=[order("2274209", user="kadir")], payments=[payment("1")])
    vic = await staged.signed_in("vic")
    monkeypatch.setitem(roles.ROLES, "viewer", frozenset({"self", "tickets:read"}))
    page = (await vic.get(HERE)).text.partition('<main id="main"')[2]
    assert "2274209" in page
    assert not re.search(r'href="/(?:orders|users|payments)', page)
    assert "Balance" not in page


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)><a href='javascript:x'>y</a>"


async def test_hostile_text_is_harmless_wherever_it_stands(staged, ana):
    names = {"user": HOSTILE, "subject": HOSTILE, "assignee": HOSTILE, "status": HOSTILE}
    await filled(staged, tickets=[ticket(**names)], messages=[said(1, HOSTILE, sender=HOSTILE)])
    for path in ("/tickets", HERE):
        page = (await ana.get(path)).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert 'href="javascript' not in page
