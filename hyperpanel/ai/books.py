"""The books: an attempt is written down with what it may cost, in one transaction with the look at the budgets, before it leaves.

What it really took is written when it ends, however it ends. That waits as long as it takes where others hold the database: the provider has
been paid by then.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from hyperpanel.ai import budgets
from hyperpanel.ai.asks import About, AiTrouble, Ask
from hyperpanel.ai.client import Question, Usage
from hyperpanel.ai.hearing import at_most, texts
from hyperpanel.db import ai_calls, ai_providers
from hyperpanel.db.ai_calls import Outcome
from hyperpanel.db.ai_providers import Provider
from hyperpanel.db.engine import Database
from hyperpanel.db.scope import Scope


@dataclass(frozen=True)
class Books:
    database: Database
    zone: ZoneInfo

    async def open(self, asked: Ask, question: Question, attempt: int, now: datetime) -> int:
        """The number of its row. Raises AiTrouble where the panel is off or a budget used up; then nothing was written."""
        try:
            async with self.database.write() as connection:
                return await connection.run_sync(self.reserve, asked, question, attempt, now)
        except IntegrityError:  # the panel or the person has been removed
            raise AiTrouble("gone") from None

    def reserve(self, connection: Connection, asked: Ask, question: Question, attempt: int, now: datetime) -> int:
        about, provider = asked.about, question.provider
        ai_calls.hold(connection)
        allowed(connection, about)
        tokens = at_most(*texts(question))
        most, wanted = tokens + question.most_out, budgets.cost(provider, tokens, question.most_out)
        chosen = ai_providers.chosen(connection)
        budgets.check(connection, chosen, about, budgets.day(now, self.zone), most, wanted)
        row = {"purpose": about.purpose, "by": about.by, "staff_id": about.staff_id, "panel_id": about.panel_id}
        prompt = {"prompt_id": asked.prompt.id, "prompt_version": asked.prompt.version}
        told = {"provider": provider.name, "model": question.model, "attempt": attempt, "ticket_id": about.ticket_id}
        return ai_calls.begin(connection, now, {**row, **prompt, **told, "reserved": most, "reserved_cost": wanted})

    async def close(self, call_id: int, provider: Provider, usage: Usage, problem: str | None = None) -> int | None:
        """What it cost, where that is known."""
        known = usage.tokens_in is not None or usage.tokens_out is not None
        cost = budgets.cost(provider, usage.tokens_in or 0, usage.tokens_out or 0) if known else None
        state = ai_calls.FAILED if problem else ai_calls.DONE
        outcome = Outcome(state, problem, **vars(usage), cost=cost)
        await self.database.commit(lambda connection: ai_calls.settle(connection, call_id, outcome))
        return cost


def allowed(connection: Connection, about: About) -> None:
    """What is about no panel needs nobody's leave. Raises AiTrouble."""
    if about.panel_id is None:
        return
    scope = Scope(frozenset({about.panel_id}))
    if not ai_providers.panel(connection, scope, about.panel_id).is_on:
        raise AiTrouble("off", panel=ai_calls.panel_name(connection, scope))
