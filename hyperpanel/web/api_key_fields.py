"""The forms of a key: what was typed, what may be chosen, and what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from litestar_htmx import HTMXRequest

from hyperpanel.db.api_keys import Key
from hyperpanel.db.panels import Panel, folded
from hyperpanel.errors import BadInput
from hyperpanel.support import api_key_fields as rules
from hyperpanel.support import people
from hyperpanel.support.api_key_fields import Wanted
from hyperpanel.support.api_keys import SCOPES, grantable
from hyperpanel.web.api_key_words import GROUPS, SCOPE_WORDS
from hyperpanel.web.forms import fields, fields_and_list
from hyperpanel.web.panel_fields import worded
from hyperpanel.web.staff_fields import Tick
from hyperpanel.web.visits import Visit

T = TypeVar("T")
SCOPE = "scope-"
"""Before a scope's name: each is a field of its own."""

LIVES = ("30", "90", "180", "365")
FIELDS = ("name", "scopes", "panel", "expires", "addresses", "per_minute")
CHANGEABLE = ("name", "addresses", "per_minute")


@dataclass(frozen=True)
class ScopeTick:
    field: str
    name: str
    label: str
    allows: str
    chosen: bool


@dataclass(frozen=True)
class ScopeGroup:
    title: str
    ticks: Sequence[ScopeTick]


@dataclass(frozen=True)
class Form:
    """As templates/parts/form.html reads it; without scopes, panels and lives where a key is changed."""

    typed: Mapping[str, str]
    scopes: Sequence[ScopeGroup] = ()
    panels: Sequence[Tick] = ()
    lives: Sequence[tuple[str, str]] = ()
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_wrong(self) -> str | None:
        return next((name for name in FIELDS if name in self.errors), None)


@dataclass(frozen=True)
class Sent:
    typed: Mapping[str, str]
    scopes: Sequence[str] = ()
    panels: Sequence[str] = ()


@dataclass
class Judge:
    """Gathers what is wrong, so that all of it is said at once."""

    errors: dict[str, BadInput] = field(default_factory=dict)

    def take(self, work: Callable[[], T], instead: T) -> T:
        try:
            return work()
        except BadInput as problem:
            self.errors[problem.field] = problem
            return instead


async def sent(request: HTMXRequest) -> Sent:
    boxes = [f"{SCOPE}{name}" for name in SCOPES]
    given, chosen = await fields_and_list(request, "panel", *CHANGEABLE, "expires", *boxes)
    scopes = [name for name in SCOPES if given.get(f"{SCOPE}{name}")]
    typed = {name: given.get(name, "") for name in (*CHANGEABLE, "expires")}
    return Sent(typed, scopes, chosen)


def judged(visit: Visit, given: Sent, known: Sequence[Panel]) -> tuple[Wanted, Mapping[str, BadInput]]:
    """Nothing of the first counts where there are errors."""
    judge, typed = Judge(), given.typed
    picked: Sequence[int] = judge.take(lambda: people.picked(given.panels, known), [])
    wanted = Wanted(
        name=judge.take(lambda: rules.name(typed["name"]), ""),
        scopes=judge.take(lambda: rules.scopes(given.scopes, offered(visit)), frozenset()),
        panel_ids=frozenset(picked) if given.panels else None,
        addresses=judge.take(lambda: rules.addresses(typed["addresses"]), ()),
        per_minute=judge.take(lambda: rules.per_minute(typed["per_minute"]), 1),
        lasts=judge.take(lambda: rules.lasts(typed["expires"]), visit.console.idle),
    )
    return wanted, judge.errors


async def changes(request: HTMXRequest) -> tuple[Sent, Mapping[str, str | int], Mapping[str, BadInput]]:
    """What was typed, the values it comes to, and what is wrong with it."""
    given = await fields(request, *CHANGEABLE)
    typed = {name: given.get(name, "") for name in CHANGEABLE}
    judge = Judge()
    values: dict[str, str | int] = {
        "name": judge.take(lambda: rules.name(typed["name"]), ""),
        "addresses": " ".join(judge.take(lambda: rules.addresses(typed["addresses"]), ())),
        "per_minute": judge.take(lambda: rules.per_minute(typed["per_minute"]), 1),
    }
    return Sent(typed), values, judge.errors


def offered(visit: Visit) -> list[str]:
    """What this person can give."""
    allowed = grantable(visit.person) if visit.person else frozenset()
    return [name for _, names in GROUPS for name in names if name in allowed]


def empty(visit: Visit) -> Sent:
    usual = str(visit.console.settings.api.per_minute)
    return Sent({"name": "", "addresses": "", "per_minute": usual, "expires": "90"})


def as_it_is(key: Key) -> Sent:
    return Sent({"name": key.name, "addresses": " ".join(key.addresses), "per_minute": str(key.per_minute)})


def form(visit: Visit, given: Sent, known: Sequence[Panel], errors: Mapping[str, BadInput]) -> Form:
    chosen = {folded(name) for name in given.panels}
    return Form(
        typed=given.typed,
        scopes=[one for one in scope_groups(visit, given) if one.ticks],
        panels=[Tick(panel.name, panel.name, None, folded(panel.name) in chosen) for panel in known],
        lives=[(days, visit.count("%(number)s day", "%(number)s days", int(days), number=days)) for days in LIVES],
        errors=worded(visit, errors),
    )


def scope_groups(visit: Visit, given: Sent) -> list[ScopeGroup]:
    can = offered(visit)
    return [
        ScopeGroup(visit.say(title), [scope_tick(visit, name, given) for name in names if name in can])
        for title, names in GROUPS
    ]


def scope_tick(visit: Visit, name: str, given: Sent) -> ScopeTick:
    label, allows = SCOPE_WORDS[name]
    return ScopeTick(f"{SCOPE}{name}", name, visit.say(label), visit.say(allows), name in given.scopes)
