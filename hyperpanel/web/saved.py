"""A saved view as somebody gets it: the address that it leads to, which holds only panels and columns that this person may see."""

from collections.abc import Iterable
from dataclasses import dataclass

from hyperpanel.web.addresses import Address

PARAMETER = "view"
"""What says in an address which view it came from."""

IN_NAVIGATION = 8
"""Of each list. The menu on the list has all."""


@dataclass(frozen=True)
class Saved:
    """`noun`: which list; `mine`: whether this person saved it, else `owner` did. `lost`: it is theirs, and nothing that it is about is there
    for them: its panels, or groups that had another name."""

    id: int
    noun: str
    name: str
    mine: bool
    shared: bool
    owner: str
    path: str
    pairs: tuple[tuple[str, str], ...]
    lost: bool = False

    @property
    def href(self) -> str:
        return str(Address(self.path, (*self.pairs, (PARAMETER, str(self.id)))))


def in_navigation(views: Iterable[Saved], noun: str) -> list[Saved]:
    """Their own before those of others."""
    found = [view for view in views if view.noun == noun and not view.lost]
    return sorted(found, key=lambda view: not view.mine)[:IN_NAVIGATION]


def current(views: Iterable[Saved], noun: str, address: Address) -> Saved | None:
    """The one that this address came from, if it is one that this person has."""
    named = next((value for name, value in address.pairs if name == PARAMETER), "")
    some = (view for view in views if view.noun == noun and not view.lost)
    return next((view for view in some if str(view.id) == named), None)
