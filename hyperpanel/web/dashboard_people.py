"""Of the dashboard's needs those that people bring: reported services, and more failed sign-ins than typing mistakes explain."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from sqlalchemy import Connection

from hyperpanel.db import service_reports, sign_ins
from hyperpanel.db.scope import Scope
from hyperpanel.db.sign_ins import FAILED, Failed
from hyperpanel.web.addresses import Address
from hyperpanel.web.dashboard_figures import Found, Waits
from hyperpanel.web.dashboard_needs import Need
from hyperpanel.web.panel_choice import CHOICE
from hyperpanel.web.reported_places import HERE
from hyperpanel.web.visits import Visit

ACTIVITY = "/settings/activity"
LATELY = timedelta(hours=24)
OF_ONE, OF_ALL = 5, 20
"""So many failed sign-ins of one name, or of all names together, are told: fewer are somebody's typing."""


def reported(connection: Connection, visit: Visit, scope: Scope) -> Waits:
    may = visit.may("reported:read") and scope.panel_ids != frozenset()
    return Waits(*service_reports.waiting(connection, scope)) if may else Waits()


def failed_sign_ins(connection: Connection, visit: Visit) -> Failed:
    """Of the whole console: they belong to no panel."""
    return sign_ins.failed(connection, visit.now - LATELY) if visit.may("activity:read") else Failed()


def needs(visit: Visit, found: Found) -> Iterable[Need]:
    if is_many(found.failed_sign_ins):
        yield signing_in(visit, found.failed_sign_ins)
    if found.reported.number:
        n, number = found.reported.number, visit.fmt.number
        yield Need(
            id="reported",
            tone="warn",
            label=visit.say("Reported"),
            number=visit.count("%(number)s open report", "%(number)s open reports", n, number=number(n)),
            since=found.reported.since,
            about=visit.say("A colleague says that something is wrong with a service."),
            action=visit.say("Show the reports"),
            href=str(visit.url.only(CHOICE, HERE)),
        )


def is_many(failed: Failed) -> bool:
    return failed.most >= OF_ONE or failed.number >= OF_ALL


def signing_in(visit: Visit, failed: Failed) -> Need:
    number, since = visit.fmt.number, visit.now - LATELY
    told = visit.count(
        "Of %(number)s name, within 24 hours.",
        "Of %(number)s names, within 24 hours.",
        failed.names,
        number=number(failed.names),
    )
    return Need(
        id="sign-ins",
        tone="warn",
        label=visit.say("Sign-ins"),
        number=visit.say("%(number)s failed", number=number(failed.number)),
        since=failed.first,
        about=told,
        action=visit.say("Show them"),
        href=str(Address(ACTIVITY, (("action", FAILED), ("from", f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")))),
    )
