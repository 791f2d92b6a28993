"""Why there is no answer of a model, in a sentence with the next step: for pages in a person's language, for commands in English.

The values of a trouble that are told, each where it is known: `provider` (its name with us), `model`, `panel` (its name), `until` (the moment at
which a budget begins again), `zone` (in which that is midnight), `seconds` (after which a provider may be asked again), and `is_unpriced` (of a
budget in money).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from sqlalchemy import Connection

from hyperpanel.ai.asks import AiTrouble
from hyperpanel.db import ai_providers
from hyperpanel.db.panels import Panel
from hyperpanel.web import languages
from hyperpanel.web.formats import Formats, Signs
from hyperpanel.web.languages import N_, Language
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

HERE = "/settings/ai"
MAY_SET = "ai:settings"
NAMES = {"openai": N_("OpenAI"), "anthropic": N_("Anthropic"), "compatible": N_("The compatible server")}
TITLES = {**NAMES, "compatible": N_("Compatible server")}
"""The same where they stand alone."""

UNNAMED = N_("The provider")
BUDGETS = ("day_budget", "panel_budget", "person_budget")
WORDS: Mapping[str, str] = {
    "none": N_("AI is not set up. Somebody with rights to Settings → AI can do that."),
    "off": N_("AI is off for this panel. Somebody with rights to Settings → AI can switch it on."),
    "day_budget": N_("Today’s AI budget is used up."),
    "panel_budget": N_("Today’s AI budget of this panel is used up."),
    "person_budget": N_("Your AI budget of today is used up."),
    "unreachable": N_(
        "%(provider)s cannot be reached. Try again in a minute; if it stays so, its address and this machine’s network need a look."
    ),
    "address": N_(
        "%(provider)s is on this machine or in a private network. Settings → AI has to allow that before it is asked."
    ),
    "timeout": N_("%(provider)s took too long. Try again."),
    "key_refused": N_("%(provider)s refuses the key. Settings → AI needs a valid one."),
    "no_model": N_("%(provider)s does not know the model. Settings → AI, or the prompt, needs another one."),
    "not_allowed": N_(
        "%(provider)s does not allow this to our account: it has no credit left, or not this model. The provider’s own pages tell which."
    ),
    "limited": N_("%(provider)s was asked too often. Try again in a minute."),
    "overloaded": N_("%(provider)s has too much to do just now. Try again in a minute."),
    "server": N_("%(provider)s failed with an error of its own. Try again in a minute."),
    "declined": N_("The model would not answer this. Read the text itself; another model may answer."),
    "cut": N_("The answer broke off before its end. Try again."),
    "too_long": N_(
        "This is longer than the model can take or answer. Another model may take it; else read the text itself."
    ),
    "form": N_(
        "The answer was not of the form that was asked for, so it is not shown. Try again, or use another model."
    ),
    "altered": N_(
        "Numbers, links or names did not come back as they were, so the answer is not shown. Try again, or use another model."
    ),
    "gone": N_("What this was about is no longer there. Load the page again."),
    "broken": N_(
        "Something went wrong on our side and was logged. Try again; if it stays so, tell whoever runs this console."
    ),
}
WITH_PANEL = {
    "off": N_("AI is off for %(panel)s. Somebody with rights to Settings → AI can switch it on."),
    "panel_budget": N_("Today’s AI budget of %(panel)s is used up."),
}
WITH_PROVIDER = N_("%(provider)s is not set up. Settings → AI can do that, or the prompt can name another one.")
WITH_MODEL = N_("%(provider)s does not know the model %(model)s. Settings → AI, or the prompt, needs another one.")
WITH_SECONDS = N_("%(provider)s was asked too often. Try again in %(span)s.")
AGAIN = N_("It begins again at midnight; somebody with rights to Settings → AI can raise it.")
AGAIN_IN = N_(
    "It begins again at midnight (%(zone)s), in %(span)s; somebody with rights to Settings → AI can raise it."
)
UNPRICED = N_(
    "There is a budget in US dollars, and what this provider costs is not known. Settings → AI needs its prices."
)
NOT_SET_UP = N_("AI is not set up.")
IS_OFF = N_("AI is off for %(panel)s.")


def name(visit: Visit, provider: str) -> str:
    """Of a provider, at the beginning of a sentence."""
    return visit.say(NAMES.get(provider, UNNAMED))


def title(visit: Visit, provider: str) -> str:
    return visit.say(TITLES.get(provider, UNNAMED))


def sentence(visit: Visit, trouble: AiTrouble) -> str:
    return worded(visit.language, visit.fmt, trouble, visit.console.settings.web.time_zone)


def plain(trouble: AiTrouble, now: datetime | None = None) -> str:
    """For the command line. How long a budget lasts is told with `now` alone."""
    return worded(ENGLISH, Formats(Signs(ENGLISH), ZoneInfo("UTC"), now or NEVER), trouble, "UTC")


ENGLISH = Language("en", "English", "ltr", Locale("en"), languages.texts("en"))
NEVER = datetime.max.replace(tzinfo=UTC)


def worded(language: Language, fmt: Formats, trouble: AiTrouble, zone: str) -> str:
    values = trouble.values
    told = {"provider": language.say(NAMES.get(str(values.get("provider")), UNNAMED))}
    told |= {name: shown(str(values[name])) or "" for name in ("panel", "model") if values.get(name)}
    wait = values.get("seconds", getattr(trouble, "after", None))
    if wait:
        told["span"] = fmt.seconds(max(1.0, float(wait)))
    text = WITH_PROVIDER if trouble.kind == "none" and values.get("provider") else text_of(trouble.kind, told)
    said = language.say(text, **told)
    if trouble.kind not in BUDGETS:
        return said
    return language.say(UNPRICED) if values.get("is_unpriced") else f"{said} {again(language, fmt, trouble, zone)}"


def text_of(kind: str, told: Mapping[str, str]) -> str:
    """The most that can be said with what is known."""
    if kind in WITH_PANEL and "panel" in told:
        return WITH_PANEL[kind]
    if kind == "no_model" and "model" in told:
        return WITH_MODEL
    return WITH_SECONDS if kind == "limited" and "span" in told else WORDS[kind]


def again(language: Language, fmt: Formats, trouble: AiTrouble, zone: str) -> str:
    until = trouble.values.get("until")
    if not isinstance(until, datetime) or until < fmt.now:
        return language.say(AGAIN)
    return language.say(AGAIN_IN, zone=str(trouble.values.get("zone") or zone), span=fmt.until(until))


def state(visit: Visit, connection: Connection, panel: Panel) -> str | None:
    """Why nothing can be asked about this panel's tickets just now; None where it can. Whoever may change that is given the way there instead
    of being sent to somebody else: `settings_href`."""
    if not ai_providers.is_set_up(connection):
        return visit.say(NOT_SET_UP) if settings_href(visit) else sentence(visit, AiTrouble("none"))
    if ai_providers.panel(connection, visit.scope, panel.id).is_on:
        return None
    name = shown(panel.name) or ""
    return visit.say(IS_OFF, panel=name) if settings_href(visit) else sentence(visit, AiTrouble("off", panel=name))


def settings_href(visit: Visit) -> str | None:
    """Settings → AI, for who may go there."""
    return HERE if visit.may(MAY_SET) else None
