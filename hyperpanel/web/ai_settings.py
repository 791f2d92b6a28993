"""Settings → AI: providers with their keys, which of them are asked, what may be spent, and of which panels tickets may be sent.

Providers and budgets are everybody's, so who sees some panels alone looks at them and changes the switches of those panels: an address of
their own would have other panels' tickets sent to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.ai.asks import PROVIDERS
from hyperpanel.db import ai_providers, panels
from hyperpanel.db.ai_providers import PanelUse, Provider
from hyperpanel.db.panels import Panel
from hyperpanel.support import ai_forms
from hyperpanel.support.ai_saving import Held
from hyperpanel.web.ai_setting_fields import Card, Form, cards, form
from hyperpanel.web.ai_words import HERE, MAY_SET
from hyperpanel.web.ai_words import name as provider_name
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.render import render
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

DONE = {
    "saved": N_("Saved. It holds from now on."),
    "same": N_("Nothing was changed."),
    "switched": N_("Saved. What is under way at a provider ends by itself."),
}
SANDBOX = "/_ai/"
BLOCKS = frozenset(f"tested_{name}" for name in PROVIDERS)


@dataclass(frozen=True)
class Tested:
    """What came of a test; `models`: what the provider says that it has, to choose from."""

    tone: str
    sentence: str
    models: Sequence[str] = ()


@dataclass(frozen=True)
class PanelLine:
    """`seen`: how it was when the page was made, so that what somebody else switched meanwhile stays."""

    id: int
    name: str
    group: str
    is_on: bool
    hides_personal: bool
    seen: str


@dataclass(frozen=True)
class Edit:
    """`form` is None for who sees some panels alone. `asked`: to whom tickets go, in a sentence. `meanwhile`: what somebody else saved since the
    page was loaded, as pairs of a field and what it holds now."""

    form: Form | None
    cards: Sequence[Card]
    tried: Mapping[str, Tested]
    asked: str
    is_canned: bool
    lines: Sequence[PanelLine]
    on: int
    zone: str
    done: str
    problem: str
    meanwhile: Sequence[tuple[str, str]]
    meanwhile_at: datetime | None


@dataclass(frozen=True)
class Found:
    """All that the page is made of, as it is stored."""

    held: Held
    panels: Sequence[Panel]
    uses: Mapping[int, PanelUse]


@dataclass(frozen=True)
class Shown:
    """How the page differs from what is stored: what was typed, and what came of it."""

    form: Form | None = None
    tried: Mapping[str, Tested] = field(default_factory=dict)
    problem: str = ""
    meanwhile: Sequence[tuple[str, str]] = ()
    status: int = 200


@get(HERE, name="ai_settings.edit", opt={"permission": MAY_SET})
async def edit(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    return page(request, visit, await visit.read(lambda connection: look(connection, visit)), Shown())


def look(connection: Connection, visit: Visit) -> Found:
    held = Held(ai_providers.all_of(connection), ai_providers.chosen(connection), ai_providers.changed_at(connection))
    return Found(held, panels.all_of(connection, visit.scope), ai_providers.panels(connection, visit.scope))


def may_set_all(visit: Visit) -> bool:
    return visit.scope.panel_ids is None


def page(request: HTMXRequest, visit: Visit, found: Found, differing: Shown) -> Response[str]:
    typed = ai_forms.typed_of(found.held.providers, found.held.chosen)
    lines = lines_of(found)
    done = dict(visit.url.pairs).get("done", "")
    view = Edit(
        form=(differing.form or form(visit, typed, found.held)) if may_set_all(visit) else None,
        cards=cards(visit, found.held),
        tried=differing.tried,
        asked=asked(visit, found.held),
        is_canned=is_canned(found.held),
        lines=lines,
        on=sum(line.is_on for line in lines),
        zone=visit.console.settings.web.time_zone,
        done=visit.say(DONE[done]) if done in DONE and differing == Shown() else "",
        problem=differing.problem,
        meanwhile=differing.meanwhile,
        meanwhile_at=found.held.at if differing.meanwhile else None,
    )
    around = frame(visit, "ai_settings.edit", visit.say("AI"))
    return render(request, around, "ai_settings/edit.html", view, BLOCKS, differing.status)


def lines_of(found: Found) -> list[PanelLine]:
    return [line(panel, found.uses.get(panel.id, PanelUse())) for panel in found.panels]


def line(panel: Panel, use: PanelUse) -> PanelLine:
    return PanelLine(
        panel.id, shown(panel.name) or "", panel.group_name or "", use.is_on, use.hides_personal, seen_of(use)
    )


def seen_of(use: PanelUse) -> str:
    return f"{use.is_on:d}{use.hides_personal:d}"


def is_canned(held: Held) -> bool:
    """Whether the sandbox's server is asked, as in the demo."""
    main = held.providers.get(held.chosen.main)
    return main is not None and urlsplit(main.address).path.startswith(SANDBOX)


def asked(visit: Visit, held: Held) -> str:
    """To whom the tickets go."""
    main, fallback = (held.providers.get(name) for name in (held.chosen.main, held.chosen.fallback))
    if main is None or not main.is_ready:
        return visit.say("No provider is set up, so nothing leaves this machine.")
    values: dict[str, Any] = {"main": whom(visit, main), "model": shown(main.model) or ""}
    if fallback is None:
        return visit.say("%(main)s is asked, with its model %(model)s.", **values)
    values["fallback"] = whom(visit, fallback)
    return visit.say("%(main)s is asked, with its model %(model)s; where that fails, %(fallback)s.", **values)


def whom(visit: Visit, provider: Provider) -> str:
    return f"{provider_name(visit, provider.name)} ({host(provider)})"


def host(provider: Provider) -> str:
    return urlsplit(provider.address).netloc or HOSTS[provider.name]


HOSTS = {"openai": "api.openai.com", "anthropic": "api.anthropic.com", "compatible": ""}
