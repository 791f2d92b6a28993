"""Words of the AI ledger: what calls are for, what became of them, and what went wrong, in a word or two.

What to do about a trouble is told where it stops somebody (hyperpanel.web.ai_words); in a list of thousands a word has to do.
"""

from collections.abc import Mapping

from hyperpanel.db.ai_ledger import Call
from hyperpanel.web.ai_prompt_places import FOR
from hyperpanel.web.ai_words import NAMES
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

PURPOSES: Mapping[str, str] = {**FOR, "test": N_("Test")}
PROVIDERS: Mapping[str, str] = {**NAMES, "compatible": N_("Compatible")}
STATES: Mapping[str, str] = {"done": N_("Answered"), "failed": N_("Failed"), "asking": N_("Under way")}
TONES: Mapping[str, str] = {"done": "ok", "failed": "bad", "asking": "busy"}
WAYS: Mapping[str, str] = {
    "day": N_("Day"),
    "model": N_("Model"),
    "purpose": N_("Purpose"),
    "person": N_("Staff"),
    "panel": N_("Panel"),
    "prompt": N_("Prompt"),
}
PROBLEMS: Mapping[str, str] = {
    "unreachable": N_("Unreachable"),
    "address": N_("Private address"),
    "timeout": N_("Timed out"),
    "key_refused": N_("Key refused"),
    "no_model": N_("Unknown model"),
    "not_allowed": N_("Not allowed"),
    "limited": N_("Too many requests"),
    "overloaded": N_("Overloaded"),
    "server": N_("Provider error"),
    "declined": N_("Declined"),
    "cut": N_("Broke off"),
    "too_long": N_("Too long"),
    "form": N_("Wrong form"),
    "altered": N_("Altered"),
    "interrupted": N_("Interrupted"),
    "broken": N_("Our error"),
}
SOMETHING = N_("Failed")


def purpose(visit: Visit, name: str) -> str:
    return visit.say(PURPOSES[name]) if name in PURPOSES else shown(name) or ""


def provider(visit: Visit, name: str) -> str:
    return visit.say(PROVIDERS[name]) if name in PROVIDERS else shown(name) or ""


def outcome(visit: Visit, call: Call) -> str:
    if call.state == "failed":
        return visit.say(PROBLEMS.get(call.problem or "", SOMETHING))
    return visit.say(STATES[call.state]) if call.state in STATES else shown(call.state) or ""
