"""What is typed into a form as a secret is in no row of the audit, nor anywhere else in the database as it was typed."""

from typing import Any

import pytest
from sqlalchemy import select

from hyperpanel.db.schema import audit, metadata, sign_ins
from tests.support.staged import PASSWORD

CANARY = "canary-9e1f-in-the-coal-mine"
PANEL = {"name": "new-1", "url": "https://10.0.0.9", "currency": "USD", "time_zone": "UTC", "private": "yes"}
FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "a password in place of a name": ("/sign-in", {"username": CANARY, "password": "x"}),
    "a wrong password": ("/sign-in", {"username": "ana", "password": CANARY}),
    "an old password": ("/settings/account/password", {"old": CANARY, "new": f"{CANARY} 2", "again": f"{CANARY} 2"}),
    "a new password": ("/settings/account/password", {"old": PASSWORD, "new": CANARY, "again": CANARY}),
    "a panel's keys": ("/settings/panels/new", {**PANEL, "admin_key": CANARY, "services_key": f"{CANARY}-2"}),
    "other keys": ("/settings/panels/eu-1", {**PANEL, "name": "eu-1", "admin_key": CANARY}),
    "an AI key": ("/settings/ai", {"seen": "", "openai_key": CANARY, "openai_model": "m"}),
    "an AI key tried out": ("/settings/ai/test", {"test": "compatible", "compatible_key": CANARY}),
    "a time zone": ("/preferences", {"time_zone": CANARY}),
    "a link": (f"/invites/{CANARY}", {"password": f"{CANARY} 2", "again": f"{CANARY} 2"}),
}


async def kept(staged) -> list[tuple[str, Any]]:
    """Every value of every table that holds the canary."""
    rows = [
        (table.name, value)
        for table in metadata.sorted_tables
        for row in await staged.rows(table.select().execution_options(scoped=True))
        for value in row
    ]
    return [(name, value) for name, value in rows if CANARY in str(value) or CANARY.encode() in as_bytes(value)]


def as_bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


@pytest.mark.parametrize(("path", "data"), FORMS.values(), ids=FORMS)
async def test_no_secret_that_is_typed_is_kept_as_it_is(staged, ana, path, data):
    if path == "/sign-in":
        browser = staged.browser()
        answer = await browser.sign_in(**data)
    else:
        answer = await ana.post(path, data=data)
    assert answer.status_code in (200, 303, 404, 422)
    assert await kept(staged) == []


async def test_a_name_that_is_nobodys_leaves_a_mark_that_tells_it_from_another(staged):
    for name in (CANARY, f" {CANARY.upper()}", "another name"):
        await staged.browser().sign_in(name, "x")
    rows = await staged.rows(select(audit.c.actor, audit.c.target, audit.c.details).order_by(audit.c.id))
    one, same, other = (row.details for row in rows)
    assert (one == same, one == other) == (True, False)
    assert {(row.actor, row.target) for row in rows} == {("", "")}
    assert all(row[0].startswith("?") for row in await staged.rows(select(sign_ins.c.folded)))


async def test_a_known_name_is_told_as_it_is_written(staged):
    await staged.browser().sign_in(" ANA ", "x")
    [row] = await staged.rows(select(audit.c.actor, audit.c.target, audit.c.action))
    assert tuple(row) == ("ana", "ana", "sign-in failed")


async def test_an_unknown_name_is_slowed_down_like_a_known_one(staged):
    codes = [(await staged.browser(address=f"198.51.{n}.1").sign_in("nobody", "x")).status_code for n in range(12)]
    assert codes == [422] * 10 + [429] * 2
