"""Of the dashboard's needs those that reports find: services that are critical or stalled, and providers that are down. Both were written
down by the worker; here they are told with their age."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from hyperpanel.db import outages, urgent_services
from hyperpanel.db.scope import Scope
from hyperpanel.db.urgent_services import Urgent
from hyperpanel.web.addresses import Address
from hyperpanel.web.dashboard_figures import Found
from hyperpanel.web.dashboard_needs import Need, listed
from hyperpanel.web.panel_choice import CHOICE
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from reports.outages import Outage

SERVICES, PROVIDERS = "/tracking/services", "/tracking/providers"


def urgent(connection: Connection, visit: Visit, scope: Scope) -> Urgent:
    may = visit.may("tracking:read") and scope.panel_ids != frozenset()
    return urgent_services.found(connection, scope, visit.now) if may else Urgent()


def down(connection: Connection, visit: Visit, scope: Scope) -> Sequence[Outage]:
    look = outages.last(connection, scope, visit.now) if visit.may("provider:see") else None
    return look.outages if look else ()


def needs(visit: Visit, found: Found) -> Iterable[Need]:
    here, number = visit.url.only(CHOICE), visit.fmt.number
    if found.down:
        n = len(found.down)
        yield Need(
            id="down",
            tone="bad",
            label=visit.say("Down"),
            number=visit.count("%(number)s provider", "%(number)s providers", n, number=number(n)),
            since=min(one.first_seen for one in found.down),
            about=listed(visit, [shown(one.provider) or "" for one in found.down]),
            action=visit.say("Show the providers"),
            href=str(Address(PROVIDERS, here.pairs)),
        )
    if found.urgent.services and found.urgent.at is not None:
        n = len(found.urgent.services)
        yield Need(
            id="critical",
            tone="bad",
            label=visit.say("Critical"),
            number=visit.count("%(number)s service", "%(number)s services", n, number=number(n)),
            since=found.urgent.since,
            about=visit.say(
                "By the scores of %(ago)s ago; what is put aside is not counted.", ago=visit.fmt.ago(found.urgent.at)
            ),
            action=visit.say("Show the services"),
            href=str(Address(SERVICES, here.pairs)),
        )
