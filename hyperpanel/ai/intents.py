"""What a customer wants in one message: one word of a fixed list, how urgent it is, one sentence, and the order numbers that the message names.

Numbers, links and names are masked as for a translation. Unlike one it may leave some out, so what comes back is held against the message too:
an order that is not in it is dropped, and a number in the sentence that is not is marked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jiter

from hyperpanel.ai import analyzing, checking, forms, masking, prompts, tongues
from hyperpanel.ai import desk as desks
from hyperpanel.ai.answers import Made
from hyperpanel.ai.asks import About, Ask, Hear, Prompt
from hyperpanel.ai.desk import Desk
from hyperpanel.ai.figures import evened
from hyperpanel.ai.forms import INTENT, Intent
from hyperpanel.ai.masking import Masked

PURPOSE = "intent"
MOST_OUT = 600
LONGEST = 8_000
"""Characters; what a customer wants is told at the beginning or nowhere."""

DIGITS = re.compile(r"\d+")
FEWEST = 4
"""Digits of an order number, among other words."""


@dataclass(frozen=True)
class Task:
    """`language`: of the sentence. `names`: of the customer; where `hides` says so they are hidden, as all personal data is."""

    text: str
    language: str
    names: Sequence[str] = ()
    hides: bool = False


async def make(desk: Desk, about: About, prompt: Prompt, task: Task, hear: Hear) -> Made:
    """Raises AiTrouble."""
    masked = hidden(task)
    said = await desks.ask(desk, ask(about, prompt, task, masked), lambda told: hear(so_far(told, masked)))
    return Made(kept(read(said.text, masked), task.text), said.provider, said.model)


def hidden(task: Task) -> Masked:
    """What is sent of a message."""
    return masking.mask(task.text[:LONGEST], task.names, task.hides)


def ask(about: About, prompt: Prompt, task: Task, masked: Masked) -> Ask:
    values = {"text": masked.text, "language": tongues.english_name(task.language)}
    return Ask(about, prompt, prompts.filled(prompt.body, values), INTENT, MOST_OUT)


def read(said: str, masked: Masked) -> Intent:
    """With what was masked put back. Raises AiTrouble("form"), and "altered" for a sign that was not given."""
    return restored(forms.read(said, Intent), masked)


def restored(found: Intent, masked: Masked) -> Intent:
    orders = [order for id in found.orders for order in named(masking.filled_in(id, masked))]
    return Intent(found.intent, found.urgency, masking.filled_in(found.gist, masked), orders)


def named(told: str) -> list[str]:
    """The numbers in what was given as one order: several may have been written as one."""
    whole = analyzing.number_of(told)
    return [whole] if whole.isdecimal() else [one for one in DIGITS.findall(whole) if len(one) >= FEWEST]


def kept(found: Intent, text: str) -> dict[str, Any]:
    """As it is kept: the sentence in pieces with their marks, and of the orders those that the message names."""
    there = set(DIGITS.findall(evened(text)))
    return {
        "intent": found.intent,
        "urgency": found.urgency,
        "gist": analyzing.pieces(found.gist.strip(), checking.known(text)),
        "orders": [id for id in dict.fromkeys(found.orders) if id in there],
    }


def so_far(said: str, masked: Masked) -> str:
    """The sentence of an answer under way."""
    try:
        found = jiter.from_json(said.encode(errors="replace"), partial_mode="trailing-strings")
    except ValueError:
        return ""
    gist = found.get("gist") if isinstance(found, dict) else None
    return masking.partly(gist, masked) if isinstance(gist, str) else ""
