"""What may be spent in a day: by all, for one panel, by one person; in tokens and in money.

A day is one of the console's time zone. What a question may take at most is reserved with its row in the ledger, so that many at once cannot
pass a budget together. A budget in money knows nothing of a provider without a price, so such a provider is not asked at all while there is one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hyperpanel.ai.asks import About, AiTrouble
from hyperpanel.db import ai_calls
from hyperpanel.db.ai_calls import Spent
from hyperpanel.db.ai_providers import Chosen, Provider
from hyperpanel.db.scope import Scope

MILLION = 10**6


@dataclass(frozen=True)
class Day:
    since: datetime
    until: datetime


def day(now: datetime, zone: ZoneInfo) -> Day:
    """The one that `now` is in, from midnight to midnight."""
    here = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Day(here.astimezone(now.tzinfo), (here + timedelta(days=1)).astimezone(now.tzinfo))


def cost(provider: Provider, tokens_in: int, tokens_out: int) -> int | None:
    """In US dollars scaled to 8 decimals, rounded up; None without both prices."""
    if provider.price_in is None or provider.price_out is None:
        return None
    return -(-(tokens_in * provider.price_in + tokens_out * provider.price_out) // MILLION)


def check(connection: Connection, chosen: Chosen, about: About, today: Day, tokens: int, wanted: int | None) -> None:
    """Whether so much may be spent on top. Raises AiTrouble with what is used up and until when."""
    for kind, most_tokens, most_cost, panel_id, staff_id in budgets(chosen, about):
        if most_tokens is None and most_cost is None:
            continue
        if most_cost is not None and wanted is None:
            raise AiTrouble(kind, until=today.until, **named(connection, kind, about), is_unpriced=True)
        so_far = ai_calls.spent(connection, today.since, today.until, panel_id, staff_id)
        if is_over(so_far, most_tokens, most_cost, tokens, wanted or 0):
            raise AiTrouble(kind, until=today.until, **named(connection, kind, about))


Budget = tuple[str, int | None, int | None, int | None, int | None]


def budgets(chosen: Chosen, about: About) -> Iterator[Budget]:
    """The kind, tokens, money, and whose calls count."""
    yield "day_budget", chosen.day_tokens, chosen.day_cost, None, None
    if about.panel_id is not None:
        yield "panel_budget", chosen.panel_tokens, chosen.panel_cost, about.panel_id, None
    if about.staff_id is not None:
        yield "person_budget", chosen.person_tokens, chosen.person_cost, None, about.staff_id


def named(connection: Connection, kind: str, about: About) -> dict[str, str]:
    if kind != "panel_budget" or about.panel_id is None:
        return {}
    return {"panel": ai_calls.panel_name(connection, Scope(frozenset({about.panel_id})))}


def is_over(so_far: Spent, most_tokens: int | None, most_cost: int | None, tokens: int, wanted: int) -> bool:
    return (most_tokens is not None and so_far.tokens + tokens > most_tokens) or (
        most_cost is not None and so_far.cost + wanted > most_cost
    )
