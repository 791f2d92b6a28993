"""Saved views where they are opened: the menu on a list, and the lines under a page of the navigation."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from hyperpanel.web.addresses import Address
from hyperpanel.web.panel_choice import CHOICE
from hyperpanel.web.saved import Saved, current, in_navigation
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

KEPT = ("sort", "columns")


@dataclass(frozen=True)
class Item:
    """`owner`: whose it is, where that is somebody else. `counts`: whether the number of its rows is asked for."""

    id: int
    name: str
    href: str
    current: bool
    owner: str | None
    counts: bool


@dataclass(frozen=True)
class Menu:
    """`query`: what a new one would keep. `changed`: the person's own one that this address came from and no longer is."""

    noun: str
    items: Sequence[Item]
    name: str | None
    query: str
    changed: Item | None
    may_share: bool


def items(visit: Visit, noun: str, some: Sequence[Saved]) -> list[Item]:
    open_now = current(visit.views, noun, visit.url)
    counted = {view.id for view in in_navigation(visit.views, noun)}
    is_here = open_now is not None and visit.url.path == open_now.path
    return [
        Item(
            view.id,
            shown(view.name) or "",
            view.href,
            is_here and view is open_now,
            None if view.mine else shown(view.owner),
            view.id in counted,
        )
        for view in some
    ]


def navigated(visit: Visit, noun: str) -> list[Item]:
    return items(visit, noun, in_navigation(visit.views, noun))


def menu(visit: Visit, noun: str, filters: Collection[str]) -> Menu:
    """`filters`: the names of those that the list has for this person."""
    given = [view for view in visit.views if view.noun == noun and not view.lost]
    every = items(visit, noun, sorted(given, key=lambda view: not view.mine))
    open_now = next((item for item in every if item.current), None)
    kept = current(visit.views, noun, visit.url)
    here = visit.url.only({*filters, *KEPT, *CHOICE})
    may_change = kept is not None and kept.mine and (not kept.shared or visit.may("views:share"))
    is_changed = kept is not None and may_change and told(here) != told(Address(kept.path, kept.pairs))
    return Menu(
        noun=noun,
        items=every,
        name=open_now.name if open_now else None,
        query=urlencode(here.pairs),
        changed=open_now if is_changed else None,
        may_share=visit.may("views:share"),
    )


def told(address: Address) -> list[tuple[str, str]]:
    """Columns are a set, however they are written."""
    columns = {name for key, value in address.pairs if key == "columns" for name in value.split(",") if name}
    others = [pair for pair in address.without("columns").pairs if pair[1]]
    return sorted((*others, ("columns", ",".join(sorted(columns | {"id"}))) if columns else ("columns", "")))
