"""The API page: a guide with lines for the reader's own address, and every call as the document tells it."""

import re
from html import unescape

from hyperpanel.web import api_pages
from tests.support.staged import HOST

BLOCK = re.compile(r"<pre[^>]*><code>(.*?)</code></pre>", re.DOTALL)
HERE = f"http://{HOST}"


def blocks(page: str) -> list[str]:
    return [unescape(found) for found in BLOCK.findall(page)]


async def test_index_has_a_line_that_works_at_the_readers_own_address(ana):
    first, *_ = blocks((await ana.get("/api")).text)
    assert f"curl -H \"X-Api-Key: $HYPERPANEL_KEY\" '{HERE}/adminapi/v2/orders?order_status=fail&limit=10'" in first


async def test_index_leads_to_keys_whoever_may_make_them(ana, ben):
    assert 'href="/settings/keys"' in (await ana.get("/api")).text.partition("<main")[2]
    page = (await ben.get("/api")).text.partition("<main")[2]
    assert 'href="/settings/keys"' not in page
    assert "Administrators make keys" in page


async def test_index_lists_every_call_of_the_document(staged, ana):
    page = (await ana.get("/api")).text
    known = staged.console.api.resources.values()
    assert all(unescape(page).count(call.path) for resource in known for call in resource.calls)
    assert {"orders", "users", "tickets", "payments", "panels"} <= set(staged.console.api.resources)


async def test_index_names_a_panel_that_the_reader_may_see(staged, ben):
    assert f"{HERE}/p/eu-1" in blocks((await ben.get("/api")).text)
    nia = await staged.signed_in("nia")
    assert f"{HERE}/p/PANEL" in blocks((await nia.get("/api")).text)


async def test_show_tells_a_call_with_its_scope_limits_and_a_line(ana):
    page = (await ana.get("/api/orders")).text
    assert 'id="get-orders"' in page
    assert "orders:read" in page
    assert "1 to 1000" in page
    assert any(f"'{HERE}/adminapi/v2/orders" in block for block in blocks(page))
    assert any('"error_code": 0' in block for block in blocks(page))


async def test_show_knows_no_other_parts(ana):
    assert (await ana.get("/api/nothing")).status_code == 404


async def test_show_says_once_that_the_document_is_in_english(ana):
    await ana.post("/preferences", data={"language": "tr"})
    for path in ("/api", "/api/orders"):
        assert (await ana.get(path)).text.count("İngilizcedir") == 1


def test_a_line_for_the_shell_holds_what_it_sends_in_quotes():
    line = api_pages.curl("https://console.example/x", "POST", '{"why": "it\'s late"}')
    assert line.startswith('curl -X POST -H "X-Api-Key: $HYPERPANEL_KEY"')
    assert """-d '{"why": "it'"'"'s late"}'""" in line
