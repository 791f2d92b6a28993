"""A ticket's conversation as it is shown: how it stands, how much of it, what was edited, and which orders it names."""

import re

import pytest

from hyperpanel.web import thread_views
from tests.support.conversations import HERE, edited, filled, heard, plain, said, ticket
from tests.support.customers import customer
from tests.support.staged import order

STANDINGS = {
    "never": (None, 0, "This conversation has not been read yet. See how the reading goes"),
    "failed": ({"read_for": None}, 0, "This conversation has not been read yet."),
    "again": ({"read_for": None}, 1, "Last tried 3 min; the messages are to be read again."),
    "behind": ({"read_for": 1}, 1, "Messages as of 3 min; the ticket changed since."),
    "nothing in it": ({"read_for": ticket()["fields"]}, 0, "There is no message in this ticket."),
}


@pytest.mark.parametrize(("thread", "count", "told"), STANDINGS.values(), ids=STANDINGS)
async def test_a_ticket_says_how_its_messages_stand(staged, ana, thread, count, told):
    await filled(staged, tickets=[ticket()], **({"messages": [said(1)]} if count else {}))
    if thread:
        await filled(staged, threads=[heard(**thread)])
    assert told in plain(await ana.get(HERE))


async def test_a_long_conversation_shows_its_end_and_leads_to_what_was_before(staged, ana):
    await filled(staged, tickets=[ticket()], messages=[said(n, f"message {n}.") for n in range(230)])
    first = await ana.get(HERE)
    assert "message 229." in first.text
    assert "message 129." not in first.text
    older = re.search(r'href="([^"]+before=[^"]+)"', first.text)
    assert older is not None
    second = await ana.get(older[1])
    assert "message 129." in second.text
    assert "message 30." in second.text
    assert "message 130." not in second.text
    assert f'href="{HERE}#newest"' in second.text


async def test_a_place_that_no_link_leads_to_is_a_bad_address(staged, ana):
    await filled(staged, tickets=[ticket()])
    assert (await ana.get(f"{HERE}?before=nonsense")).status_code == 422


async def test_a_page_holds_only_so_much_text(staged, ana, monkeypatch):
    monkeypatch.setattr(thread_views, "BUDGET", 100)
    await filled(staged, tickets=[ticket()], messages=[said(n, "x" * 60 + str(n)) for n in range(3)])
    page = (await ana.get(HERE)).text
    assert "x2" in page
    assert "x1" not in page
    assert "Older messages" in page


async def test_a_very_long_body_is_cut_until_it_is_asked_for_whole(staged, ana):
    await filled(staged, tickets=[ticket()], messages=[said(1, "x" * 70_000 + "the end")])
    page = (await ana.get(HERE)).text
    assert "the end" not in page
    whole = re.search(r'href="([^"]+whole=[^"#]+)#', page)
    assert whole is not None
    assert "the end" in (await ana.get(whole[1])).text


async def test_what_a_message_said_before_can_be_opened(staged, ana):
    await filled(
        staged, tickets=[ticket()], messages=[said(1, "now")], versions=[edited(1, "<p>before</p><script>x</script>")]
    )
    assert "now Edited; until Mar 1, 2026 10:00:00 it said before" in plain(await ana.get(HERE))


async def test_what_is_attached_is_named_and_never_loaded(staged, ana):
    safe, bad = (
        '{"name":"a\\u202egnp.exe","size":123456,"url":"https://i.example/a"}',
        '{"name":"<b>","size":"1 MB","url":"javascript:x"}',
    )
    files = f'[{safe},{bad},{{"name":null,"size":null,"url":null}}]'
    await filled(staged, tickets=[ticket()], messages=[said(1, "", files=files)])
    page = await ana.get(HERE)
    told = plain(page)
    assert "a⟨U+202E⟩gnp.exe (i.example) 123 kB" in told
    assert "&lt;b&gt;" in page.text
    assert "1 MB (no name)" in told
    assert "javascript:x" not in page.text
    assert not re.search(r'<img|src="https?:', page.text)


async def test_only_orders_of_this_customer_on_this_panel_become_links(staged, ana):
    body = "<p>2274209 2274210 2274211 https://x.example/2274209</p>"
    await filled(staged, tickets=[ticket()], messages=[said(1, body)], users=[customer("7", username="kadir")])
    await filled(
        staged,
        orders=[
            order("2274209", user="kadir", status="completed"),
            order("2274210", user="ayşe"),
            order("2274211", "us-2", user="kadir"),
        ],
    )
    page = (await ana.get(HERE)).text
    body = page.partition('class="body"')[2].partition("</div>")[0]
    assert body.count('class="mention"') == 1
    assert 'href="/orders/eu-1/2274209"' in body
    assert 'status-ok">Completed' in body
