"""What the dashboard counts with: all that one look at the database found, and sums of it over any of the panels.

A panel whose list was never read has no figure: it is left out of a sum, and a zero would be a lie.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.db.sign_ins import Failed
from hyperpanel.db.tallies import Held
from hyperpanel.db.urgent_services import Urgent
from hyperpanel.web import ages
from hyperpanel.web.ages import Stood
from hyperpanel.web.languages import N_
from hyperpanel.web.visits import Visit
from reports import freshness
from reports.outages import Outage
from sync.money import Money

STREAMS = {
    "orders": (N_("Orders"), "/orders", "orders:read"),
    "tickets": (N_("Tickets"), "/tickets", "tickets:read"),
    "users": (N_("Users"), "/users", "users:read"),
    "payments": (N_("Payments"), "/payments", "payments:read"),
}
"""What is counted: its name, its list, and who may see it."""

REMOVING = "removing"


@dataclass(frozen=True)
class Waits:
    """What waits for a person: how many, and since when."""

    number: int = 0
    since: datetime | None = None


class Figures:
    """Sums over panels. `unread`: the panels that have a list of the stream, and nothing of it was read."""

    def __init__(self, held: Iterable[Held] = (), stood: Stood = ()) -> None:
        self.counts: dict[tuple[int, str], Counter[str]] = {}
        self.amounts: dict[tuple[int, str], dict[str, Counter[str]]] = {}
        for one in held:
            feed = (one.panel_id, one.stream)
            self.counts.setdefault(feed, Counter())[one.status] += one.held
            if one.currency:
                self.amounts.setdefault(feed, {}).setdefault(one.status, Counter())[one.currency] += one.units
        self.states = {(feed.panel_id, feed.stream): state for feed, state in stood}
        self.unread = {key for key, state in self.states.items() if state == freshness.NEVER and key not in self.counts}

    def is_known(self, panels: Sequence[Panel], stream: str) -> bool:
        """Whether any of them has been read."""
        feeds = [(panel.id, stream) for panel in panels]
        return any(feed in self.counts or (feed in self.states and feed not in self.unread) for feed in feeds)

    def number(self, panels: Sequence[Panel], stream: str, statuses: Iterable[str] | None = None) -> int:
        wanted = None if statuses is None else tuple(statuses)
        found = [self.counts[panel.id, stream] for panel in panels if (panel.id, stream) in self.counts]
        return sum(one.total() if wanted is None else sum(one[status] for status in wanted) for one in found)

    def money(self, panels: Sequence[Panel], stream: str, statuses: Iterable[str] | None = None) -> list[Money]:
        """One amount for each currency: they are never summed together. The largest number of units is not the most, so by name."""
        wanted = None if statuses is None else frozenset(statuses)
        sums: Counter[str] = Counter()
        for panel in panels:
            for status, by_currency in self.amounts.get((panel.id, stream), {}).items():
                if wanted is None or status in wanted:
                    sums.update(by_currency)
        return [Money(units, currency) for currency, units in sorted(sums.items())]

    def statuses(self, stream: str) -> set[str]:
        return {status for (_, name), counts in self.counts.items() if name == stream for status in counts}


@dataclass(frozen=True)
class Found:
    """All that the page needs of the database, in one snapshot. `some`: the chosen panels that are not being removed. `news`: the last of
    them that it shows."""

    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    some: Sequence[Panel] = ()
    stood: Stood = ()
    figures: Figures = field(default_factory=Figures)
    days: Mapping[tuple[int, str], Sequence[int]] = field(default_factory=dict)
    failed: Waits = Waits()
    unanswered: Waits = Waits()
    decisions: Waits = Waits()
    set_aside: Waits = Waits()
    reported: Waits = Waits()
    failed_sign_ins: Failed = field(default_factory=Failed)
    urgent: Urgent = field(default_factory=Urgent)
    down: Sequence[Outage] = ()
    news: int = 0


def streams(visit: Visit) -> list[str]:
    """Those that this person may see."""
    return [stream for stream, (_, _, permission) in STREAMS.items() if visit.may(permission)]


def stood(visit: Visit, feeds: Sequence[Feed]) -> list[tuple[Feed, str]]:
    settings = visit.console.settings.sync
    return [(feed, freshness.state(ages.promise(feed, settings), visit.now)) for feed in feeds]


def by_panel(stood: Stood) -> dict[int, list[tuple[Feed, str]]]:
    found: dict[int, list[tuple[Feed, str]]] = {}
    for feed, state in stood:
        found.setdefault(feed.panel_id, []).append((feed, state))
    return found


def is_leaving(feed: Feed) -> bool:
    """Its panel is being removed: what is left of its rows is no figure."""
    return feed.pause is not None and feed.pause.trouble is not None and feed.pause.trouble.code == REMOVING
