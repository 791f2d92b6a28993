"""Faults of how a list is picked, of what is true while it is read, and of the bytes it comes in: the same for whoever calls the panel."""

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from hyperpanel.sandbox.exchange import Answer
from hyperpanel.sandbox.stammer import PIECE, Caller, stammer

LISTS = ["orders", "users", "payments", "tickets"]


async def fault(caller, kind, **more):
    return await caller.lever("eu-1/faults", kind=kind, **{"times": 1, **more})


async def test_filters_may_be_ignored_without_a_word(caller):
    fair = await caller.ids(order_status="canceled")
    await fault(caller, "filters_ignored")
    assert await caller.ids(order_status="canceled") == (await caller.ids())
    assert await caller.ids(order_status="canceled") == fair


@pytest.mark.parametrize("stream", LISTS)
async def test_a_limit_may_be_cut_without_a_word(caller, stream):
    await fault(caller, "limit_capped")
    assert len(await caller.rows(stream, limit=9)) == 3


async def test_rows_of_one_second_may_come_in_any_order(caller):
    await caller.lever("eu-1/orders/new", count=40, seconds=0)
    fair = await caller.ids(limit=40)
    await fault(caller, "ties_unstable")
    mixed = await caller.ids(limit=40)
    assert mixed != fair
    assert sorted(mixed) == sorted(fair)


@pytest.mark.parametrize("stream", LISTS)
async def test_rows_come_and_go_once_a_page_was_answered(caller, stream):
    before = await caller.truth(stream)
    await fault(caller, "rows_inserted")
    assert len(await caller.rows(stream)) == len(before)
    assert len(await caller.truth(stream)) == len(before) + 2
    await fault(caller, "rows_deleted")
    await caller.rows(stream)
    assert len(await caller.truth(stream)) == len(before)


@pytest.mark.parametrize("stream", LISTS)
async def test_rows_change_once_a_page_was_answered(caller, stream):
    await caller.lever("eu-1/orders/new", count=20)
    before = await caller.truth(stream)
    await fault(caller, "rows_changed")
    await caller.rows(stream)
    after = await caller.truth(stream)
    assert sum(after[key] != before[key] for key in before) == 2


async def test_the_catalogue_changes_too(caller):
    before = await caller.user_api("services")
    for kind in ("rows_inserted", "rows_deleted", "rows_changed"):
        await fault(caller, kind)
        await caller.user_api("services")
    after = await caller.user_api("services")
    assert len(after) == len(before)
    assert after != before


@pytest.mark.parametrize("stream", LISTS)
async def test_more_rows_than_a_page_holds_may_come_in_one_second(caller, stream):
    await fault(caller, "burst")
    await caller.rows(stream, limit=10)
    now = int(caller.fleet.clock.seconds())
    assert sum(row["created_timestamp"] == now for row in (await caller.truth(stream)).values()) >= 11


async def test_a_user_may_be_renamed_as_a_list_is_read(caller):
    before = {row["username"] for row in (await caller.truth("users")).values()}
    await fault(caller, "user_renamed")
    assert len({row["username"] for row in await caller.rows("users")} - before) == 1


async def test_a_message_may_be_edited_and_its_ticket_not_touched(caller):
    before = await caller.truth("tickets")
    await fault(caller, "message_edited")
    await caller.orders()
    [changed] = [key for key, row in (await caller.truth("tickets")).items() if row != before[key]]
    after = (await caller.truth("tickets"))[changed]
    assert {**after, "messages": None, "order_ids": None} == {**before[changed], "messages": None, "order_ids": None}


@pytest.mark.parametrize("stream", ["orders", "tickets"])
async def test_a_number_may_be_given_again(caller, stream):
    before = await caller.truth(stream)
    await fault(caller, "id_reused")
    told = {str(row["id"]): row for row in await caller.rows(stream)}
    after = await caller.truth(stream)
    [again] = [key for key in after if after[key] != before[key]]
    assert again == max(before, key=int)
    assert after[again]["created_timestamp"] == told[again]["created_timestamp"] == int(caller.fleet.clock.seconds())
    assert list(after) == list(before)


async def test_the_number_of_a_deleted_order_may_be_given_again(caller):
    newest = max(map(int, await caller.truth()))
    while newest in map(int, await caller.truth()):
        await caller.lever("eu-1/orders/delete", count=300)
    await fault(caller, "id_reused")
    assert newest in await caller.ids()


@pytest.mark.parametrize("kind", ["cut", "reset", "reset_in_headers", "reset_after_headers"])
async def test_a_torn_connection_is_an_error_in_process(caller, kind):
    await fault(caller, kind)
    with pytest.raises(ConnectionResetError):
        await caller.get("orders")


async def test_a_connection_that_is_not_kept_loses_nothing(caller):
    await fault(caller, "hang_up")
    assert (await caller.get("orders")).json()["data"]["count"] == 600


async def test_a_trickle_ends_before_the_answer_does(caller):
    await fault(caller, "trickle", seconds=0.01)
    with pytest.raises(ConnectionResetError):
        await caller.get("orders")


async def test_an_answer_without_an_end_tells_no_length(monkeypatch):
    monkeypatch.setattr("hyperpanel.sandbox.stammer.ENDLESS", 3)
    said: list[MutableMapping[str, Any]] = []

    async def receive() -> Any:
        await asyncio.get_running_loop().create_future()

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message)

    with pytest.raises(ConnectionResetError):
        await stammer("endless", 0.01, Answer(200, b"{}"), {}, Caller({}, receive, send))
    assert b"content-length" not in dict(said[0]["headers"])
    assert [message["body"] for message in said[1:]] == [PIECE] * 3


async def test_json_may_be_as_deep_as_it_is_long(caller):
    await fault(caller, "deep")
    with pytest.raises(RecursionError):
        json.loads((await caller.get("orders")).text)
