"""Analyses as they are asked for and kept: one for the same rows, language and prompt, and a further one only for who has seen that one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from hyperpanel.ai import analyzing, answers, desk, materials, prompts
from hyperpanel.ai.analyzing import PURPOSE, Question
from hyperpanel.ai.answers import Made, Wanted
from hyperpanel.ai.asks import About, Hear, Prompt
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.materials import Gathered
from hyperpanel.db import ai_answers, ai_providers
from hyperpanel.db.ai_answers import Answer
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import Scope


@dataclass(frozen=True)
class Wish:
    """Who wants which ticket analysed. `language`: a code; `again`: the key of the answer that another one is wanted of, empty for any."""

    scope: Scope
    panel: Panel
    ticket_id: str
    language: str
    by: str
    staff_id: int | None
    again: str = ""


@dataclass(frozen=True)
class Prepared:
    """All that was read for it, at one moment."""

    found: Gathered
    prompt: Prompt
    question: Question
    hides: bool
    text: str


async def analyzed(at: Desk, wish: Wish, hear: Hear) -> Answer:
    """The answer that is held, or a new one. Raises AiTrouble."""
    now = at.clock.now()
    ready = await at.database.read(lambda connection: prepared(connection, wish, now))
    about = About(PURPOSE, wish.by, wish.staff_id, wish.panel.id, wish.ticket_id)

    async def make(tell: Hear) -> Made:
        asked = analyzing.ask(about, ready.prompt, ready.question)
        said = await desk.ask(at, asked, analyzing.heard(tell, ready.question))
        return Made(kept(ready, analyzing.read(said.text, ready.question)), said.provider, said.model)

    wanted = Wanted(PURPOSE, wish.panel.id, wish.ticket_id, ready.text, wish.language, ready.prompt, wish.by)
    return await answers.answered(at, wanted, make, hear)


def prepared(connection: Connection, wish: Wish, now: datetime) -> Prepared:
    found = materials.gathered(connection, wish.scope, wish.panel, wish.ticket_id)
    hides = ai_providers.panel(connection, wish.scope, wish.panel.id).hides_personal
    hidden = analyzing.hidden_of(found) if hides else None
    prompt = prompts.in_use(connection, PURPOSE)
    question = analyzing.question(prompt, found.material, wish.language, now, hidden)
    held = held_of(connection, wish.scope, wish.panel.id, wish.ticket_id) if wish.again else []
    return Prepared(found, prompt, question, hides, text(found, hides, wish.again, held))


def text(found: Gathered, hides: bool, again: str, held: Sequence[Answer]) -> str:
    """What an answer is kept for: the rows, and which answer of just these was not enough."""
    seen = [one for one in held if one.key == again and is_of(one, found.talk, found.standing)]
    return "\n".join([found.ticket.id, found.rows, "hidden" if hides else "open", *(one.key for one in seen)])


def kept(ready: Prepared, found: Any) -> dict[str, Any]:
    prompt = {"id": ready.prompt.id, "version": ready.prompt.version, "title": ready.prompt.title}
    used = analyzing.used(ready.found, ready.question, ready.hides)
    return {"said": analyzing.kept(found, ready.question), "used": used, "prompt": prompt}


def held_of(connection: Connection, scope: Scope, panel_id: int, ticket_id: str) -> list[Answer]:
    """The latest first."""
    return ai_answers.of_ticket(connection, scope, panel_id, ticket_id, PURPOSE, ai_answers.DONE)


def is_of(one: Answer, talk: str, standing: str) -> bool:
    """Whether an answer is of these rows."""
    used = (one.answer or {}).get("used", {})
    return bool(used.get("talk") == talk and used.get("standing") == standing)
