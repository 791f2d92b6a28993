"""A report on complaints as its pages show it: in the list, and its themes service by service, beside what the rule says of each.

What a model wrote is shown like a customer's text: in marks that keep it apart, and never as a link. The links here are made of numbers that we
gave it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.ai.asks import KINDS, AiTrouble
from hyperpanel.db import ai_reports
from hyperpanel.db.ai_report_services import DONE, FAILED, Progress, Service, Theme
from hyperpanel.db.ai_reports import Report
from hyperpanel.web import ai_words
from hyperpanel.web.addresses import Address
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.ticket_tracking_rows import AI_THEMES, SERVICES, ticket_href
from hyperpanel.web.visits import Visit

EXAMPLES = 3
LONGEST_DETAIL = 400
STATES = {
    ai_reports.WAITING: (N_("Waiting"), "idle"),
    ai_reports.RUNNING: (N_("Running"), "busy"),
    ai_reports.DONE: (N_("Ready"), "ok"),
    ai_reports.PARTLY: (N_("Partly ready"), "warn"),
    ai_reports.FAILED: (N_("Failed"), "bad"),
    ai_reports.STOPPED: (N_("Stopped"), "idle"),
}
RIGHTS = N_("The rights or the panels of whoever wanted it have changed, so it was not made further.")

BUDGETS = {
    "day_budget": N_("The overall AI budget allowed no more on that day."),
    "panel_budget": N_("The AI budget of a panel in it allowed no more on that day."),
    "person_budget": N_("The AI budget of %(by)s allowed no more on that day."),
}
"""A report is read on other days too, and by others."""


@dataclass(frozen=True)
class Line:
    """`share`: hundredths of the services that are done, while it is made."""

    id: str
    href: str
    window: str
    panels: Sequence[str]
    by: str
    at: datetime
    state_label: str
    tone: str
    share: int | None
    services: str
    tickets: str
    themes: str
    problem: str


@dataclass(frozen=True)
class TicketLink:
    """`subject` None: it is no longer held, and `href` too."""

    id: str
    href: str | None
    subject: str | None


@dataclass(frozen=True)
class ThemeRow:
    """`examples` are shown with their subjects, `others` by their numbers."""

    title: str
    detail: str
    tickets: str
    share: str
    examples: Sequence[TicketLink]
    others: Sequence[TicketLink]


@dataclass(frozen=True)
class Group:
    """A service. `complaint`: what the rule finds in most subjects; `notes`: what was left out, in sentences; `apart`: in no theme."""

    anchor: str
    id: str
    name: str
    panel: str
    href: str
    tickets: str
    complaint: str
    complaint_tickets: str
    themes: Sequence[ThemeRow]
    apart: ThemeRow | None
    notes: Sequence[str]
    waits: str
    problem: str


Names = Mapping[int, str]
Subjects = Mapping[int, Mapping[str, str]]
"""Of the panels, by their ids; of tickets that are held, by panel and number."""


def line(visit: Visit, one: Report, names: Names, progress: Progress) -> Line:
    label, tone = STATES[one.state]
    number = visit.fmt.number
    return Line(
        id=one.id,
        href=str(Address(f"{AI_THEMES}/show", (("report", one.id),))),
        window=window(visit, one),
        panels=panels(one, names),
        by=one.by,
        at=one.at,
        state_label=visit.say(label),
        tone=tone,
        share=100 * (progress.done + progress.failed) // max(1, progress.all) if one.is_open else None,
        services=visit.say("%(done)s of %(all)s", done=number(progress.done), all=number(progress.all)),
        tickets=number(one.tickets) if one.tickets is not None else "",
        themes=number(progress.themes),
        problem=problem(visit, one.problem, one.by),
    )


def window(visit: Visit, one: Report) -> str:
    return f"{visit.fmt.exact(one.since)} – {visit.fmt.exact(one.until)}"


def panels(one: Report, names: Names) -> list[str]:
    return [names[id] for id in one.panel_ids if id in names]


def problem(visit: Visit, kind: str | None, by: str = "") -> str:
    if kind is None:
        return ""
    if kind in BUDGETS:
        return visit.say(BUDGETS[kind], by=shown(by) or "")
    return (
        visit.say(RIGHTS)
        if kind == "rights"
        else ai_words.sentence(visit, AiTrouble(kind if kind in KINDS else "broken"))
    )


def group(visit: Visit, one: Service, names: Names, subjects: Subjects, least: Address) -> Group:
    panel, number = names[one.panel_id], visit.fmt.number
    is_done = one.state == DONE
    held = subjects.get(one.panel_id, {})
    return Group(
        anchor=f"s-{one.place}",
        id=shown(one.service_id) or "",
        name=(shown(one.name) or visit.say("(no name)")) if one.service_id is not None else visit.say("No order found"),
        panel=panel,
        href=str(least.having(of=f"{panel}/{one.service_id}") if one.service_id else least.having(panel=panel)),
        tickets=visit.count("%(number)s ticket", "%(number)s tickets", one.tickets, number=number(one.tickets)),
        complaint=shown(one.complaint) or visit.say("Other"),
        complaint_tickets=number(one.complaint_tickets),
        themes=[theme(visit, one, panel, found, held) for found in one.themes] if is_done else [],
        apart=apart(visit, one, panel, held) if is_done and one.apart else None,
        notes=notes(visit, one) if is_done else [],
        waits="" if is_done or one.state == FAILED else visit.say("Not looked at yet."),
        problem=problem(visit, one.problem) if one.state == FAILED else "",
    )


def theme(visit: Visit, one: Service, panel: str, found: Theme, held: Mapping[str, str]) -> ThemeRow:
    links = [link(panel, id, held) for id in found.tickets]
    return ThemeRow(
        title=shown(found.title) or visit.say("(no title)"),
        detail=shown(found.detail, LONGEST_DETAIL) or "",
        tickets=visit.fmt.number(len(found.tickets)),
        share=share(visit, len(found.tickets), len(one.given)),
        examples=links[:EXAMPLES],
        others=links[EXAMPLES:],
    )


def apart(visit: Visit, one: Service, panel: str, held: Mapping[str, str]) -> ThemeRow:
    links = [link(panel, id, held) for id in one.apart]
    return ThemeRow(
        title=visit.say("Not in a theme"),
        detail="",
        tickets=visit.fmt.number(len(links)),
        share=share(visit, len(links), len(one.given)),
        examples=links[:EXAMPLES],
        others=links[EXAMPLES:],
    )


def share(visit: Visit, part: int, whole: int) -> str:
    return visit.say("%(number)s %%", number=visit.fmt.number(round(100 * part / whole))) if whole else ""


def link(panel: str, id: str, held: Mapping[str, str]) -> TicketLink:
    is_held = id in held
    return TicketLink(
        shown(id) or "", ticket_href(panel, id) if is_held else None, shown(held[id]) if is_held else None
    )


def notes(visit: Visit, one: Service) -> list[str]:
    number, given = visit.fmt.number, len(one.given)
    told = []
    if given < one.tickets:
        told.append(
            visit.say("The model was given %(given)s of %(all)s tickets.", given=number(given), all=number(one.tickets))
        )
    if one.invented:
        told.append(
            visit.count(
                "%(number)s invented number was left out.",
                "%(number)s invented numbers were left out.",
                one.invented,
                number=number(one.invented),
            )
        )
    return told


def models(services: Sequence[Service]) -> list[str]:
    return sorted({shown(one.model) or "" for one in services if one.model})


def prompt(visit: Visit, one: Report) -> str:
    if one.prompt_id is None:
        return visit.say("Built-in prompt")
    title, version = shown(one.prompt_title) or visit.say("(no title)"), visit.fmt.number(one.prompt_version)
    return visit.say("%(title)s, version %(version)s", title=title, version=version)


def of_services(visit: Visit, one: Report) -> Address:
    """The same window in ticket tracking by service."""
    stamp = "%Y-%m-%d %H:%M"
    since, until = (f"{at.astimezone(visit.zone):{stamp}}" for at in (one.since, one.until))
    return Address(SERVICES, (("from", since), ("to", until)))
