"""Settings → AI ledger: every call to a provider with its tokens, its cost and its time, put together by one thing at a time.

What is asked for stands in the address: `by` is what is put together (hyperpanel.db.ai_ledger.WAYS), `purpose`, `provider` and `state` as
often as wanted, `staff` one username, `ticket` one number, `from` and `to` moments (the last 30 days else), `panel` as everywhere, `after` a
place among the calls. Whoever sees some panels only sees their calls only, and neither the budget of all nor those of persons.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import ai_ledger, ai_prompts, ai_providers, panels, staff
from hyperpanel.db.ai_ledger import Filters, Page, Sums
from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput
from hyperpanel.support.report_files import Table
from hyperpanel.web import ai_ledger_budgets, list_filters
from hyperpanel.web import ai_ledger_rows as rows
from hyperpanel.web import ai_ledger_words as words
from hyperpanel.web.ai_ledger_rows import Bar, CallRow, Line, Titles
from hyperpanel.web.chart_files import csv_file
from hyperpanel.web.empties import Empty
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.list_filters import Asked, Field, Form
from hyperpanel.web.panel_choice import CHOICE, chosen, wanted
from hyperpanel.web.render import render
from hyperpanel.web.report_windows import Choice
from hyperpanel.web.visits import Visit, visit_of

HERE = "/settings/ai/ledger"
MAY = "ai:ledger"
AFTER, BY = "after", "by"
USUAL = timedelta(days=30)
LONGEST = timedelta(days=400)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MOST_LINES = 100
FIELDS = (
    Field("ticket", N_("Ticket"), "id", main=True, wrong=N_("A number has digits and Latin letters only.")),
    Field("staff", N_("Staff"), "text", main=True),
    Field("purpose", N_("Purpose"), "some", words.PURPOSES, main=True),
    Field("provider", N_("Provider"), "some", words.PROVIDERS),
    Field("state", N_("Outcome"), "some", words.STATES, main=True),
    Field("from", N_("From"), "moment", hint="-7d"),
    Field("to", N_("Until"), "moment", hint="2026-02-01", after="from"),
)
CSV = ("calls", "failed", "tokens_in", "tokens_out", "estimated", "cost_usd", "without_price", "median_ms", "p95_ms")


@dataclass(frozen=True)
class Listed:
    """As the filters of any list are drawn: `parts/list.html`."""

    form: Form
    path: str


@dataclass(frozen=True)
class Index:
    """`told`: from when to when; `rest`: how many lines there are beyond those shown; `older_href`: None on the last page; `is_cut`: further
    calls wait to be looked at."""

    list: Listed
    told: str
    bars: Sequence[Bar]
    no_budget: bool
    total: Line | None
    ways: Sequence[Choice]
    by_label: str
    lines: Sequence[Line]
    rest: str
    csv_href: str
    rows: Sequence[CallRow]
    is_top: bool
    is_cut: bool
    newest_href: str
    older_href: str | None
    empty: Empty | None


@dataclass(frozen=True)
class Found:
    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    filters: Filters
    sums: Sequence[Sums]
    total: Sums | None
    page: Page
    titles: Titles
    actors: Sequence[str]
    bars: Sequence[Bar]
    has_budget: bool


@get(HERE, name="ai_ledger.index", opt={"permission": MAY})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    asked = list_filters.read(visit, FIELDS)
    found = await visit.read(lambda connection: look(connection, visit, asked))
    around = frame(visit, "ai_ledger.index", visit.say("AI ledger"), found.panels, found.chosen)
    return render(request, around, "ai_ledger/index.html", listed(visit, asked, found))


@get(HERE + "/file", name="ai_ledger_file", opt={"permission": MAY})
async def file(request: HTMXRequest) -> Response[bytes]:
    visit = visit_of(request)
    asked = list_filters.read(visit, FIELDS)
    found = await visit.read(lambda connection: look(connection, visit, asked))
    return csv_file(f"ai-ledger-by-{way(visit)}", table(visit, found))


def look(connection: Connection, visit: Visit, asked: Asked) -> Found:
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    filters = filtered(visit, asked, some, known)
    wrong = bool(asked.errors)
    lines, total = ([], None) if wrong else ai_ledger.put_together(connection, filters, way(visit), visit.zone)
    budgets = ai_providers.chosen(connection)
    return Found(
        panels=known,
        chosen=some,
        filters=filters,
        sums=ordered(way(visit), lines),
        total=total,
        page=Page() if wrong else ai_ledger.page(connection, filters, after(visit)),
        titles=Titles({panel.id: panel.name for panel in known}, ai_prompts.titles(connection)),
        actors=actors_of(connection, visit),
        bars=ai_ledger_budgets.bars(connection, visit, budgets, known),
        has_budget=ai_ledger_budgets.is_set(budgets),
    )


def ordered(by: str, found: Sequence[Sums]) -> list[Sums]:
    """Days from the latest on, else what took most tokens first."""
    if by == "day":
        return sorted(found, key=lambda one: -one.key[0])
    return sorted(found, key=lambda one: (-one.tokens_in - one.tokens_out, -one.count, str(one.key)))


def actors_of(connection: Connection, visit: Visit) -> list[str]:
    """Who can be chosen from; whoever sees some panels only types the name."""
    return [person.username for person in staff.all_of(connection)] if visit.scope.panel_ids is None else []


def filtered(visit: Visit, asked: Asked, some: Sequence[Panel], known: Sequence[Panel]) -> Filters:
    one = {name: values[0] for name, values in asked.filters.items()}
    until = max(min(one.get("to") or visit.now, visit.now), EARLIEST) + timedelta(microseconds=1)
    since = min(max(one.get("from") or until - USUAL, until - LONGEST), until)
    narrow = any(wanted(visit.url, name) for name in CHOICE) or visit.scope.panel_ids is not None
    ticket = one.get("ticket")
    seen = some if narrow else known if ticket else None
    return Filters(
        since=since,
        until=until,
        panels=None if seen is None else frozenset(panel.id for panel in seen),
        purposes=asked.filters.get("purpose", ()),
        providers=asked.filters.get("provider", ()),
        states=asked.filters.get("state", ()),
        by=one.get("staff"),
        ticket=ticket,
    )


def way(visit: Visit) -> str:
    asked = next((value for name, value in visit.url.pairs if name == BY), "")
    return asked if asked in words.WAYS else "day"


def after(visit: Visit) -> ai_ledger.Place | None:
    """Raises BadInput for what no page of ours leads to."""
    text = next((value for name, value in visit.url.pairs if name == AFTER and value), None)
    found = ai_ledger.place(text) if text else None
    if text and found is None:
        raise BadInput("an impossible place in the list")
    return found


def listed(visit: Visit, asked: Asked, found: Found) -> Index:
    top, further, by = visit.url.without(AFTER), found.page.further, way(visit)
    lines = [rows.line(visit, by, one, found.titles) for one in found.sums]
    return Index(
        list=Listed(list_filters.form(visit, asked, options={"staff": {actor: actor for actor in found.actors}}), HERE),
        told=f"{visit.fmt.exact(found.filters.since)} – {visit.fmt.exact(found.filters.until)}",
        bars=found.bars,
        no_budget=not found.has_budget,
        total=rows.line(visit, "all", found.total, found.titles) if found.total else None,
        ways=[Choice(visit.say(label), str(top.having(by=name)), name == by) for name, label in words.WAYS.items()],
        by_label=visit.say(words.WAYS[by]),
        lines=lines[:MOST_LINES],
        rest=rest(visit, len(lines) - MOST_LINES),
        csv_href=str(replace(top, path=f"{HERE}/file")),
        rows=[rows.call_row(visit, call, found.titles) for call in found.page.rows],
        is_top=after(visit) is None,
        is_cut=found.page.is_cut,
        newest_href=str(top),
        older_href=None if further is None else str(top.having(after=str(further))),
        empty=None if found.page.rows or found.total else empty(visit, asked),
    )


def rest(visit: Visit, more: int) -> str:
    if more <= 0:
        return ""
    number = visit.fmt.number(more)
    return visit.count(
        "%(number)s more row is in the CSV.", "%(number)s more rows are in the CSV.", more, number=number
    )


def empty(visit: Visit, asked: Asked) -> Empty:
    say = visit.say
    if asked.errors:
        return Empty(say("Correct the marked filter to see anything."), None, None)
    if asked.is_narrow:
        cleared = visit.url.without(AFTER, *(one.name for one in FIELDS))
        return Empty(say("No call is like that."), say("Clear the filters"), str(cleared))
    return Empty(say("No provider was asked yet. Translate, Intent and Analyze on a ticket do that."), None, None)


def table(visit: Visit, found: Found) -> Table:
    """The lines as they are put together, with all digits; costs in US dollars."""
    by = way(visit)
    lines = [(rows.LABELS[by](visit, one, found.titles), one) for one in found.sums]
    return Table(
        (by, "beside", *CSV),
        [
            [label, beside, one.count, one.failed, one.tokens_in, one.tokens_out, one.estimated,
             priced(one), one.unpriced, one.middle, one.late]
            for (label, beside, _), one in lines
        ],
    )  # fmt: skip


def priced(one: Sums) -> Decimal | None:
    """What is not known is left empty."""
    return None if one.unpriced and not one.cost else Decimal(one.cost).scaleb(-rows.SCALE)
