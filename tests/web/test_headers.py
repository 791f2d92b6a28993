"""What leaves with every answer, whatever made it."""

import pytest
import structlog

from hyperpanel.support.outermost import HEADERS
from tests.support.staged import order

EVERYWHERE = [
    ("/sign-in", 200),
    ("/", 303),
    ("/healthz", 200),
    ("/orders", 303),
    ("/nowhere", 404),
    ("/static/app.css", 200),
    ("/static/none.css", 404),
    ("/static/../pyproject.toml", 404),
    ("/static/..%2fpyproject.toml", 404),
    ("/orders/eu-1/..%00", 400),
    ("/orders?user=%00", 400),
    ("/orders/%ff%fe", 404),
]


@pytest.mark.parametrize(("path", "status"), EVERYWHERE)
async def test_every_answer_carries_the_security_headers(staged, path, status):
    answer = await staged.browser().get(path)
    assert answer.status_code == status
    assert {name: answer.headers.get_list(name) for name in HEADERS} == {name: [HEADERS[name]] for name in HEADERS}


def carries_all(answer):
    return all(answer.headers.get_list(name) == [value] for name, value in HEADERS.items())


async def test_an_origin_that_is_no_address_is_another_site(staged):
    browser = staged.browser(origin="http://[")
    del browser.headers["sec-fetch-site"]
    answer = await browser.post("/sign-in")
    assert (answer.status_code, carries_all(answer)) == (403, True)


async def test_a_current_address_that_is_none_counts_as_absent(staged):
    answer = await staged.browser().part("/orders", "rows", **{"HX-Current-URL": "http://["})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in?next=%2F")
    assert carries_all(answer)


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/static/app.css", "/orders", "/nowhere"])
async def test_head_is_get_without_a_body(staged, path):
    browser = staged.browser()
    with structlog.testing.capture_logs() as lines:
        got, head = await browser.get(path), await browser.head(path)
    assert (head.status_code, head.content, carries_all(head)) == (got.status_code, b"", True)
    assert head.headers.get("content-type") == got.headers.get("content-type")
    assert [line["method"] for line in lines if line["event"] == "request"] == ["GET", "HEAD"]


async def test_a_form_is_not_sent_with_head(ana):
    assert (await ana.head("/sign-out")).status_code == 405


@pytest.mark.parametrize("path", ["/orders", "/orders/eu-1/1000", "/settings/sync", "/nowhere", "/orders?sort=x"])
async def test_pages_are_kept_by_nobody_and_said_once(staged, ana, path):
    await staged.keep(order("1000"))
    answer = await ana.get(path)
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert answer.headers.get_list("content-type") == ["text/html; charset=utf-8"]
    assert "HX-Request" in answer.headers["vary"]


async def test_nothing_tells_what_serves(ana):
    assert "server" not in (await ana.get("/orders")).headers


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PATCH", "CONNECT", "PROPFIND"])
async def test_other_methods_are_refused(ana, method):
    answer = await ana.request(method, "/orders")
    assert (answer.status_code, "content-security-policy" in answer.headers) == (405, True)


async def test_a_body_beyond_bounds_is_refused(ana):
    answer = await ana.post("/preferences", data={"theme": "x" * 70_000})
    assert answer.status_code == 413


async def test_pages_have_no_inline_script_or_style(staged, ana):
    await staged.keep(order("1000"))
    for path in ("/orders", "/orders/eu-1/1000", "/settings/sync", "/nowhere"):
        page = (await ana.get(path)).text
        assert "<script>" not in page
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert "hx-on" not in page
