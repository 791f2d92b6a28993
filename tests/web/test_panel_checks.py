"""“Test connection”: a stored panel, one that is only typed, and what somebody else's address is never sent. Over real HTTP."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from hyperpanel.db import panels as stored
from hyperpanel.db.schema import budgets, panels
from hyperpanel.sandbox.faults import Fault
from hyperpanel.sandbox.fleet import Fleet
from hyperpanel.sandbox.server import background
from tests.support.staged import VAULT

pytestmark = pytest.mark.loopback
HERE = "/settings/panels"
ASKS = {"HX-Request": "true", "HX-Target": "checks"}


@pytest.fixture(scope="module")
def fleet() -> Iterator[tuple[Fleet, str]]:
    made = Fleet(panels=2, orders=100, rate_limit=10_000)
    with background(made) as base:
        yield made, base


@pytest.fixture
def eu(fleet):
    made, base = fleet
    [panel, *_] = made
    panel.faults.clear()
    yield panel, f"{base}/{panel.name}"
    panel.faults.clear()


@pytest.fixture
async def attached(staged, eu):
    """eu-1 stands at the simulated panel, with its keys."""
    panel, url = eu
    where = {"url": url, "private": True, "currency": panel.currency, "time_zone": panel.time_zone, "rate": 50.0}
    await staged.change(panels, where, name="eu-1")
    await staged.change(budgets, {"pace": 50.0}, panel_id=1)
    async with staged.database.write() as connection:
        keys = {"admin_key": panel.admin_key, "services_key": panel.services_key}
        await stored.set_secrets(connection, 1, keys, VAULT)
    return staged


def typed(eu, **changes: str) -> dict[str, str]:
    panel, url = eu
    given = {"name": "eu-1", "url": url, "private": "yes", "currency": panel.currency, "time_zone": panel.time_zone}
    return {**given, "rate": "50", **changes}


async def test_a_stored_panel_is_asked_with_its_stored_keys(attached, ana):
    answer = await ana.post(f"{HERE}/eu-1/test", headers=ASKS)
    assert answer.text.strip().startswith('<section id="checks"')
    assert "eu-1 can be read" in answer.text
    assert "eu-1 accepts the key." in answer.text
    assert "eu-1 accepts the services key." in answer.text


async def test_every_fault_is_a_line_of_its_own(attached, eu, ana):
    eu[0].faults.add(Fault("401"))
    answer = await ana.post(f"{HERE}/eu-1/test", headers=ASKS)
    assert "eu-1 refuses the key." in answer.text
    assert "eu-1: 1 thing is wrong" in answer.text or "things are wrong" in answer.text


async def test_an_edit_is_tried_with_the_stored_keys_where_the_address_is_the_same(attached, eu, ana):
    answer = await ana.post(f"{HERE}/eu-1/test", data=typed(eu, currency="JPY"), headers=ASKS)
    assert "eu-1 accepts the key." in answer.text
    assert "its currency is set to JPY" in answer.text


async def test_a_key_that_was_typed_is_the_one_that_is_tried(attached, eu, ana):
    answer = await ana.post(f"{HERE}/eu-1/test", data=typed(eu, admin_key="wrong-4711"), headers=ASKS)
    assert "eu-1 refuses the key." in answer.text
    assert "4711" not in answer.text


async def test_a_panel_is_tried_before_it_is_saved(staged, eu, ana):
    given = typed(eu, name="new-1", admin_key=eu[0].admin_key)
    answer = await ana.post(f"{HERE}/test", data=given, headers=ASKS)
    assert "new-1 accepts the key." in answer.text
    assert len(await staged.rows(select(panels.c.id).execution_options(scoped=True))) == 3


async def test_without_scripts_the_answer_is_the_whole_page_and_all_but_the_keys_stays(eu, ana):
    answer = await ana.post(f"{HERE}/test", data=typed(eu, name="new-1", admin_key=eu[0].admin_key))
    assert "<html" in answer.text
    assert 'value="new-1"' in answer.text
    assert eu[0].admin_key not in answer.text


async def test_nobody_is_asked_while_something_is_wrong(eu, ana):
    before = eu[0].counts["requests"]
    answer = await ana.post(f"{HERE}/test", data=typed(eu, rate="99"), headers=ASKS)
    assert answer.status_code == 422
    assert "Nobody was asked yet" in answer.text
    assert "between 0.1 and 50" in answer.text
    assert eu[0].counts["requests"] == before


async def test_an_address_on_this_machine_is_not_called_without_the_mark(eu, ana):
    given = typed(eu, name="new-1", admin_key="k", url="https://127.0.0.1:9/x")
    given.pop("private")
    before = eu[0].counts["requests"]
    answer = await ana.post(f"{HERE}/test", data=given, headers=ASKS)
    assert "wrong" in answer.text
    assert eu[0].counts["requests"] == before


async def test_the_lines_are_in_the_persons_language(attached, ana):
    await ana.post("/preferences", data={"language": "tr"})
    answer = await ana.post(f"{HERE}/eu-1/test", headers=ASKS)
    assert "accepts the key" not in answer.text
    assert "can be read" not in answer.text
