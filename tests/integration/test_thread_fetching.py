"""Conversations that a report lacks, read at once over real HTTP: those that were asked for, kept like any other, beside a worker too."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hyperpanel.clock import SystemClock
from hyperpanel.db import feeds, panels, tickets
from hyperpanel.db.scope import EVERYTHING
from hyperpanel.support import thread_fetching, ticket_tracking
from hyperpanel.support.thread_fetching import Fetches, Fetching
from hyperpanel.support.ticket_tracking import Asked
from reports.windows import LONGEST, Window
from tests.support.attached import Attached, attached, differences, working

NOW = datetime.now(UTC)
MONTH = Window(NOW - LONGEST + timedelta(hours=1), NOW + timedelta(hours=1))


async def missing(found: Attached, most: int = 500) -> list[tuple[int, str]]:
    scope = EVERYTHING.narrowed([panel.id for panel in found.panels])
    return await found.installation.database.read(
        lambda connection: tickets.unread(connection, scope, MONTH.since, MONTH.until, datetime.now(UTC), most)
    )


async def fetch(found: Attached, some: list[tuple[int, str]]) -> thread_fetching.Progress:
    progress = Fetches().begin(1, some, datetime.now(UTC))
    wanted = [panel for panel in found.panels if panel.id in progress.wanted]
    await Fetching(found.installation, SystemClock(), progress).run(wanted)
    return progress


async def unlike(found: Attached, progress: thread_fetching.Progress) -> list[str]:
    """The tickets that were asked for with their messages, against what the panels have."""
    told = []
    for panel in found.panels:
        mine = set(progress.wanted.get(panel.id, ()))
        truth, held = await found.truth(panel.name, "tickets"), await found.held(panel, "tickets")
        both = [{key: row for key, row in rows.items() if key in mine} for rows in (truth, held)]
        told += differences(*both)
    return told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_those_that_were_asked_for_are_read_and_kept(database_url, tmp_path):
    async with attached(database_url, tmp_path, panel_count=2, order_count=50, people=(40, 5, 90)) as found:
        await found.sync(streams=("tickets",))
        before = await missing(found)
        progress = await fetch(found, before)
        assert (progress.in_all, progress.so_far, progress.troubles) == (min(len(before), 80), progress.in_all, {})
        assert progress.ended_at is not None
        assert await unlike(found, progress) == []
        assert len(await missing(found)) == len(before) - progress.in_all
        told = await found.installation.database.reader.ask(
            ticket_tracking.by_service, Asked(EVERYTHING.narrowed([panel.id for panel in found.panels]), MONTH)
        )
        assert told.about.tickets - told.about.behind == progress.in_all
        held = await found.installation.database.read(lambda connection: feeds.all_of(connection, EVERYTHING, NOW))
        assert all(feed.trouble is None for feed in held if feed.stream == "messages")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_paused_panel_and_a_refused_key_are_told_and_stop_no_other(database_url, tmp_path):
    async with attached(database_url, tmp_path, panel_count=3, order_count=50, people=(30, 5, 20)) as found:
        await found.sync(streams=("tickets",))
        paused, refused, good = found.panels
        found.fleet.panels[1].admin_key = "another"
        async with found.installation.database.write() as connection:
            await panels.pause(connection, paused.id, None, "ana", "a holiday", NOW)
        progress = await fetch(found, await missing(found))
        codes = {panel_id: trouble.code for panel_id, trouble in progress.troubles.items()}
        assert codes == {paused.id: "paused", refused.id: "auth"}
        assert progress.done[good.id] == len(progress.wanted[good.id]) > 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_beside_a_worker_nothing_is_read_twice_and_none_is_left(database_url, tmp_path):
    async with attached(database_url, tmp_path, order_count=50, people=(30, 5, 60)) as found:
        await found.sync(streams=("tickets",))
        wanted = await missing(found)
        async with working(replace(found)):
            progress = await fetch(found, wanted)
        assert (progress.so_far, progress.troubles) == (progress.in_all, {})
        assert await unlike(found, progress) == []


def test_a_request_has_eighty_tickets_and_one_is_enough_for_a_person():
    fetches = Fetches()
    progress = fetches.begin(1, [(panel, str(n)) for panel in (1, 2) for n in range(60)], NOW)
    assert {panel: len(some) for panel, some in progress.wanted.items()} == {1: 60, 2: 20}
    assert (fetches.running(1), fetches.running(2)) == (progress, None)
    progress.ended_at = NOW
    assert fetches.running(1) is None
