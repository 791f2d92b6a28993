"""A prompt tried before it is saved, on one ticket or on one case of the evaluation set: by the same steps as in earnest, and nothing is kept.

Only the ledger has a row of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hyperpanel.ai import analyzing, checking, eval_judging, intents, masking, materials, translating
from hyperpanel.ai import desk as desks
from hyperpanel.ai.asks import About, Ask, Hear, Prompt, Said
from hyperpanel.ai.checking import Span
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.eval_cases import Case
from hyperpanel.ai.facts import Material
from hyperpanel.ai.hiding import Hidden
from hyperpanel.db import ai_providers
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import Scope

PURPOSES = ("translate", "intent", "analyze")


@dataclass(frozen=True)
class Matter:
    """What a prompt is tried on. `text`: of the customer's, for one message alone; `hides`: whether personal data is hidden first."""

    text: str
    material: Material
    names: Sequence[str]
    hides: bool
    now: datetime


@dataclass(frozen=True)
class Part:
    """Of a result: what it is, and what it says in pieces with their marks."""

    name: str
    pieces: Sequence[Span]


@dataclass(frozen=True)
class Tried:
    """`asked`: what was sent, word for word."""

    asked: Ask
    said: Said
    parts: Sequence[Part]


def of_ticket(connection: Connection, scope: Scope, panel: Panel, ticket_id: str, now: datetime) -> Matter:
    """Raises AiTrouble("gone") for one that is not there for this scope."""
    found = materials.gathered(connection, scope, panel, ticket_id)
    hides = ai_providers.panel(connection, scope, panel.id).hides_personal
    said = [line.text for line in found.material.lines if not line.is_staff]
    return Matter(said[-1] if said else found.material.subject, found.material, found.names, hides, now)


def of_case(case: Case) -> Matter:
    """With the moment that its ages are of."""
    return Matter(case.text, eval_judging.material(case), (), False, eval_judging.NOW)


async def tried(
    desk: Desk, about: About, prompt: Prompt, purpose: str, matter: Matter, language: str, hear: Hear
) -> Tried:
    """`language`: the code of the one that the answer is to be in. Raises AiTrouble."""
    ways = {"translate": translated, "intent": told_intent, "analyze": analyzed}
    return await ways[purpose](desk, about, prompt, matter, language, hear)


async def translated(desk: Desk, about: About, prompt: Prompt, matter: Matter, language: str, hear: Hear) -> Tried:
    masked = masking.mask(matter.text[: translating.PART], matter.names, matter.hides)
    asked = translating.ask(about, prompt, masked, language)
    said = await desks.ask(desk, asked, lambda told: hear(translating.so_far(told, masked)))
    return Tried(asked, said, [Part("text", [Span(translating.read_back(said.text, masked).text)])])


async def told_intent(desk: Desk, about: About, prompt: Prompt, matter: Matter, language: str, hear: Hear) -> Tried:
    task = intents.Task(matter.text, language, matter.names, matter.hides)
    masked = intents.hidden(task)
    asked = intents.ask(about, prompt, task, masked)
    said = await desks.ask(desk, asked, lambda told: hear(intents.so_far(told, masked)))
    found = intents.kept(intents.read(said.text, masked), task.text)
    parts = [Part(name, [Span(found[name])]) for name in ("intent", "urgency")]
    parts += [Part("gist", analyzing.spans(found["gist"])), Part("orders", [Span(", ".join(found["orders"]))])]
    return Tried(asked, said, parts)


async def analyzed(desk: Desk, about: About, prompt: Prompt, matter: Matter, language: str, hear: Hear) -> Tried:
    mine = frozenset(one.id for one in matter.material.orders)
    hidden = Hidden(names=matter.names, orders=mine) if matter.hides else None
    question = analyzing.question(prompt, matter.material, language, matter.now, hidden)
    asked = analyzing.ask(about, prompt, question)
    said = await desks.ask(desk, asked, analyzing.heard(hear, question))
    found = analyzing.read(said.text, question)
    parts = [Part(name, checking.marked(getattr(found, name), question.known)) for name in ("summary", "wants")]
    parts.append(Part("urgency", [Span(found.urgency)]))
    for one in found.orders:
        parts.append(Part(f"order {analyzing.number_of(one.id)}", checking.marked(one.note, question.known)))
    return Tried(asked, said, [*parts, Part("next_step", checking.marked(found.next_step, question.known))])
