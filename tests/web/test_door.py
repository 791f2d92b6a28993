"""The way in: where a visit comes from, and how many tries it has."""

from datetime import timedelta
from typing import Any

import pytest
from litestar.connection import Request
from sqlalchemy import select

from hyperpanel.db.schema import audit, sign_ins
from hyperpanel.web.addresses import came_from, local


def request(peer: str = "192.0.2.1", **headers: str) -> Request[Any, Any, Any]:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: Any = {"type": "http", "headers": raw, "client": (peer, 1), "state": {}, "path": "/", "query_string": b""}
    return Request(scope)


@pytest.mark.parametrize(
    ("current", "place"),
    [
        ("https://console.example/orders?user=a", "/orders?user=a"),
        ("http://console.example/orders", "/orders"),
        ("https://evil.example/orders", None),
        ("", None),
        ("nonsense", None),
        ("http://[", None),
    ],
)
def test_a_page_is_remembered_only_if_it_is_ours(current, place):
    assert came_from(request(host="console.example", hx_current_url=current)) == place


@pytest.mark.parametrize("place", ["/orders", "/orders?user=a%20b", "/settings/sync?panel=eu-1"])
def test_a_path_of_ours_is_gone_on_to(place):
    assert local(place) == place


async def test_too_many_tries_are_told_to_wait(staged):
    browser = staged.browser()
    for _ in range(10):
        assert (await browser.sign_in("ana", "wrong")).status_code == 422
    answer = await browser.sign_in("ana")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "900")
    assert "Too many tries." in answer.text
    staged.clock.time += timedelta(minutes=16)
    assert (await browser.sign_in("ana")).status_code == 303


@pytest.mark.parametrize(("language", "said"), [("en", "Wait 41 min, then"), ("tr", "41 dk bekleyip")])
async def test_a_full_network_is_told_its_own_wait(staged, language, said):
    browser = staged.browser(**{"accept-language": language})
    for n in range(20):
        await browser.sign_in(f"name{n}", "wrong")
    staged.clock.time += timedelta(minutes=19, seconds=30)
    answer = await browser.sign_in("ana")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2430")
    assert said in answer.text


async def test_the_owner_gets_in_with_a_browser_that_is_known(staged):
    own = staged.browser()
    await own.sign_in("ana")
    await own.post("/sign-out", headers={"x-csrf": (await staged.signed_in("ana")).headers["x-csrf"]})
    stranger = staged.browser(address="203.0.113.5")
    while (await stranger.sign_in("ana", "wrong")).status_code == 422:
        pass
    own.cookies.delete(staged.console.cookies.session)
    assert (await own.sign_in("ana")).status_code == 303


async def test_a_name_that_is_nobodys_is_slowed_down_alike(staged):
    browser = staged.browser()
    statuses = [(await browser.sign_in("nobody", "wrong")).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


async def test_tries_and_sessions_are_in_the_audit_without_what_was_typed(staged):
    browser = staged.browser()
    await browser.sign_in("ana", "my wrong secret")
    await browser.sign_in("ana")
    told = await staged.rows(select(audit).order_by(audit.c.id))
    assert [(row.actor, row.action) for row in told] == [("ana", "sign-in failed"), ("ana", "sign-in")]
    assert "secret" not in str(told)
    assert told[0].address == "192.0.2.1"


async def test_the_browsers_own_token_is_kept_as_a_hash(staged):
    browser = staged.browser()
    await browser.sign_in("ana")
    [row] = await staged.rows(select(sign_ins.c.device))
    assert browser.cookies[staged.console.cookies.device] not in str(row)
