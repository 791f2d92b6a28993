"""What a report on complaints would look at and take at most, before anybody pays for it: services of a window with enough tickets.

Panels whose tickets may not be sent are left out, and named. Nothing is asked of a model here; the press that begins a report is in
hyperpanel.web.ai_report_acts, and reads its window and panels out of the same address.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.ai import prompts, themes
from hyperpanel.ai.asks import AiTrouble, Prompt
from hyperpanel.db import ai_providers, feeds, panels
from hyperpanel.db.ai_providers import Provider
from hyperpanel.db.ai_report_services import Planned
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.support import ai_report_plans
from hyperpanel.support.ai_report_plans import MOST_LEAST, USUAL_LEAST, Estimate, Plan
from hyperpanel.web import ages, ai_words, report_windows
from hyperpanel.web.ai_reports import HERE, MAY, PAGE
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.frame import TOPICS, frame
from hyperpanel.web.list_filters import latin
from hyperpanel.web.panel_choice import chosen
from hyperpanel.web.render import render
from hyperpanel.web.report_windows import Typed, Windowed
from hyperpanel.web.texts import shown
from hyperpanel.web.ticket_tracking import Part, parts
from hyperpanel.web.visits import Visit, visit_of
from reports import windows
from sync.money import Money

STREAMS = ("tickets", "messages", "orders")
LEAST = "least"
MOST_ROWS = 50
NUMBER = re.compile(r"\d{1,4}")


@dataclass(frozen=True)
class Row:
    id: str
    name: str
    panel: str
    tickets: str
    given: str
    complaint: str
    complaint_tickets: str


@dataclass(frozen=True)
class New:
    """`carried`: what else the address says; `off`: the panels that are left out; `takes`: what it comes to at most; `begin_href` None where
    there is nothing to begin."""

    parts: Sequence[Part]
    window: Windowed
    least: Typed
    carried: Sequence[tuple[str, str]]
    off: str
    takes: Sequence[tuple[str, str]]
    rows: Sequence[Row]
    rest: str
    many_panels: bool
    begin_href: str | None
    back_href: str
    empty: Empty | None


@dataclass(frozen=True)
class Base:
    """`allowed`: those of the chosen panels whose tickets may be sent."""

    known: Sequence[Panel]
    chosen: Sequence[Panel]
    allowed: Sequence[Panel]
    feeds: Sequence[Feed]
    prompt: Prompt
    provider: Provider | None
    is_set_up: bool

    @property
    def names(self) -> dict[int, str]:
        return {panel.id: panel.name for panel in self.allowed}

    @property
    def can_begin(self) -> bool:
        return self.is_set_up and bool(self.allowed)


def look(connection: Connection, visit: Visit) -> Base:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    scope = visit.scope.narrowed([panel.id for panel in some])
    uses = ai_providers.panels(connection, scope)
    prompt = prompts.in_use(connection, themes.PURPOSE)
    provider = prompt.provider or ai_providers.chosen(connection).main
    return Base(
        known=known,
        chosen=some,
        allowed=[panel for panel in some if panel.id in uses and uses[panel.id].is_on],
        feeds=[feed for feed in feeds.all_of(connection, scope, visit.now) if feed.stream in STREAMS] if some else [],
        prompt=prompt,
        provider=ai_providers.all_of(connection).get(provider),
        is_set_up=ai_providers.is_set_up(connection),
    )


def window_of(visit: Visit, base: Base) -> Windowed:
    of_tickets = [feed for feed in base.feeds if feed.stream == "tickets"]
    return report_windows.windowed(visit, windows.TICKETS, feeds=of_tickets, panels=base.chosen)


def least_of(visit: Visit) -> tuple[int, Typed]:
    """Services with fewer tickets are left out."""
    typed = dict(visit.url.pairs).get(LEAST, "").strip()[:8]
    text, error = latin(typed), ""
    number = int(text) if NUMBER.fullmatch(text) else 0
    if text and not 1 <= number <= MOST_LEAST:
        error = visit.say("Write a whole number from 1 to %(most)s.", most=visit.fmt.number(MOST_LEAST))
    used = number if text and not error else USUAL_LEAST
    return used, Typed(LEAST, visit.say("Fewest tickets of a service"), shown(typed) or str(USUAL_LEAST), error)


@get(f"{HERE}/new", name="ai_report_plans.new", opt={"permission": MAY})
async def new(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    base = await visit.read(partial(look, visit=visit))
    window, (least, field) = window_of(visit, base), least_of(visit)
    scope = visit.scope.narrowed([panel.id for panel in base.allowed])
    made = Plan((), 0, 0)
    if base.can_begin:
        made = await visit.console.database.reader.ask(ai_report_plans.plan, scope, window.window, least)
    view = new_of(visit, base, window, field, made)
    as_of = ages.as_of(visit, base.chosen, base.feeds)
    title = visit.say("Ticket tracking")
    around = frame(visit, "ticket_tracking.staff", title, base.known, base.chosen, as_of)
    around = replace(around, help_href=f"/help/{TOPICS[PAGE]}")
    status = 422 if window.is_wrong or field.error else 200
    return render(request, around, "ai_report_plans/new.html", view, status=status)


def new_of(visit: Visit, base: Base, window: Windowed, field: Typed, made: Plan) -> New:
    here, number = visit.url, visit.fmt.number
    rows = [row(visit, base.names, one) for one in made.services[:MOST_ROWS]]
    more = len(made.services) - len(rows)
    can_begin = bool(rows) and base.can_begin and not window.is_wrong and not field.error
    return New(
        parts=parts(visit, HERE),
        window=window,
        least=field,
        carried=here.without(LEAST).pairs,
        off=off(visit, base),
        takes=takes(visit, estimated(visit, base, made)) if rows else [],
        rows=rows,
        rest=visit.say("And %(number)s more.", number=number(more)) if more else "",
        many_panels=len(base.allowed) > 1,
        begin_href=str(replace(here, path=f"{HERE}/begin")) if can_begin else None,
        back_href=HERE,
        empty=nothing(visit, base, made),
    )


def unset(visit: Visit, base: Base) -> str:
    return "" if base.is_set_up else ai_words.sentence(visit, AiTrouble("none"))


def off(visit: Visit, base: Base) -> str:
    names = [shown(panel.name) or "" for panel in base.chosen if panel not in base.allowed]
    if not names or not base.is_set_up:
        return ""
    return visit.say("AI is off for these panels, which are left out: %(panels)s.", panels=", ".join(names))


def estimated(visit: Visit, base: Base, made: Plan) -> Estimate:
    return ai_report_plans.estimate(made.services, base.prompt, base.provider, visit.language.code)


def takes(visit: Visit, found: Estimate) -> list[tuple[str, str]]:
    number = visit.fmt.number
    told = [
        (visit.say("Services"), number(found.services)),
        (visit.say("Tickets to read"), number(found.given)),
        (visit.say("Calls at most"), number(found.calls)),
        (visit.say("Tokens at most, about"), number(found.tokens)),
    ]
    if found.cost is not None:
        told.append((visit.say("Cost at most, about"), visit.fmt.money(Money(found.cost, "USD"))))
    return told


def row(visit: Visit, names: Mapping[int, str], one: Planned) -> Row:
    number = visit.fmt.number
    is_known = one.service_id is not None
    return Row(
        id=shown(one.service_id) or "",
        name=(shown(one.name) or visit.say("(no name)")) if is_known else visit.say("No order found"),
        panel=names[one.panel_id],
        tickets=number(one.tickets),
        given=number(len(one.given)),
        complaint=shown(one.complaint) or visit.say("Other"),
        complaint_tickets=number(one.complaint_tickets),
    )


def nothing(visit: Visit, base: Base, made: Plan) -> Empty | None:
    say = visit.say
    if not base.chosen:
        return no_panels(visit)
    if not base.can_begin:
        return Empty(unset(visit, base) or off(visit, base), say("Open Settings → AI"), ai_words.settings_href(visit))
    if made.tickets == 0:
        return Empty(say("No ticket of this window is held."), None, None)
    if not made.services:
        return Empty(
            say("No service has so many tickets in this window. Choose a longer one, or fewer tickets."), None, None
        )
    return None
