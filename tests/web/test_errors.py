"""How requests end badly: one page, in the person's language, with a number that the log repeats."""

from datetime import timedelta

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from hyperpanel.support.error_numbers import new_number
from hyperpanel.web import orders as page
from tests.support.staged import order


async def test_show_says_what_to_do_next(ana):
    answer = await ana.get("/nowhere")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert 'href="/orders"' in answer.text


async def test_show_speaks_the_persons_language(staged):
    answer = await staged.browser(**{"accept-language": "tr-TR,tr;q=0.9,en;q=0.8"}).get("/nowhere")
    assert "Böyle bir sayfa yok" in answer.text
    assert 'lang="tr"' in answer.text


async def test_the_log_has_the_number_that_the_page_shows(ana):
    with structlog.testing.capture_logs() as lines:
        answer = await ana.get("/nowhere")
    [number] = {line["error"] for line in lines if line["event"] == "request"}
    assert number in answer.text


async def test_a_bug_is_told_without_what_it_was(staged, ana, monkeypatch):
    monkeypatch.setattr(page, "listed", broken_now)
    with structlog.testing.capture_logs() as lines:
        answer = await ana.get("/orders")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text
    assert [line["error"] in answer.text for line in lines if line["event"] == "bug"] == [True]


def broken_now(*_args: object) -> None:
    raise ValueError("a secret: hunter2")


def locked(*_args: object) -> None:
    raise OperationalError("SELECT secret", {}, Exception("database is locked"))


async def test_a_busy_database_asks_to_come_back(staged, ana, monkeypatch):
    monkeypatch.setattr(page, "look", locked)
    answer = await ana.get("/orders")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "SELECT" not in answer.text


async def test_the_log_has_what_the_database_said(staged, ana, monkeypatch):
    monkeypatch.setattr(page, "look", locked)
    with structlog.testing.capture_logs() as lines:
        await ana.get("/orders")
    assert [line["why"] for line in lines if line["event"] == "failed"] == ["database is locked"]


async def test_a_database_that_fails_at_the_door_is_told_too(staged, ana, monkeypatch):
    monkeypatch.setattr("hyperpanel.db.sessions.find", locked)
    answer = await ana.get("/orders")
    assert (answer.status_code, "content-security-policy" in answer.headers) == (503, True)


@pytest.mark.parametrize("place", ["chosen", "is_poll", "refuse_damaged"])
async def test_a_bug_at_the_door_is_told_like_any_other(staged, ana, monkeypatch, place):
    staged.clock.time += timedelta(minutes=10)
    monkeypatch.setattr(f"hyperpanel.web.door.{place}", broken_now)
    with structlog.testing.capture_logs() as lines:
        answer = await ana.get("/orders")
    [number] = {line["error"] for line in lines if line["event"] == "request"}
    assert (answer.status_code, "content-security-policy" in answer.headers) == (500, True)
    assert number in answer.text
    assert "hunter2" not in answer.text


async def test_a_bug_outside_of_every_route_is_told_too(staged, ana, monkeypatch):
    monkeypatch.setattr(staged.app.asgi_handler, "inside", broken_now)
    answer = await ana.get("/orders")
    assert (answer.status_code, "content-security-policy" in answer.headers) == (500, True)


async def test_an_answer_that_breaks_off_is_in_the_log_with_a_number(staged, ana, monkeypatch):
    async def broken_later(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        broken_now()

    monkeypatch.setattr(staged.app.asgi_handler, "inside", broken_later)
    with structlog.testing.capture_logs() as lines, pytest.raises(ValueError, match="hunter2"):
        await ana.get("/orders")
    assert len({line["error"] for line in lines}) == 1


async def test_a_part_of_a_page_gets_a_number_too(ana):
    answer = await ana.part("/orders/eu-1/404", "drawer")
    assert answer.status_code == 404
    assert 'class="muted"' in answer.text


async def test_a_part_of_a_page_sends_the_browser_to_sign_in_and_back(staged):
    browser = staged.browser()
    answer = await browser.part("/orders?at=x", "rows", **{"HX-Current-URL": f"{staged.address}/orders?user=kadir"})
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in?next=%2Forders%3Fuser%3Dkadir"


async def test_a_page_leads_to_sign_in_and_back(staged):
    answer = await staged.browser().get("/orders?user=kadir&panel=eu-1")
    assert answer.headers["location"] == "/sign-in?next=%2Forders%3Fuser%3Dkadir%26panel%3Deu-1"


async def test_an_error_page_that_fails_itself_still_says_something(ana, monkeypatch):
    monkeypatch.setattr("hyperpanel.web.errors.page", broken_now)
    answer = await ana.get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")


async def test_the_log_tells_no_query_no_body_and_no_cookie(staged):
    browser = staged.browser()
    with structlog.testing.capture_logs() as lines:
        await browser.sign_in("ana")
        await browser.get("/orders?user=somebodys-name")
        await browser.get("/a%0Aforged%1b[31mline")
    told = str(lines)
    secrets = ["a quiet morning", "somebodys-name", browser.cookies[staged.console.cookies.session], "\n", "\x1b"]
    assert [secret for secret in secrets if secret in told] == []


@pytest.mark.parametrize("_", range(3))
def test_a_number_is_short_enough_to_say(_):
    assert len(new_number()) == 9


async def test_hostile_addresses_are_shown_as_text(staged, ana):
    await staged.keep(order("1000", user="<script>alert(1)</script>", link="javascript:alert(1)"))
    page = (await ana.get("/orders?user=%3Cscript%3Ealert(1)%3C/script%3E")).text
    assert "<script>alert" not in page
    assert 'href="javascript:' not in page
