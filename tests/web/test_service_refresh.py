"""Reading catalogues again: which are asked for, who may, and what is said."""

import pytest
from sqlalchemy import select

from hyperpanel.db import panels
from hyperpanel.db.schema import audit, leases, panel_secrets, plans
from hyperpanel.db.scope import EVERYTHING
from tests.support.staged import NOON

DUE = EVERYTHING.select(plans.c.panel_id).where(plans.c.stream == "services", plans.c.due_at <= NOON)


@pytest.fixture(autouse=True)
async def keyed(staged):
    rows = [{"panel_id": n, "name": "services_key", "sealed": b"sealed"} for n in (1, 2)]
    await staged.keep(*rows, table=panel_secrets)
    worker = {"name": "worker:1", "holder": "1", "fence": 1, "seen_at": NOON, "expires_at": NOON.replace(hour=13)}
    await staged.keep(worker, table=leases)


async def press(browser, path="/services/refresh", page="/services"):
    headers = {"HX-Request": "true", "HX-Target": "rows", "HX-Current-URL": f"http://127.0.0.1:8000{page}"}
    return await browser.post(path, headers={**headers, "host": "127.0.0.1:8000"})


async def due(staged) -> list[int]:
    return [row[0] for row in await staged.rows(DUE.order_by(plans.c.panel_id))]


async def test_every_chosen_catalogue_with_a_key_is_read_now(staged, ana):
    answer = await press(ana)
    assert await due(staged) == [1, 2]
    assert "The catalogues of eu-1, us-2 are read now" in answer.text
    assert answer.text.strip().startswith('<div id="rows"')
    acts = await staged.rows(select(audit.c.target).where(audit.c.action == "feed-run").order_by(audit.c.target))
    assert [act[0] for act in acts] == ["eu-1/services", "us-2/services"]


async def test_only_the_chosen_panels_are_asked(staged, ana):
    await press(ana, "/services/refresh?panel=us-2", "/services?panel=us-2")
    assert await due(staged) == [2]


async def test_what_is_paused_is_not_read_and_said_so(staged, ana):
    async with staged.database.write() as connection:
        await panels.pause(connection, 1, "services", "ana", "", NOON)
    answer = await press(ana)
    assert await due(staged) == [2]
    assert "Paused, so not read: eu-1." in answer.text


async def test_without_a_key_or_a_worker_that_is_said(staged, ana):
    assert "No chosen panel has a services key." in (await press(ana, "/services/refresh?panel=dark")).text
    await staged.change(leases, {"expires_at": NOON}, name="worker:1")
    assert "as soon as a worker runs" in (await press(ana)).text


async def test_whoever_may_only_look_has_no_button_and_no_way(staged, ben):
    assert "/services/refresh" not in (await ben.get("/services")).text
    assert (await press(ben)).status_code == 403
    assert await due(staged) == []


async def test_without_htmx_it_leads_back_to_the_page(ana):
    answer = await ana.post("/services/refresh?panel=eu-1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/services?panel=eu-1")
