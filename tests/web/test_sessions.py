"""Signing in and out, and everything that ends a session."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from hyperpanel.db import staff
from hyperpanel.db.schema import audit, sessions
from hyperpanel.db.schema import staff as people
from hyperpanel.db.sessions import hash_of
from hyperpanel.db.sign_ins import PER_ACCOUNT
from hyperpanel.support import passwords
from tests.support import databases
from tests.support.staged import PASSWORD, PASSWORD_HASH, stage

WRONG = "The username or the password is wrong."


async def test_new_asks_for_name_and_password(staged):
    page = await staged.browser().get("/sign-in")
    assert 'name="username"' in page.text
    assert 'name="password"' in page.text


async def test_new_sends_on_whoever_is_signed_in(ana):
    answer = await ana.get("/sign-in?next=/settings/sync")
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/sync")


async def test_new_tells_how_to_add_the_first_person(staged):
    for name in ("ana", "max", "ben", "vic", "nia"):
        person = await staged.person(name)
        async with staged.database.write() as connection:
            await staff.disable(connection, person.id, staged.clock.time)
    assert "staff add" in (await staged.browser().get("/sign-in")).text


async def test_the_right_password_signs_in(staged):
    browser = staged.browser()
    answer = await browser.sign_in("Ana ", next="/orders?user=kadir")
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders?user=kadir")
    assert (await browser.get("/orders")).status_code == 200


@pytest.mark.parametrize(("name", "password"), [("ana", "wrong"), ("nobody", PASSWORD), ("cy", PASSWORD), ("", "")])
async def test_unknown_wrong_and_disabled_look_the_same(staged, name, password):
    answer = await staged.browser().sign_in(name, password)
    same = await staged.browser().sign_in("ana", "wrong")
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert dict(answer.headers).keys() == dict(same.headers).keys()
    assert "set-cookie" not in answer.headers


async def test_a_failed_try_gives_the_name_back_and_no_password(staged):
    answer = await staged.browser().sign_in("ana", "my wrong secret")
    assert 'value="ana"' in answer.text
    assert "my wrong secret" not in answer.text


async def test_a_token_from_before_signing_in_is_never_taken_over(staged):
    browser, name = staged.browser(), staged.console.cookies.session
    browser.cookies.set(name, "invented-by-somebody-else", domain="127.0.0.1", path="/")
    await browser.sign_in("ana")
    tokens = [cookie.value for cookie in browser.cookies.jar if cookie.name == name]
    assert "invented-by-somebody-else" not in tokens
    assert len(tokens[0]) >= 43


async def test_signing_in_again_ends_the_session_before(staged):
    browser = staged.browser()
    await browser.sign_in("ana")
    first = browser.cookies[staged.console.cookies.session]
    token = (await browser.get("/orders")).text.split('name="csrf" value="')[1].split('"')[0]
    await browser.post("/sign-in", data={"username": "ana", "password": PASSWORD, "csrf": token})
    old = staged.browser()
    old.cookies.set(staged.console.cookies.session, first)
    assert (await old.get("/orders")).status_code == 303


async def test_only_the_hash_of_a_token_is_kept(staged):
    browser = staged.browser()
    await browser.sign_in("ana")
    [kept] = await staged.rows(select(sessions.c.token_hash))
    assert bytes(kept[0]) == hash_of(browser.cookies[staged.console.cookies.session])


async def test_the_cookie_is_for_this_host_over_https_only(run_folder, tmp_path):
    async with stage(databases.sqlite_copy(run_folder, tmp_path, True), web={"plain_http": False}) as secure:
        answer = await secure.browser().sign_in("ana")
    cookie = answer.headers.get_list("set-cookie")[0]
    assert cookie.startswith("__Host-hyperpanel=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_a_session_ends_when_nobody_was_there_for_half_an_hour(staged, ana):
    staged.clock.time += timedelta(minutes=30)
    assert (await ana.get("/orders")).status_code == 303


async def test_whoever_is_there_stays_but_not_beyond_the_day(staged, ana):
    for _ in range(25):
        staged.clock.time += timedelta(minutes=28)
        assert (await ana.get("/orders")).status_code == 200
        await staged.console.settle()
    staged.clock.time += timedelta(minutes=28)
    assert (await ana.get("/orders")).status_code == 303


async def test_a_page_that_asks_for_itself_keeps_nobody_signed_in(staged, ana):
    for _ in range(2):
        staged.clock.time += timedelta(minutes=16)
        answer = await ana.part("/orders", "rows", **{"HX-Trigger": "rows"})
        await staged.console.settle()
    assert answer.status_code == 401


async def test_signing_out_ends_the_session_and_has_the_browser_forget(staged, ana):
    answer = await ana.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert await staged.rows(select(sessions.c.token_hash)) == []


async def test_a_disabled_person_is_signed_out_at_once(staged, ana):
    person = await staged.person("ana")
    async with staged.database.write() as connection:
        await staff.disable(connection, person.id, staged.clock.time)
    assert (await ana.get("/orders")).status_code == 303


@pytest.mark.parametrize(
    "place",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/%2f%2fevil.example",
        "/%5cevil",
        "/a\r\nX: y",
        "/sign-in",
        "orders",
    ],
)
async def test_signing_in_leads_nowhere_else(staged, place):
    answer = await staged.browser().sign_in("ana", next=place)
    assert answer.headers["location"] == "/"


@pytest.fixture
def meanwhile(monkeypatch):
    """What somebody else does while a password is looked at."""

    def during(happens) -> None:
        looks = passwords.verify

        async def verify(stored, password):
            monkeypatch.setattr(passwords, "verify", looks)
            matches = await looks(stored, password)
            await happens()
            return matches

        monkeypatch.setattr(passwords, "verify", verify)

    return during


@pytest.mark.parametrize("act", ["link", "disable"])
@pytest.mark.parametrize("is_outdated", [False, True], ids=["", "outdated"])
async def test_a_reset_or_a_disable_pressed_meanwhile_wins(staged, ana, meanwhile, monkeypatch, act, is_outdated):
    monkeypatch.setattr(passwords, "is_outdated", lambda stored: is_outdated)
    meanwhile(lambda: ana.post(f"/settings/staff/3/{act}"))
    browser = staged.browser()
    answer = await browser.sign_in("ben")
    assert (answer.status_code, WRONG in answer.text) == (422, True)
    await ana.post("/settings/staff/3/enable")
    assert (await browser.get("/orders")).status_code == 303
    assert (await staged.browser().sign_in("ben")).status_code == (422 if act == "link" else 303)
    told = [row.action for row in await staged.rows(select(audit.c.action).where(audit.c.actor == "ben"))]
    assert told[0] == "sign-in failed"


async def test_a_hash_of_old_parameters_is_made_anew(staged, monkeypatch):
    monkeypatch.setattr(passwords, "is_outdated", lambda stored: True)
    assert (await staged.browser().sign_in("ben")).status_code == 303
    [kept] = await staged.rows(select(people.c.password_hash).where(people.c.username == "ben"))
    assert kept[0] != PASSWORD_HASH
    assert (await staged.browser().sign_in("ben")).status_code == 303


async def test_being_slowed_down_is_told_once_for_a_name_and_a_network(staged):
    for name in ("ben", "nobody", "nobody else"):
        for _ in range(PER_ACCOUNT + 2):
            await staged.browser().sign_in(name, "wrong")
    told = await staged.rows(select(audit.c.actor, audit.c.details).where(audit.c.action == "refused"))
    assert [row.actor for row in told] == ["ben", ""]
    assert all('"why":"too many tries"' in row.details for row in told)
    assert "nobody" not in str(told)


async def test_a_form_with_a_field_of_its_own_is_refused(staged):
    answer = await staged.browser().sign_in("ana", role="admin")
    assert answer.status_code == 400
