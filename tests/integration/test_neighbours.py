"""One panel that is wrong in every way: its neighbours are read as if it were not there, and it is true again when it is mended."""

from datetime import UTC, datetime
from typing import Any

from hyperpanel.db import panels
from hyperpanel.db.schema import absences, holds, pauses, set_aside
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.sandbox.fault_kinds import KINDS
from sync import http
from tests.support.attached import SWEEP, attached, hurry

ENDS_IT = ("401", "401_in_200", "403", "403_in_200", "redirect", "rental_panel", "socpanel", "admin_v1", "website")
"""What only a person can mend stops the panel, so the other kinds come before."""

ODD = {"page_cap": 50, "ids": "string", "clock_skew": 86_400, "ties": "unstable", "unknown_statuses": True}
Told = tuple[str, str, tuple[Any, ...]]
AMOUNT: dict[str, Any] = {"panel_count": 3, "order_count": 600, "people": (80, 120, 20)}


def hasten(monkeypatch) -> None:
    """The sick panel is given up after half a second; its neighbours have all the time that they are given elsewhere, however busy the
    machine is."""
    patient = http.fetch

    async def fetch(client, request, deadline=None):
        return await patient(client, request, 0.5 if request.url.path.startswith("/us-2/") else deadline)

    monkeypatch.setattr(http, "fetch", fetch)


async def read(found, told: list[Told]) -> None:
    """Everything once, and a sweep; of the healthy panels what it came to."""
    for plans in ({}, {"plans": SWEEP}):
        for result in await found.sync(**plans):
            tally = result.tally
            facts = (tally.read, tally.new, tally.changed, tally.calls, result.trouble)
            told += [(result.panel, result.stream, facts)] if result.panel != "us-2" else []


async def spoil(found, *kinds: str) -> None:
    for number, kind in enumerate(kinds):
        await found.lever("us-2/faults", {"kind": kind, "times": 2, "every": 2 + number % 3, "seconds": 1})


async def mend(found) -> None:
    await found.lever("us-2/faults", {"clear": True})
    await found.lever("us-2/switches", {"clock_skew": 0})
    async with found.installation.database.write() as connection:
        await panels.resume(connection, found.panels[1].id, None, "ana", datetime.now(UTC))


async def marks(found, place: int) -> list[str]:
    """Whatever stands against a panel."""

    def look(connection):
        here = found.panels[place].id
        tables = (pauses, holds, set_aside, absences)
        asked = {table.name: EVERYTHING.select(table).where(table.c.panel_id == here) for table in tables}
        return [name for name, statement in asked.items() if connection.execute(statement).first()]

    found_there: list[str] = await found.installation.database.read(look)
    return found_there


async def test_a_panel_wrong_in_every_way_changes_nothing_about_its_neighbours(tmp_path, monkeypatch):
    hasten(monkeypatch)
    hurry(monkeypatch)
    undisturbed: list[Told] = []
    beside: list[Told] = []
    async with attached(f"sqlite:///{tmp_path}/whole.db", tmp_path, **AMOUNT) as found:
        await read(found, undisturbed)
        await read(found, undisturbed)
    async with attached(f"sqlite:///{tmp_path}/spoilt.db", tmp_path, **AMOUNT) as found:
        await found.lever("us-2/switches", ODD)
        await spoil(found, *(kind for kind in KINDS if kind not in ENDS_IT))
        await read(found, beside)
        await spoil(found, *ENDS_IT)
        await read(found, beside)
        assert beside == undisturbed
        assert [line for line in await found.wrong() if not line.startswith("us-2 ")] == []
        assert [await marks(found, place) for place in (0, 2)] == [[], []]
        assert "pauses" in await marks(found, 1)
        await mend(found)
        for _ in range(3):
            await read(found, [])
        assert await found.wrong() == []
