"""Records that were never read: what the style guide draws, so that every part stands there in each of its states.

They are what the database gives the real pages, and go the same way from here on: a page that changes changes the guide too.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from hyperpanel.config import Sync
from hyperpanel.db.feeds import Feed, Run, Worker
from hyperpanel.db.gauges import Gauge
from hyperpanel.db.holds import DELETES, FIELDS, Hold
from hyperpanel.db.lists import Count
from hyperpanel.db.orders import Line, Order
from hyperpanel.db.panels import Panel, Pause
from hyperpanel.db.sync_rules import Rules
from hyperpanel.support.sync_settings import pace
from hyperpanel.web.list_pages import Turned
from hyperpanel.web.order_rows import STATUSES
from hyperpanel.web.panel_feeds import Found
from sync.connectors.base import Probe
from sync.verdicts import Trouble

PANELS = tuple(
    Panel(id, name, "perfect_panel", f"https://{name}.example", "USD", "UTC", 4.0, False, group)
    for id, name, group in ((1, "eu-1", "Europe"), (2, "us-2", None), (3, "a-panel-with-a-long-name", None))
)
NAMES = (
    "Instagram Followers [5-10K/Day] [R30]",
    "TikTok Views [ Speed 500-1K/day ] with a name that goes on and on until it has to be cut",
    "فالوور ایرانی [5K/D]",
)
USERS = ("kadir", "a_very_long_user_name_that_never_ends", "علی_رضایی", None)
LETTERS = ("0123456789", "İıĞşçöü", "فالوور ۱۲۳")
ON_THE_MOON = "on_the_moon"
"""A status that nobody knows."""


def lines(now: datetime) -> list[Line]:
    """One for each status."""
    return [line(number, status, now) for number, status in enumerate((*STATUSES, ON_THE_MOON))]


def line(number: int, status: str, now: datetime) -> Line:
    return Line(
        panel_id=PANELS[number % 3].id,
        id=str(906_386 - number),
        provider_order_id=str(77_120_448 - number) if number % 4 else None,
        user=USERS[number % 4],
        mode="auto",
        charge=(42_000_000, 1_250_000_000, None)[number % 3],
        charge_currency=("USD", "EUR", None)[number % 3],
        link=("https://www.instagram.com/p/C8abc/", "javascript:alert(1)", None)[number % 3],
        start_count=1_200 + number,
        quantity=(1_000, 25_000, 1_500_000)[number % 3],
        service_id=str(170 + number % 3),
        service_name=NAMES[number % 3],
        provider="provider-a",
        status=status,
        remains=(640, 0, None)[number % 3],
        created_at=now - timedelta(minutes=3 * number * number, seconds=12),
    )


def order(now: datetime) -> Order:
    first = line(2, "in_progress", now)
    return Order(
        **{name: getattr(first, name) for name in Line.__struct_fields__},
        creation_type="api",
        provider_charge=21_000_000,
        provider_charge_currency="USD",
        service_type="default",
        status_raw="In progress",
        is_autocomplete=None,
        last_update_at=now - timedelta(minutes=2),
        first_seen_at=now - timedelta(hours=3),
        seen_at=now - timedelta(seconds=12),
        gone_at=None,
    )


def page(now: datetime) -> Turned:
    rows = lines(now)
    return Turned(sort="created", rows=rows, first=1, has_more=True, newer=7, count=Count(10_000, False))


def feed(state: str, now: datetime, panel_id: int = 1, stream: str = "orders") -> Feed:
    """By the states of reports/freshness."""
    read = {"on_time": now - timedelta(seconds=12), "never": None}.get(state, now - timedelta(minutes=9))
    return Feed(
        panel_id=panel_id,
        stream=stream,
        since=now - timedelta(days=40),
        cached=20_013,
        cap=100,
        fetched_at=read,
        failing_since=read if state == "late" else None,
        trouble=Trouble("timeout", seconds=20) if state == "late" else None,
        is_held=False,
        as_of={"head": read, "refresh": read},
        due_at={"head": now + timedelta(seconds=20), "refresh": now + timedelta(seconds=40), "sweep": now},
        pause=pauses(panel_id, now).get(state),
    )


def pauses(panel_id: int, now: datetime) -> Mapping[str, Pause]:
    at = now - timedelta(hours=2)
    return {
        "paused": Pause(panel_id, "orders", "ana", "The provider moves house.", None, at),
        "key": Pause(panel_id, "orders", "engine", "", Trouble("auth"), at),
    }


STATES = ("on_time", "late", "paused", "key", "never")


def found(now: datetime) -> Found:
    """An open panel with a feed in each state, and a closed one."""
    streams = ("orders", "users", "payments", "tickets", "messages")
    feeds = [feed(state, now, 1, stream) for state, stream in zip(STATES, streams, strict=True)]
    run = Run("orders", "head", now - timedelta(minutes=1), now - timedelta(seconds=12), 300, 12, 31, 1)
    return Found(
        panels=PANELS[:2],
        chosen=PANELS[:2],
        opened=PANELS[:1],
        feeds=[*feeds, feed("on_time", now, 2)],
        rules=Rules(pace(Sync())),
        gauges={1: gauge(), 2: gauge(pace=1.5, slowed_at=now - timedelta(minutes=3))},
        calls={(1, "orders"): 31.0},
        set_aside={(1, "users"): 3},
        decisions=1,
        workers=[Worker("a worker", now - timedelta(seconds=4), now + timedelta(minutes=1))],
        ended={(1, "orders"): run},
    )


def gauge(pace: float = 4.0, slowed_at: datetime | None = None) -> Gauge:
    return Gauge(4.0, pace, 70.0, 2, 1, slowed_at, None, None, None, 0.18)


def holds(now: datetime) -> list[Hold]:
    common = {
        "of_rows": 20_013,
        "at": now - timedelta(hours=1),
        "decision": None,
        "decided_by": None,
        "decided_at": None,
    }
    return [
        Hold(panel_id=1, id="sample-1", stream="orders", kind=DELETES, what="", rows=1_204, **common),  # type: ignore[arg-type]
        Hold(panel_id=1, id="sample-2", stream="users", kind=FIELDS, what="balance", rows=20_013, **common),  # type: ignore[arg-type]
    ]


PROBES = (
    Probe("address", "ok", "answers", {"panel": "eu-1", "host": "eu-1.example"}),
    Probe("tls", "ok", "tls_ok", {"panel": "eu-1"}),
    Probe("clock", "note", "clock_behind", {"panel": "eu-1", "minutes": 3}),
    Probe("key", "wrong", "auth", {"panel": "eu-1"}),
)
