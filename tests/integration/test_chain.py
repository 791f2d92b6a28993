"""Sandbox → console A → console B: what B holds of the panels of A is what those panels truly have, row for row."""

import asyncio
from datetime import timedelta

import pytest

from tests.support import databases
from tests.support.chained import READING, chained, held


@pytest.fixture
def quick(run_folder, tmp_path):
    """Both on SQLite."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    return [databases.sqlite_copy(run_folder, tmp_path / name, migrated=True) for name in ("first", "second")]


@pytest.fixture
def urls(database_url, run_folder, tmp_path):
    """A is on each system in turn, B on SQLite beside it."""
    folder = tmp_path / "second"
    folder.mkdir()
    return database_url, databases.sqlite_copy(run_folder, folder, migrated=True)


async def test_all_streams_equal_the_truth_before_and_after_a_day_of_news(urls, tmp_path):
    async with chained(urls[0], urls[1], tmp_path) as chain:
        await chain.first.sync()
        await chain.attach(await chain.make_key())
        assert sorted(chain.panels) == sorted(panel.name for panel in chain.first.panels)
        assert [result.trouble for result in await chain.read() if result.trouble] == []
        assert await chain.wrong() == []
        await chain.live()
        assert [result.trouble for result in await chain.sync() if result.trouble] == []
        await chain.swept()
        assert await chain.wrong() == []
        there, here = await chain.services()
        assert there == here != []
        again = await chain.read()
        assert sum(result.tally.new + result.tally.changed + result.tally.set_aside for result in again) == 0


async def test_b_is_never_younger_than_a_and_stands_still_where_a_does(quick, tmp_path):
    async with chained(quick[0], quick[1], tmp_path, order_count=100) as chain:
        await chain.first.sync()
        await chain.attach(await chain.make_key([chain.first.panels[1]]))
        await chain.read()
        assert ([panel.name for panel in chain.panels.values()], await chain.wrong()) == (["far"], [])
        at_a = await chain.as_of(chain.first.installation, chain.first.panels[1])
        for _ in range(2):
            assert await chain.as_of(chain.second, chain.panels[chain.first.panels[1].name]) == at_a
            await chain.read()


async def test_what_a_has_not_read_is_neither_fresh_nor_gone_at_b(quick, tmp_path):
    async with chained(quick[0], quick[1], tmp_path, panel_count=1, order_count=100) as chain:
        await chain.attach(await chain.make_key())
        both = [chain.read(streams=[stream]) for stream in ("orders", "messages")]
        told = [result for results in await asyncio.gather(*both) for result in results]
        assert all("has not read this itself yet" in (result.trouble or "") for result in told)
        [far] = chain.panels.values()
        assert set((await chain.as_of(chain.second, far)).values()) == {None}


async def test_what_a_lets_go_of_stays_at_b_and_what_its_panel_deletes_since_is_gone(quick, tmp_path):
    orders, kept = {"streams": ["orders"]}, timedelta(days=30)
    async with chained(quick[0], quick[1], tmp_path, panel_count=1, order_count=100) as chain:
        await chain.first.sync(**orders)
        await chain.attach(await chain.make_key())
        await chain.read(**orders)
        [(name, panel)] = chain.panels.items()
        before = set(await held(chain.second, panel, "orders"))
        let_go = await chain.let_go("orders", kept)
        await chain.first.lever(f"{name}/orders/delete", {"count": 30})
        await chain.sweep(kept)
        deleted = before - set(await chain.first.truth(name))
        gone = before - set(await held(chain.second, panel, "orders"))
        assert gone == before - set(await chain.first.held(chain.first.panels[0])) - let_go
        assert set() < gone <= deleted - let_go
        assert deleted & let_go


async def test_a_missing_scope_stops_its_stream_alone(quick, tmp_path):
    async with chained(quick[0], quick[1], tmp_path, panel_count=1, order_count=50) as chain:
        await chain.first.sync()
        await chain.attach(await chain.make_key(scopes=READING - {"payments:read", "providers:read"}))
        troubles = {result.stream: result.trouble for result in await chain.read()}
        assert "payments:read" in (troubles.pop("payments") or "")
        assert set(troubles.values()) == {None}
        assert [line for line in await chain.wrong() if ".provider" not in line and " payments " not in line] == []
