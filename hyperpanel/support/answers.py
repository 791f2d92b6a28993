"""The answer of each report by its name, as `hyperpanel report NAME --json` prints it and the admin API gives it."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hyperpanel.config import Settings
from hyperpanel.db.engine import Database
from hyperpanel.db.scope import Scope
from hyperpanel.support import answers_services, answers_tickets, answers_trade, answers_users, report_figures
from hyperpanel.support.reporting import Question, Reporting, reporting


@dataclass(frozen=True)
class Answer:
    """`streams`: those that it is made of."""

    streams: tuple[str, ...]
    made: Callable[[Reporting, Question], Coroutine[Any, Any, dict[str, Any]]]


ANSWERS: Mapping[str, Answer] = {
    "service-health": Answer(answers_services.STREAMS, answers_services.answer),
    "users": Answer(answers_users.STREAMS, answers_users.answer),
    "tickets-by-staff": Answer(answers_tickets.STAFF_STREAMS, answers_tickets.by_staff),
    "tickets-by-service": Answer(answers_tickets.SERVICE_STREAMS, answers_tickets.by_service),
    "margins": Answer(answers_trade.STREAMS, answers_trade.margins),
    "providers": Answer(answers_trade.STREAMS, answers_trade.providers),
}


async def answer(
    name: str,
    database: Database,
    settings: Settings,
    scope: Scope,
    names: Sequence[str],
    question: Question,
    now: datetime,
) -> dict[str, Any]:
    """Plain values, ready for JSON. `names`: panels of the scope, or none for all of it. Raises Missing and BadInput."""
    report = ANSWERS[name]
    found = await report.made(await reporting(database, settings, scope, names, report.streams, now), question)
    return {**found, "figures": report_figures.told(name)}
