"""Settings → API keys: what is there, what may be made, and that the text of a key is shown once."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hyperpanel.db import api_keys, staff
from hyperpanel.db.schema import audit
from hyperpanel.support.api_keys import SCOPES
from hyperpanel.support.api_secrets import id_of
from hyperpanel.web.api_key_fields import SCOPE
from hyperpanel.web.api_key_words import GROUPS, SCOPE_WORDS
from tests.support.staged import NOON, PASSWORD_HASH

HERE = "/settings/keys"
TEXT = re.compile(r'<code id="secret" dir="ltr">(hp_live_\w{50})</code>')
FORM = {"name": "nightly", "expires": "90", "per_minute": "300", f"{SCOPE}orders:read": "yes"}


async def made(caller, **more):
    return await caller.post(f"{HERE}/new", data=FORM | more)


async def secret_of(caller, **more) -> str:
    return found_in((await made(caller, **more)).text)


def found_in(page: str) -> str:
    found = TEXT.search(page)
    assert found is not None
    return found[1]


async def lea(staged):
    """An administrator of eu-1 alone."""
    async with staged.database.write() as connection:
        await staff.add(connection, "lea", PASSWORD_HASH, "admin", [1], NOON)
    return await staged.signed_in("lea")


def kept(staged):
    return [held.key for held in staged.database.read_now(api_keys.all_of)]


async def acts(staged):
    rows = await staged.rows(select(audit.c.action, audit.c.target, audit.c.details).order_by(audit.c.id))
    return [tuple(row) for row in rows if row.action.startswith("key-")]


def test_every_scope_has_words_and_a_place():
    assert sorted(name for _, names in GROUPS for name in names) == sorted(SCOPES) == sorted(SCOPE_WORDS)


async def test_index_says_how_to_begin(ana):
    page = (await ana.get(HERE)).text
    assert "There are no keys yet" in page
    assert f'href="{HERE}/new"' in page


async def test_index_tells_what_each_key_is(staged, ana):
    key_id = id_of(await secret_of(ana, panel=["eu-1"]))
    page = (await ana.get(HERE)).text
    for told in ("nightly", f"hp_live_{key_id}", "Read orders", "orders:read", "eu-1", "Active", "never", "ana"):
        assert told in page


async def test_new_offers_scopes_panels_and_lives(ana):
    page = (await ana.get(f"{HERE}/new")).text
    assert page.count(f'name="{SCOPE}') == len(SCOPES)
    assert 'value="us-2"' in page
    assert [days for days in ("30", "90", "180", "365") if f'value="{days}"' in page] == ["30", "90", "180", "365"]
    assert 'value="300"' in page


async def test_edit_tells_what_the_key_may_do(ana):
    key_id = id_of(await secret_of(ana))
    page = (await ana.get(f"{HERE}/{key_id}")).text
    assert f'action="{HERE}/{key_id}/rotate"' in page
    assert f'action="{HERE}/{key_id}/revoke"' in page
    assert "All panels" in page


async def test_the_text_of_a_key_is_in_one_answer_and_nowhere_else(staged, ana):
    answer = await made(ana)
    secret = found_in(answer.text)
    assert answer.headers["cache-control"] == "no-store"
    key_id = id_of(secret)
    for place in (HERE, f"{HERE}/{key_id}", "/settings/activity"):
        assert secret not in (await ana.get(place)).text
    file = Path(staged.database.url.database)
    for kept_in in (file, file.with_name(f"{file.name}-wal")):
        assert secret[-38:].encode() not in kept_in.read_bytes()


async def test_what_a_key_allows_is_in_the_audit(staged, ana):
    await secret_of(ana, panel=["eu-1"], addresses="192.0.2.0/24, 2001:db8::1")
    [(action, name, details)] = await acts(staged)
    assert (action, name) == ("key-make", "nightly")
    assert '"scopes":["orders:read"]' in details
    assert '"panels":["eu-1"]' in details
    assert '"addresses":["192.0.2.0/24","2001:db8::1"]' in details


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": " "}, "A name has 1 to 64"),
        ({f"{SCOPE}orders:read": ""}, "Choose at least one thing"),
        ({"panel": "eu-9"}, "There is no panel"),
        ({"expires": "366"}, "A key lasts 1 to 365 days."),
        ({"addresses": "here"}, "is no address and no network"),
        ({"per_minute": "0"}, "Write a whole number"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(staged, ana, more, said):
    answer = await made(ana, **more)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert kept(staged) == []


async def test_a_page_sent_again_makes_no_second_key(staged, ana):
    await made(ana)
    assert (await made(ana)).status_code == 422
    assert len(kept(staged)) == 1


async def test_a_field_that_no_page_sends_is_refused(ana):
    assert (await made(ana, staff_id="1")).status_code == 400
    assert (await made(ana, **{f"{SCOPE}everything": "yes"})).status_code == 400


async def test_what_is_typed_of_a_key_is_changed(staged, ana):
    key_id = id_of(await secret_of(ana))
    data = {"name": "weekly", "addresses": "192.0.2.7", "per_minute": "60"}
    answer = await ana.post(f"{HERE}/{key_id}", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}/{key_id}?done=changed")
    [key] = kept(staged)
    assert (key.name, key.addresses, key.per_minute) == ("weekly", ("192.0.2.7",), 60)
    assert (await ana.post(f"{HERE}/{key_id}", data=data | {"per_minute": "x"})).status_code == 422


async def test_a_rotated_key_has_a_second_one_and_no_third(staged, ana):
    first = id_of(await secret_of(ana))
    second = id_of(found_in((await ana.post(f"{HERE}/{first}/rotate", data={})).text))
    page = (await ana.get(HERE)).text
    assert "being replaced" in page
    assert "takes its place" in page
    for key_id in (first, second):
        answer = await ana.post(f"{HERE}/{key_id}/rotate", data={})
        assert (answer.status_code, "are in force already" in answer.text) == (409, True)
        assert f"{key_id}/rotate" not in (await ana.get(f"{HERE}/{key_id}")).text


async def test_a_revoked_key_is_offered_nothing(staged, ana):
    key_id = id_of(await secret_of(ana))
    answer = await ana.post(f"{HERE}/{key_id}/revoke", data={})
    assert answer.headers["location"] == f"{HERE}/{key_id}?done=revoked"
    page = (await ana.get(f"{HERE}/{key_id}?done=revoked")).text
    assert "It opens nothing any more." in page
    assert '<form method="post" action="/settings/keys/' not in page
    assert [one[0] for one in await acts(staged)] == ["key-make", "key-revoke"]


async def test_how_a_key_stands_is_told(staged, ana):
    await secret_of(ana, expires="30")
    for days, word in ((15, "Active"), (17, "Ends soon"), (31, "Expired")):
        staged.clock.time = NOON + timedelta(days=days)
        caller = await staged.signed_in("ana")
        assert word in (await caller.get(HERE)).text


async def test_a_key_whose_owner_is_disabled_says_so(staged, ana):
    other = await lea(staged)
    await secret_of(other)
    async with staged.database.write() as connection:
        await staff.disable(connection, 7, NOON)
    assert "Its owner is disabled" in (await ana.get(HERE)).text


async def test_who_sees_some_panels_makes_keys_for_those_and_sees_no_others(staged, ana):
    foreign = id_of(await secret_of(ana, name="foreign"))
    caller = await lea(staged)
    assert "foreign" not in (await caller.get(HERE)).text
    for path in (f"{HERE}/{foreign}", f"{HERE}/AAAAAAAAAAAA"):
        assert (await caller.get(path)).status_code == 404
    assert (await caller.post(f"{HERE}/{foreign}/revoke", data={})).status_code == 404
    assert (await made(caller, panel=["us-2"])).status_code == 422
    assert (await made(caller)).status_code == 200


async def test_only_administrators_are_offered_keys(staged):
    for name in ("max", "ben", "vic"):
        caller = await staged.signed_in(name)
        assert (await caller.get(HERE)).status_code == 403
        assert HERE not in (await caller.get("/")).text
