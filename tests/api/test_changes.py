"""Changes over the API: whoever follows ends with what is held, is told nothing that is not theirs, and learns when their cursor is too old."""

import asyncio
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import httpx2
import msgspec
import pytest
from litestar.exceptions import LitestarException
from sqlalchemy import update

from hyperpanel.api import change_cursors, frame, listing
from hyperpanel.api import changes as api_changes
from hyperpanel.api.callers import Api
from hyperpanel.client.following import Following
from hyperpanel.db import api_keys, changes, erasing, outlived, panels, removals, schema
from hyperpanel.db.engine import Database
from hyperpanel.db.panels import Panel
from hyperpanel.support.api_keys import SCOPES
from sync.store import Batch, Thread
from tests.support import records
from tests.support.kits import ALL, Kit, kit_over
from tests.support.records import NOON, batch, message, order, ticket
from tests.support.scoping import COMMITTING
from tests.support.scripts_keys import kept
from tests.support.settling import settle

pytestmark = pytest.mark.loopback
PATH = "/adminapi/v2/changes"
EVERY = frozenset(SCOPES)
MONTH = timedelta(days=30)
OLD = NOON - 3 * MONTH
NDJSON = {"Accept": "application/x-ndjson"}


@pytest.fixture
async def kit(database_url, tmp_path):
    async with kit_over(database_url, tmp_path) as made:
        COMMITTING.add(made.database.committing)
        yield made


