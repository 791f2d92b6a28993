"""One ticket analysed: its material goes to a model, and what comes back is checked against it, piece by piece, before it is kept.

An answer is of the rows it was made of (hyperpanel.ai.materials): whoever asks again while these are the same is given the same answer, unless
they want another one of exactly that answer, which then again is one for all who want it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import jiter
from babel import Locale, UnknownLocaleError

from hyperpanel.ai import checking, facts, forms, prompts
from hyperpanel.ai.asks import About, Ask, Hear, Prompt
from hyperpanel.ai.checking import Known, Span
from hyperpanel.ai.facts import Material
from hyperpanel.ai.figures import evened
from hyperpanel.ai.forms import ANALYSIS, Analysis
from hyperpanel.ai.hiding import Hidden
from hyperpanel.ai.materials import Gathered

PURPOSE = "analyze"
MOST_OUT = 2_000
PARTS = ("summary", "wants", "next_step")


@dataclass(frozen=True)
class Question:
    """What is sent, what the answer is held against, and what was hidden. `material`: as much as went in."""

    material: Material
    message: str
    known: Known
    hidden: Hidden


def question(
    prompt: Prompt, material: Material, language: str, now: datetime, hidden: Hidden | None = None
) -> Question:
    """`language`: its code. Where anything is to be `hidden`, it is so in all that people wrote; the orders' facts have nothing of it."""
    whole = facts.fitting(material)
    sent = without(whole, hidden) if hidden else whole
    values = {
        "subject": sent.subject,
        "customer": sent.customer,
        "status": sent.status,
        "conversation": facts.conversation(sent, now),
        "orders": prompts.material(facts.orders(sent, now)),
        "language": in_english(language),
    }
    given = (facts.orders(whole, now), facts.conversation(whole, now), whole.subject, whole.customer)
    return Question(whole, prompts.filled(prompt.body, values), checking.known(*given), hidden or Hidden())


def without(material: Material, hidden: Hidden) -> Material:
    return replace(
        material,
        subject=hidden.hide(material.subject),
        customer=hidden.hide(material.customer),
        lines=[replace(line, text=hidden.hide(line.text)) for line in material.lines],
        strangers=[hidden.hide(number) for number in material.strangers],
    )


def hidden_of(found: Gathered) -> Hidden:
    return Hidden(names=found.names, orders=frozenset(one.id for one in found.material.orders))


def in_english(language: str) -> str:
    try:
        return Locale.parse(language, sep="-").get_display_name("en") or language
    except (ValueError, UnknownLocaleError):
        return language


def ask(about: About, prompt: Prompt, asked: Question) -> Ask:
    return Ask(about, prompt, asked.message, ANALYSIS, MOST_OUT)


def read(said: str, asked: Question) -> Analysis:
    """With what was hidden put back. Raises AiTrouble("form")."""
    found = forms.read(said, Analysis)
    back = asked.hidden.restore
    return Analysis(
        summary=back(found.summary),
        wants=back(found.wants),
        urgency=found.urgency,
        orders=[forms.OrderNote(back(one.id), back(one.note)) for one in found.orders],
        next_step=back(found.next_step),
    )


def so_far(said: str, asked: Question) -> str:
    """The parts of an answer under way that have text already, as they are so far."""
    try:
        found = jiter.from_json(said.encode(errors="replace"), partial_mode="trailing-strings")
    except ValueError:
        return ""
    parts = [found.get(name) for name in PARTS] if isinstance(found, dict) else []
    return asked.hidden.partly("\n\n".join(part for part in parts if isinstance(part, str) and part))


def heard(hear: Hear, asked: Question) -> Hear:
    """Tells the text that a person can read, instead of JSON."""
    return lambda said: hear(so_far(said, asked))


def kept(found: Analysis, asked: Question) -> dict[str, Any]:
    """As it is kept: each text in pieces with their marks, and of each note whether its order is one of the ticket's."""
    mine = {order.id for order in asked.material.orders}
    parts = {name: pieces(getattr(found, name), asked.known) for name in PARTS}
    notes = [(number_of(one.id), pieces(one.note, asked.known)) for one in found.orders]
    orders = [{"id": id, "is_theirs": id in mine, "note": note} for id, note in notes]
    return {**parts, "urgency": found.urgency, "orders": orders}


def number_of(id: str) -> str:
    """Models write #906386 too, and in the digits of the language."""
    return evened(id).strip().removeprefix("#").strip()


def pieces(text: str, given: Known) -> list[list[str]]:
    return [[span.text, span.kind] for span in checking.marked(text, given)]


def spans(pieces: Any) -> list[Span]:
    """What `pieces` kept."""
    return [Span(str(text), str(kind)) for text, kind in pieces or ()]


def used(found: Gathered, asked: Question, hides: bool) -> dict[str, Any]:
    """Which messages and orders went in, and what was hidden: for whoever wants to see what an answer is made of."""
    material = asked.material
    said = found.said[-len(material.lines) :] if material.lines else []
    return {
        "messages": [(one.id, one.created_at.isoformat() if one.created_at else None) for one in said],
        "orders": [order.id for order in material.orders],
        "strangers": list(material.strangers),
        "numbers": list(found.numbers),
        "is_short": material.has_earlier,
        "hides": hides,
        "hidden": dict(asked.hidden.counts),
        "talk": found.talk,
        "standing": found.standing,
    }
