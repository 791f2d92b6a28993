"""Settings → Sync → Runs: what each run found and how it ended, filtered and paged by the address."""

import json
from datetime import timedelta

import pytest

from hyperpanel.db.schema import feeds, runs
from tests.support.staged import NOON

HERE = "/settings/sync/runs"
TROUBLE = json.dumps({"code": "server", "details": {"panel": "The panel", "status": 502}})


async def a_run(staged, number: int = 1, **changes) -> None:
    at = NOON - timedelta(minutes=number)
    values = {"panel_id": 1, "number": number, "stream": "orders", "plan": "head", "holder": "h", "done": True}
    ended = {"started_at": at, "ended_at": at + timedelta(seconds=1.5), "calls": 2, "read": 2000, "new": 12}
    await staged.keep({**values, **ended, **changes}, table=runs)


def row(page: str, key: str) -> str:
    return page.split(f'id="run-{key}"')[1].split("</tr>", maxsplit=1)[0]


async def test_index_tells_what_a_run_cost_and_found(staged, ana):
    await a_run(staged)
    told = row((await ana.get(HERE)).text, "eu-1-1")
    assert all(word in told for word in ("Orders", "newest", "Done", "1.5 s", "2,000", "12"))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"trouble": TROUBLE, "done": False}, "Fault"),
        ({"done": False}, "In part"),
        ({"plan": "sweep", "proven": True}, "Proven"),
        ({"plan": "sweep", "proven": False}, "Not proven"),
        ({"ended_at": None, "done": None}, "Broken off"),
    ],
)
async def test_index_says_how_a_run_ended(staged, ana, changes, word):
    await a_run(staged, **changes)
    assert word in row((await ana.get(HERE)).text, "eu-1-1")


async def test_a_run_under_way_is_told_as_that(staged, ana):
    await a_run(staged, ended_at=None, done=None)
    await staged.change(feeds, {"leased_until": NOON + timedelta(minutes=1)}, panel_id=1, stream="orders")
    assert "Running" in row((await ana.get(HERE)).text, "eu-1-1")


async def test_a_fault_is_said_in_the_readers_language(staged, ana):
    await a_run(staged, trouble=TROUBLE, done=False)
    assert "eu-1 has a fault of its own (HTTP 502)." in (await ana.get(HERE)).text
    await ana.post("/preferences", data={"language": "tr"})
    assert "(HTTP 502)" in (await ana.get(HERE)).text
    assert "has a fault of its own" not in (await ana.get(HERE)).text


async def test_the_address_narrows_the_list(staged, ana):
    await a_run(staged)
    await a_run(staged, 2, panel_id=2, stream="services", trouble=TROUBLE, new=0)
    page = (await ana.get(f"{HERE}?outcome=fault&stream=services")).text
    assert "run-us-2-2" in page
    assert "run-eu-1-1" not in page
    assert "No run is like that." in (await ana.get(f"{HERE}?plan=sweep")).text


async def test_older_runs_are_a_page_further(staged, ana):
    for number in range(1, 104):
        await a_run(staged, number)
    page = (await ana.get(HERE)).text
    assert page.count('id="run-') == 100
    older = page.split('href="/settings/sync/runs?after=')[1].split('"', maxsplit=1)[0]
    rest = (await ana.get(f"{HERE}?after={older}")).text
    assert [f"run-eu-1-{number}" in rest for number in (100, 101, 103)] == [False, True, True]


@pytest.mark.parametrize("query", ["stream=mail", "plan=x", "outcome=good", "after=1", "after=9.9.9e9", "after=-1.1.1"])
async def test_an_address_that_no_page_leads_to_is_refused(ana, query):
    assert (await ana.get(f"{HERE}?{query}")).status_code == 422


async def test_others_panels_are_not_told_of(staged, ben):
    await a_run(staged, panel_id=2)
    assert "us-2" not in (await ben.get(HERE)).text
