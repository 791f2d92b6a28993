"""A link as whoever got it opens it: once, in time, and told apart from no other that leads nowhere."""

import re

import pytest
import structlog
from sqlalchemy import select

from hyperpanel.db import invites, staff
from hyperpanel.db.schema import audit
from hyperpanel.db.schema import sessions as kept
from hyperpanel.db.sign_ins import PER_NETWORK
from tests.support.staged import NOON, PASSWORD, TOKEN

CHOSEN = "tea before the long rain"
BEN, ZOE = 3, 7
HEADER = re.compile(r"hx-headers='[^']+'")
"""The token of the page, which no two have."""


async def link(staged, staff_id: int = BEN, now=NOON) -> str:
    async with staged.database.write() as connection:
        return f"/invites/{await invites.make(connection, staff_id, invites.RESET, 'ana', now)}"


async def zoe(staged) -> str:
    """Somebody who never signed in, and her link."""
    async with staged.database.write() as connection:
        await staff.add(connection, "zoe", staff.NO_PASSWORD, "support", [1], NOON)
        return f"/invites/{await invites.make(connection, ZOE, invites.JOIN, 'ana', NOON)}"


async def take(browser, path: str, password: str = CHOSEN, again: str | None = None, **more: str):
    page = TOKEN.search((await browser.get(path)).text)
    token = page[1] if page else await browser.form()
    data = {"password": password, "again": password if again is None else again, "csrf": token, **more}
    return await browser.post(path, data=data)


async def test_show_names_the_person_and_asks_for_a_password(staged):
    page = await staged.browser().get(await zoe(staged))
    assert page.status_code == 200
    assert "zoe" in page.text
    assert TOKEN.search(page.text)


async def test_a_link_sets_the_password_and_signs_in_with_a_fresh_token(staged):
    path, browser, name = await zoe(staged), staged.browser(), staged.console.cookies.session
    browser.cookies.set(name, "invented-by-somebody-else", domain="127.0.0.1", path="/")
    answer = await take(browser, path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    tokens = [cookie.value for cookie in browser.cookies.jar if cookie.name == name]
    assert "invented-by-somebody-else" not in tokens
    assert (await browser.get("/orders")).status_code == 200
    assert (await staged.browser().sign_in("zoe", CHOSEN)).status_code == 303
    told = await staged.rows(
        select(audit.c.actor, audit.c.target, audit.c.details).where(audit.c.action == "staff-join")
    )
    assert [tuple(row) for row in told] == [("zoe", "zoe", '{"purpose":"join"}')]


async def test_taking_a_link_ends_the_sessions_that_were_there(staged, ben):
    await take(staged.browser(), await link(staged))
    assert (await ben.get("/orders")).status_code == 303
    assert (await staged.browser().sign_in("ben", PASSWORD)).status_code == 422


async def test_whoever_was_signed_in_there_is_not_any_more(staged, ana):
    await take(ana, await zoe(staged))
    assert [row.staff_id for row in await staged.rows(select(kept.c.staff_id))] == [ZOE]


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", ["at least 12 characters"]),
        ("aaaa", ["at least 12 characters", "repeats too few characters"]),
        ("zoe zoe zoe zoe", ["holds the user"]),
        ("x" * 129, ["at most 128 characters"]),
    ],
)
async def test_every_condition_that_is_not_met_is_named(staged, password, said):
    path = await zoe(staged)
    answer = await take(staged.browser(), path, password)
    assert (answer.status_code, [part for part in said if part not in answer.text]) == (422, [])
    assert password not in answer.text
    assert (await staged.browser().get(path)).status_code == 200


async def test_two_passwords_that_differ_are_none(staged):
    answer = await take(staged.browser(), await zoe(staged), again="another")
    assert (answer.status_code, "The two passwords differ." in answer.text) == (422, True)


def bare(answer) -> str:
    return HEADER.sub("", answer.text)


async def used(staged) -> str:
    path = await link(staged)
    await take(staged.browser(), path)
    return path


async def replaced(staged) -> str:
    path = await link(staged)
    await link(staged)
    return path


async def disabled(staged) -> str:
    return await link(staged, 6)


async def expired(staged) -> str:
    return await link(staged, now=NOON - invites.LASTS)


async def invented(staged) -> str:
    return f"/invites/{'a' * 43}"


async def strange(staged) -> str:
    return "/invites/%C3%BC%F0%9F%98%80"


OVER = [used, replaced, disabled, expired, invented, strange]


@pytest.mark.parametrize("how", OVER, ids=lambda how: how.__name__)
async def test_a_link_that_leads_nowhere_looks_like_any_other(staged, how):
    path = await how(staged)
    same = await staged.browser().get("/invites/never-made")
    answer = await staged.browser().get(path)
    assert (answer.status_code, bare(answer)) == (404, bare(same))
    tried, as_well = [await take(staged.browser(), one) for one in (path, "/invites/never-made")]
    assert (tried.status_code, bare(tried)) == (404, bare(as_well))
    assert tried.headers.keys() == as_well.headers.keys()


async def test_opening_a_link_takes_nothing(staged):
    path = await zoe(staged)
    pages = [(await staged.browser().get(path)).status_code for _ in range(3)]
    assert pages == [200, 200, 200]


async def test_whoever_tries_many_links_has_to_wait(staged):
    browser = staged.browser()
    tried = [(await take(browser, f"/invites/{number}")).status_code for number in range(PER_NETWORK + 1)]
    assert tried == [404] * PER_NETWORK + [429]
    assert (await take(browser, await zoe(staged))).status_code == 303


async def test_an_old_link_keeps_nobody_from_signing_in(staged):
    browser = staged.browser()
    for number in range(PER_NETWORK + 1):
        await take(browser, f"/invites/{number}")
    assert (await staged.browser().sign_in("ben")).status_code == 303


async def test_links_that_lead_nowhere_are_told_once_and_without_the_link(staged):
    for number in range(PER_NETWORK + 2):
        await take(staged.browser(), f"/invites/canary{number}")
    told = await staged.rows(select(audit.c.action, audit.c.target, audit.c.details).order_by(audit.c.id))
    whys = ["a link that cannot be used", "too many tries"]
    assert [tuple(row) for row in told] == [("refused", "/invites/…", f'{{"why":"{why}"}}') for why in whys]


async def test_a_form_with_a_field_of_its_own_is_refused(staged):
    path = await zoe(staged)
    assert (await take(staged.browser(), path, role="admin")).status_code == 400
    assert (await take(staged.browser(), path, username="ana")).status_code == 400


async def test_a_form_from_elsewhere_is_refused(staged):
    path = await zoe(staged)
    browser = staged.browser(**{"sec-fetch-site": "cross-site"})
    assert (await take(browser, path)).status_code == 403
    answer = await staged.browser().post(path, data={"password": CHOSEN, "again": CHOSEN})
    assert answer.status_code == 403


async def test_no_log_line_and_no_referrer_has_the_link(staged):
    path = await zoe(staged)
    with structlog.testing.capture_logs() as lines:
        answer = await take(staged.browser(), path)
    assert path.rpartition("/")[2] not in str(lines)
    assert "/invites/…" in {line["path"].encode("ascii").decode("unicode_escape") for line in lines if "path" in line}
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
