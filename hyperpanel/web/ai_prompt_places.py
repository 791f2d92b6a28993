"""Where AI prompts are looked after, and the words for what they are for and for whom they ask."""

from collections.abc import Mapping

from hyperpanel.ai.asks import PURPOSES
from hyperpanel.db.ai_prompts import Wording
from hyperpanel.errors import BadInput, Missing
from hyperpanel.web.addresses import Address
from hyperpanel.web.ai_words import NAMES
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

HERE = "/settings/ai/prompts"
MAY = "ai:prompts"
FOR: Mapping[str, str] = {
    "translate": N_("Translate"),
    "intent": N_("Intent"),
    "analyze": N_("Analyze"),
    "themes": N_("Ticket report"),
}
BUILT_IN = N_("Built-in")
MAIN = N_("Main provider")


def purpose_of(text: str) -> str:
    """Raises Missing, and BadInput where none is given."""
    if not text:
        raise BadInput(N_("Choose what the prompt is for."), "purpose")
    if text not in PURPOSES:
        raise Missing("purpose")
    return text


def edit_href(prompt_id: int) -> str:
    return f"{HERE}/edit?prompt={prompt_id}"


def older_href(prompt_id: int, before: int) -> str:
    return f"{edit_href(prompt_id)}&before={before}#versions-title"


def show_href(prompt_id: int, version: int) -> str:
    return f"{HERE}/show?prompt={prompt_id}&version={version}"


def built_in_href(purpose: str) -> str:
    return f"{HERE}/show?purpose={purpose}"


def copy_href(purpose: str, of: str) -> str:
    """`of`: a prompt's number, or `built-in`."""
    return str(Address(f"{HERE}/new").having(purpose=purpose, of=of))


def asked_of(visit: Visit, wording: Wording) -> str:
    """Which provider and model it names."""
    provider = visit.say(NAMES[wording.provider]) if wording.provider in NAMES else visit.say(MAIN)
    return f"{provider} / {shown(wording.model)}" if wording.model else provider
