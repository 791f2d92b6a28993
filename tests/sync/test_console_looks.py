"""A look at a panel of another console: its settings, scopes and lag as that console tells them, and what is no console at all."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx2
import pytest

from sync.connectors import consoles
from sync.connectors.base import Looking
from sync.connectors.hyperpanel import Hyperpanel
from tests.support.clocks import Hand
from tests.support.stand_in_console import EVERYTHING, KEY, StandIn, line, listing
from tests.support.wire import access, response

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def no_wait():
    """Nobody else calls it."""


async def told(console, now=NOON, url="https://console.example/p/eu-1", **changes):
    usual = {"currency": "EUR", "zone": ZoneInfo("Europe/Berlin"), "admin_key": KEY}
    connector = Hyperpanel(access(url=url, **{**usual, **changes}))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(console)) as connector.client:
        probes = await connector.probe(Looking(Hand(now), no_wait))
    return {probe.code: probe for probe in probes}


def wrong(probes):
    return sorted(code for code, probe in probes.items() if not probe.ok)


async def test_a_panel_that_a_console_has_read_is_well():
    found = await told(StandIn())
    assert {probe.level for probe in found.values()} == {"ok"}
    assert "console_ok" in found


@pytest.mark.parametrize(
    ("console", "changes", "code"),
    [
        (StandIn(is_console=False), {}, "no_console"),
        (StandIn(), {"admin_key": "another"}, "auth"),
        (StandIn(scopes=["orders:read"]), {}, "scope"),
        (StandIn(), {"url": "https://console.example/p/eu-9"}, "not_found"),
        (StandIn(), {"url": "https://console.example"}, "console_one"),
        (StandIn(), {"currency": "USD"}, "console_currency"),
        (StandIn(), {"zone": ZoneInfo("UTC")}, "console_zone"),
    ],
)
async def test_what_keeps_it_from_being_read_rightly_is_wrong(console, changes, code):
    assert code in wrong(await told(console, **changes))


@pytest.mark.parametrize(
    ("console", "now", "code"),
    [
        (StandIn(scopes=EVERYTHING[:-1]), NOON, "console_providers"),
        (StandIn(scopes=(*EVERYTHING[:-2], EVERYTHING[-1])), NOON, "console_services"),
        (StandIn(lines=[line("eu-1", streams=[])]), NOON, "console_no_services"),
        (StandIn(), NOON + timedelta(hours=1), "console_lag"),
        (StandIn(lines=[line("eu-1", streams=[{"stream": "services", "as_of": None}])]), NOON, "console_unread"),
        (StandIn(lines=[line("eu-1", kind="hyperpanel")]), NOON, "console_chain"),
    ],
)
async def test_what_is_worth_knowing_is_a_note(console, now, code):
    found = await told(console, now)
    assert (found[code].level, wrong(found)) == ("note", [])


async def test_panels_beyond_the_first_page_are_seen_too():
    names, asked = [line(f"p{number}") for number in range(1500)], list[str]()

    def reply(request):
        asked.append(request.url.path)
        if request.url.path.endswith("/health"):
            return response({"ok": True})
        if request.url.path.endswith("/key"):
            return response({"data": {"scopes": ["panels:read"], "per_minute": 60}, "error_code": 0})
        start = int(request.url.params.get("cursor", "0"))
        told = listing(names[start : start + 1000])
        told["pagination"]["next_cursor"] = str(start + 1000) if start + 1000 < len(names) else ""
        return response(told)

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(reply)) as client:
        found = await consoles.told(client, "https://console.example", KEY, no_wait)
    assert ([one.name for one in found.lines][-1], len(found.lines), len(asked)) == ("p1499", 1500, 4)
