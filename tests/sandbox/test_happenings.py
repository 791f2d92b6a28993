import pytest

from tests.sandbox.conftest import small


@pytest.mark.parametrize("stream", ["users", "payments", "tickets"])
async def test_rows_come_and_go_between_the_pages_of_their_list(caller, stream):
    before = len(await caller.truth(stream))
    await caller.lever("eu-1/between-pages", **{stream: {"new": 5, "delete": 2, "move": 1}})
    await caller.rows(stream)
    await caller.rows(stream)
    assert len(await caller.truth(stream)) == before + 6


async def test_other_lists_stay_unless_all_are_meant(caller):
    before = await caller.truth("payments")
    await caller.lever("eu-1/between-pages", payments={"delete": 2})
    await caller.rows("users")
    assert await caller.truth("payments") == before
    await caller.lever("eu-1/between-pages", payments={"delete": 2}, any_page=True)
    await caller.rows("users")
    assert len(await caller.truth("payments")) == len(before) - 2


async def test_users_are_renamed_while_orders_are_read(caller):
    names = set(caller.panel.users.by_name)
    await caller.lever("eu-1/between-pages", users={"rename": 4}, any_page=True)
    await caller.orders()
    assert len(set(caller.panel.users.by_name) - names) == 4


async def test_replies_and_edits_come_between_the_pages_of_tickets(caller):
    before = await caller.truth("tickets")
    await caller.lever("eu-1/between-pages", tickets={"reply": 3, "edit": 1})
    await caller.rows("tickets")
    after = await caller.truth("tickets")
    assert 3 <= sum(after[key] != before[key] for key in before) <= 4


async def test_a_change_that_a_list_does_not_know_is_refused(caller):
    answer = await caller.http.post("/_truth/eu-1/between-pages", json={"payments": {"rename": 3}})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "lever", ["users/new", "users/move", "payments/new", "payments/move", "tickets/new", "tickets/reply"]
)
async def test_the_same_levers_have_the_same_effect(caller, lever):
    """A test that fails once fails again."""
    stream, other = lever.partition("/")[0], small()
    await caller.lever(f"eu-1/{lever}", count=9)
    first = await caller.truth(stream)
    caller.fleet.by_name["eu-1"] = other.panels[0]
    await caller.lever(f"eu-1/{lever}", count=9)
    assert await caller.truth(stream) == first
