"""What of a list's address a view keeps, and the address that each person gets of it.

Only names that the list knows, each with a value that it understood, are kept. Panels are kept by their ids: one that is renamed stays in
the view, and one that somebody may not see is left out for them without being named.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection

from hyperpanel.db import panels, views
from hyperpanel.db.panels import Panel, folded
from hyperpanel.db.scope import Scope
from hyperpanel.db.staff import Person
from hyperpanel.db.views import View
from hyperpanel.errors import BadInput
from hyperpanel.support import roles
from hyperpanel.web import columns, list_filters, list_pages
from hyperpanel.web.addresses import Address
from hyperpanel.web.every_list import LISTS
from hyperpanel.web.languages import N_
from hyperpanel.web.list_filters import Asked, Field
from hyperpanel.web.list_kinds import ListKind
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.relative_moments import AGO
from hyperpanel.web.saved import Saved
from hyperpanel.web.visits import Visit

LONGEST = 12_000
SORT = "sort"
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Kept:
    """`pairs` as the address has them, and `query` as the database does."""

    pairs: Pairs
    query: str


def keep(connection: Connection, visit: Visit, kind: ListKind, query: str) -> Kept:
    """Raises BadInput, and Missing for a panel that is not there for this person."""
    at = replace(visit, url=Address(kind.path, tuple(parse_qsl(query[:LONGEST]))))
    asked = list_filters.read(at, kind.fields)
    if asked.errors:
        raise BadInput(N_("Correct the marked filter, then save the view."))
    list_pages.sorting(at.url, kind.listing)
    pairs = [(one.name, value) for one in kind.fields for value in lasting(one, asked)]
    pairs += [pair for pair in at.url.pairs if pair[0] == SORT]
    if named := columns.written(kind.kind, columns.asked(at.url, kind.kind)):
        pairs.append((columns.NAME, named))
    known = panels.all_of(connection, visit.scope)
    chosen(at, known)
    pairs += at.url.only(CHOICE).pairs
    return Kept(pairs, urlencode([by_id(known, pair) for pair in pairs]))


def lasting(one: Field, asked: Asked) -> Iterable[str]:
    """A moment that does not move on with the clock is kept in UTC: whoever opens the view may have another zone."""
    typed = asked.typed[one.name]
    if one.kind != "moment" or not typed or AGO.fullmatch(typed[0]):
        return typed
    return [f"{asked.filters[one.name][0]:%Y-%m-%dT%H:%M:%SZ}"]


def by_id(known: Iterable[Panel], pair: tuple[str, str]) -> tuple[str, str]:
    name, value = pair
    if name != "panel":
        return pair
    return name, next(str(panel.id) for panel in known if folded(panel.name) == folded(value))


def offered(connection: Connection, person: Person) -> tuple[Saved, ...]:
    """What this person has in the navigation and in the menus of lists."""
    found = views.offered(connection, person.id)
    if not found:
        return ()
    needs = any(name in CHOICE for view in found for name, _ in parse_qsl(view.query))
    known = panels.all_of(connection, Scope(person.panel_ids)) if needs else []
    given = (saved(person, view, known) for view in found)
    return tuple(view for view in given if view)


def saved(person: Person, view: View, known: Sequence[Panel]) -> Saved | None:
    """None where the list, or one of the filters, is not for this person, or none of the panels of another's view is."""
    kind = LISTS.get(view.noun)
    if kind is None or not roles.may(person.role, kind.permission):
        return None
    asked = parse_qsl(view.query)
    if not all(roles.may(person.role, kind.guarded[name]) for name, _ in asked if name in kind.guarded):
        return None
    about = seen(known, [pair for pair in asked if pair[0] in CHOICE])
    is_mine = view.staff_id == person.id
    if about is None and not is_mine:
        return None
    filters = {one.name for one in kind.fields} | {SORT}
    pairs = (*(pair for pair in asked if pair[0] in filters), *shown_columns(person, kind, asked), *(about or ()))
    return Saved(view.id, view.noun, view.name, is_mine, view.shared, view.owner, kind.path, pairs, about is None)


def seen(known: Sequence[Panel], asked: Pairs) -> Pairs | None:
    """Of the panels and groups that a view is about, those that are there; None where all of them are not."""
    names = {str(panel.id): panel.name for panel in known}
    groups = {folded(panel.group_name) for panel in known if panel.group_name}
    found = [
        (name, names.get(value, value))
        for name, value in asked
        if (value in names if name == "panel" else folded(value) in groups)
    ]
    return found if found or not asked else None


def shown_columns(person: Person, kind: ListKind, asked: Pairs) -> Pairs:
    named = [name for key, value in asked if key == columns.NAME for name in value.split(",")]
    may = {one.name for one in kind.kind.columns if not one.permission or roles.may(person.role, one.permission)}
    left = ",".join(name for name in named if name in may)
    return [(columns.NAME, left or columns.STAYS)] if named else []
