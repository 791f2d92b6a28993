"""The answers of reports margins and providers, for commands and the admin API: what orders bring, and who delivers them."""

import math
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from hyperpanel.db.outages import last, seen
from hyperpanel.support import margins as support_margins
from hyperpanel.support import outage_watch
from hyperpanel.support import providers as support_providers
from hyperpanel.support.providers import Row
from hyperpanel.support.report_files import told
from hyperpanel.support.reporting import Question, Reporting, stamp
from hyperpanel.support.wanted import zone as known_zone
from reports.outages import Outage
from sync.money import Money

MARGIN_HOURS = 168
STREAMS = ("orders",)


async def margins(here: Reporting, question: Question) -> dict[str, Any]:
    """A week, unless the question says else. Raises BadInput."""
    window = here.window(MARGIN_HOURS if question.hours is None else question.hours, question.at)
    asked = support_margins.Asked(here.scope, window, question.by, ZoneInfo(known_zone(question.zone)))
    made = await here.database.reader.ask(support_margins.table, asked)
    return {
        **here.heading("margins", window, by=asked.by, time_zone=asked.zone.key),
        "rows": [dict(zip(made.columns, map(told, row), strict=True)) for row in made.rows],
    }


async def providers(here: Reporting, question: Question) -> dict[str, Any]:
    """Always as of now. Raises BadInput."""
    window = here.window(question.hours, None)
    asked = support_providers.Asked(here.scope, window, outages=await outages(here))
    made = await here.database.reader.ask(support_providers.made, asked)
    return {
        **here.heading("providers", window),
        "outages": [outage_facts(here, one) for one in made.outages],
        "rows": [row_facts(row) for row in made.rows],
    }


async def outages(here: Reporting) -> list[Outage]:
    """As the worker last found them, which is what pages show; where none has looked lately, as they are found now."""
    look = await here.database.read(lambda connection: last(connection, here.scope, here.now))
    if look is not None:
        return list(look.outages)
    found = [seen(one, here.scope) for one in await outage_watch.inferred(here.database, here.now)]
    return [one for one in found if one.panels]


def outage_facts(here: Reporting, outage: Outage) -> dict[str, Any]:
    """`confidence` is rounded down: what is not quite certain must not look so."""
    return {
        "provider": outage.provider,
        "confidence": math.floor(outage.confidence * 10_000) / 10_000,
        "first_seen": outage.first_seen.isoformat(),
        "panels": [here.names[panel] for panel in outage.panels],
        "services": outage.services,
        "orders": outage.orders,
        "at_risk": amounts(outage.at_risk),
        "deliveries": {"came": outage.came, "due": round(outage.due, 1), "of_others": outage.others},
    }


def row_facts(row: Row) -> dict[str, Any]:
    return {
        "provider": row.provider,
        "state": row.state,
        "stuck": row.stuck,
        "newly_stuck": row.fresh,
        "oldest_stuck": stamp(row.oldest),
        "slow": row.slow,
        "rated": row.rated,
        "finished": row.finished,
        "unobserved": row.unobserved,
        "services": row.services,
        "panels": row.panels,
        "at_risk": amounts(row.at_risk),
    }


def amounts(units: Mapping[str, int]) -> dict[str, str]:
    """Each currency by itself, exactly."""
    return {currency: f"{Money(value, currency).amount:f}" for currency, value in units.items()}
