"""The services of the report in parts: what needs attention, warnings, healthy ones, those with too few orders, and the snoozed ones; narrowed,
put in order and cut into pages as the address says. There are some thousands at most, so all of it is done here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from hyperpanel.db.folding import fold
from hyperpanel.errors import BadInput
from hyperpanel.support.service_tracking import Row, Service
from hyperpanel.web.languages import N_
from hyperpanel.web.list_filters import latin
from hyperpanel.web.list_views import Head
from hyperpanel.web.visits import Visit
from reports.service_health import FEW, HEALTHY, URGENT

PAGE = 200
SOME = 20
"""So many of the healthy ones, and of those set apart, stand below the others; all of them on their own."""

ATTENTION, WARNINGS, WELL, APART, SNOOZED = "attention", "warning", "healthy", "few", "snoozed"
PARTS = {
    ATTENTION: N_("Needs attention"),
    WARNINGS: N_("Warnings"),
    WELL: N_("Healthy"),
    APART: N_("Set apart: too few orders"),
    SNOOZED: N_("Snoozed"),
}
SHORT = {**PARTS, APART: N_("Set apart")}
CUT = (WELL, APART)
SORTS: Mapping[str, Callable[[Row], Any]] = {
    "score": lambda row: (row.score is None, row.score, -row.stuck),
    "stuck": lambda row: -row.stuck,
    "slow": lambda row: (row.rated == 0, -row.slow_term),
    "name": lambda row: fold(row.name),
}
USUAL_SORT = "score"
COLUMNS = (
    ("score", N_("Score"), False, "score"),
    ("trend", N_("Trend"), False, ""),
    ("service", N_("Service"), False, "name"),
    ("panel", N_("Panel"), False, ""),
    ("stuck", N_("Stuck"), True, "stuck"),
    ("slow", N_("Slow"), True, "slow"),
    ("finished", N_("Finished"), True, ""),
    ("provider", N_("Provider"), False, ""),
    ("oldest", N_("Oldest stuck"), False, ""),
)


@dataclass(frozen=True)
class Tab:
    """A part with how many it holds; the first is all of them."""

    label: str
    href: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Part:
    """Of a page: `rows` of those that it has in all. `more_href`: where the others are."""

    name: str
    label: str
    count: int
    rows: Sequence[Row]
    more_href: str | None


@dataclass(frozen=True)
class Arranged:
    """`total`: how many match; where there are several pages, how many these hold, and `first` and `last` are those on this one."""

    tabs: Sequence[Tab]
    parts: Sequence[Part]
    total: int
    first: int
    last: int
    newer_href: str | None
    older_href: str | None
    q: str

    @property
    def rows(self) -> list[Row]:
        """Those on the page."""
        return [row for part in self.parts for row in part.rows]


def arrange(visit: Visit, rows: Sequence[Row], snoozed: frozenset[Service]) -> Arranged:
    """Raises BadInput for an order, a part or a page that no page of ours leads to."""
    q, band = value(visit, "q")[:256], value(visit, "band")
    if band and band not in PARTS:
        raise BadInput("no such part")
    matching = [row for row in rows if matches(row, q)]
    by_part = {name: [row for row in matching if part_of(row, snoozed) == name] for name in PARTS}
    shown = [band] if band else list(PARTS)
    kept = [(name, row) for name in shown for row in ordered(visit, by_part[name])[: None if band else most(name)]]
    page, pages = page_of(visit), -(-len(kept) // PAGE)
    on_page = kept[(page - 1) * PAGE : page * PAGE]
    here = visit.url.without("page")
    return Arranged(
        tabs=tabs(visit, by_part, band),
        parts=[part(visit, name, by_part[name], some, band) for name, some in parted(on_page)],
        total=len(kept) if pages > 1 else sum(len(by_part[name]) for name in shown),
        first=(page - 1) * PAGE + 1 if pages > 1 else 0,
        last=(page - 1) * PAGE + len(on_page),
        newer_href=None if page == 1 else str(here.having(page=str(page - 1)) if page > 2 else here),
        older_href=str(here.having(page=str(page + 1))) if page < pages else None,
        q=q,
    )


def value(visit: Visit, name: str) -> str:
    return next((value.strip() for key, value in visit.url.pairs if key == name), "")


def page_of(visit: Visit) -> int:
    text = value(visit, "page") or "1"
    if not text.isascii() or not text.isdecimal() or len(text) > 4 or int(text) < 1:
        raise BadInput("no such page")
    return int(text)


def matches(row: Row, q: str) -> bool:
    """By a part of its name, or by its number."""
    return not q or row.service_id == latin(q) or fold(q) in fold(row.name)


def part_of(row: Row, snoozed: frozenset[Service]) -> str:
    if row.service in snoozed:
        return SNOOZED
    if row.band in URGENT:
        return ATTENTION
    return {HEALTHY: WELL, FEW: APART}.get(row.band, WARNINGS)


def most(name: str) -> int | None:
    return SOME if name in CUT else None


def sorting(visit: Visit) -> tuple[str, bool]:
    """The order, and whether it is turned round. Raises BadInput."""
    asked = value(visit, "sort") or USUAL_SORT
    if asked.removeprefix("-") not in SORTS:
        raise BadInput("no such order of rows")
    return asked.removeprefix("-"), asked.startswith("-")


def ordered(visit: Visit, rows: Sequence[Row]) -> list[Row]:
    """By the report's own order where two are alike."""
    sort, is_turned = sorting(visit)
    return sorted(rows, key=SORTS[sort], reverse=is_turned)


def parted(kept: Sequence[tuple[str, Row]]) -> list[tuple[str, list[Row]]]:
    return [(name, [row for _, row in some]) for name, some in groupby(kept, key=lambda one: one[0])]


def part(visit: Visit, name: str, whole: Sequence[Row], some: Sequence[Row], band: str) -> Part:
    is_cut = not band and name in CUT and len(whole) > SOME
    more = str(visit.url.without("page").having(band=name)) if is_cut else None
    return Part(name, visit.say(PARTS[name]), len(whole), some, more)


def tabs(visit: Visit, by_part: Mapping[str, Sequence[Row]], band: str) -> list[Tab]:
    here = visit.url.without("band", "page")
    every = Tab(visit.say("All"), str(here), sum(map(len, by_part.values())), not band)
    each = [
        Tab(visit.say(SHORT[name]), str(here.having(band=name)), len(rows), band == name)
        for name, rows in by_part.items()
    ]
    return [every, *(tab for tab in each if tab.count or tab.chosen)]


def heads(visit: Visit, many_panels: bool, sees_provider: bool) -> list[Head]:
    hidden = {*(() if many_panels else ("panel",)), *(() if sees_provider else ("provider",))}
    return [head(visit, *column) for column in COLUMNS if column[0] not in hidden]


def head(visit: Visit, name: str, label: str, is_number: bool, sort: str) -> Head:
    """What comes first when a column is chosen is the worst; of names, the first."""
    if not sort:
        return Head(name, visit.say(label), is_number, "", None)
    chosen, is_turned = sorting(visit)
    here = visit.url.without("sort", "page")
    turned = f"-{sort}" if chosen == sort and not is_turned else sort
    falls = (sort in ("stuck", "slow")) != is_turned
    order = ("descending" if falls else "ascending") if chosen == sort else "none"
    href = str(here if turned == USUAL_SORT else here.having(sort=turned))
    return Head(name, visit.say(label), is_number, order, href)
