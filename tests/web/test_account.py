"""Settings → My account: who one is, another password, and an end to sessions, at once and for nobody but oneself."""

import re

import pytest
from sqlalchemy import select

from hyperpanel.db import staff_names
from hyperpanel.db.schema import audit, sessions
from hyperpanel.db.sign_ins import PER_ACCOUNT
from hyperpanel.support import passwords
from tests.support.staged import NOON, PASSWORD, TOKEN

HERE = "/settings/account"
NEW = "three herons over a field"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
SEAT = re.compile(r'name="session" value="(\w+)"')


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


async def change(browser, old=PASSWORD, new=NEW, again=None):
    data = {"old": old, "new": new, "again": new if again is None else again}
    return await browser.post(f"{HERE}/password", data=data)


async def acts(staged) -> list[tuple[str, str]]:
    return [tuple(row) for row in await staged.rows(select(audit.c.action, audit.c.details).order_by(audit.c.id))]


async def entered(staged, name="ana"):
    """By the form, as a browser of its own; what it sends from then on has its token."""
    browser = staged.browser(**{"user-agent": FIREFOX})
    await browser.sign_in(name)
    found = TOKEN.search((await browser.get(HERE)).text)
    assert found is not None
    browser.headers["x-csrf"] = found[1]
    return browser


async def test_index_says_who_one_is(staged, ben):
    async with staged.database.write() as connection:
        person = await staged.person("ben")
        await staff_names.give(connection, 1, person.id, "Ben from support", "ana", NOON)
    page = words((await ben.get(HERE)).text)
    assert "Username ben Role Support Panels eu-1 Name at eu-1 Ben from support" in page


@pytest.mark.parametrize(("name", "told"), [("ana", "Panels All panels"), ("nia", "Panels None yet")])
async def test_index_says_which_panels_are_open(staged, name, told):
    assert told in words((await (await staged.signed_in(name)).get(HERE)).text)


async def test_index_lists_where_one_is_signed_in_and_nobody_else(staged, ana, ben):
    other = await entered(staged)
    page = words((await other.get(HERE)).text)
    assert "Firefox on Linux this one 192.0.2.1" in page
    assert page.count("last seen") == 2


async def test_index_names_no_session_by_what_signs_in(staged, ana):
    other = await entered(staged)
    page = (await ana.get(HERE)).text
    token = other.cookies[staged.console.cookies.session]
    hashes = [bytes(row[0]).hex() for row in await staged.rows(select(sessions.c.token_hash))]
    assert [secret for secret in (token, *hashes) if secret[:16] in page] == []


async def test_a_new_password_ends_every_session_and_gives_this_browser_a_fresh_one(staged):
    mine, other, cookie = await entered(staged), await entered(staged), staged.console.cookies.session
    before = mine.cookies[cookie]
    answer = await change(mine)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?done=password")
    assert "Your password is changed." in (await mine.get(answer.headers["location"])).text
    assert mine.cookies[cookie] != before
    assert (await other.get("/orders")).status_code == 303
    stolen = staged.browser()
    stolen.cookies.set(cookie, before)
    assert (await stolen.get("/orders")).status_code == 303
    assert (await staged.browser().sign_in("ana", PASSWORD)).status_code == 422
    assert (await staged.browser().sign_in("ana", NEW)).status_code == 303


async def test_a_new_password_is_told_to_the_audit_without_it(staged, ana):
    await change(ana, old="not the right one")
    await change(ana)
    told = await acts(staged)
    assert told == [("password-change failed", "{}"), ("password-change", '{"ended":0}')]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old": ""}, ["Type the password that you have now."]),
        ({"old": "something else"}, ["This is not the password that you have now."]),
        ({"new": "1111"}, ["at least 12 characters", "It repeats too few characters."]),
        ({"new": "ana-hyperpanel"}, ["It holds the user&#39;s name"]),
        ({"again": "another"}, ["The two passwords differ."]),
        ({"new": PASSWORD}, ["This is the password that you have now."]),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field_and_changes_nothing(staged, ana, typed, said):
    answer = await change(ana, **typed)
    assert answer.status_code == 422
    assert [sentence for sentence in said if sentence not in answer.text] == []
    assert [value for value in typed.values() if value and f'value="{value}"' in answer.text] == []
    assert (await staged.browser().sign_in("ana")).status_code == 303


async def test_guessing_the_old_password_is_slowed_down_as_at_the_door(staged, ana):
    codes = [(await change(ana, old=f"a guess {n}")).status_code for n in range(PER_ACCOUNT + 1)]
    assert codes == [422] * PER_ACCOUNT + [429]
    assert "Too many tries." in (await change(ana)).text


async def test_the_right_old_password_is_no_guess_whatever_the_new_one_is(staged, ben):
    codes = {(await change(ben, new=PASSWORD)).status_code for _ in range(PER_ACCOUNT + 1)}
    assert codes == {422}
    assert (await staged.browser().sign_in("ben")).status_code == 303


async def test_a_reset_pressed_meanwhile_wins(staged, ana, ben, monkeypatch):
    hashes = passwords.hashed_later

    async def hashed_later(password):
        await ana.post("/settings/staff/3/link")
        return await hashes(password)

    monkeypatch.setattr(passwords, "hashed_later", hashed_later)
    assert (await change(ben)).status_code == 404
    assert (await staged.browser().sign_in("ben", NEW)).status_code == 422


async def test_one_session_can_be_ended_at_once(staged, ana):
    other = await entered(staged)
    [seat] = SEAT.findall((await ana.get(HERE)).text)
    answer = await ana.post(f"{HERE}/sessions/end", data={"session": seat})
    assert answer.headers["location"] == f"{HERE}?done=ended"
    assert (await other.get("/orders")).status_code == 303
    assert (await ana.get("/orders")).status_code == 200
    assert (await acts(staged))[-1] == ("session-end", '{"address":"192.0.2.1","browser":"Firefox on Linux"}')


async def test_nobody_ends_the_session_of_another(staged, ana, ben):
    await entered(staged)
    [seat] = SEAT.findall((await ana.get(HERE)).text)
    await ben.post(f"{HERE}/sessions/end", data={"session": seat})
    assert len(SEAT.findall((await ana.get(HERE)).text)) == 1


@pytest.mark.parametrize("seat", ["", "x", "0" * 24])
async def test_a_session_that_is_not_there_is_ended_already(ana, seat):
    assert (await ana.post(f"{HERE}/sessions/end", data={"session": seat})).headers["location"] == HERE


async def test_all_others_can_be_ended_and_this_one_stays(staged, ana, ben):
    others = [await entered(staged), await entered(staged)]
    await ana.post(f"{HERE}/sessions/end-others")
    assert [(await one.get("/orders")).status_code for one in (*others, ana, ben)] == [303, 303, 200, 200]
    assert (await acts(staged))[-1] == ("sessions-end", '{"ended":2}')


async def test_choices_are_saved_and_the_page_comes_back(ana):
    page = (await ana.get(HERE)).text
    assert 'name="next" value="/settings/account?done=saved"' in page
    answer = await ana.post("/preferences", data={"theme": "dark", "next": f"{HERE}?done=saved"})
    assert "Saved." in (await ana.get(answer.headers["location"])).text
