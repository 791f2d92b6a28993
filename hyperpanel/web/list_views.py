"""What every list shows around its rows: how many there are, where one is among them, what stands above, and the heads of its columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from hyperpanel.db.lists import Count, Listing
from hyperpanel.web import columns, list_pages, view_menus
from hyperpanel.web.addresses import Address
from hyperpanel.web.empties import Empty
from hyperpanel.web.frame import POSITION, AsOf
from hyperpanel.web.list_filters import Form
from hyperpanel.web.list_kinds import Column, Kind
from hyperpanel.web.list_pages import Turned
from hyperpanel.web.visits import Visit


@dataclass(frozen=True)
class Head:
    """A column. `name` is its class (c-id); `order`: ascending, descending or none, where rows can stand by it; `href` turns that round."""

    name: str
    label: str
    is_number: bool
    order: str
    href: str | None


@dataclass(frozen=True)
class Listed:
    """`name`: what is listed, as a noun of the address; `label`: the same for people. `first`: the number of the first row, 0 where unknown.
    `total`: how many there are, in words. `live_href`: the same rows once more. `stream`: whose news concerns it,
    `since` the last of them that it shows. `moves`: whether a row that changes may come to the top. `shown`: the columns, by their names."""

    name: str
    stream: str
    label: str
    heads: Sequence[Head]
    rows: int
    first: int
    number: str
    total: str
    newer: int
    newest_href: str
    newer_href: str | None
    older_href: str | None
    live_href: str
    since: int
    moves: bool
    shown: frozenset[str]
    empty: Empty | None
    stale: str | None
    form: Form
    path: str
    columns: columns.Menu
    views: view_menus.Menu
    export_href: str | None


def counted(visit: Visit, count: Count) -> str:
    number = visit.fmt.number(count.number)
    return number if count.is_whole else visit.say("%(number)s+", number=number)


def head(visit: Visit, column: Column, listing: Listing, page: Turned) -> Head:
    label = visit.say(column.label)
    if not column.sort:
        return Head(column.name, label, column.is_number, "", None)
    is_this = column.sort == page.sort
    usual_falling = not listing.sorts[column.sort].rising
    falling = not page.falling if is_this else usual_falling
    is_usual = column.sort == next(iter(listing.sorts)) and falling == usual_falling
    here = visit.url.without("sort", *POSITION)
    href = str(here if is_usual else here.having(sort=f"{'-' if falling else ''}{column.sort}"))
    order = ("descending" if page.falling else "ascending") if is_this else "none"
    return Head(column.name, label, column.is_number, order, href)


def listed(
    visit: Visit,
    kind: Kind,
    listing: Listing,
    page: Turned,
    form: Form,
    many_panels: bool,
    empty: Empty | None,
    as_of: AsOf | None,
) -> Listed:
    number, shown = counted(visit, page.count), columns.shown(visit, kind, many_panels)
    return Listed(
        name=kind.name,
        stream=kind.stream,
        label=visit.say(kind.label),
        heads=[head(visit, column, listing, page) for column in shown],
        rows=len(page.rows),
        first=page.first,
        number=number,
        total=visit.count(*kind.counted, page.count.number, total=number),
        newer=page.newer,
        newest_href=str(visit.url.without(*POSITION)),
        newer_href=list_pages.newer(visit.url, page),
        older_href=list_pages.older(visit.url, page),
        live_href=list_pages.live(visit.url, page),
        since=page.since,
        moves=page.sort != "created",
        shown=columns.names_of(shown),
        empty=None if page.rows else empty,
        stale=as_of.reason if as_of and as_of.state != "on_time" else None,
        form=form,
        path=visit.url.path,
        columns=columns.menu(visit, kind, many_panels),
        views=view_menus.menu(visit, kind.name, [one.name for one in form.fields]),
        export_href=export_href(visit, kind),
    )


def export_href(visit: Visit, kind: Kind) -> str | None:
    """Where this list is asked for as a file, by whoever may."""
    here = Address(f"/exports/begin/{kind.name}", visit.url.without(*POSITION, "view").pairs)
    return str(here) if visit.may("exports:make") else None
