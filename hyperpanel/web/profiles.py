"""Tracking → Profiles: the ways of looking that everybody shares, for service and for user tracking; made, copied, changed and deleted here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import panels
from hyperpanel.db.scope import Scope
from hyperpanel.errors import Missing
from hyperpanel.support import profile_forms, profiles
from hyperpanel.support.profile_forms import Typed
from hyperpanel.support.profiles import KINDS, SERVICES, USERS, Pick, Profile
from hyperpanel.web import profile_fields
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.profile_fields import Form, Picker, kind_of, picker, told
from hyperpanel.web.render import render, see_other
from hyperpanel.web.set_aside_lists import Tab
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

HERE = "/tracking/profiles"
LABELS = {SERVICES: N_("Service tracking"), USERS: N_("User tracking")}
REPORTS = {SERVICES: "/tracking/services", USERS: "/tracking/users"}
DONE = {
    "added": N_("The profile was added."),
    "saved": N_("The profile was saved."),
    "deleted": N_("The profile was deleted."),
}
HIDDEN = "hidden"
NOT_COPIED = N_("All that this profile picks is on panels that you do not see, so it cannot be copied.")


@dataclass(frozen=True)
class Line:
    """A profile in the list. `about`: how much it is about; `measure`: what else it says, in words; `href`: where it is changed, and
    `copy_href` where a copy is begun, by whoever may."""

    name: str
    report_href: str
    about: str
    measure: str
    hours: str
    created_at: datetime
    created_by: str
    href: str | None
    copy_href: str | None


@dataclass(frozen=True)
class Index:
    tabs: Sequence[Tab]
    lines: Sequence[Line]
    new_href: str | None
    usual: str
    done: str
    refused: str


@dataclass(frozen=True)
class New:
    """`hidden`: what is said of picks that a copy leaves out."""

    form: Form
    picker: Picker
    back_href: str
    hidden: str = ""


@dataclass(frozen=True)
class Edit:
    """`hidden`: how many picks are on panels that this person does not see; they stay."""

    href: str
    name: str
    form: Form
    picker: Picker
    hidden: str
    back_href: str


@get(HERE, name="profiles.index", opt={"permission": "tracking:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    kind = kind_of(request.query_params.get("kind", SERVICES))
    found = await visit.read(lambda connection: {each: profiles.all_of(connection, each) for each in KINDS})
    may_edit, done = visit.may("profiles:edit"), request.query_params.get("done", "")
    view = Index(
        tabs=[Tab(visit.say(LABELS[each]), list_href(each), len(found[each]), each == kind) for each in KINDS],
        lines=[line(visit, one, may_edit) for one in found[kind]],
        new_href=f"{HERE}/new?kind={kind}" if may_edit else None,
        usual=measure(visit, Profile("", kind, "", visit.now, "")),
        done=visit.say(DONE[done]) if done in DONE else "",
        refused=visit.say(NOT_COPIED) if done == HIDDEN else "",
    )
    return render(request, frame(visit, "profiles.index", visit.say("Profiles")), "profiles/index.html", view)


def list_href(kind: str) -> str:
    return f"{HERE}?kind={kind}"


def href_of(profile_id: str) -> str:
    return f"{HERE}/{quote(profile_id, safe='')}"


def line(visit: Visit, profile: Profile, may_edit: bool) -> Line:
    is_hidden = profile.settings.is_hidden(visit.scope)
    may_edit = may_edit and not is_hidden
    about = told(visit, profile.kind, len(profile.settings.seen(visit.scope)))
    return Line(
        name=shown(profile.name) or "",
        report_href=f"{REPORTS[profile.kind]}?profile={quote(profile.id, safe='')}",
        about=visit.say("None for you") if is_hidden else about,
        measure=measure(visit, profile),
        hours=visit.say("%(number)s h", number=visit.fmt.number(profile.settings.hours)),
        created_at=profile.created_at,
        created_by=shown(profile.created_by) or "",
        href=href_of(profile.id) if may_edit else None,
        copy_href=f"{HERE}/new?kind={profile.kind}&of={quote(profile.id, safe='')}" if may_edit else None,
    )


def measure(visit: Visit, profile: Profile) -> str:
    number = visit.fmt.number
    if profile.kind == SERVICES:
        made = profile.services
        return visit.say(
            "stuck after %(hours)s h · slow beyond ×%(multiplier)s · set apart under %(orders)s orders",
            hours=number(made.stuck_after),
            multiplier=number(made.multiplier),
            orders=number(made.min_orders),
        )
    users = profile.users
    return visit.say(
        "%(payments)s payments or more · spend of %(spend)s or more",
        payments=number(users.min_payments),
        spend=visit.fmt.money(users.least),
    )


@get(HERE + "/new", name="profiles.new", opt={"permission": "profiles:edit"})
async def new(request: HTMXRequest) -> Response[str]:
    """`of`: the profile that this begins as a copy of."""
    visit = visit_of(request)
    kind, of = kind_of(request.query_params.get("kind", SERVICES)), request.query_params.get("of")
    begun = await visit.read(
        lambda connection: copied(connection, visit, kind, of) if of else blank(connection, visit, kind)
    )
    return see_other(f"{list_href(kind)}&done={HIDDEN}") if begun is None else new_page(request, visit, begun)


def blank(connection: Connection, visit: Visit, kind: str) -> New:
    form = profile_fields.form(visit, kind, Typed())
    return New(form, picker(connection, visit, kind, ()), list_href(kind))


def copied(connection: Connection, visit: Visit, kind: str, of: str) -> New | None:
    """None where all that is picked is hidden: what is left, no picks at all, would mean everything."""
    model = profiles.one(connection, kind, of)
    if model.settings.is_hidden(visit.scope):
        return None
    typed, picked = profile_forms.typed(model), model.settings.seen(visit.scope)
    form = profile_fields.form(visit, kind, replace(typed, name=visit.say("Copy of %(name)s", name=model.name)))
    is_whole = len(picked) == len(model.settings.picked)
    hidden = "" if is_whole else visit.say("What is picked on panels that you do not see is not copied.")
    return New(form, picker(connection, visit, kind, picked), list_href(kind), hidden)


def new_page(request: HTMXRequest, visit: Visit, view: New, status: int = 200) -> Response[str]:
    title = visit.say("New profile for %(report)s", report=visit.say(LABELS[view.form.kind]))
    return render(request, frame(visit, "profiles.new", title), "profiles/new.html", view, {"picker"}, status)


@post(HERE + "/pick", opt={"permission": "profiles:edit"}, status_code=200)
async def pick(request: HTMXRequest) -> Response[str]:
    """The picker alone, as the form stands now: nothing is stored."""
    visit, given = visit_of(request), await profile_fields.sent(request)

    def made(connection: Connection) -> Picker:
        return picker(connection, visit, given.kind, picked_of(connection, visit, given.picked), given.q)

    form = profile_fields.form(visit, given.kind, given.typed)
    return new_page(request, visit, New(form, await visit.read(made), list_href(given.kind)))


def picked_of(connection: Connection, visit: Visit, words: Sequence[str]) -> list[Pick]:
    return profile_fields.picks_of(words, panels.all_of(connection, visit.scope))


@get(HERE + "/{profile:str}", name="profiles.edit", opt={"permission": "profiles:edit"})
async def edit(request: HTMXRequest, profile: FromPath[str]) -> Response[str]:
    visit = visit_of(request)

    def made(connection: Connection) -> Edit:
        found = one(connection, visit.scope, profile)
        form = profile_fields.form(visit, found.kind, profile_forms.typed(found))
        return editing(visit, found, form, picker(connection, visit, found.kind, found.settings.picked))

    return edit_page(request, visit, await visit.read(made))


def one(connection: Connection, scope: Scope, profile_id: str) -> Profile:
    """Of either kind. Raises Missing, also for one that is about panels alone that are not seen."""
    for kind in KINDS:
        for found in profiles.all_of(connection, kind):
            if found.id == profile_id and not found.settings.is_hidden(scope):
                return found
    raise Missing("profile")


def editing(visit: Visit, found: Profile, form: Form, picker: Picker) -> Edit:
    elsewhere = len(found.settings.picked) - len(found.settings.seen(visit.scope))
    hidden = visit.count(
        "%(number)s more is picked on panels that you do not see. It stays picked.",
        "%(number)s more are picked on panels that you do not see. They stay picked.",
        elsewhere,
        number=visit.fmt.number(elsewhere),
    )
    return Edit(
        href=href_of(found.id),
        name=shown(found.name) or "",
        form=form,
        picker=picker,
        hidden=hidden if elsewhere else "",
        back_href=list_href(found.kind),
    )


def edit_page(request: HTMXRequest, visit: Visit, view: Edit, status: int = 200) -> Response[str]:
    title = visit.say("Profile %(name)s", name=view.name)
    return render(request, frame(visit, "profiles.edit", title), "profiles/edit.html", view, {"picker"}, status)
