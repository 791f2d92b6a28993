"""What of today's AI budgets is used, as bars: of all, of the fullest panels and of the people who used most.

A budget is of a day of the console's own time zone, so these bars are too, whatever the zone of whoever looks.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hyperpanel.db import ai_ledger, staff
from hyperpanel.db.ai_providers import Chosen
from hyperpanel.db.panels import Panel
from hyperpanel.web import ai_ledger_rows as rows
from hyperpanel.web.ai_ledger_rows import Bar
from hyperpanel.web.visits import Visit

MOST = 3
Used = tuple[int, int]
"""Tokens and cost."""


def is_set(budgets: Chosen) -> bool:
    return any(value is not None for name, value in vars(budgets).items() if name not in ("main", "fallback"))


def bars(connection: Connection, visit: Visit, budgets: Chosen, known: Sequence[Panel]) -> list[Bar]:
    """Whoever sees some panels only sees theirs, and neither the budget of all nor those of people."""
    seen, names = visit.scope.panel_ids, {panel.id: panel.name for panel in known}
    span = (midnight(visit), visit.now + timedelta(microseconds=1))
    used = {} if seen == frozenset() else ai_ledger.used(connection, *span, seen, "panel_id")
    of_panels = each(visit, named(used, names), budgets.panel_tokens, budgets.panel_cost)
    if seen is not None:
        return of_panels
    tokens, cost = sum(one[0] for one in used.values()), sum(one[1] for one in used.values())
    people = {person.id: person.username for person in staff.all_of(connection)}
    of_people = named(ai_ledger.used(connection, *span, None, "staff_id"), people)
    return [
        *limited(visit, visit.say("In all"), tokens, cost, budgets.day_tokens, budgets.day_cost),
        *of_panels,
        *each(visit, of_people, budgets.person_tokens, budgets.person_cost),
    ]


def named(used: Mapping[int, Used], names: Mapping[int, str]) -> dict[str, Used]:
    return {names[id]: use for id, use in used.items() if id in names}


def each(visit: Visit, used: Mapping[str, Used], tokens: int | None, cost: int | None) -> list[Bar]:
    made = [one for name, use in sorted(used.items()) for one in limited(visit, name, *use, tokens, cost)]
    return sorted(made, key=lambda one: -one.share)[:MOST]


def limited(visit: Visit, label: str, tokens: int, cost: int, most: int | None, dearest: int | None) -> list[Bar]:
    made = [] if most is None else [rows.bar(visit, label, tokens, most, is_money=False)]
    return made if dearest is None else [*made, rows.bar(visit, label, cost, dearest, is_money=True)]


def midnight(visit: Visit) -> datetime:
    zone = ZoneInfo(visit.console.settings.web.time_zone)
    return datetime.combine(visit.now.astimezone(zone).date(), time(), tzinfo=zone).astimezone(UTC)
