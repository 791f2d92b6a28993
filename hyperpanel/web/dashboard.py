"""The dashboard: what needs a person now, orders by status, totals, and how fresh all of it is. Every figure opens its rows.

It costs the same for a thousand orders and for ten million: what it shows was counted as the rows were written (hyperpanel.db.tallies).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import feeds, holds, news, panels, set_aside, tallies, totals
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import Scope
from hyperpanel.web import (
    ages,
    announcement_lines,
    dashboard_grids,
    dashboard_needs,
    dashboard_people,
    dashboard_totals,
    dashboard_urgent,
)
from hyperpanel.web.announcement_lines import Line
from hyperpanel.web.dashboard_figures import Figures, Found, Waits, by_panel, is_leaving, stood, streams
from hyperpanel.web.dashboard_grids import Grid
from hyperpanel.web.dashboard_needs import FAILED, Needs, Strip
from hyperpanel.web.dashboard_totals import UNANSWERED, Total, bounds
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.frame import AsOf, frame
from hyperpanel.web.panel_choice import chosen
from hyperpanel.web.render import render, wanted_block
from hyperpanel.web.visits import Visit, visit_of
from reports import freshness


@dataclass(frozen=True)
class Index:
    """`matrix` and `by_panel` are None where there is nothing to show in them. `heard`: the streams whose news concerns the page, `since` the
    last of them that it shows."""

    empty: Empty | None
    needs: Needs
    matrix: Grid | None
    totals: Sequence[Total]
    by_panel: Grid | None
    strip: Strip
    heard: str
    since: int
    announcements: Sequence[Line] = ()


@get("/", name="dashboard.index", opt={"permission": "self"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found, told = await visit.read(lambda connection: (look(connection, visit), lines(connection, visit, request)))
    around = frame(visit, "dashboard.index", visit.say("Dashboard"), found.panels, found.chosen, as_of(visit, found))
    view = replace(shown(visit, found), announcements=told)
    return render(request, around, "dashboard/index.html", view, {"board"})


def lines(connection: Connection, visit: Visit, request: HTMXRequest) -> Sequence[Line]:
    """They stand above the board, which is asked for alone every few seconds."""
    return announcement_lines.lines(connection, visit) if wanted_block(request, {"board"}) is None else ()


def look(connection: Connection, visit: Visit) -> Found:
    known = panels.all_of(connection, visit.scope)
    picked = chosen(visit, known)
    told = feeds.all_of(connection, visit.scope.narrowed(panel.id for panel in picked), visit.now)
    leaving = {feed.panel_id for feed in told if is_leaving(feed)}
    some = [panel for panel in picked if panel.id not in leaving]
    scope, seen = visit.scope.narrowed(panel.id for panel in some), streams(visit)
    held = [one for one in tallies.all_of(connection, scope) if one.stream in seen]
    standing = stood(visit, [feed for feed in told if feed.panel_id not in leaving])
    figures = Figures(held, standing)
    read = {feed: counts.total() for feed, counts in figures.counts.items()}
    return Found(
        panels=known,
        chosen=picked,
        some=some,
        stood=standing,
        figures=figures,
        days=visit.console.lines.of(connection, scope, read, bounds(visit), visit.now),
        failed=waits(connection, scope, figures, some, "orders", FAILED),
        unanswered=waits(connection, scope, figures, some, "tickets", UNANSWERED),
        decisions=decisions(connection, scope) if visit.may("set_aside:read") else Waits(),
        set_aside=apart(connection, scope) if visit.may("set_aside:read") else Waits(),
        reported=dashboard_people.reported(connection, visit, scope),
        failed_sign_ins=dashboard_people.failed_sign_ins(connection, visit),
        urgent=dashboard_urgent.urgent(connection, visit, scope),
        down=dashboard_urgent.down(connection, visit, scope),
        news=news.last(connection),
    )


def waits(
    connection: Connection,
    scope: Scope,
    figures: Figures,
    some: Sequence[Panel],
    stream: str,
    statuses: Sequence[str],
) -> Waits:
    number = figures.number(some, stream, statuses)
    return Waits(number, totals.waiting_since(connection, scope, stream, statuses)) if number else Waits()


def decisions(connection: Connection, scope: Scope) -> Waits:
    waiting = holds.waiting(connection, scope)
    return Waits(len(waiting), min((hold.at for hold in waiting), default=None))


def apart(connection: Connection, scope: Scope) -> Waits:
    number = sum(set_aside.counts(connection, scope).values())
    return Waits(number, totals.set_aside_since(connection, scope)) if number else Waits()


def as_of(visit: Visit, found: Found) -> AsOf | None:
    """Of the lists that are counted here."""
    seen = streams(visit)
    return ages.as_of(visit, found.some, [feed for feed, _ in found.stood if feed.stream in seen])


def shown(visit: Visit, found: Found) -> Index:
    seen, figures = streams(visit), found.figures
    lined = dashboard_grids.lined(visit, found.some, found.panels, states(visit, found, seen))
    return Index(
        empty=None if found.chosen else no_panels(visit),
        needs=dashboard_needs.needs(
            visit, found, (*dashboard_urgent.needs(visit, found), *dashboard_people.needs(visit, found))
        ),
        matrix=dashboard_grids.matrix(visit, lined, figures) if "orders" in seen and found.some else None,
        totals=dashboard_totals.totals(visit, found, figures, seen),
        by_panel=dashboard_totals.by_panel(visit, lined, figures, seen) if seen and len(found.some) > 1 else None,
        strip=dashboard_needs.strip(visit, found),
        heard=" ".join(sorted(seen)),
        since=found.news,
    )


def states(visit: Visit, found: Found, seen: Sequence[str]) -> dict[int, tuple[str, str]]:
    """By panel where it stands with what is counted here, and why."""
    mine = [(feed, state) for feed, state in found.stood if feed.stream in seen]
    names, made = {panel.id: panel for panel in found.some}, {}
    for panel_id, its in by_panel(mine).items():
        state = dashboard_needs.worst(its)
        late = [one for one in its if one[1] != freshness.ON_TIME]
        made[panel_id] = state, ages.together(visit, ages.reasons(visit, [names[panel_id]], late))
    return made
