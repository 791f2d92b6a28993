"""What a tried prompt came to, as it is shown beside its form. All of it is somebody else's text: a model's, or a ticket's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hyperpanel.ai.checking import Span
from hyperpanel.ai.trials import Part, Tried
from hyperpanel.web.ai_analysis_views import MARKS, URGENCIES
from hyperpanel.web.ai_ledger_rows import dollars
from hyperpanel.web.ai_marks import INTENTS
from hyperpanel.web.ai_streams import visible
from hyperpanel.web.ai_words import NAMES
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

LABELS = {
    "text": N_("Translation"),
    "intent": N_("Intent"),
    "urgency": N_("Urgency"),
    "gist": N_("In one sentence"),
    "orders": N_("Orders"),
    "summary": N_("Summary"),
    "wants": N_("What the customer wants"),
    "next_step": N_("Next step"),
}
MINE, USED = "trial", "trial-used"
"""The blocks of the page: of the text in the form, and of the prompt in use."""

NO_PRICE = N_("cost unknown")


@dataclass(frozen=True)
class Piece:
    """`mark`: what is doubtful about it, in words; empty for most."""

    text: str
    mark: str


@dataclass(frozen=True)
class Result:
    """`id`: of its block. `refused`: why there is none. `system` and `message`: what was sent."""

    id: str
    title: str
    parts: Sequence[tuple[str, Sequence[Piece]]] = ()
    told: str = ""
    system: str = ""
    message: str = ""
    refused: str = ""


def result(visit: Visit, id: str, title: str, tried: Tried) -> Result:
    return Result(
        id=id,
        title=title,
        parts=[(label(visit, part.name), pieces(visit, part)) for part in tried.parts],
        told=told(visit, tried),
        system=visible(tried.asked.prompt.system),
        message=visible(tried.asked.message),
    )


def label(visit: Visit, name: str) -> str:
    if name in LABELS:
        return visit.say(LABELS[name])
    return visit.say("Order %(id)s", id=shown(name.partition(" ")[2]) or "")


def pieces(visit: Visit, part: Part) -> Sequence[Piece]:
    words = {"intent": INTENTS, "urgency": {name: word for name, (word, _) in URGENCIES.items()}}.get(part.name, {})
    return [piece(visit, one) for one in part.pieces if not words] or [
        Piece(visit.say(words[one.text]) if one.text in words else visible(one.text), "") for one in part.pieces
    ]


def piece(visit: Visit, one: Span) -> Piece:
    return Piece(visible(one.text), visit.say(MARKS[one.kind]) if one.kind in MARKS else "")


def told(visit: Visit, tried: Tried) -> str:
    """Who answered, and what it took."""
    said, number = tried.said, visit.fmt.number
    provider = visit.say(NAMES[said.provider]) if said.provider in NAMES else shown(said.provider) or ""
    tokens = visit.say("%(given)s tokens in, %(made)s out", given=number(said.tokens_in), made=number(said.tokens_out))
    cost = visit.say(NO_PRICE) if said.cost is None else dollars(visit, said.cost)
    took = visit.fmt.seconds(round(said.ms / 1000, 1))
    return " · ".join([f"{provider} / {shown(said.model)}", tokens, cost, took])


def fragment(visit: Visit, result: Result) -> str:
    """The block alone, which takes the place of the one that it grew in."""
    template = visit.console.pages.template(visit.language, "parts/ai_trial.html")
    around = frame(visit, "ai_prompts.edit", "")
    module: Any = template.make_module({"frame": around, "fmt": visit.fmt})
    return str(module.trial_block(result))
