"""A provider that is inferred to be down, told as one incident: how sure that is, since when, what waits, and why it is thought so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.web.dashboard_totals import Amount
from hyperpanel.web.languages import N_
from hyperpanel.web.provider_rows import amounts, href, orders_href
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from reports.outages import Outage

PANELS_TOLD = 4
SURENESS = (
    (0.95, N_("%(provider)s is almost certainly down")),
    (0.8, N_("%(provider)s is very likely down")),
    (0.0, N_("%(provider)s is probably down")),
)
MOST_SURE = 99


@dataclass(frozen=True)
class Incident:
    """`sure`: the confidence as a number, in words with its unit. `reasons`: why it is thought so, a sentence each."""

    element: str
    title: str
    sure: str
    first_seen: datetime
    waits: str
    panels: str
    at_risk: Sequence[Amount]
    reasons: Sequence[str]
    href: str
    orders_href: str


def incident(visit: Visit, outage: Outage, names: Mapping[int, str], number: int) -> Incident:
    return Incident(
        element=f"incident-{number}",
        title=title(visit, outage),
        sure=visit.say("confidence %(number)s %%", number=visit.fmt.number(percent(outage))),
        first_seen=outage.first_seen,
        waits=waits(visit, outage),
        panels=listed(visit, [names[panel] for panel in outage.panels if panel in names]),
        at_risk=amounts(outage.at_risk),
        reasons=reasons(visit, outage),
        href=href(visit, outage.provider),
        orders_href=orders_href(visit, outage.provider),
    )


def title(visit: Visit, outage: Outage) -> str:
    word = next(word for least, word in SURENESS if outage.confidence >= least)
    return visit.say(word, provider=shown(outage.provider) or "–")


def percent(outage: Outage) -> int:
    """It is never quite certain."""
    return min(int(100 * outage.confidence), MOST_SURE)


def waits(visit: Visit, outage: Outage) -> str:
    number = visit.fmt.number
    services = visit.count("%(number)s service", "%(number)s services", outage.services, number=number(outage.services))
    return visit.count(
        "%(number)s order of %(services)s waits",
        "%(number)s orders of %(services)s wait",
        outage.orders,
        number=number(outage.orders),
        services=services,
    )


def listed(visit: Visit, names: Sequence[str]) -> str:
    told, more = ", ".join(sorted(names)[:PANELS_TOLD]), len(names) - PANELS_TOLD
    return visit.say("%(names)s and %(number)s more", names=told, number=visit.fmt.number(more)) if more > 0 else told


def reasons(visit: Visit, outage: Outage) -> list[str]:
    number, due = visit.fmt.number, round(outage.due)
    came = visit.say(
        "By its usual pace about %(due)s deliveries were due from it since then; %(number)s came.",
        due=number(due),
        number=number(outage.came),
    )
    if not outage.others:
        alone = visit.say(
            "Nobody else delivered on its panels meanwhile, so a panel that is read late is not quite ruled out."
        )
        return [came, alone]
    others = visit.count(
        "Meanwhile other providers made %(number)s delivery on the same panels, so the panels are read.",
        "Meanwhile other providers made %(number)s deliveries on the same panels, so the panels are read.",
        outage.others,
        number=number(outage.others),
    )
    return [came, others]
