"""Writes over the API: every one of a panel's is refused with the reason, whatever is in it, and nothing is read or written for it."""

import pytest
from sqlalchemy import event

from hyperpanel.api.writes import NEVER, NOT_YET, OF_ONE, PULLS, WRITES
from tests.support.api_shelf import shelf_over

PATHS = [path.replace("{record_id:str}", "5").strip("/") for path in (*WRITES, *OF_ONE, *PULLS)]
OF_THE_REFERENCE = {
    "orders/pull", "orders/update", "orders/5/edit-link", "orders/resend", "orders/change-status", "orders/5/set-partial",
    "orders/request-cancel", "orders/cancel", "cancel/pull", "cancel/reject", "refill/pull", "refill/change-status",
    "payments/add", "users/add", "tickets/5/reply", "tickets/add",
}  # fmt: skip

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def shelf(database_url):
    async with shelf_over(database_url) as made:
        yield made


async def test_every_write_of_a_panel_is_answered_without_looking_at_it(shelf):
    assert set(PATHS) == OF_THE_REFERENCE
    script = await shelf.script(scopes=["panels:read"])
    await script.get("key")
    ran: list[str] = []
    event.listen(shelf.database.reading, "before_cursor_execute", lambda *told: ran.append(told[2]))
    event.listen(shelf.database.writing.sync_engine, "before_cursor_execute", lambda *told: ran.append(told[2]))
    for path in PATHS:
        for body in (b'{"ids":"1,2"}', b"\xff not json", b""):
            answer = await script.http.post(f"/adminapi/v2/{path}", content=body)
            told = answer.json()
            assert (answer.status_code, told["error_code"], told["data"]) == (501, 501, [])
            assert told["error_message"] == (NEVER if path.endswith("pull") else NOT_YET)
    assert [sql for sql in ran if "api_" not in sql and not sql.startswith("BEGIN")] == []


async def test_a_write_needs_a_good_key_all_the_same(shelf):
    script = await shelf.script()
    for key in ("", "hp_live_wrong"):
        answer = await script.http.post("/adminapi/v2/orders/update", headers={"X-Api-Key": key})
        assert answer.status_code == 401
