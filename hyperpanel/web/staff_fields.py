"""The form for somebody's role and panels: what was typed, what may be chosen, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from litestar_htmx import HTMXRequest

from hyperpanel.db.panels import Panel, folded
from hyperpanel.db.staff import Person
from hyperpanel.errors import BadInput
from hyperpanel.support import people, roles
from hyperpanel.support.wanted import N_
from hyperpanel.web.forms import fields_and_list
from hyperpanel.web.frame import ROLE_NAMES
from hyperpanel.web.panel_choice import grouped
from hyperpanel.web.panel_fields import worded
from hyperpanel.web.visits import Visit

ALL, SOME = "all", "some"
NO_PANEL = N_("Choose at least one panel.")
FIELDS = ("username", "role", "panels", "panel")


@dataclass(frozen=True)
class Tick:
    """A panel; or a group, with how many panels are in it now."""

    value: str
    label: str
    count: int | None
    chosen: bool


@dataclass(frozen=True)
class Form:
    """As templates/parts/form.html reads it. `may_give_all`: who sees some panels cannot hand out every one."""

    typed: Mapping[str, str]
    roles: Sequence[tuple[str, str]]
    groups: Sequence[Tick]
    panels: Sequence[Tick]
    may_give_all: bool
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_wrong(self) -> str | None:
        return next((name for name in FIELDS if name in self.errors), None)


@dataclass(frozen=True)
class Sent:
    """`chosen`: names of panels, and of groups with people.GROUP before them."""

    typed: Mapping[str, str]
    chosen: Sequence[str] = ()


@dataclass(frozen=True)
class Judged:
    """`panel_ids` None is every panel. Nothing of it counts where there are errors."""

    name: str
    role: str
    panel_ids: Sequence[int] | None
    errors: Mapping[str, BadInput]


async def sent(request: HTMXRequest) -> Sent:
    given, chosen = await fields_and_list(request, "panel", "username", "role", "panels")
    return Sent({"username": "", "role": "", "panels": SOME, **given}, chosen)


def judge(visit: Visit, sent: Sent, known: Sequence[Panel], name: str | None = None) -> Judged:
    """`name` is that of somebody who has one already."""
    errors: dict[str, BadInput] = {}
    shown, panel_ids = name or "", None
    try:
        shown = name or people.username(sent.typed["username"])
    except BadInput as problem:
        errors["username"] = problem
    if sent.typed["role"] not in roles.ROLES:
        errors["role"] = BadInput(N_("Choose a role."), "role")
    if sent.typed["panels"] != ALL or not may_give_all(visit):
        panel_ids = picked(sent.chosen, known, errors)
    return Judged(shown, sent.typed["role"], panel_ids, errors)


def picked(chosen: Sequence[str], known: Sequence[Panel], errors: dict[str, BadInput]) -> Sequence[int]:
    if not chosen:
        errors["panel"] = BadInput(NO_PANEL, "panel")
    try:
        return people.picked(chosen, known)
    except BadInput as problem:
        errors["panel"] = problem
        return ()


def may_give_all(visit: Visit) -> bool:
    return visit.scope.panel_ids is None


def empty(visit: Visit) -> Sent:
    return Sent({"username": "", "role": "support", "panels": ALL if may_give_all(visit) else SOME})


def as_it_is(person: Person, known: Sequence[Panel]) -> Sent:
    typed = {"username": person.username, "role": person.role, "panels": ALL if person.panel_ids is None else SOME}
    return Sent(typed, [panel.name for panel in known if person.panel_ids and panel.id in person.panel_ids])


def form(visit: Visit, sent: Sent, known: Sequence[Panel], errors: Mapping[str, BadInput]) -> Form:
    chosen = {folded(choice) for choice in sent.chosen}
    sizes = {group: sum(panel.group_name == group for panel in known) for group in grouped(known)}
    groups = [
        Tick(f"{people.GROUP}{group}", group, count, folded(f"{people.GROUP}{group}") in chosen)
        for group, count in sizes.items()
    ]
    return Form(
        typed=sent.typed,
        roles=[(name, visit.say(ROLE_NAMES[name])) for name in roles.ROLES],
        groups=groups,
        panels=[Tick(panel.name, panel.name, None, folded(panel.name) in chosen) for panel in known],
        may_give_all=may_give_all(visit),
        errors=worded(visit, errors),
    )
