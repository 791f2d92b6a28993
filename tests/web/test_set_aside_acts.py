"""What is done about records set aside and about holds: at once, undone where it can be, and in the audit."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hyperpanel.db.schema import audit, holds, pauses, plans, set_aside, staff, staff_panels
from tests.support.aside_rows import HERE, hold, put, record
from tests.support.staged import NOON

HOLD = f"{HERE}/holds/eu-1/h"
HTMX = {"HX-Request": "true", "HX-Target": "rows"}


async def left(staged, **where: Any) -> set[str]:
    conditions = [set_aside.c[name] == value for name, value in where.items()]
    asked = select(set_aside.c.record_id).where(set_aside.c.dismissed_at.is_(None), *conditions)
    return {row.record_id for row in await staged.rows(asked.execution_options(scoped=True))}


async def acts(staged) -> list[tuple[str, str]]:
    return [(row.action, row.target) for row in await staged.rows(select(audit))]


async def act(browser, verb: str, query: str, page: str = HERE) -> str:
    """What htmx does from a page of ours, and what comes back."""
    headers = {**HTMX, "HX-Current-URL": f"http://127.0.0.1:8000{page}"}
    answer = await browser.post(f"{HERE}/{verb}?{query}", headers=headers)
    assert answer.status_code == 200
    return str(answer.text)


async def test_retrying_one_makes_its_feed_ask_for_it_at_once(staged, ana):
    await put(staged, set_aside, record("7"), record("8", "us-2"))
    page = await act(ana, "retry", "panel=eu-1&stream=orders&record=7")
    assert "1 record is asked for again." in page
    due = select(plans.c.panel_id, plans.c.plan).where(plans.c.due_at == NOON).execution_options(scoped=True)
    assert [tuple(row) for row in await staged.rows(due)] == [(1, "refresh")]
    assert await acts(staged) == [("set-aside-retry", "panel=eu-1&stream=orders&record=7")]


async def test_retrying_says_where_nothing_is_read(staged, ana):
    await put(staged, set_aside, record("7"), record("8"))
    await put(staged, pauses, {"panel_id": 1, "id": "p", "by": "ana", "why": "", "at": NOON})
    page = await act(ana, "retry", "panel=eu-1")
    assert "2 records are asked for again. Where a feed is paused, that waits until it is resumed." in page


async def test_what_came_without_an_id_cannot_be_asked_for(staged, ana):
    await put(staged, set_aside, record("7"), record("?00ff"), record("?00ff", stream="tickets"))
    page = await act(ana, "retry", "panel=eu-1")
    assert "2 records are asked for again. 1 came without an id and cannot be asked for." in page
    nameless = (await ana.get(f"{HERE}/record?panel=eu-1&stream=orders&record=%3F00ff")).text
    assert "It came without a readable id, so it cannot be asked for again." in nameless
    assert f"{HERE}/retry" not in nameless


async def test_dismissing_one_is_undone_by_the_button_beside_what_is_said(staged, ana):
    await put(staged, set_aside, record("7"), record("8"))
    page = await act(ana, "dismiss", "panel=eu-1&stream=orders&record=7")
    assert "1 record dismissed." in page
    assert await left(staged) == {"8"}
    undo = re.search(r'hx-post="/settings/set-aside/restore\?([^"]+of=[^"]+)"', page)
    assert undo is not None
    assert "1 record is back." in await act(ana, "restore", undo[1].replace("&amp;", "&"))
    assert await left(staged) == {"7", "8"}


async def test_all_that_match_are_dismissed_and_nothing_that_came_since(staged, ana):
    late = record("9", first_at=NOON + timedelta(seconds=5))
    await put(staged, set_aside, record("7"), record("8"), record("6", stream="users"), late)
    all_of_them = re.search(
        r'id="dismiss-all"[^>]*hx-post="[^?]+\?([^"]+)"', (await ana.get(f"{HERE}?stream=orders")).text
    )
    assert all_of_them is not None
    page = await act(ana, "dismiss", all_of_them[1].replace("&amp;", "&"))
    assert "2 records dismissed." in page
    assert await left(staged) == {"6", "9"}
    [told] = await staged.rows(select(audit))
    assert json.loads(told.details) == {"records": 2}


async def test_an_act_in_the_drawer_answers_with_the_drawer_and_has_the_list_read_again(staged, ana):
    await put(staged, set_aside, record("7"))
    headers = {"HX-Request": "true", "HX-Target": "drawer", "HX-Current-URL": f"http://127.0.0.1:8000{HERE}"}
    answer = await ana.post(f"{HERE}/dismiss?panel=eu-1&stream=orders&record=7", headers=headers)
    assert answer.text.strip().startswith('<aside id="drawer"')
    assert "Restore" in answer.text
    assert answer.headers["HX-Trigger"] == "set-aside"


async def test_believing_that_records_are_gone_has_them_looked_for_once_more(staged, ana):
    await put(staged, holds, hold())
    await put(staged, plans, {"panel_id": 1, "stream": "orders", "plan": "sweep", "due_at": NOON + timedelta(hours=9)})
    page = (await ana.post(f"{HOLD}/accept", headers={**HTMX, "HX-Current-URL": f"http://127.0.0.1:8000{HERE}"})).text
    assert "They are looked for once more, then hidden." in page
    assert "Needs a decision" not in page
    asked = select(plans.c.due_at).where(plans.c.plan == "sweep").execution_options(scoped=True)
    assert [row.due_at for row in await staged.rows(asked)] == [NOON]
    assert await acts(staged) == [("hold-accept", "eu-1/orders")]


async def test_whoever_decides_second_is_told_who_was_first(staged, ana):
    await put(staged, holds, hold(decision="refuse", decided_by="max", decided_at=NOON))
    page = (await ana.post(f"{HOLD}/accept", headers={**HTMX, "HX-Current-URL": f"http://127.0.0.1:8000{HERE}"})).text
    assert "max has decided this already." in page
    assert await acts(staged) == []


@pytest.mark.parametrize("path", [f"{HOLD}/perhaps", f"{HERE}/holds/eu-1/x/accept", f"{HERE}/holds/zz/h/accept"])
async def test_a_decision_that_is_none_is_not_there(staged, ana, path):
    await put(staged, holds, hold())
    assert (await ana.post(path)).status_code == 404


@pytest.mark.parametrize("verb", ["retry", "dismiss", "restore"])
async def test_without_htmx_an_act_leads_back_to_the_list(staged, ana, verb):
    await put(staged, set_aside, record("7"))
    answer = await ana.post(f"{HERE}/{verb}?panel=eu-1")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HERE}?panel=eu-1")


async def test_a_panel_that_is_not_ones_own_is_not_there(staged, ana):
    await put(staged, set_aside, record("7", "us-2"))
    await staged.change(staff, {"all_panels": False}, username="max")
    await put(staged, staff_panels, {"panel_id": 1, "staff_id": (await staged.person("max")).id})
    maximum = await staged.signed_in("max")
    assert "record=7" not in (await maximum.get(HERE)).text
    assert (await maximum.get(f"{HERE}/record?panel=us-2&stream=orders&record=7")).status_code == 404
    assert (await maximum.post(f"{HERE}/dismiss?panel=us-2")).status_code == 404
    await act(maximum, "dismiss", "")
    assert await left(staged) == {"7"}
