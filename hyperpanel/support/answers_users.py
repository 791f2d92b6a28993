"""The answer of report users, for commands and the admin API: who ordered for how much, with the parts of every sum."""

from functools import partial
from typing import Any

from hyperpanel.support import profiles, user_tracking
from hyperpanel.support.reporting import Question, Reporting, stamp
from hyperpanel.support.user_records import Row, Sum
from hyperpanel.support.user_tracking import Asked, Report
from sync.money import Money

STREAMS = ("orders", "payments", "users")
SUMS = ("spend", "paid", "hand", "bonus")


async def answer(here: Reporting, question: Question) -> dict[str, Any]:
    """Raises BadInput, and Missing for a profile that is not there."""
    chosen, name = profiles.Users(), question.profile
    if name is not None:
        named = await here.database.read(partial(profiles.named, kind=profiles.USERS, name=name))
        chosen, name = named.users, named.name
    window = here.window(chosen.hours if question.hours is None else question.hours, question.at)
    least = chosen.least if chosen.min_spend else None
    currency = question.currency.strip().upper()
    asked = Asked(here.scope, window, currency, chosen.min_payments, least, chosen.wanted, most=question.most)
    report = await here.database.reader.ask(user_tracking.made, asked)
    return {
        **here.heading("users", window, profile=name),
        "currencies": [{"currency": code, "orders": count} for code, count in report.currencies],
        "currency": report.currency,
        "totals": {"customers": report.count, **{name: summed(report, getattr(report, name)) for name in SUMS}},
        "rows": [row_facts(here, report, row) for row in report.rows],
    }


def summed(report: Report, one: Sum) -> dict[str, Any]:
    return {"count": one.count, "amount": amount(report, one.units)}


def amount(report: Report, units: int) -> str:
    """A decimal text: a number of JSON would be read as a float."""
    return f"{Money(units, report.currency).amount:f}"


def row_facts(here: Reporting, report: Report, row: Row) -> dict[str, Any]:
    terms = (("canceled", row.canceled), ("refunded", row.refunded), ("partial", row.partial))
    return {
        "panel": here.names[row.panel_id],
        "panel_state": here.state(row.panel_id),
        "user": row.user_id or None,
        "username": row.name,
        "email": row.email or None,
        "created_at": stamp(row.created_at),
        "new": row.is_new,
        "spend": summed(report, row.spend),
        "terms": {name: summed(report, one) for name, one in terms},
        "net": amount(report, row.net),
        "paid": summed(report, row.paid),
        "hand": summed(report, row.hand),
        "bonus": summed(report, row.bonus),
        "lifetime": {"amount": f"{row.lifetime.amount:f}", "currency": row.lifetime.currency} if row.lifetime else None,
        "services": [{"service": one.service_id, "name": one.name, "orders": one.count} for one in row.services],
    }
