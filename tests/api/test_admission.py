"""Which key may come in: what refuses one, how soon that holds, and what the limit does."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine, event, select

from hyperpanel.api import admission
from hyperpanel.api.admission import WRONG_A_MINUTE
from hyperpanel.db import api_keys, staff
from hyperpanel.db.engine import Database, address
from hyperpanel.db.schema import api_uses
from hyperpanel.db.schema import staff as people
from hyperpanel.support.api_secrets import checksum, new_secret
from tests.support import databases
from tests.support.scripts_keys import kept, number_of
from tests.support.staged import NOON, Stage, cast, stage

ANA, BEN, CY = 1, 3, 6
ORDERS, WHOSE = "/adminapi/v2/orders", "/adminapi/v2/key"
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="session")
async def filled(run_folder, tmp_path_factory):
    url = databases.sqlite_copy(run_folder, tmp_path_factory.mktemp("api"), migrated=True)
    database = Database(address(url, Path.cwd()))
    await cast(database)
    await database.close()
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture
async def twins(filled, tmp_path):
    """Two processes, as it were, over one database."""
    url = databases.copy_of(filled, tmp_path)
    async with stage(url, is_cast=True) as one, stage(url, is_cast=True) as other:
        yield one, other


@pytest.fixture
async def staged(twins):
    return twins[0]


async def call(staged: Stage, key: str | None, at: str = "192.0.2.1", path: str = WHOSE, **headers: str):
    sent = headers if key is None else {"X-Api-Key": key, **headers}
    return await staged.browser(address=at).get(path, headers=sent)


async def status(staged: Stage, key: str | None, at: str = "192.0.2.1", path: str = WHOSE) -> int:
    return int((await call(staged, key, at, path)).status_code)


def later(twins, by: timedelta) -> None:
    for one in twins:
        one.clock.time += by


async def test_a_good_key_comes_in_and_its_answer_tells_the_limit(staged):
    answer = await call(staged, await kept(staged.database))
    assert answer.status_code == 200
    told = [answer.headers[f"x-ratelimit-{name}"] for name in ("limit", "remaining", "reset")]
    assert told == ["300", "299", "1"]
    assert answer.json()["data"]["panels"] == ["eu-1"]


async def test_all_that_is_no_key_in_force_is_refused_alike(staged):
    good, other = await kept(staged.database), new_secret().text
    start = good[:20] + other[20:52]
    refused = [
        None,
        "",
        "wrong",
        good[:-1] + ("a" if good[-1] != "a" else "b"),
        other,
        start + checksum(start),
        await kept(staged.database, expires_at=NOON),
        await kept(staged.database, revoked_at=NOON),
        await kept(staged.database, staff_id=CY),
        await kept(staged.database, addresses=("198.51.100.0/24",)),
    ]
    answers = [await call(staged, key) for key in refused]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text.replace(answer.json()["error_id"], "") for answer in answers}) == 1
    assert await status(staged, good) == 200


@contextmanager
def counted(engine: Engine, name: str) -> Iterator[list[str]]:
    """What an engine was asked meanwhile."""
    told: list[str] = []

    def note(*given: object) -> None:
        told.append(str(given[2]) if len(given) > 2 else name)

    event.listen(engine, name, note)
    try:
        yield told
    finally:
        event.remove(engine, name, note)


async def test_an_unknown_id_and_a_wrong_secret_are_the_same_work(staged):
    start = (await kept(staged.database))[:20] + new_secret().text[20:52]
    await status(staged, "wrong")
    asked = []
    for key in (new_secret().text, start + checksum(start)):
        with counted(staged.database.reading, "before_cursor_execute") as told:
            assert await status(staged, key, at="198.51.100.1") == 401
        asked.append(told)
    assert asked[0] == asked[1] != []


async def test_two_keys_in_one_call_are_none(staged):
    good = await kept(staged.database)
    answer = await staged.browser().get(WHOSE, headers=[("X-Api-Key", good), ("X-Api-Key", good)])
    assert answer.status_code == 401


async def test_a_revoked_key_is_refused_by_every_process_within_a_second(twins):
    key = await kept(twins[0].database)
    assert [await status(one, key) for one in twins] == [200, 200]
    async with twins[0].database.write() as connection:
        await api_keys.revoke(connection, number_of(key), NOON)
    later(twins, SECOND)
    assert [await status(one, key) for one in twins] == [401, 401]


async def test_what_its_owner_may_no_longer_the_key_does_not_within_a_second(twins):
    first = twins[0]
    key = await kept(first.database, staff_id=ANA, panel_ids=None, scopes=frozenset({"orders:read", "finance:read"}))
    assert (await call(twins[1], key)).json()["data"]["scopes"] == ["finance:read", "orders:read"]
    await first.change(people, {"role": "viewer"}, id=ANA)
    later(twins, SECOND)
    assert (await call(twins[1], key)).json()["data"]["scopes"] == ["orders:read"]
    async with first.database.write() as connection:
        await staff.set_role(connection, ANA, "viewer", [2])
    later(twins, SECOND)
    assert (await call(twins[1], key)).json()["data"]["panels"] == ["us-2"]
    async with first.database.write() as connection:
        await staff.disable(connection, ANA, NOON)
    later(twins, SECOND)
    assert [await status(one, key) for one in twins] == [401, 401]


async def test_a_key_never_sees_what_its_owner_does_not(staged):
    everything = await kept(staged.database, staff_id=BEN, panel_ids=None)
    foreign = await kept(staged.database, staff_id=BEN, panel_ids=frozenset({2}))
    assert (await call(staged, everything)).json()["data"]["panels"] == ["eu-1"]
    assert (await call(staged, foreign)).json()["data"]["panels"] == []


@pytest.mark.parametrize(
    ("at", "comes_in"),
    [
        ("192.0.2.9", True),
        ("::ffff:192.0.2.9", True),
        ("2001:db8:5::1", True),
        ("192.0.3.1", False),
        ("2001:db9::1", False),
        ("nowhere", False),
    ],
)
async def test_a_key_may_be_kept_to_addresses_and_networks(staged, at, comes_in):
    key = await kept(staged.database, addresses=("192.0.2.0/24", "2001:db8::/32"))
    assert await status(staged, key, at) == (200 if comes_in else 401)


async def test_a_hundred_wrong_keys_a_minute_are_answered_and_no_more(twins):
    one, other = twins
    good = await kept(one.database)
    statuses = [await status(twins[number % 2], new_secret().text) for number in range(WRONG_A_MINUTE + 20)]
    assert statuses.count(401) <= WRONG_A_MINUTE
    assert set(statuses[-10:]) == {429}
    answer = await call(one, "wrong", at="192.0.2.200")
    assert (answer.status_code, int(answer.headers["retry-after"])) == (429, 1)
    assert [await status(one, good), await status(other, good)] == [200, 200]
    assert await status(one, "wrong", at="198.51.100.1") == 401
    later(twins, timedelta(minutes=1))
    assert await status(other, "wrong") == 401


async def test_ever_new_networks_with_wrong_keys_leave_few_rows(staged, monkeypatch):
    """Beyond the limit of all new ones together they are refused without a write; a good key is not."""
    monkeypatch.setattr(admission, "STRANGERS_A_MINUTE", 30)
    good = await kept(staged.database)
    found = [await status(staged, new_secret().text, at=f"198.51.{number}.1") for number in range(60)]
    assert (found.count(401), found.count(429)) == (30, 30)
    names = [row.name for row in await staged.rows(select(api_uses.c.name))]
    assert sum(name.startswith("wrong ") for name in names) == 31
    assert await status(staged, good, at="198.51.99.1") == 200


async def test_a_call_too_many_is_in_the_log_with_its_key(staged):
    key = await kept(staged.database, per_minute=1)
    with structlog.testing.capture_logs() as told:
        assert [await status(staged, key) for _ in range(2)] == [200, 429]
    assert [(line["status"], line["key"]) for line in told if line["event"] == "call"] == [
        (200, number_of(key)),
        (429, number_of(key)),
    ]


async def test_the_limit_holds_over_all_processes(twins):
    key = await kept(twins[0].database, per_minute=20)
    answers = await asyncio.gather(*(call(one, key) for one in twins for _ in range(25)))
    passed = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert (len(passed), len(passed) + len(refused)) == (20, 50)
    assert {answer.headers["retry-after"] for answer in refused} == {"3"}
    assert {answer.headers["x-ratelimit-remaining"] for answer in refused} == {"0"}
    later(twins, timedelta(seconds=3))
    assert sorted([await status(one, key) for one in twins]) == [200, 429]


async def test_one_key_takes_nothing_from_another(staged):
    slow, other = await kept(staged.database, per_minute=1), await kept(staged.database)
    assert [await status(staged, slow) for _ in range(2)] == [200, 429]
    assert await status(staged, other) == 200


async def test_a_busy_key_costs_a_write_only_now_and_then(staged):
    key = await kept(staged.database, per_minute=6000)
    with counted(staged.database.writing.sync_engine, "begin") as told:
        assert [await status(staged, key) for _ in range(60)] == [200] * 60
    assert len(told) <= 6


async def test_the_last_use_is_noted_once_a_minute(twins):
    one, other = twins
    key = await kept(one.database)

    def used():
        held = one.database.read_now(lambda connection: api_keys.held(connection, number_of(key)))
        return held.key.last_used_at, held.key.last_used_from

    await status(one, key)
    assert used() == (NOON, "192.0.2.1")
    later(twins, 30 * SECOND)
    await status(other, key, "192.0.2.2")
    assert used() == (NOON, "192.0.2.1")
    later(twins, 31 * SECOND)
    await status(other, key, "192.0.2.2")
    assert used() == (NOON + 61 * SECOND, "192.0.2.2")


async def test_no_key_is_in_the_log_or_the_database(staged, capsys):
    good, wrong = await kept(staged.database), new_secret().text
    for key in (good, wrong):
        answer = await call(staged, key)
        assert key not in answer.text
        await staged.browser().get(f"{ORDERS}?key={key}", headers={"X-Api-Key": key})
    told = capsys.readouterr()
    file = Path(staged.database.url.database)
    kept_in = b"".join(one.read_bytes() for one in (file, file.with_name(f"{file.name}-wal")))
    for key in (good, wrong):
        assert key[20:] not in told.out + told.err
        assert key[20:].encode() not in kept_in


async def test_a_session_opens_nothing_here_and_a_key_nothing_there(staged):
    ana = await staged.signed_in("ana")
    assert (await ana.get(WHOSE)).status_code == 401
    key = await kept(staged.database)
    assert (await staged.browser().get("/orders", headers={"X-Api-Key": key})).status_code == 303
