"""The form of a profile: as it was typed, with what is wrong beside each field, and the picker of its services or users.

Picks are written `eu-1/170`: the panel by its name. One of a panel that this person may not see is passed over, whoever wrote it there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import panels, picks
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput, Missing
from hyperpanel.support.profile_forms import Typed
from hyperpanel.support.profiles import KINDS, SERVICES, Pick
from hyperpanel.web.forms import fields_and_list
from hyperpanel.web.languages import NN_
from hyperpanel.web.list_filters import latin
from hyperpanel.web.panel_fields import worded
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

FIELDS = tuple(Typed.__dataclass_fields__)
LONGEST = 256
FOUND = 30
CURRENCIES = ("USD", "EUR", "TRY", "GBP", "RUB", "INR", "BRL", "IDR", "VND", "IRR", "IRT")
COUNTED = {
    "services": NN_("%(number)s service", "%(number)s services"),
    "users": NN_("%(number)s user", "%(number)s users"),
}


@dataclass(frozen=True)
class Sent:
    """`picked`: as the form names them; `q`: what is looked for."""

    kind: str
    typed: Typed
    picked: Sequence[str]
    q: str


@dataclass(frozen=True)
class Form:
    """As templates/parts/form.html reads it."""

    kind: str
    typed: Typed
    errors: Mapping[str, str] = field(default_factory=dict)
    currencies: Sequence[str] = CURRENCIES

    @property
    def first_wrong(self) -> str | None:
        return next((name for name in (*FIELDS, "picked") if name in self.errors), None)


@dataclass(frozen=True)
class Pickable:
    value: str
    panel: str
    id: str
    name: str
    is_picked: bool


@dataclass(frozen=True)
class Picker:
    """`picked` and not among those that are `found`: what is ticked stays where it is. `told`: how many are picked.
    `nothing`: said where what is looked for is not found. `error`: of the picks."""

    kind: str
    picked: Sequence[Pickable]
    found: Sequence[Pickable]
    told: str
    nothing: str
    error: str


async def sent(request: HTMXRequest) -> Sent:
    given, picked = await fields_and_list(request, "pick", "kind", "q", *FIELDS)
    typed = Typed(**{name: value[:LONGEST] for name, value in given.items() if name in FIELDS})
    return Sent(kind_of(given.get("kind", SERVICES)), typed, picked, given.get("q", "").strip()[:LONGEST])


def kind_of(word: str) -> str:
    if word not in KINDS:
        raise Missing("kind")
    return word


def form(visit: Visit, kind: str, typed: Typed, errors: Mapping[str, BadInput] | None = None) -> Form:
    return Form(kind, typed, worded(visit, errors or {}))


def picks_of(words: Iterable[str], known: Sequence[Panel]) -> list[Pick]:
    """Those of the panels that are known to this person."""
    by_name = {panel.name: panel.id for panel in known}
    parted = (word.partition("/") for word in words)
    return [(by_name[name], id) for name, _, id in parted if name in by_name and 0 < len(id) <= LONGEST]


def picker(
    connection: Connection, visit: Visit, kind: str, chosen: Iterable[Pick], q: str = "", error: str = ""
) -> Picker:
    known = panels.all_of(connection, visit.scope)
    by_id = {panel.id: panel.name for panel in known}
    mine = frozenset(pick for pick in chosen if pick[0] in by_id)
    found = picks.sought(connection, visit.scope, list(by_id), kind, latin(q), FOUND) if q else {}
    others = sorted(mine - found.keys())
    called = picks.names(connection, visit.scope, kind, others)
    return Picker(
        kind=kind,
        picked=[pickable(by_id, pick, called.get(pick), is_picked=True) for pick in others],
        found=[pickable(by_id, pick, name, is_picked=pick in mine) for pick, name in found.items()],
        told=told(visit, kind, len(mine)),
        nothing=visit.say("Nothing is found.") if q and not found else "",
        error=error,
    )


def pickable(by_id: Mapping[int, str], pick: Pick, name: str | None, *, is_picked: bool) -> Pickable:
    panel_id, id = pick
    panel = by_id[panel_id]
    return Pickable(f"{panel}/{id}", panel, shown(id) or "", shown(name) or "", is_picked)


def told(visit: Visit, kind: str, picked: int) -> str:
    """How much a profile is about."""
    if not picked:
        return visit.say("All services") if kind == SERVICES else visit.say("All users")
    return visit.count(*COUNTED[kind], picked, number=visit.fmt.number(picked))
