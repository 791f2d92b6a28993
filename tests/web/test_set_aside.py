"""Settings → Set aside: what waits for a decision, the records that could not be read, and who may see them."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from hyperpanel.db import aside
from hyperpanel.db.schema import absences, holds, set_aside
from hyperpanel.support import roles
from tests.support.aside_rows import HERE, hold, put, record
from tests.support.staged import NOON, VAULT, order

RECORD = f"{HERE}/record?panel=eu-1&stream=orders&record=7"


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def test_index_shows_what_is_set_aside_on_the_allowed_panels(staged, ana):
    await put(staged, set_aside, record("7"), record("8", "us-2", reason="the id '' is none", stream="tickets"))
    page = words((await ana.get(HERE)).text)
    assert "7 eu-1 Orders no status" in page
    assert "8 us-2 Tickets the id" in page
    assert "2 records" in page


async def test_index_says_what_would_bring_something_there(ana):
    assert "Nothing is set aside. A record that cannot be read is kept here" in (await ana.get(HERE)).text


async def test_index_answers_htmx_with_the_list_alone(ana):
    assert (await ana.part(HERE, "rows")).text.strip().startswith('<div id="rows"')


@pytest.mark.parametrize(
    ("query", "shown"),
    [("", {"7", "9"}), ("?panel=us-2", {"9"}), ("?stream=orders", {"7"}), ("?state=dismissed", {"8"})],
)
async def test_index_narrows_by_panel_stream_and_state(staged, ana, query, shown):
    gone: dict[str, Any] = {"dismissed_at": NOON, "dismissed_by": "max"}
    await put(staged, set_aside, record("7"), record("8", **gone), record("9", "us-2", stream="users"))
    page = (await ana.get(f"{HERE}{query}")).text
    assert {number for number in "789" if f"record={number}" in page} == shown


@pytest.mark.parametrize("query", ["stream=shoes", "state=gone", "after=x", "after=eyJ", "until=12x", "until=9" * 9])
async def test_index_refuses_an_address_that_no_page_leads_to(ana, query):
    assert (await ana.get(f"{HERE}?{query}")).status_code == 422


async def test_index_turns_its_pages_without_a_gap(staged, ana):
    rows = [record(f"{n:03}", first_at=NOON - timedelta(minutes=n // 2)) for n in range(150)]
    await put(staged, set_aside, *rows)
    first = (await ana.get(HERE)).text
    older = re.search(r'href="([^"]+)"\s+rel="next"', first)
    assert older is not None
    second = (await ana.get(older[1].replace("&amp;", "&"))).text
    on = [set(re.findall(r"/record\?[^\"]*record=(\d+)", page)) for page in (first, second)]
    assert [len(some) for some in on] == [100, 50]
    assert on[0] & on[1] == set()
    newer = re.search(r'href="([^"]+)"\s+rel="prev"', second)
    assert newer is not None
    assert set(re.findall(r"record=(\d+)", (await ana.get(newer[1].replace("&amp;", "&"))).text)) == on[0]


async def test_index_keeps_its_rows_still_while_new_ones_wait_above(staged, ana):
    await put(staged, set_aside, record("7"), record("8"))
    live = re.search(r'hx-get="([^"]+)"', (await ana.get(HERE)).text)
    assert live is not None
    await put(staged, set_aside, record("9", first_at=NOON + timedelta(seconds=1)))
    staged.clock.time += timedelta(seconds=10)
    page = (await ana.part(live[1].replace("&amp;", "&"), "rows")).text
    assert "record=9" not in page
    assert "1 new" in words(page)
    assert "Dismiss all 2" in page


async def test_index_tells_what_would_go_and_asks(staged, ana):
    await put(staged, holds, hold())
    await put(
        staged,
        absences,
        {"panel_id": 1, "stream": "orders", "record_id": "41", "sweep": 1, "times": 2, "first_at": NOON},
    )
    page = (await ana.get(HERE)).text
    assert "did not find 1,204 of 20,013 records of “Orders” at eu-1 any more" in words(page)
    assert 'href="/orders/eu-1/41"' in page
    assert "Hide up to 1,204 records" in page


async def test_index_tells_which_field_is_sent_no_more(staged, ana):
    await put(staged, holds, hold(kind="fields", what="charge", rows=998))
    page = words((await ana.get(HERE)).text)
    assert "eu-1 no longer sends “charge” in “Orders”, which 998 records of one page had." in page
    assert "Accept the change" in page


async def test_index_issues_as_many_queries_for_many_records_as_for_few(staged, ana):
    async def queries() -> int:
        seen: list[str] = []

        def note(*args: object) -> None:
            seen.append(str(args[2]))

        event.listen(staged.database.reading, "before_cursor_execute", note)
        await ana.get(HERE)
        event.remove(staged.database.reading, "before_cursor_execute", note)
        return len(seen)

    await put(staged, set_aside, record("1"))
    await put(staged, holds, hold())
    few = await queries()
    await put(staged, set_aside, *(record(str(n)) for n in range(10, 30)))
    await put(staged, holds, hold(id="i", stream="users"), hold(id="j", panel_id=2))
    assert await queries() == few


async def test_show_opens_what_came_for_those_who_decide(staged, ana):
    values = json.dumps({"id": 7, "charge": {"value": "12,5"}, "user": "<b>kadir</b>"})
    await put(staged, set_aside, record("7", values=values))
    page = (await ana.get(RECORD)).text
    assert "{&#34;value&#34;: &#34;12,5&#34;}" in page
    assert "&lt;b&gt;kadir&lt;/b&gt;" in page


async def test_show_opens_nothing_for_those_who_only_look(staged, ana, monkeypatch):
    monkeypatch.setitem(roles.ROLES, "manager", roles.ROLES["manager"] - {"set_aside:decide"})
    await put(staged, set_aside, record("7", values='{"user": "kadir"}'))
    page = (await (await staged.signed_in("max")).get(RECORD)).text
    assert "kadir" not in page
    assert "Its values are shown to those who decide about it." in page
    assert "hx-post" not in page


async def test_show_says_why_there_is_nothing_to_open(staged, ana):
    await put(staged, set_aside, record("7"))
    assert "None of its values was kept" in (await ana.get(RECORD)).text
    moved = VAULT.seal('{"user": "kadir"}', aside.place(2, "orders", "7"))
    await staged.change(set_aside, {"sealed": moved}, record_id="7")
    assert "cannot be opened" in (await ana.get(RECORD)).text


async def test_show_leads_to_the_order_as_it_was_last_read(staged, ana):
    await put(staged, set_aside, record("7"))
    assert "/orders/eu-1/7" not in (await ana.get(RECORD)).text
    await staged.keep(order("7"))
    assert 'href="/orders/eu-1/7"' in (await ana.get(RECORD)).text


@pytest.mark.parametrize(
    "query", ["", "?panel=eu-1&stream=orders", "?stream=orders&record=7", "?panel=eu-1&stream=orders&record=8"]
)
async def test_show_knows_no_record_that_is_not_named_whole(staged, ana, query):
    await put(staged, set_aside, record("7"))
    assert (await ana.get(f"{HERE}/record{query}")).status_code == 404


@pytest.mark.parametrize("name", ["ben", "vic", "nia"])
@pytest.mark.parametrize("path", [HERE, RECORD])
async def test_support_and_viewers_have_no_such_page(staged, name, path):
    assert (await (await staged.signed_in(name)).get(path)).status_code == 403
