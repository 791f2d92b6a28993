"""What stands around every page: navigation, panel switcher, preferences, and how old the data is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db.panels import Panel, folded
from hyperpanel.web.addresses import Address
from hyperpanel.web.languages import N_, PSEUDO
from hyperpanel.web.masks import masked
from hyperpanel.web.panel_choice import CHOICE, grouped, wanted
from hyperpanel.web.view_menus import Item, navigated
from hyperpanel.web.visits import Visit


@dataclass(frozen=True)
class NavItem:
    label: str
    href: str
    icon: str
    current: bool
    starts: bool
    """Whether a part of the navigation begins with it."""

    key: str | None
    """What leads there after `g`."""

    views: Sequence[Item]
    """Saved views of its list."""


@dataclass(frozen=True)
class PanelOption:
    name: str
    chosen: bool


@dataclass(frozen=True)
class GroupOption:
    """`href`: this page about the panels of this group."""

    name: str
    href: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class AsOf:
    """How old the data on the page is. `state`: on_time, late, paused, never or key (it was refused)."""

    state: str
    at: datetime | None
    reason: str
    told: str


@dataclass(frozen=True)
class Frame:
    page: str
    title: str
    person: str | None
    role: str | None
    bar: Sequence[NavItem]
    rest: Sequence[NavItem]
    help_href: str | None
    panels: Sequence[PanelOption]
    groups: Sequence[GroupOption]
    panels_label: str
    every_href: str
    choice: Sequence[tuple[str, str]]
    address: str
    path: str
    kept: Sequence[tuple[str, str]]
    language: str
    direction: str
    languages: Sequence[tuple[str, str]]
    theme: str
    density: str
    time_zone: str
    as_of: AsOf | None
    csrf: str
    view_streams: str
    """Whose news the counts of saved views wait for."""


PAGES = (
    ("dashboard.index", N_("Dashboard"), "/", "layout-dashboard", "self"),
    ("tickets.index", N_("Tickets"), "/tickets", "ticket", "tickets:read"),
    ("orders.index", N_("Orders"), "/orders", "shopping-cart", "orders:read"),
    ("users.index", N_("Users"), "/users", "users", "users:read"),
    ("payments.index", N_("Payments"), "/payments", "receipt", "payments:read"),
    ("services.index", N_("Services"), "/services", "list-details", "services:read"),
    ("personal.index", N_("Personal"), "/personal", "notes", "self"),
    ("reported.index", N_("Reported services"), "/reported-services", "flag", "reported:read"),
    ("service_tracking.index", N_("Service tracking"), "/tracking/services", "gauge", "tracking:read"),
    ("user_tracking.index", N_("User tracking"), "/tracking/users", "crown", "tracking:read"),
    ("ticket_tracking.staff", N_("Ticket tracking"), "/tracking/tickets", "messages", "tracking:read"),
    ("providers.index", N_("Providers"), "/tracking/providers", "truck-delivery", "provider:see"),
    ("margins.index", N_("Volume and margin"), "/tracking/margins", "coins", "finance:read"),
    ("schedules.index", N_("Scheduled reports"), "/tracking/schedules", "calendar-stats", "schedules:edit"),
    ("profiles.index", N_("Profiles"), "/tracking/profiles", "adjustments-horizontal", "tracking:read"),
    ("panels.index", N_("Panels"), "/settings/panels", "server-2", "panels:read"),
    ("sync.index", N_("Sync"), "/settings/sync", "refresh", "sync:read"),
    ("set_aside.index", N_("Set aside"), "/settings/set-aside", "archive", "set_aside:read"),
    ("ai_settings.edit", N_("AI"), "/settings/ai", "sparkles", "ai:settings"),
    ("ai_prompts.index", N_("AI prompts"), "/settings/ai/prompts", "prompt", "ai:prompts"),
    ("ai_ledger.index", N_("AI ledger"), "/settings/ai/ledger", "report-money", "ai:ledger"),
    ("activity.index", N_("Activity log"), "/settings/activity", "history", "activity:read"),
    ("staff.index", N_("Staff"), "/settings/staff", "user-plus", "staff:manage"),
    ("api_keys.index", N_("API keys"), "/settings/keys", "key", "keys:manage"),
    ("styleguide.index", N_("Style guide"), "/styleguide", "palette", "styleguide:see"),
    ("account.index", N_("My account"), "/settings/account", "user", "self"),
    ("announcements.index", N_("Announcements"), "/announcements", "speakerphone", "self"),
    ("api_pages.index", N_("API"), "/api", "api", "self"),
    ("help.index", N_("Help"), "/help", "help", "self"),
)
"""In four parts: the work, tracking, settings, help. On a narrow screen the first four stand at the bottom, and the others behind "More"."""

KEYS = {
    "dashboard.index": "d",
    "tickets.index": "t",
    "orders.index": "o",
    "users.index": "u",
    "payments.index": "p",
    "services.index": "s",
    "personal.index": "n",
    "sync.index": "y",
    "help.index": "h",
}
BAR = 4
SETTINGS = ("/settings/", "/styleguide")
HELP = ("/announcements", "/api", "/help")
TOPICS = {
    "dashboard.index": "start-the-day",
    "tickets.index": "read-a-ticket",
    "tickets.show": "read-a-ticket",
    "orders.index": "find-an-order",
    "orders.show": "is-it-stuck",
    "users.index": "read-a-customer",
    "users.show": "read-a-customer",
    "payments.index": "follow-a-payment",
    "payments.show": "follow-a-payment",
    "services.index": "look-up-a-service",
    "services.show": "look-up-a-service",
    "imports.index": "service-descriptions",
    "descriptions.edit": "service-descriptions",
    "personal.index": "personal-notes",
    "reported.index": "report-a-service",
    "reported.show": "report-a-service",
    "reported.new": "report-a-service",
    "service_tracking.index": "service-tracking",
    "service_tracking.show": "service-tracking",
    "profiles.index": "service-tracking",
    "profiles.new": "service-tracking",
    "profiles.edit": "service-tracking",
    "ticket_tracking.staff": "ticket-tracking",
    "ai_reports.index": "themes-by-ai",
    "user_tracking.index": "user-tracking",
    "user_tracking.show": "user-tracking",
    "providers.index": "providers",
    "providers.show": "providers",
    "margins.index": "volume-and-margin",
    "schedules.index": "scheduled-reports",
    "schedules.new": "scheduled-reports",
    "panels.index": "add-a-panel",
    "sync.index": "late-or-refused",
    "set_aside.index": "set-aside",
    "set_aside.show": "set-aside",
    "staff.index": "staff",
    "staff.new": "staff",
    "staff.edit": "staff",
    "staff.roles": "staff",
    "announcements.index": "announcements",
    "exports.index": "export-a-list",
    "preferences.index": "preferences",
    "search.index": "search",
    "account.index": "my-account",
    "ai_settings.edit": "set-up-ai",
    "ai_prompts.index": "ai-prompts",
    "ai_prompts.new": "ai-prompts",
    "ai_prompts.edit": "ai-prompts",
    "ai_prompts.show": "ai-prompts",
    "ai_ledger.index": "what-ai-costs",
    "activity.index": "activity-log",
    "activity.show": "activity-log",
    "views.index": "saved-views",
    "api_pages.index": "api",
    "api_keys.index": "api",
    "api_keys.new": "api",
    "api_keys.edit": "api",
}
"""What the help has to say of a page (templates/help)."""

ROLE_NAMES = {
    "admin": N_("Administrator"),
    "manager": N_("Manager"),
    "support": N_("Support"),
    "viewer": N_("Viewer"),
}
POSITION = ("after", "before", "at")
"""Where in a list one is: not kept when something else about the list changes."""

TRACKING = "/tracking/"
PLACE = ("after", "before", "page")
"""The same of a report, where `at` is a moment (hyperpanel.web.report_windows) and stays."""


def frame(
    visit: Visit,
    page: str,
    title: str,
    panels: Sequence[Panel] = (),
    chosen: Sequence[Panel] = (),
    as_of: AsOf | None = None,
) -> Frame:
    person = visit.person
    address = visit.url
    kept = address.without(*CHOICE, *(PLACE if address.path.startswith(TRACKING) else POSITION))
    bar, rest = split(navigation(visit, page))
    return Frame(
        page=page,
        title=title,
        person=person.username if person else None,
        role=visit.say(ROLE_NAMES.get(person.role, person.role)) if person else None,
        bar=bar,
        rest=rest,
        help_href=f"/help/{TOPICS[page]}" if page in TOPICS else None,
        panels=[PanelOption(panel.name, panel in chosen) for panel in panels],
        groups=groups(kept, panels, chosen),
        panels_label=panels_label(visit, panels, chosen),
        every_href=str(kept),
        choice=address.only(CHOICE).pairs,
        address=str(address),
        path=address.path,
        kept=kept.pairs,
        language=visit.language.code,
        direction=visit.language.direction,
        languages=[(code, item.name) for code, item in visit.console.languages.items() if code != PSEUDO],
        theme=person.theme if person else "auto",
        density=person.density if person else "compact",
        time_zone=visit.zone.key,
        as_of=as_of,
        csrf=masked(visit.csrf),
        view_streams=" ".join(sorted({view.noun for view in visit.views})),
    )


def navigation(visit: Visit, current: str) -> list[NavItem]:
    """Pages that this person may see; the chosen panels go along."""
    found: list[NavItem] = []
    before = None
    for page, label, path, icon, permission in PAGES:
        if visit.may(permission):
            href, part = str(visit.url.only(CHOICE, path)), part_of(path)
            starts, views = part != (before or part), navigated(visit, page.partition(".")[0])
            found.append(NavItem(visit.say(label), href, icon, page == current, starts, KEYS.get(page), views))
            before = part
    return found


def part_of(path: str) -> str:
    if path.startswith(TRACKING):
        return "tracking"
    return "settings" if path.startswith(SETTINGS) else "help" if path in HELP else "work"


def split(nav: Sequence[NavItem]) -> tuple[Sequence[NavItem], Sequence[NavItem]]:
    """What stands in the bar, and what behind "More"; one page alone is not put there."""
    return (nav[:BAR], nav[BAR:]) if len(nav) > BAR + 1 else (nav, ())


def groups(kept: Address, panels: Sequence[Panel], chosen: Sequence[Panel]) -> list[GroupOption]:
    found = {name: [panel for panel in panels if panel.group_name == name] for name in grouped(panels)}
    return [
        GroupOption(name, str(kept.having(group=name)), len(members), members == list(chosen))
        for name, members in found.items()
    ]


def panels_label(visit: Visit, panels: Sequence[Panel], chosen: Sequence[Panel]) -> str:
    asked = [name for name in grouped(chosen) if folded(name) in wanted(visit.url, "group")]
    if len(asked) == 1 and all(panel.group_name == asked[0] for panel in chosen):
        return asked[0]
    if len(chosen) == len(panels):
        return visit.say("All panels")
    if len(chosen) == 1:
        return chosen[0].name
    return visit.count("%(number)s panel", "%(number)s panels", len(chosen), number=visit.fmt.number(len(chosen)))
