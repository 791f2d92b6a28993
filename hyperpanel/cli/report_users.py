"""`hyperpanel report users`: user tracking, as its page has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import rich_click as click

from hyperpanel.cli.frame import Place, in_place, run
from hyperpanel.cli.output import Cell, machine, say, table
from hyperpanel.cli.reporting import reporting, spoken, windowed

if TYPE_CHECKING:
    from hyperpanel.cli.reporting import Reporting
    from hyperpanel.support.user_records import Row, Sum
    from hyperpanel.support.user_tracking import Asked, Report

STREAMS = ("orders", "payments", "users")
TITLES = ("spend", "net", "orders", "payments", "paid", "id", "panel", "new", "top services", "username")


@dataclass(frozen=True)
class Told:
    """What there is to print."""

    reporting: "Reporting"
    asked: "Asked"
    report: "Report"
    profile: str | None


@click.command("users")
@windowed
@click.option("--profile", metavar="NAME", help="The customers, limits and window of this profile.")
@click.option("--currency", metavar="CODE", default="", help="The one with most orders unless told.")
@click.option("--rows", "most", type=click.IntRange(min=1), default=100, show_default=True, help="How many customers.")
@in_place
def users(
    place: Place,
    hours: float | None,
    at: str | None,
    names: Sequence[str],
    profile: str | None,
    currency: str,
    most: int,
    as_json: bool,
) -> None:
    """Who ordered for how much, the largest spending first.

    One currency at a time: amounts of two are never added up.

    \b
    Examples:
    $ hyperpanel report users --hours 96
    $ hyperpanel report users --currency EUR --panel eu-1 --json
    """
    told = run(read(place, hours, at, names, profile, currency, most))
    machine(facts(told)) if as_json else show(told)


async def read(
    place: Place,
    hours: float | None,
    at: str | None,
    names: Sequence[str],
    name: str | None,
    currency: str,
    most: int,
) -> Told:
    """`name`: of a profile."""
    from hyperpanel.support import profiles, user_tracking
    from hyperpanel.support.user_tracking import Asked

    async with reporting(place, names, STREAMS) as here:
        chosen = profiles.Users()
        if name is not None:
            named = await here.found.database.read(partial(profiles.named, kind=profiles.USERS, name=name))
            chosen, name = named.users, named.name
        window = here.window(chosen.hours if hours is None else hours, at)
        least = chosen.least if chosen.min_spend else None
        asked = Asked(here.scope, window, currency, chosen.min_payments, least, chosen.wanted, most=most)
        return Told(here, asked, await here.found.database.reader.ask(user_tracking.made, asked), name)


def facts(told: Told) -> dict[str, Any]:
    window, report = told.asked.window, told.report
    return {
        "report": "users",
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
        "hours": window.hours,
        "profile": told.profile,
        **told.reporting.ages(),
        "currencies": [{"currency": code, "orders": count} for code, count in report.currencies],
        "currency": report.currency,
        "totals": {
            "customers": report.count,
            **{name: summed(told, getattr(report, name)) for name in ("spend", "paid", "hand", "bonus")},
        },
        "rows": [row_facts(told, row) for row in report.rows],
    }


def summed(told: Told, one: "Sum") -> dict[str, Any]:
    return {"count": one.count, "amount": amount(told, one.units)}


def amount(told: Told, units: int) -> str:
    """A decimal text: a number of JSON would be read as a float."""
    from sync.money import Money

    return f"{Money(units, told.report.currency).amount:f}"


def row_facts(told: Told, row: "Row") -> dict[str, Any]:
    return {
        "panel": told.reporting.names[row.panel_id],
        "panel_state": told.reporting.state(row.panel_id),
        "user": row.user_id or None,
        "username": row.name,
        "email": row.email or None,
        "created_at": row.created_at.isoformat() if row.created_at else None,
        "new": row.is_new,
        "spend": summed(told, row.spend),
        "terms": {
            name: summed(told, one)
            for name, one in (("canceled", row.canceled), ("refunded", row.refunded), ("partial", row.partial))
        },
        "net": amount(told, row.net),
        "paid": summed(told, row.paid),
        "hand": summed(told, row.hand),
        "bonus": summed(told, row.bonus),
        "lifetime": {"amount": f"{row.lifetime.amount:f}", "currency": row.lifetime.currency} if row.lifetime else None,
        "services": [{"service": one.service_id, "name": one.name, "orders": one.count} for one in row.services],
    }


def show(told: Told) -> None:
    report = told.report
    say(f"Users, {spoken(told.asked.window)}, in {report.currency or 'no currency'}.")
    told.reporting.say_ages()
    if report.rows:
        table(TITLES, [line(told, row) for row in report.rows])
    sums = ", ".join(
        f"{word} {amount(told, one.units)} ({one.count})"
        for word, one in (
            ("spend", report.spend),
            ("paid", report.paid),
            ("by hand", report.hand),
            ("bonuses", report.bonus),
        )
    )
    say(f"{len(report.rows)} of {report.count} customers; of all of them: {sums}.")
    if others := [f"{code} {count}" for code, count in report.currencies if code != report.currency]:
        say(f"Other currencies, with the number of orders: {', '.join(others)}.")


def line(told: Told, row: "Row") -> tuple[Cell, ...]:
    return (
        amount(told, row.spend.units),
        amount(told, row.net),
        row.spend.count,
        row.paid.count,
        amount(told, row.paid.units),
        row.user_id or None,
        told.reporting.names[row.panel_id],
        "new" if row.is_new else "",
        " ".join(f"{one.service_id}×{one.count}" for one in row.services),
        row.name,
    )
