"""The lines of the provider view as they are shown: words with their shapes, each figure with the orders that it was counted from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.support.providers import Asked, Row, ServiceRow
from hyperpanel.web.addresses import Address
from hyperpanel.web.dashboard_totals import Amount, rounded
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import CHOICE
from hyperpanel.web.service_tracking_rows import place_of
from hyperpanel.web.texts import LONGEST_LINK, shown
from hyperpanel.web.typed_moments import typed
from hyperpanel.web.visits import Visit
from reports.providers import DOWN, FEW, SILENT, STRUGGLING, WORKS
from reports.statuses import RUNNING
from sync.money import Money

PLACE = "/tracking/providers/provider"
NONE = "–"
STATES = {
    DOWN: (N_("Down"), "bad"),
    STRUGGLING: (N_("Struggles"), "warn"),
    SILENT: (N_("Nothing finished"), "idle"),
    WORKS: (N_("Works"), "ok"),
    FEW: (N_("Too few orders"), "unknown"),
}


@dataclass(frozen=True)
class ProviderLine:
    """`name` as it may be shown. `fresh`: how many came to be stuck within the window; `stuck_href`: all that are. `slow` of `n` rated ones.
    `finished`: observed, or of all where those are more. `since`: when it was first seen to be down."""

    name: str
    href: str
    tone: str
    label: str
    stuck: int
    fresh: int
    stuck_href: str
    oldest: datetime | None
    slow: str
    n: int
    finished: str
    services: int
    panels: int
    at_risk: Sequence[Amount]
    since: datetime | None


@dataclass(frozen=True)
class ServiceOf:
    """A service of one provider. `href`: the service's own page in service tracking."""

    panel: str
    id: str
    name: str
    href: str
    stuck: int
    fresh: int
    stuck_href: str
    oldest: datetime | None
    slow: str
    n: int
    finished: str


def line(visit: Visit, asked: Asked, row: Row, is_late: bool) -> ProviderLine:
    tone, label = state(visit, row.state, is_late)
    return ProviderLine(
        name=shown(row.provider) or NONE,
        href=href(visit, row.provider),
        tone=tone,
        label=label,
        stuck=row.stuck,
        fresh=row.fresh,
        stuck_href=stuck_href(visit, asked, row.provider),
        oldest=row.oldest,
        slow=share(visit, row.slow, row.rated),
        n=row.rated,
        finished=finished(visit, row.finished, row.unobserved),
        services=row.services,
        panels=row.panels,
        at_risk=amounts(row.at_risk),
        since=row.outage.first_seen if row.outage else None,
    )


def service_of(visit: Visit, asked: Asked, row: ServiceRow, provider: str, panel: str) -> ServiceOf:
    kept = visit.url.only(("hours",)).pairs
    return ServiceOf(
        panel=panel,
        id=shown(row.service_id) or "",
        name=shown(row.name, LONGEST_LINK) or "",
        href=str(Address(place_of(panel, row.service_id), kept)),
        stuck=row.stuck,
        fresh=row.fresh,
        stuck_href=stuck_href(visit, asked, provider, ("service", row.service_id), panel=panel),
        oldest=row.oldest,
        slow=share(visit, row.slow, row.rated),
        n=row.rated,
        finished=finished(visit, row.finished, row.unobserved),
    )


def state(visit: Visit, state: str, is_late: bool) -> tuple[str, str]:
    """Nothing is green on old data."""
    label, tone = STATES[state]
    return "unknown" if is_late and tone == "ok" else tone, visit.say(label)


def href(visit: Visit, provider: str) -> str:
    """Its name stands in the query: it is written by others, and may hold anything."""
    return str(visit.url.only((*CHOICE, "hours"), PLACE).having(name=provider))


def stuck_href(visit: Visit, asked: Asked, provider: str, *more: tuple[str, str], panel: str | None = None) -> str:
    before = typed(asked.now - asked.measure.stuck_after, visit.zone)
    return orders_href(visit, provider, *more, ("created_to", before), panel=panel)


def orders_href(visit: Visit, provider: str, *more: tuple[str, str], panel: str | None = None) -> str:
    """Its orders that still run."""
    some = visit.url.only(CHOICE).pairs if panel is None else (("panel", panel),)
    running = tuple(("status", status) for status in RUNNING)
    return str(Address("/orders", (*some, ("provider", provider), *running, *more)))


def share(visit: Visit, slow: int, rated: int) -> str:
    if not rated:
        return NONE
    return visit.say("%(number)s %%", number=visit.fmt.number(round(100 * slow / rated, 1)))


def finished(visit: Visit, seen: int, unobserved: int) -> str:
    number = visit.fmt.number
    return f"{number(seen)}/{number(seen + unobserved)}" if unobserved else number(seen)


def amounts(units: Mapping[str, int]) -> list[Amount]:
    """Each currency by itself."""
    each = [Money(value, currency) for currency, value in sorted(units.items())]
    return [Amount(one, rounded(one)) for one in each]
