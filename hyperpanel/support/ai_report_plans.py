"""What a report on complaints is going to look at, and what that takes at most, before anything is asked of a model.

Made in the reader process, by the rules of ticket tracking by service: the one question is the same as that of the page beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from hyperpanel.ai import budgets, prompts, themes
from hyperpanel.ai.asks import Prompt
from hyperpanel.ai.forms import THEMES
from hyperpanel.ai.hearing import at_most, weight
from hyperpanel.db import frames
from hyperpanel.db.ai_providers import Provider
from hyperpanel.db.ai_report_services import Planned
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.support import ticket_tracking
from reports import ticket_groups
from reports.windows import Window

USUAL_LEAST, MOST_LEAST = 3, 1000
COSTLIEST = "\U0001f600"
"""Of all signs one that takes most: whoever writes with such alone still takes no more than was said."""

LONGEST_LINE = "0" * (themes.LONGEST_LINE - themes.LONGEST_WORDS) + COSTLIEST * themes.LONGEST_WORDS


@dataclass(frozen=True)
class Plan:
    """`tickets`: all that were opened in the window; `covered`: those of them that are about one of the services."""

    services: tuple[Planned, ...]
    tickets: int
    covered: int


@dataclass(frozen=True)
class Estimate:
    """At most. `given`: tickets that a model is given, each once; `cost` in US dollars scaled to 8 decimals, None where no price is known."""

    services: int
    given: int
    calls: int
    tokens: int
    cost: int | None


def plan(source: Source, scope: Scope, window: Window, least: int) -> Plan:
    """`scope` names its panels one by one."""
    found = ticket_tracking.opened(source, scope, window)
    groups = ticket_groups.groups(found.tickets, found.numbers, found.own, least)
    names = frames.names(source, scope, groups.drop_nulls("service_id"))
    called = {(panel_id, service_id): name for panel_id, service_id, name in names.iter_rows()}
    rows = list(groups.iter_rows(named=True))
    services = tuple(
        Planned(
            panel_id=row["panel_id"],
            service_id=row["service_id"],
            name=called.get((row["panel_id"], row["service_id"])) or "",
            tickets=row["tickets"],
            complaint=row["complaint"] or "",
            complaint_tickets=row["complaint_tickets"] or 0,
            given=tuple(id for id in row["ticket_ids"] if themes.can_be_given(id))[: themes.MOST_TICKETS],
        )
        for row in rows
    )
    covered = len({(row["panel_id"], id) for row in rows for id in row["ticket_ids"]})
    return Plan(services, found.tickets.height, covered)


def estimate(services: Sequence[Planned], prompt: Prompt, provider: Provider | None, language: str = "en") -> Estimate:
    """With lines as long as they can be, and answers too, by the rule by which each call is reserved."""
    calls = sum(themes.most_calls(len(one.given)) for one in services)
    lines = sum(len(one.given) for one in services)
    each = weight(LONGEST_LINE) * prompts.PLACEHOLDER.findall(prompt.body).count("tickets")
    into, out = calls * around(prompt, language) + lines * each, calls * themes.MOST_OUT
    return Estimate(
        services=len(services),
        given=len({(one.panel_id, id) for one in services for id in one.given}),
        calls=calls,
        tokens=into + out,
        cost=budgets.cost(provider, into, out) if provider else None,
    )


def around(prompt: Prompt, language: str) -> int:
    """Tokens of one call beside its tickets."""
    sent = themes.message(prompt, COSTLIEST * themes.LONGEST_NAME, (), language)
    return at_most(prompt.system, sent, msgspec.json.encode(THEMES.schema).decode())
