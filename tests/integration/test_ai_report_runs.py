"""Reports on complaints made over real HTTP at the sandbox's AI server: kept, broken off, taken up and gone on with, each call counted once."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hyperpanel.db.schema import ai_calls, ai_report_services, ai_reports, audit, staff, staff_panels
from hyperpanel.sandbox import ai_server
from hyperpanel.sandbox.ai_behaviours import Behaviour
from hyperpanel.sandbox.ai_records import Bench
from hyperpanel.support import ai_report_runs
from tests.support.ai_complaints import answering, begun, complained, raised, settled
from tests.support.staged import Browser, Stage, stage

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Kit:
    made: Stage
    bench: Bench
    max: Browser

    @property
    def asked(self) -> int:
        return len(self.bench.asked)

    async def reports(self) -> list[tuple[str, str | None]]:
        found = await self.made.rows(select(ai_reports.c.state, ai_reports.c.problem))
        return [tuple(row) for row in found]

    async def services(self) -> list[tuple[str | None, str, int]]:
        s = ai_report_services.c
        asked = select(s.service_id, s.state, s.found).order_by(s.place).execution_options(scoped=True)
        return [tuple(row) for row in await self.made.rows(asked)]


@pytest.fixture
def bench() -> Bench:
    return Bench(time.time)


@pytest.fixture
def server(bench: Bench) -> Iterator[str]:
    with ai_server.alone(bench) as base:
        yield base


@pytest.fixture
async def kit(database_url: str, tmp_path: Path, bench: Bench, server: str) -> AsyncIterator[Kit]:
    async with stage(database_url) as made:
        await complained(made)
        await answering(made, server)
        yield Kit(made, bench, await made.signed_in("max"))


DONE = [("7", "done", 2), ("8", "done", 1), ("9", "done", 1), (None, "done", 1)]


async def test_a_report_is_made_and_kept_and_the_ledger_has_each_call_once(kit):
    await begun(kit.max)
    await settled(kit.made)
    assert await kit.reports() == [("done", None)]
    assert await kit.services() == DONE
    calls = await kit.made.rows(select(func.count(ai_calls.c.id), func.sum(ai_calls.c.tokens_in)))
    assert kit.asked == 4
    assert tuple(calls[0]) == (kit.asked, sum(one.tokens_in for one in kit.bench.asked))
    told = await kit.made.rows(select(audit.c.action).where(audit.c.action.like("ai-report%")).order_by(audit.c.id))
    assert [row.action for row in told] == ["ai-report-begin", "ai-report-end"]


async def test_a_question_holds_one_panel_and_service_and_nothing_that_tells_who_somebody_is(kit):
    await begun(kit.max)
    await settled(kit.made)
    sent = [json.dumps(one.body, ensure_ascii=False) for one in kit.bench.asked]
    assert sorted("2550" in text for text in sent) == [False, False, False, True]
    assert [text for text in sent if "2580" in text and "2550" in text] == []
    for private in ("kadir", "100001", "t.example", "example.org", "sandbox-ai-key"):
        assert [text for text in sent if private in text] == []


async def test_the_same_window_again_costs_nothing(kit):
    for _ in range(2):
        await begun(kit.max, "from=2026-03-01+01:00&to=2026-03-01+12:00")
        await settled(kit.made)
    assert await kit.services() == [one for one in DONE for _ in range(2)]
    assert kit.asked == 4


async def test_a_budget_in_the_middle_ends_it_partly_and_going_on_pays_for_the_rest_alone(kit):
    await raised(kit.made, 4_000)
    report = await begun(kit.max)
    await settled(kit.made)
    first = kit.asked
    assert await kit.reports() == [("partly", "day_budget")]
    assert 0 < first < 4
    assert sum(state == "done" for _, state, _ in await kit.services()) == first
    page = (await kit.max.get(f"/tracking/tickets/ai/show?report={report}")).text
    assert "The overall AI budget allowed no more on that day." in page
    assert "Not looked at yet." in page
    await raised(kit.made, None)
    await kit.max.post("/tracking/tickets/ai/go-on", data={"report": report})
    await settled(kit.made)
    assert await kit.reports() == [("done", None)]
    assert await kit.services() == DONE
    assert kit.asked == 4


async def test_one_whose_process_was_killed_is_taken_up_after_the_services_that_are_done(kit):
    """Killed between two services: nobody gives it back, and what was done stays."""
    console = kit.made.console
    async with console.reporting:
        await begun(kit.max)
        late = ai_report_runs.Making(console.ai, *(await ai_report_runs.claimed(console.ai) or pytest.fail("none")))
        await late.plan()
        prompt, todo = await console.database.read(late.left)
        await late.look(prompt, todo[0])
        kit.made.clock.time += timedelta(seconds=61)
    await settled(kit.made)
    assert await kit.reports() == [("done", None)]
    assert kit.asked == 4
    with pytest.raises(ai_report_runs.Taken):
        await late.look(prompt, todo[1])
    assert kit.asked == 4


async def test_what_ends_with_its_process_goes_on_in_another_one(kit):
    kit.bench.queue.waiting.append(Behaviour("late", times=None))
    await begun(kit.max)
    async with asyncio.timeout(20):
        while kit.asked == 0:  # noqa: ASYNC110 -- the server is in another thread
            await asyncio.sleep(0.05)
    await kit.made.console.settle()
    assert await kit.reports() == [("waiting", None)]
    kit.bench.queue.waiting.clear()
    await ai_report_runs.run(kit.made.console.ai, kit.made.console.reporting)
    assert await kit.reports() == [("done", None)]


async def test_one_service_that_the_model_declines_leaves_the_others(kit):
    kit.bench.queue.waiting.append(Behaviour("refusal", holds="2560", times=None))
    report = await begun(kit.max)
    await settled(kit.made)
    assert await kit.reports() == [("partly", "declined")]
    assert [state for _, state, _ in await kit.services()] == ["done", "failed", "done", "done"]
    assert "The model would not answer this." in (await kit.max.get(f"/tracking/tickets/ai/show?report={report}")).text


async def test_a_key_that_is_refused_ends_it_at_once(kit):
    kit.bench.key = "another"
    await begun(kit.max)
    await settled(kit.made)
    assert await kit.reports() == [("partly", "key_refused")]
    assert kit.asked <= 2


async def test_who_loses_a_panel_gets_no_more_of_it(kit):
    async with kit.made.console.reporting:
        await begun(kit.max)
        await kit.made.change(staff, {"all_panels": False}, username="max")
        await kit.made.keep({"staff_id": 2, "panel_id": 1}, table=staff_panels)
    await settled(kit.made)
    assert await kit.reports() == [("failed", "rights")]
    assert kit.asked == 0


async def test_one_that_is_stopped_asks_nothing_more(kit):
    async with kit.made.console.reporting:
        report = await begun(kit.max)
        assert (await kit.max.post("/tracking/tickets/ai/stop", data={"report": report})).status_code == 303
    await settled(kit.made)
    assert await kit.reports() == [("stopped", None)]
    assert kit.asked == 0
