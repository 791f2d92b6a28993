"""Looks at stored panels, and at those that are not stored yet."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hyperpanel.db import panels, staff, staff_names
from hyperpanel.db.schema import budgets
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support import probing
from hyperpanel.support.probing import Looked, Pacer
from sync.connectors.base import Access, Probe
from sync.verdicts import Trouble
from tests.support.attached import Attached, attached
from tests.support.clocks import Hand

pytestmark = pytest.mark.loopback
CALLS = 8
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
WELL = Probe("key", "ok", "key_ok", {"panel": "eu-1"})
SHUT = Probe("key", "wrong", "auth", {"panel": "eu-1"})


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Attached]:
    async with attached(f"sqlite:///{tmp_path}/two.db", tmp_path, panel_count=2, order_count=400) as found:
        yield found


async def at_once():
    pass


async def look(found):
    return await probing.look(found.installation, found.panels)


async def spent(found):
    """How many observation numbers of the first panel were taken."""
    statement = select(budgets.c.number).where(budgets.c.panel_id == found.panels[0].id)
    return await found.installation.database.read(lambda connection: connection.scalar(statement))


def access(found, **changes):
    [panel, _] = found.fleet.panels
    known = {"url": f"{found.url}/{panel.name}", "admin_key": panel.admin_key, "services_key": panel.services_key}
    return Access(panel="new", currency=panel.currency, zone=ZoneInfo(panel.time_zone), private=True, **known | changes)


async def test_panels_are_looked_at_in_their_order(two):
    assert [(one.panel.name, one.ok) for one in await look(two)] == [("eu-1", True), ("us-2", True)]


async def test_what_is_wrong_with_one_is_not_wrong_with_its_neighbour(two):
    await two.lever("us-2/faults", {"kind": "challenge"})
    assert [one.ok for one in await look(two)] == [True, False]


async def test_every_call_is_taken_from_the_panels_budget(two):
    """Sometimes one more is taken: a slot that came too late is let go."""
    await look(two)
    assert (await two.lever("eu-1/counts"))["requests"] == CALLS <= await spent(two)


async def test_a_panel_that_complains_is_called_less_often(two):
    await two.lever("eu-1/faults", {"kind": "429"})
    await look(two)
    pace = select(budgets.c.pace).where(budgets.c.panel_id == two.panels[0].id)
    assert await two.installation.database.read(lambda connection: connection.scalar(pace)) < two.panels[0].rate


async def test_a_panel_that_is_not_stored_is_tried_out_and_stays_so(two):
    probes = await probing.try_out(two.installation, access(two), rate=500)
    assert {probe.level for probe in probes} == {"ok"}
    known = await two.installation.database.read(lambda connection: panels.all_of(connection, EVERYTHING))
    assert ([panel.name for panel in known], await spent(two)) == (["eu-1", "us-2"], 0)


async def test_a_stored_panel_tried_out_with_another_key_spends_its_own_budget(two):
    [wrong] = await probing.try_out(two.installation, access(two, admin_key="other"), panel_id=two.panels[0].id)
    assert (wrong.about, wrong.level, await spent(two) > 0) == ("key", "wrong", True)


async def test_staff_are_those_who_may_see_the_panel(two):
    first, second = two.panels
    allowed = {"all": None, "first": [first.id], "second": [second.id], "gone": None}
    async with two.installation.database.write() as connection:
        for name, ids in allowed.items():
            number = await staff.add(connection, name, "hash", "support", ids, NOW)
        await staff.disable(connection, number, NOW)
    usernames = [
        (await probing.looking(two.installation, Hand(), at_once, panel_id)).staff for panel_id in (first.id, None)
    ]
    assert usernames == [{"all", "first"}, {"all"}]


async def test_a_look_knows_people_by_their_names_in_the_panel(two):
    first, second = two.panels
    async with two.installation.database.write() as connection:
        number = await staff.add(connection, "ana", "hash", "support", None, NOW)
        await staff_names.give(connection, first.id, number, "Ana (day)", "ana", NOW)
    looks = [await probing.looking(two.installation, Hand(), at_once, panel.id) for panel in (first, second)]
    assert [look.staff for look in looks] == [{"Ana (day)"}, {"ana"}]


def paused(code):
    trouble = Trouble(code, panel="eu-1") if code else None
    return panels.Pause(1, None, "engine" if code else "ana", "", trouble, NOW)


@pytest.mark.parametrize(
    ("probe", "code", "mended"),
    [(WELL, "auth", True), (SHUT, "auth", False), (WELL, None, False), (WELL, "drift", False)],
)
def test_only_what_a_look_disproves_is_mended(two, probe, code, mended):
    assert Looked(two.panels[0], [probe], paused(code)).is_mended is mended


async def test_a_pacer_spaces_calls_by_the_rate():
    clock = Hand()
    pacer, began = Pacer(clock, 4), clock.monotonic()
    at = []
    for _ in range(5):
        await pacer.take()
        at.append(round(clock.monotonic() - began, 3))
    assert at == [0.0, 0.255, 0.51, 0.765, 1.02]
