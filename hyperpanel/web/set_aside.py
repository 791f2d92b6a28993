"""Settings → Set aside: what waits for a person's decision, and the records that could not be read, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import orders, panels, set_aside
from hyperpanel.errors import Missing
from hyperpanel.web import set_aside_lists, set_aside_pages
from hyperpanel.web.empties import Empty
from hyperpanel.web.frame import frame
from hyperpanel.web.hold_cards import HoldCard, hold_card
from hyperpanel.web.panel_choice import chosen
from hyperpanel.web.render import render
from hyperpanel.web.set_aside_lists import Acts, Found, Tab, look
from hyperpanel.web.set_aside_pages import HERE
from hyperpanel.web.set_aside_rows import AsideRow, Values, aside_row, is_nameless, order_href, values
from hyperpanel.web.visits import Visit, visit_of


@dataclass(frozen=True)
class Notice:
    """What was just done, and where that is undone."""

    sentence: str
    undo_href: str | None = None


@dataclass(frozen=True)
class Index:
    """`live_href`: the same rows once more."""

    holds: Sequence[HoldCard]
    tabs: Sequence[Tab]
    streams: Sequence[Tab]
    rows: Sequence[AsideRow]
    count: int
    acts: Acts
    newer: int
    newest_href: str
    newer_href: str | None
    older_href: str | None
    live_href: str
    is_dismissed: bool
    many_panels: bool
    empty: Empty | None
    notice: Notice | None


@dataclass(frozen=True)
class Show:
    """`held_href`: the record as it was last read, where an earlier reading of it is held. `said`: what was just done.
    `is_nameless`: it cannot be asked for."""

    row: AsideRow
    came: Values
    held_href: str | None
    said: str
    is_nameless: bool
    back_href: str


@get(HERE, name="set_aside.index", opt={"permission": "set_aside:read"})
async def index(request: HTMXRequest) -> Response[str]:
    return await standing(request)


async def standing(request: HTMXRequest, notice: Notice | None = None) -> Response[str]:
    """The page, or the list alone where htmx asks for it."""
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit))
    around = frame(visit, "set_aside.index", visit.say("Set aside"), found.panels, found.chosen)
    return render(request, around, "set_aside/index.html", listed(visit, found, notice), {"rows"})


def listed(visit: Visit, found: Found, notice: Notice | None) -> Index:
    names, page = {panel.id: panel.name for panel in found.chosen}, found.page
    return Index(
        holds=[hold_card(visit, names[hold.panel_id], hold, found.samples) for hold in found.holds],
        tabs=set_aside_lists.tabs(visit, found),
        streams=set_aside_lists.streams(visit, found),
        rows=[aside_row(visit, names[line.panel_id], line) for line in page.rows],
        count=found.matching,
        acts=set_aside_lists.acts(visit, found),
        newer=page.newer,
        newest_href=str(set_aside_pages.top(visit.url)),
        newer_href=set_aside_pages.newer(visit.url, page),
        older_href=set_aside_pages.older(visit.url, page),
        live_href=set_aside_pages.live(visit.url, page),
        is_dismissed=page.asked.filters.dismissed,
        many_panels=len(found.chosen) > 1,
        empty=None if page.rows else set_aside_lists.empty(visit, found),
        notice=notice,
    )


@get(HERE + "/record", name="set_aside.show", opt={"permission": "set_aside:read"})
async def show(request: HTMXRequest) -> Response[str]:
    return await showing(request)


async def showing(request: HTMXRequest, said: str = "") -> Response[str]:
    visit = visit_of(request)
    view = await visit.read(lambda connection: one(connection, visit, said))
    around = frame(visit, "set_aside.show", visit.say("Record %(id)s", id=view.row.id))
    return render(request, around, "set_aside/show.html", view, {"drawer"})


def one(connection: Connection, visit: Visit, said: str) -> Show:
    """The record that the address names whole: panel, stream and id."""
    filters = set_aside_pages.asked(visit.url).filters
    some = chosen(visit, panels.all_of(connection, visit.scope))
    if len(some) != 1 or not filters.stream or not filters.record_id:
        raise Missing("record")
    [panel] = some
    found = set_aside.one(connection, visit.scope, panel.id, filters.stream, filters.record_id)
    if found is None:
        raise Missing("record")
    line, sealed = found
    is_held = line.stream == "orders" and orders.one(connection, visit.scope, panel.id, line.record_id) is not None
    return Show(
        row=aside_row(visit, panel.name, line),
        came=values(visit, line, sealed),
        held_href=order_href(panel.name, line.record_id) if is_held else None,
        said=said,
        is_nameless=is_nameless(line),
        back_href=HERE,
    )
