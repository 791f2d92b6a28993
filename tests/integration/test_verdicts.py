"""Every fault there is meets the real connector over a real connection: each has its verdict, none is a bug of ours, and it passes."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import httpcore2
import pytest

from hyperpanel.sandbox.fault_kinds import KINDS, PLACES
from hyperpanel.sandbox.faults import Fault
from hyperpanel.sandbox.panel import Panel
from hyperpanel.sandbox.server import background
from sync import http
from sync.connectors.base import Access, Ask
from sync.connectors.perfect_panel import PerfectPanel
from sync.verdicts import Trouble, UnreadableRecord
from tests.sandbox.conftest import small
from tests.support import lines, tls
from tests.support.lines import Doors, Struck, doors, looked_up

READ, ASIDE = "read", "set aside"
VERDICTS = {
    "unreachable": ("refused", "connect_hangs", "dns_changes"),  # to where nobody answers yet
    "unresolved": ("dns_fails",),
    "tls_unknown": ("tls_bad",),
    "tls_expired": ("tls_expired",),
    "cut": ("reset", "reset_in_headers", "reset_after_headers", "cut"),
    "timeout": ("timeout", "effect_applied", "effect_lost", "effect_late", "drip", "trickle"),
    "server": ("500", "502", "503", "504"),
    "rate": ("429",),
    "auth": ("401", "401_in_200"),
    "forbidden": ("403", "403_in_200"),
    "refused": ("error_envelope",),
    "html": ("challenge", "challenge_403"),
    "web_page": ("website",),
    "redirect": ("redirect",),
    "other_software": ("admin_v1", "rental_panel", "socpanel"),
    "not_json": ("truncated", "nan", "deep", "bomb_deflate", "bomb_br", "bomb_zstd"),
    "too_large": ("bomb", "bomb_gzip", "endless", "many_keys"),
    ASIDE: ("bad_money", "missing_id", "wrong_type", "amount_comma", "long_number"),
    READ: (
        *("hang_up", "duplicated_page", "reordered", "empty_page", "short_page", "wrong_count"),
        *("unknown_status", "null_time", "future_time", "id_string", "zone_changed", "amount_decimals", "amount_exponent"),
        *("lone_surrogate", "duplicate_keys", "nul", *PLACES["list"], *PLACES["world"]),
    ),
}  # fmt: skip
EXPECTED = [(kind, verdict) for verdict, kinds in VERDICTS.items() for kind in kinds]
NAMES, TLS = ("dns_fails", "dns_changes"), ("tls_bad", "tls_expired")


class Site(NamedTuple):
    panel: Panel
    port: int
    doors: Doors
    trusted: Path

    def access(self, kind: str) -> Access:
        host = lines.NAME if kind in NAMES else lines.HERE
        url = f"{'https' if kind in TLS else 'http'}://{host}:{self.port}/{self.panel.name}"
        zone = ZoneInfo(self.panel.time_zone)
        return Access(
            "eu-1", url, self.panel.currency, zone, self.panel.admin_key, self.panel.services_key, private=True
        )


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    fleet = small(orders=150)
    folder, known = tmp_path_factory.mktemp("doors"), tls.authority()
    with background(fleet) as url, doors(folder, known) as found:
        yield Site(fleet.panels[0], int(url.rpartition(":")[2]), found, known.written(folder / "known.pem"))


@pytest.fixture
async def connector(request, site, monkeypatch):
    """For a request that is given up soon where nothing comes; what does come is waited for."""
    kind = request.node.callspec.params["kind"]
    patient = http.fetch
    deadline = 0.15 if kind in VERDICTS["timeout"] or kind == "connect_hangs" else None
    monkeypatch.setenv("SSL_CERT_FILE", str(site.trusted))
    monkeypatch.setattr(http, "CONNECT", 0.05)
    monkeypatch.setattr(http, "fetch", lambda client, asked: patient(client, asked, deadline))
    monkeypatch.setattr(httpcore2, "AnyIOBackend", lambda: Struck(site.panel.line, site.doors))
    monkeypatch.setattr(socket, "getaddrinfo", looked_up(site.panel.line))
    found = PerfectPanel(site.access(kind))
    site.panel.faults.clear()
    site.panel.faults.struck.clear()
    yield found
    await found.close()


async def met(connector: PerfectPanel, ask: Ask) -> str:
    try:
        page = await connector.page(ask)
        for raw in page.raws:
            connector.message(raw) if ask.stream == "messages" else connector.decode(ask.stream, raw)
    except Trouble as trouble:
        return trouble.code
    except UnreadableRecord:
        return ASIDE
    return ASIDE if page.unread else READ


@pytest.mark.parametrize(("kind", "verdict"), EXPECTED)
async def test_each_fault_has_its_verdict_is_counted_and_passes(connector, site, kind, verdict):
    ask = Ask("orders", limit=20)
    site.panel.faults.add(Fault(kind, times=1, seconds=2))
    assert (await met(connector, ask), site.panel.faults.struck) == (verdict, {kind: 1})
    if kind not in TLS:  # behind which no panel speaks TLS here
        assert await met(connector, ask) == READ


LISTED = {*PLACES["rows"], *PLACES["list"], *PLACES["world"]}
HEAVY = {*VERDICTS["timeout"], *VERDICTS["too_large"], *PLACES["line"]}
OTHERWISE = {"services": {"admin_v1": "refused", "rental_panel": "refused"}}
"""Beside its own list each door has the verdicts of orders, or reads what only a list can have wrong."""


def asks(panel: Panel) -> dict[str, Ask]:
    order, ticket = str(panel.orders.ids[0]), str(panel.tickets.ids[0])
    doors = {stream: Ask(stream, limit=20) for stream in ("users", "payments", "tickets", "services")}
    return {**doors, "messages": Ask("messages", ids=(ticket,)), "one order": Ask("orders", ids=(order,), alone=True)}


@pytest.mark.parametrize("door", ["users", "payments", "tickets", "services", "messages", "one order"])
async def test_at_every_door_each_fault_is_a_verdict(site, door):
    connector = PerfectPanel(site.access("500"))
    for kind, verdict in EXPECTED:
        if kind in HEAVY:
            continue
        site.panel.faults.clear()
        site.panel.faults.add(Fault(kind, times=1))
        ask = asks(site.panel)[door]
        expected = OTHERWISE.get(door, {}).get(kind, verdict)
        found = await met(connector, ask)
        assert found == expected or (found == READ and kind in LISTED), (kind, found)
        if kind == "hang_up":  # a request on a line that the other side is closing is a race, and no verdict
            await connector.close()
            connector = PerfectPanel(site.access("500"))
    await connector.close()


def test_no_fault_is_without_a_verdict():
    assert sorted(kind for kind, _ in EXPECTED) == sorted(set(KINDS) - set(PLACES["process"]))


async def test_a_name_that_comes_to_mean_this_machine_is_not_called(site, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", looked_up(site.panel.line))
    site.panel.faults.clear()
    site.panel.faults.add(Fault("dns_changes", times=1))
    found: Any = PerfectPanel(Access("eu-1", f"http://{lines.NAME}:{site.port}/eu-1", "EUR", ZoneInfo("UTC"), "key"))
    assert await met(found, Ask("orders")) == "address"
    await found.close()
