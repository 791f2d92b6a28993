"""Settings → Staff → Roles: every permission in words, and which roles have it. Nothing is set here: it is what the routes ask for."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar_htmx import HTMXRequest

from hyperpanel.support.roles import PERMISSIONS, ROLES
from hyperpanel.web.frame import ROLE_NAMES, frame
from hyperpanel.web.languages import N_
from hyperpanel.web.render import render
from hyperpanel.web.staff_rows import HERE
from hyperpanel.web.visits import visit_of

WORDS = {
    "self": N_("Sign in, and set one’s own preferences"),
    "orders:read": N_("See orders"),
    "tickets:read": N_("See tickets and their messages"),
    "users:read": N_("See customers"),
    "payments:read": N_("See payments"),
    "services:read": N_("See services"),
    "sync:read": N_("See how reading from the panels goes"),
    "tracking:read": N_("See service, user and ticket tracking"),
    "reported:read": N_("See reported services"),
    "snooze:set": N_("Put tracked services aside for a while"),
    "disputes:raise": N_("Dispute a flag on a reply"),
    "threads:fetch": N_("Have the threads of tickets read"),
    "reported:raise": N_("Report services"),
    "exports:make": N_("Export lists as files"),
    "ai:use": N_("Ask AI about tickets"),
    "profiles:edit": N_("Change tracking profiles"),
    "staff:measure": N_("See how each of the staff answers"),
    "disputes:decide": N_("Decide on disputed flags"),
    "finance:read": N_("See costs and margins"),
    "schedules:edit": N_("Schedule reports"),
    "provider:see": N_("See providers"),
    "sync:control": N_("Pause, resume and run the reading of panels"),
    "set_aside:read": N_("See records that were set aside"),
    "set_aside:decide": N_("Decide on records that were set aside"),
    "panels:read": N_("See the panels’ settings"),
    "reported:resolve": N_("Resolve reported services"),
    "descriptions:edit": N_("Edit and import service descriptions"),
    "announcements:edit": N_("Make announcements to the staff"),
    "views:share": N_("Share saved views"),
    "ai:report": N_("Have AI report on the tickets of a window"),
    "ai:prompts": N_("Change the prompts of AI"),
    "ai:ledger": N_("See what AI was asked, and what it cost"),
    "panels:edit": N_("Add, change and remove panels"),
    "styleguide:see": N_("See the style guide"),
    "speeds:set": N_("Set the promised speed of a service"),
    "sync:settings": N_("Change how often panels are read and how long records are kept"),
    "staff:manage": N_("Invite, change and disable staff"),
    "activity:read": N_("See what everybody did"),
    "ai:settings": N_("Set up AI: keys, budgets, and which panels use it"),
    "keys:manage": N_("Make and revoke keys of the admin API"),
}


@dataclass(frozen=True)
class Permission:
    """`held`: of each role in turn."""

    words: str
    name: str
    held: Sequence[bool]


@dataclass(frozen=True)
class Roles:
    roles: Sequence[str]
    permissions: Sequence[Permission]
    back_href: str


@get(HERE + "/roles", name="staff.roles", opt={"permission": "staff:manage"})
async def roles(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    order = [name for name in WORDS if name in PERMISSIONS]
    lines = [Permission(visit.say(WORDS[name]), name, [name in role for role in ROLES.values()]) for name in order]
    lines.sort(key=lambda line: -sum(line.held))
    view = Roles([visit.say(ROLE_NAMES[name]) for name in ROLES], lines, HERE)
    return render(request, frame(visit, "staff.roles", visit.say("Roles")), "staff/roles.html", view)
