"""The reports that there are, by the names that scripts use: what each is made of, who may have it, and the function that gives its table.

Schedules and the API ask here. Each function runs in the reader process, and calls what the page of the report calls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from hyperpanel.config import Reports
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.support import margins, service_tracking, ticket_tracking, user_tracking
from hyperpanel.support.margins import panel_names
from hyperpanel.support.profiles import SERVICES, USERS, Services, Users
from hyperpanel.support.report_files import Cell, Table
from hyperpanel.support.user_records import Row as UserRow
from hyperpanel.support.wanted import N_
from reports import service_health
from reports.windows import Window
from sync.money import Money


@dataclass(frozen=True)
class Wanted:
    """`scope` names its panels one by one. `by` and `zone`: of volume and margin."""

    scope: Scope
    window: Window
    zone: ZoneInfo
    services: Services = field(default_factory=Services)
    users: Users = field(default_factory=Users)
    settings: Reports = field(default_factory=Reports)
    by: str = "panel"


@dataclass(frozen=True)
class Report:
    """`streams`: what it is made of. `profile`: the kind it can be seen by, or empty."""

    label: str
    permission: str
    streams: tuple[str, ...]
    table: Callable[[Source, Wanted], Table]
    profile: str = ""


def service_table(source: Source, wanted: Wanted) -> Table:
    asked = service_tracking.Asked(wanted.scope, wanted.window, wanted.services.measure, wanted.services.wanted)
    names = panel_names(source, wanted.scope)
    columns = ("panel", "service", "name", "band", "score", "raw_score", "stuck", "oldest_stuck", "slow", "rated")
    rows = [
        (
            names[row.panel_id],
            row.service_id,
            row.name,
            row.band,
            None if row.score is None else service_health.shown(row.score),
            row.score,
            row.stuck,
            row.oldest,
            row.slow,
            row.rated,
            row.finished,
            row.unobserved,
            row.per_day,
        )
        for row in service_tracking.rows(service_tracking.made(source, asked))
    ]
    return Table((*columns, "finished", "unobserved", "speed_per_day"), rows)


def user_table(source: Source, wanted: Wanted) -> Table:
    """Currency by currency: they are never ranked together."""
    users, names = wanted.users, panel_names(source, wanted.scope)
    columns = ("panel", "user", "username", "new", "currency", "orders", "spend", "net", "payments", "paid", "lifetime")

    def drawn(currency: str) -> user_tracking.Report:
        least = (users.min_payments, users.least)
        asked = user_tracking.Asked(wanted.scope, wanted.window, currency, *least, users.wanted, most=None)
        return user_tracking.made(source, asked)

    first = drawn("")
    others = [drawn(code) for code, _ in first.currencies if code != first.currency]
    return Table(columns, [user_line(row, names, each.currency) for each in (first, *others) for row in each.rows])


def user_line(row: UserRow, names: Mapping[int, str], currency: str) -> tuple[Cell, ...]:
    def amount(units: int) -> Decimal:
        return Money(units, currency).amount

    spend, paid = amount(row.spend.units), amount(row.paid.units)
    lifetime = row.lifetime.amount if row.lifetime else None
    who = (names[row.panel_id], row.user_id, row.name, row.is_new, currency)
    return (*who, row.spend.count, spend, amount(row.net), row.paid.count, paid, lifetime)


def staff_table(source: Source, wanted: Wanted) -> Table:
    measure = ticket_tracking.measure(wanted.settings)
    people = ticket_tracking.by_staff(source, ticket_tracking.Asked(wanted.scope, wanted.window, measure)).people
    return Table(tuple(people.columns), people.rows())


def ticket_table(source: Source, wanted: Wanted) -> Table:
    found = ticket_tracking.by_service(source, ticket_tracking.Asked(wanted.scope, wanted.window))
    names = panel_names(source, wanted.scope)
    services = found.about.services.join(found.names, on=["panel_id", "service_id"], how="left", maintain_order="left")
    columns = ("tickets", "orders", "complaint", "complaint_tickets")
    rows = [
        (names[row["panel_id"]], row["service_id"], row["name"], *(row[name] for name in columns))
        for row in services.iter_rows(named=True)
    ]
    return Table(("panel", "service", "name", *columns), rows)


def margin_table(source: Source, wanted: Wanted) -> Table:
    return margins.table(source, margins.Asked(wanted.scope, wanted.window, wanted.by, wanted.zone))


REPORTS: Mapping[str, Report] = {
    "service-health": Report(
        N_("Service tracking"), "tracking:read", ("orders", "services"), service_table, profile=SERVICES
    ),
    "users": Report(N_("User tracking"), "users:read", ("orders", "users", "payments"), user_table, profile=USERS),
    "tickets-by-staff": Report(N_("Tickets by staff"), "staff:measure", ("tickets", "messages"), staff_table),
    "tickets-by-service": Report(
        N_("Tickets by service"), "tracking:read", ("tickets", "messages", "orders"), ticket_table
    ),
    "margins": Report(N_("Volume and margin"), "finance:read", ("orders",), margin_table),
}


def made(source: Source, name: str, wanted: Wanted) -> Table:
    return REPORTS[name].table(source, wanted)
