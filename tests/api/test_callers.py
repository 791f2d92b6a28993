"""What one key's reads may take of a process that pages live in too."""

import asyncio
import threading

import pytest

from hyperpanel.api import callers
from hyperpanel.db.time_limits import within


class Held:
    """Reads that do not end before they are let go; counts those under way."""

    def __init__(self) -> None:
        self.gate, self.lock = threading.Event(), threading.Lock()
        self.now = self.most = 0

    def __call__(self, *_, **__):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        self.gate.wait(10)
        with self.lock:
            self.now -= 1
        return {}

    async def reach(self, number: int) -> None:
        async with asyncio.timeout(10):
            while self.now < number:  # noqa: ASYNC110 -- counted in other threads
                await asyncio.sleep(0.005)
        await asyncio.sleep(0.05)


@pytest.fixture
def held(monkeypatch):
    made = Held()
    monkeypatch.setattr("hyperpanel.db.stream_ages.held", made)
    yield made
    made.gate.set()


async def test_a_key_reads_twice_at_once_and_waits_for_itself(staged, script, held):
    calls = [asyncio.create_task(script.get("/orders")) for _ in range(6)]
    await held.reach(2)
    assert held.most == 2
    held.gate.set()
    assert [(await call).status_code for call in calls] == [200] * 6


async def test_however_many_keys_there_are_one_reader_is_left(staged, scripts, held):
    """Of four: pages need no luck to be answered."""
    keys = [await scripts.script() for _ in range(4)]
    calls = [asyncio.create_task(key.get("/orders")) for key in keys for _ in range(2)]
    await held.reach(3)
    assert held.most == 3
    assert await staged.database.read(lambda _: "a page") == "a page"
    held.gate.set()
    assert {(await call).status_code for call in calls} == {200}


async def test_a_read_that_takes_too_long_says_what_to_do(script, monkeypatch):
    def endless(connection, *_):
        return connection.exec_driver_sql(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
        ).scalar_one()

    monkeypatch.setattr(callers, "within", lambda _, work: within(0.05, work))
    monkeypatch.setattr("hyperpanel.db.stream_ages.held", endless)
    answer = await script.get("/orders")
    assert (answer.status_code, "Ask for less" in answer.json()["error_message"]) == (400, True)