class Script:
    """A key's calls. `ask` raises for a refusal."""

    def __init__(self, http: httpx2.AsyncClient, database: Database) -> None:
        self.http, self.database = http, database

    async def get(
        self, path: str = PATH, params: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        await settle(self.database)
        return await self.http.get(path, params=params, headers=headers)

    async def ask(self, path: str = PATH, **parameters: Any) -> Any:
        answer = await self.get(path, parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    async def told(self, since: str, **parameters: Any) -> list[tuple[str, Any, bool]]:
        found = await self.ask(since=since, **parameters)
        return [(one["stream"], one["id"], one["gone"]) for one in found["list"]]

    async def now(self, **parameters: Any) -> str:
        return str((await self.ask(**parameters))["next_cursor"])


async def script(kit: Kit, scopes: frozenset[str] = EVERY, panel_ids: frozenset[int] | None = None) -> Script:
    api = Api(kit.installation.settings, kit.database, kit.installation.vault, kit.clock)
    key = await kept(kit.database, scopes=scopes, panel_ids=panel_ids, per_minute=600_000)
    transport = httpx2.ASGITransport(cast(Any, frame.build(api)))
    http = httpx2.AsyncClient(transport=transport, base_url="http://console", headers={"X-Api-Key": key})
    return Script(http, kit.database)


async def another(kit: Kit, name: str = "us-2") -> Kit:
    panel = Panel(0, name, "perfect_panel", f"https://{name}.example", "USD", "UTC", 4.0, False)
    async with kit.database.write() as connection:
        panel_id = await panels.add(connection, panel, {"admin_key": "k"}, ALL, kit.installation.vault, NOON)
    return Kit(kit.installation, kit.clock, panel_id, "orders")


async def test_without_a_cursor_it_is_given_the_one_of_now(kit):
    await kit.read(batch(10, order("1")))
    me = await script(kit)
    begun = await me.ask()
    assert (begun["list"], begun["count"], begun["has_more"]) == ([], 0, False)
    assert await me.told(begun["next_cursor"]) == []


async def test_a_record_is_told_as_its_list_tells_it(kit):
    me = await script(kit)
    since = await me.now(streams="orders,users,payments,tickets")
    await kit.read(batch(10, order("1")))
    await kit.of("users").read(batch(11, records.user("7")))
    await kit.of("payments").read(batch(12, records.payment("5")))
    await kit.of("tickets").read(batch(13, ticket("255")))
    found = {one["stream"]: one["record"] for one in (await me.ask(since=since))["list"]}
    for stream, record in found.items():
        assert [record] == (await me.ask(f"/adminapi/v2/{stream}"))["list"]
    assert sorted(found) == ["orders", "payments", "tickets", "users"]


async def test_messages_are_told_as_their_ticket_tells_them(kit):
    me = await script(kit)
    await kit.of("tickets").read(batch(10, ticket("255")))
    since = await me.now()
    thread = Thread("255", 7, 1, [message("<p>a</p>"), message("<p>b</p>")])
    await kit.of("messages").read(Batch(20, NOON, 1, keys=["255"], thread=thread))
    [one] = (await me.ask(since=since))["list"]
    whole = await me.ask("/adminapi/v2/tickets/255")
    assert (one["stream"], one["id"], one["panel"]) == ("messages", 255, "eu-1")
    assert one["record"]["messages"] == whole["messages"]


async def test_what_is_gone_says_when_and_why(kit):
    await kit.read(batch(10, order("1")))
    await kit.of("tickets").read(batch(11, ticket("9", status="closed", created_at=OLD)))
    me = await script(kit)
    since = await me.now()
    await kit.read(Batch(20, NOON, 0, gone=["1"]))
    feed = kit.of("tickets").feed
    await kit.change(lambda c: erasing.erase(c, feed, ["9"], NOON - MONTH, NOON))
    found = (await me.ask(since=since))["list"]
    assert [(one["stream"], one["gone"], one["why"], one["record"]) for one in found] == [
        ("orders", True, "asked", None),
        ("tickets", True, "erased", None),
        ("messages", True, "erased", None),
    ]
    assert found[0]["gone_at"] is not None


async def test_a_page_is_cut_at_the_limit_and_goes_on_with_its_cursor(kit):
    me = await script(kit)
    since, found = await me.now(), list[int]()
    await kit.read(batch(10, *(order(str(key)) for key in range(1000, 1025))))
    for is_more in (True, True, False):
        page = await me.ask(since=since, limit=10)
        assert page["has_more"] is is_more
        found, since = found + [one["id"] for one in page["list"]], page["next_cursor"]
    assert found == list(range(1000, 1025))


async def test_other_panels_and_streams_are_not_told(kit):
    other = await another(kit)
    mine = await script(kit, frozenset({"orders:read"}), frozenset({kit.feed.panel_id}))
    since = await mine.now()
    await other.read(batch(10, order("1")))
    await kit.of("users").read(batch(11, records.user("7")))
    await kit.read(batch(12, order("2")))
    assert await mine.told(since) == [("orders", 2, False)]


async def test_a_panel_may_be_asked_for_and_no_other_is_said_to_be_gone(kit):
    other, me = await another(kit), await script(kit)
    since = await me.now()
    await other.read(batch(10, order("1")))
    await kit.read(batch(11, order("2")))
    assert await me.told(since, panel="us-2") == [("orders", 1, False)]
    answer = await me.get(f"/p/us-2{PATH}", params={"since": since})
    assert [one["panel"] for one in answer.json()["data"]["list"]] == ["us-2"]


async def test_provider_fields_need_their_scope_here_too(kit):
    me = await script(kit, frozenset({"orders:read"}))
    since = await me.now()
    await kit.read(batch(10, order("1")))
    [one] = (await me.ask(since=since))["list"]
    assert "provider" not in one["record"]


async def test_streams_are_chosen_at_the_beginning(kit):
    me = await script(kit)
    since = await me.now(streams="orders,users")
    await kit.read(batch(10, order("1")))
    await kit.of("users").read(batch(11, records.user("7")))
    await kit.of("payments").read(batch(12, records.payment("5")))
    assert await me.told(since) == [("orders", 1, False), ("users", 7, False)]
    assert await me.told(since, streams="users") == [("users", 7, False)]


@pytest.mark.parametrize(
    ("parameters", "status", "field"),
    [
        ({"since": "x"}, 400, "since"),
        ({"since": "eNqLNtQx0FEyVNJRMlDSUcpLzMlRAgAo1wSg"}, 400, "since"),
        ({"streams": "orders,flips"}, 400, "streams"),
        ({"limit": "0"}, 400, "limit"),
        ({"cursor": "x"}, 400, "cursor"),
    ],
)
async def test_what_is_wrong_is_refused_by_its_name(kit, parameters, status, field):
    me = await script(kit)
    answer = await me.get(PATH, params=parameters)
    assert (answer.status_code, answer.json()["fields"]) == (status, [field])


async def test_a_stream_that_was_not_followed_cannot_be_asked_for_later(kit):
    me = await script(kit)
    answer = await me.get(PATH, params={"since": await me.now(streams="orders"), "streams": "users"})
    assert answer.status_code == 400


async def test_a_stream_needs_its_scope_and_a_key_without_any_is_told_so(kit):
    orders, none = await script(kit, frozenset({"orders:read"})), await script(kit, frozenset({"panels:read"}))
    assert (await orders.get(PATH, params={"streams": "users"})).status_code == 403
    assert (await none.get(PATH)).status_code == 403


async def test_a_scope_that_was_lost_for_a_while_loses_nothing(kit):
    both, tickets = frozenset({"orders:read", "tickets:read"}), frozenset({"tickets:read"})
    me, less = await script(kit, both), await script(kit, tickets)
    since = await me.now()
    await kit.read(batch(10, order("1")))
    refused = await less.get(PATH, params={"since": since})
    assert (refused.status_code, "orders:read" in refused.json()["error_message"]) == (403, True)
    assert await me.told(since) == [("orders", 1, False)]


async def test_records_with_other_fields_are_to_be_read_anew(kit):
    blind = await script(kit, EVERY - {"providers:read"})
    since = await blind.now()
    sees = await script(kit)
    assert [(stream, gone) for stream, _, gone in await sees.told(since)] == [("panels", False)]


async def test_a_cursor_too_old_is_answered_with_a_fresh_one(kit):
    me = await script(kit)
    await kit.read(batch(10, order("1")))
    since = await me.now()
    await kit.read(batch(20, order("2")))
    kit.clock.time += timedelta(days=8)
    await changes.forget(kit.database, kit.clock.now(), timedelta(days=7))
    answer = await me.get(PATH, params={"since": since})
    assert answer.status_code == 410
    assert await me.told(answer.json()["cursor"]) == []


async def test_a_cursor_of_another_database_is_answered_with_a_fresh_one(kit):
    me = await script(kit)
    await kit.read(batch(10, order("1")))
    cursor = change_cursors.load(await me.now())
    other = replace(cursor, place=replace(cursor.place, at=cursor.place.at - timedelta(days=1)))
    assert (await me.get(PATH, params={"since": change_cursors.dump(other)})).status_code == 410


async def test_a_new_panel_is_told_to_be_read_and_a_removed_one_to_be_gone(kit):
    me = await script(kit)
    since = await me.now()
    other = await another(kit)
    kit.clock.time += timedelta(seconds=1)
    found = await me.ask(since=since)
    assert [(one["stream"], one["panel"], one["gone"]) for one in found["list"]] == [("panels", "us-2", False)]
    panel = Panel(other.feed.panel_id, "us-2", "perfect_panel", "https://us-2.example", "USD", "UTC", 4.0, False)
    async with kit.database.write() as connection:
        await removals.mark(connection, panel, "ana", NOON)
    assert await removals.remove(kit.database, panel.id, NOON)
    kit.clock.time += timedelta(seconds=1)
    assert await me.told(found["next_cursor"]) == [("panels", "us-2", True)]


async def test_a_panel_taken_from_the_key_is_gone_for_it(kit):
    other = await another(kit)
    both, one = await script(kit), await script(kit, EVERY, frozenset({kit.feed.panel_id}))
    since = await both.now()
    await other.read(batch(10, order("1")))
    assert await one.told(since) == [("panels", "us-2", True)]


async def test_lines_end_with_how_many_they_were_and_where_to_go_on(kit):
    me = await script(kit)
    since = await me.now()
    await kit.read(batch(10, *(order(str(key)) for key in range(1000, 1005))))
    answer = await me.get(PATH, params={"since": since}, headers=NDJSON)
    *lines, last = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert [line["id"] for line in lines] == list(range(1000, 1005))
    assert (last["end"]["count"], last["end"]["has_more"]) == (5, False)
    assert await me.told(last["end"]["next_cursor"]) == []


async def test_lines_to_a_limit_say_that_there_are_more(kit):
    me = await script(kit)
    since = await me.now()
    await kit.read(batch(10, *(order(str(key)) for key in range(1000, 1005))))
    answer = await me.get(PATH, params={"since": since, "limit": 2}, headers=NDJSON)
    last = json.loads(answer.text.splitlines()[-1])["end"]
    assert (last["count"], last["has_more"]) == (2, True)
    assert len(await me.told(last["next_cursor"])) == 3


async def test_lines_of_changes_end_with_their_key(kit, monkeypatch):
    me = await script(kit)
    since = await me.now()
    await kit.read(batch(10, *(order(str(key)) for key in range(1000, 1005))))
    judge = listing.still_good

    async def revoked(caller):
        async with kit.database.write() as connection:
            await api_keys.revoke(connection, caller.key.id, caller.now)
        await judge(caller)

    monkeypatch.setattr(api_changes, "AT_ONCE", 2)
    monkeypatch.setattr(api_changes, "still_good", revoked)
    with pytest.raises(LitestarException):
        await me.get(PATH, params={"since": since}, headers=NDJSON)


async def test_head_does_not_go_through_all_changes(kit, monkeypatch):
    me = await script(kit)
    since = await me.now()
    await kit.read(batch(10, *(order(str(key)) for key in range(1000, 1005))))
    asked, part = list[int](), api_changes.part

    async def noted(caller, wanted):
        asked.append(wanted.most)
        return await part(caller, wanted)

    monkeypatch.setattr(api_changes, "AT_ONCE", 2)
    monkeypatch.setattr(api_changes, "part", noted)
    assert (await me.http.head(PATH, params={"since": since}, headers=NDJSON)).status_code == 200
    assert len(asked) == 1


async def test_the_shapes_of_the_client_read_it(kit):
    me = await script(kit)
    since = await me.now()
    await kit.read(batch(10, order("1"), order("2")))
    await kit.read(Batch(20, NOON, 0, gone=["1"]))
    answer = await me.get(PATH, params={"since": since})
    found = msgspec.json.decode(answer.content, type=Following).data
    assert [type(one).__name__ for one in found.list] == ["OrderChange", "OrderChange"]
    assert [one.gone for one in found.list] == [True, False]


Kept = dict[tuple[str, str, Any], Any]
AGES = ("as_of", "messages_as_of")


def bare(record: Mapping[str, Any]) -> dict[str, Any]:
    """As of when it is may move without a change."""
    return {name: value for name, value in record.items() if name not in AGES}


class Copy:
    """What a follower keeps. An answer may be cut off: then its cursor is not kept, and it is asked for again."""

    def __init__(self, me: Script, chance: random.Random) -> None:
        self.me, self.chance, self.since = me, chance, ""
        self.kept: Kept = {}

    async def begin(self) -> None:
        self.since = await self.me.now(streams="orders,payments,tickets,messages")
        self.kept.update(await listed(self.me))

    async def follow(self, calls: int) -> None:
        for _ in range(calls):
            page = await self.me.ask(since=self.since, limit=self.chance.randint(1, 9))
            is_cut = self.chance.random() < 0.3
            for one in page["list"][: 2 if is_cut else None]:
                self.put(one)
            if not is_cut:
                self.since = page["next_cursor"]
                if not page["has_more"]:
                    return

    def put(self, one: dict[str, Any]) -> None:
        key = (one["stream"], one["panel"], one["id"])
        self.kept.pop(key, None)
        if not one["gone"] and one["record"].get("messages", True):
            self.kept[key] = bare(one["record"])


async def listed(me: Script) -> Kept:
    found: Kept = {}
    for stream in ("orders", "payments", "tickets"):
        rows = (await me.ask(f"/adminapi/v2/{stream}", limit=1000))["list"]
        found.update({(stream, row["panel"], row["id"]): bare(row) for row in rows})
    for _, panel, key in [key for key in found if key[0] == "tickets"]:
        whole = await me.ask(f"/adminapi/v2/tickets/{key}", panel=panel)
        if whole["messages"]:
            found["messages", panel, key] = {name: whole[name] for name in ("messages", "messages_before")}
    return found


async def happen(kit: Kit, chance: random.Random, numbers: Iterator[int]) -> None:
    """Something to some records of a stream: they come, change or come again, are gone, or grow too old."""
    make, stream = chance.choice(((order, "orders"), (records.payment, "payments"), (ticket, "tickets")))
    one, number = kit.of(stream), next(numbers)
    keys = [str(key) for key in chance.sample(range(1000, 1030), chance.randint(1, 12))]
    kind = chance.choice(("come", "come", "gone", "erase", "say"))
    if kind == "gone":
        await one.read(Batch(number, NOON, 0, gone=keys))
    elif kind == "say":
        said = [message(f"<p>{number} {place}</p>") for place in range(chance.randint(1, 3))]
        thread = Thread(keys[0], number, number, said)
        await kit.of("messages").read(Batch(number, NOON, 1, keys=keys[:1], thread=thread))
    elif kind == "erase":
        ids = await kit.database.read(lambda c: outlived.some(c, one.feed, NOON - MONTH, 9))
        await kit.change(lambda c: erasing.erase(c, one.feed, ids, NOON - MONTH, NOON))
    else:
        status = chance.choice(("pending", "closed" if stream == "tickets" else "completed"))
        at = OLD if chance.random() < 0.4 else NOON
        await one.read(batch(number, *(make(key, status=status, created_at=at) for key in keys)))


@pytest.mark.parametrize("seed", range(3))
async def test_whoever_follows_ends_with_what_is_held(kit, seed):
    """Two panels are written at once, while lists and changes are read."""
    chance, numbers = random.Random(seed), iter(range(1, 10_000))
    both = [kit, await another(kit)]
    me = await script(kit)
    copy = Copy(me, chance)
    for turn in range(30):
        await asyncio.gather(*(happen(one, chance, numbers) for one in both), *([copy.begin()] if turn == 8 else []))
        if turn > 8 and chance.random() < 0.6:
            await asyncio.gather(happen(both[0], chance, numbers), copy.follow(chance.randint(1, 4)))
    await copy.follow(10_000)
    assert copy.kept == await listed(me)


async def test_no_get_writes_anything(kit):
    me = await script(kit)
    since = await me.now()
    before = await kit.rows(schema.changes)
    await me.ask(since=since)
    assert await kit.rows(schema.changes) == before


async def test_services_are_told_as_their_list_tells_them(kit):
    me = await script(kit)
    since = await me.now()
    await kit.of("services").read(batch(10, records.service("170")))
    [one] = (await me.ask(since=since))["list"]
    assert [one["record"]] == (await me.ask("/adminapi/v2/services"))["list"]


async def test_a_description_that_is_written_changes_its_service(kit):
    await kit.of("services").read(batch(10, records.service("170")))
    me = await script(kit)
    since = await me.now()
    async with kit.database.write() as transaction:
        await changes.tell(transaction, "services", [(kit.feed.panel_id, "170")], NOON)
    assert await me.told(since) == [("services", 170, False)]


async def test_a_panel_with_another_zone_or_currency_is_to_be_read_anew(kit):
    me = await script(kit)
    cursor = change_cursors.load(await me.now())
    known = {key: one._replace(terms="USD Asia/Tokyo") for key, one in cursor.panels.items()}
    since = change_cursors.dump(replace(cursor, panels=known))
    assert await me.told(since) == [("panels", "eu-1", False)]


async def test_an_address_of_one_panel_forgets_no_other(kit):
    """What goes meanwhile is told where all are asked about, and what stays is to be read anew there."""
    other, third = await another(kit), await another(kit, "tr-3")
    both, one = await script(kit), await script(kit, EVERY, frozenset({kit.feed.panel_id, third.feed.panel_id}))
    since = await both.now()
    answer = await one.get(f"/p/eu-1{PATH}", params={"since": since})
    assert answer.json()["data"]["list"] == []
    assert other.feed.panel_id != third.feed.panel_id
    since = answer.json()["data"]["next_cursor"]
    assert await one.told(since) == [("panels", "us-2", True), ("panels", "tr-3", False)]


async def test_a_panel_whose_name_had_no_room_is_read_anew_with_all_others_when_it_goes(kit, monkeypatch):
    """Nobody is told a name that their cursor does not hold: a digest that was made up would ask which names there are."""
    monkeypatch.setattr(change_cursors, "ROOM", 0)
    other = await another(kit)
    both, one = await script(kit), await script(kit, EVERY, frozenset({kit.feed.panel_id}))
    since = await both.now()
    assert await both.told(since) == []
    refused = await one.get(PATH, params={"since": since})
    assert (refused.status_code, "us-2" in refused.text) == (410, False)
    assert await one.told(refused.json()["cursor"]) == []
    renamed = update(schema.panels).where(schema.panels.c.id == other.feed.panel_id)
    await kit.change(lambda c: c.execute(renamed.values(name="us-9", folded="us-9")))
    kit.clock.time += timedelta(seconds=1)
    assert (await both.get(PATH, params={"since": since})).status_code == 410
