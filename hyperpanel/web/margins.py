"""Volume and margin: what was charged, given back, paid to providers and left, by panel, service, customer, provider or day; one currency at a
time.

Every row opens the orders that it was made of. The file that is saved comes from the same function as the page, with all rows and currencies.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import feeds, panels
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.support import margins
from hyperpanel.support.margins import Asked, Made
from hyperpanel.web import ages, margin_charts, margin_rows, report_windows
from hyperpanel.web.chart_files import csv_file
from hyperpanel.web.charts import Lines
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.frame import AsOf, frame
from hyperpanel.web.languages import N_
from hyperpanel.web.margin_rows import Sums
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.render import render
from hyperpanel.web.report_windows import Choice, Windowed
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of

HERE = "/tracking/margins"
PRESETS, USUAL = (24, 72, 168, 720), 168
MOST_ROWS = 200
WAYS = {
    "panel": N_("Panel"),
    "service": N_("Service"),
    "user": N_("User"),
    "provider": N_("Provider"),
    "day": N_("Day"),
}


@dataclass(frozen=True)
class Index:
    """`told`: which panels are on time, where not all are. `totals`: a line for each currency; `apart`: what no margin was made of, in
    sentences. `rest`: how many rows there are beyond those shown."""

    windowed: Windowed
    empty: Empty | None
    as_of: AsOf | None
    told: str
    ways: Sequence[Choice]
    by_label: str
    currencies: Sequence[Choice]
    totals: Sequence[Sums]
    chart: Lines | None
    rows: Sequence[Sums]
    rest: str
    apart: Sequence[str]
    csv_href: str


@dataclass(frozen=True)
class Found:
    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    feeds: Sequence[Feed]


@get(HERE, name="margins.index", opt={"permission": "finance:read"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    found = await visit.read(partial(look, visit=visit))
    window = shown_window(visit, found)
    made = await visit.console.database.reader.ask(margins.made, asked(visit, found, window, most=MOST_ROWS))
    as_of = ages.as_of(visit, found.chosen, found.feeds)
    around = frame(visit, "margins.index", visit.say("Volume and margin"), found.panels, found.chosen, as_of)
    view = index_of(visit, found, window, made, as_of)
    return render(request, around, "margins/index.html", view, status=422 if window.is_wrong else 200)


@get(HERE + "/file", name="margins_file", opt={"permission": "finance:read"})
async def file(request: HTMXRequest) -> Response[bytes]:
    visit = visit_of(request)
    found = await visit.read(partial(look, visit=visit))
    wanted = asked(visit, found, shown_window(visit, found))
    table = await visit.console.database.reader.ask(margins.table, wanted)
    return csv_file(f"volume-and-margin-by-{wanted.by}", table)


def look(connection: Connection, visit: Visit) -> Found:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    scope = visit.scope.narrowed(panel.id for panel in some)
    return Found(known, some, feeds.all_of(connection, scope, visit.now, "orders") if some else [])


def shown_window(visit: Visit, found: Found) -> Windowed:
    made = report_windows.windowed(visit, PRESETS, USUAL, found.feeds, found.chosen)
    return replace(made, choices=[renamed(visit, *pair) for pair in zip(PRESETS, made.choices, strict=True)])


def renamed(visit: Visit, hours: int, choice: Choice) -> Choice:
    """Beyond some days nobody counts in hours."""
    days = hours // 24
    if hours <= 72:
        return choice
    return replace(choice, label=visit.count("%(number)s day", "%(number)s days", days, number=visit.fmt.number(days)))


def asked(visit: Visit, found: Found, window: Windowed, most: int | None = None) -> Asked:
    scope = visit.scope.narrowed(panel.id for panel in found.chosen)
    given = dict(visit.url.pairs)
    by = given.get("by", "")
    return Asked(
        scope,
        window.window,
        by if by in ways(visit) else "panel",
        visit.zone,
        given.get("currency", "") if most else None,
        most,
    )


def ways(visit: Visit) -> list[str]:
    return [way for way in WAYS if way != "provider" or visit.may("provider:see")]


def index_of(visit: Visit, found: Found, window: Windowed, made: Made, as_of: AsOf | None) -> Index:
    here, is_late = visit.url, as_of is not None and as_of.state != "on_time"
    by = asked(visit, found, window).by
    csv_href = str(replace(here.without("currency"), path=f"{HERE}/file"))
    lines = margin_rows.Lines(visit, window.window, {panel.id: panel.name for panel in found.chosen}, here.only(CHOICE))
    totals, currency = margin_rows.totals(lines, made), made.currency
    return Index(
        windowed=window,
        empty=nothing(visit, found, made),
        as_of=as_of,
        told=as_of.told if as_of and is_late else "",
        ways=[Choice(visit.say(WAYS[way]), str(here.having(by=way)), way == by) for way in ways(visit)],
        by_label=visit.say(WAYS[by]),
        currencies=[
            Choice(shown(one) or "", str(here.having(currency=one)), one == currency)
            for one in made.count
            if one and len(made.count) > 1
        ],
        totals=totals,
        chart=margin_charts.chart(visit, window.window, made.days, currency, found.feeds, csv_href)
        if currency
        else None,
        rows=margin_rows.rows(lines, made.rows, by),
        rest=rest(visit, made),
        apart=margin_rows.apart(visit, made),
        csv_href=csv_href,
    )


def nothing(visit: Visit, found: Found, made: Made) -> Empty | None:
    if not found.chosen:
        return no_panels(visit)
    if made.totals.height == 0:
        return Empty(visit.say("No orders were created in this time."), None, None)
    return None


def rest(visit: Visit, made: Made) -> str:
    more = made.count.get(made.currency, 0) - made.rows.height
    if more <= 0:
        return ""
    number = visit.fmt.number(more)
    return visit.count(
        "%(number)s more row is in the CSV.", "%(number)s more rows are in the CSV.", more, number=number
    )
