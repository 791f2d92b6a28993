"""Which columns of a list are shown: those that the address names, of those that the person may see; all where it names none.

The set of shown columns is part of the key under which a row is kept (hyperpanel.web.templates.Kept), so equal choices are one object.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hyperpanel.errors import BadInput
from hyperpanel.web.addresses import Address
from hyperpanel.web.frame import POSITION
from hyperpanel.web.languages import N_
from hyperpanel.web.list_kinds import Column, Kind
from hyperpanel.web.visits import Visit

NAME = "columns"
STAYS = "id"
"""Each row is opened by it."""


@dataclass(frozen=True)
class Choice:
    """A column in the menu. One that `stays` cannot be left out."""

    name: str
    label: str
    chosen: bool
    stays: bool


@dataclass(frozen=True)
class Menu:
    """`here`: the rest of the address, which stays when columns change; `unoffered`: chosen columns that are not in the menu while one
    panel alone is in view."""

    choices: Sequence[Choice]
    here: Sequence[tuple[str, str]]
    unoffered: Sequence[str]
    every_href: str

    @property
    def hidden(self) -> int:
        return sum(not choice.chosen for choice in self.choices)


@lru_cache(maxsize=1000)
def one_set(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(names)


def asked(address: Address, kind: Kind) -> frozenset[str]:
    """The names in the address, `id,user,charge` or each by itself; every column where there are none. Raises BadInput."""
    found = {name for key, value in address.pairs if key == NAME for name in value.split(",") if name}
    known = tuple(column.name for column in kind.columns)
    if not found <= set(known):
        raise BadInput(N_("There is no such column in this list."))
    return one_set(tuple(name for name in known if not found or name in found or name == STAYS))


def may_see(visit: Visit, column: Column) -> bool:
    return not column.permission or visit.may(column.permission)


def shown(visit: Visit, kind: Kind, many_panels: bool) -> list[Column]:
    """In their order. That of the panel has nothing to say of one panel."""
    names = asked(visit.url, kind)
    return [
        column
        for column in kind.columns
        if column.name in names and may_see(visit, column) and (many_panels or not column.many_panels)
    ]


def names_of(columns: Iterable[Column]) -> frozenset[str]:
    return one_set(tuple(column.name for column in columns))


def written(kind: Kind, names: frozenset[str]) -> str:
    """As it stands in an address: nothing for all."""
    every = [column.name for column in kind.columns]
    return "" if names.issuperset(every) else ",".join(name for name in every if name in names)


def menu(visit: Visit, kind: Kind, many_panels: bool) -> Menu:
    names = asked(visit.url, kind)
    allowed = [one for one in kind.columns if may_see(visit, one)]
    offered = [one for one in allowed if many_panels or not one.many_panels]
    here = visit.url.without(NAME, *POSITION)
    return Menu(
        choices=[Choice(one.name, visit.say(one.label), one.name in names, one.name == STAYS) for one in offered],
        here=here.pairs,
        unoffered=[one.name for one in allowed if one.name in names and one not in offered],
        every_href=str(here),
    )
