"""Tables of figures with a line for each panel: panels of one group stand together under their sum, which opens and closes.

What is open stands in the address, so that a live update keeps it. A few panels are open at first; a fleet begins with its sums.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hyperpanel.db.panels import Panel
from hyperpanel.web import ages
from hyperpanel.web.addresses import Address
from hyperpanel.web.dashboard_figures import Figures
from hyperpanel.web.order_rows import STATUSES, status_label, status_tone
from hyperpanel.web.panel_choice import CHOICE, grouped
from hyperpanel.web.visits import Visit
from reports import freshness

OPEN = "open"
NONE, OTHERS = "-", "*"
"""Stand for "none is open", and for the panels that are in no group: no group is called so."""

OPEN_AT_FIRST = 24
MOST_LINES = 40
NAMED = 20
"""So many panels are named in one address."""

LINKS = 20_000
TONES = {freshness.LATE: "warn", freshness.PAUSED: "idle", freshness.KEY: "bad", freshness.NEVER: "unknown"}
UNKNOWN = "–"
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Section:
    """Panels under one heading, or under none. `pairs` choose them in an address; None where that would be too long."""

    name: str
    panels: Sequence[Panel]
    pairs: Pairs | None
    is_open: bool
    toggle_href: str


@dataclass(frozen=True)
class Cell:
    """`lines`: one figure, or one for each currency. `kind`: none, zero or unknown."""

    lines: Sequence[str]
    href: str | None
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """`kind`: group, panel or all. `tone` and `state` where the panel is not on time, and `reason` why."""

    id: str
    kind: str
    name: str
    href: str | None
    toggle_href: str | None
    is_open: bool
    tone: str
    state: str
    reason: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Head:
    label: str
    tone: str
    href: str | None


@dataclass(frozen=True)
class Grid:
    """`rest_label`: how many panels there are, where not all of them stand here."""

    name: str
    label: str
    heads: Sequence[Head]
    rows: Sequence[Row]
    rest_href: str | None
    rest_label: str


Fill = Callable[[Sequence[Panel], Pairs | None], Sequence[Cell]]
"""The cells of a line about these panels."""


def sections(visit: Visit, panels: Sequence[Panel], known: Sequence[Panel]) -> list[Section]:
    """`known`: all panels that there are, by which a group is whole or not."""
    names = grouped(panels)
    opened = open_of(visit, panels, names)
    made = [section(visit, name, [one for one in panels if one.group_name == name], known, opened) for name in names]
    others = [panel for panel in panels if not panel.group_name]
    return made + ([section(visit, OTHERS, others, known, opened)] if others else [])


def open_of(visit: Visit, panels: Sequence[Panel], names: Sequence[str]) -> frozenset[str]:
    asked = frozenset(value for name, value in visit.url.pairs if name == OPEN)
    return asked or (frozenset({*names, OTHERS}) if len(panels) <= OPEN_AT_FIRST or not names else frozenset())


def section(
    visit: Visit, name: str, panels: Sequence[Panel], known: Sequence[Panel], opened: frozenset[str]
) -> Section:
    is_whole = name != OTHERS and len(panels) == sum(panel.group_name == name for panel in known)
    named = tuple(("panel", panel.name) for panel in panels) if len(panels) <= NAMED else None
    toggled = opened ^ {name}
    others = tuple((OPEN, one) for one in sorted(toggled - {NONE}) or [NONE])
    href = str(Address(visit.url.path, (*visit.url.without(OPEN).pairs, *others)))
    return Section(
        visit.say("In no group") if name == OTHERS else name,
        panels,
        (("group", name),) if is_whole else named,
        name in opened,
        href,
    )


def grid(visit: Visit, name: str, label: str, heads: Sequence[Head], found: "Lined", fill: Fill) -> Grid:
    rows: list[Row] = []
    for place, one in enumerate(found.sections):
        if found.has_headings:
            rows.append(heading(f"{name}-{place}", one, fill))
        if one.is_open or not found.has_headings:
            rows += [line(visit, name, panel, found, fill) for panel in one.panels[: found.most]]
    panels = [panel for one in found.sections for panel in one.panels]
    if len(panels) > 1:
        pairs = visit.url.only(CHOICE).pairs
        rows.append(
            Row(f"{name}-all", "all", visit.say("All panels"), None, None, True, "", "", "", fill(panels, pairs))
        )
    return Grid(name, label, heads, rows, found.rest_href, found.rest_label)


@dataclass(frozen=True)
class Lined:
    """The lines that every grid of the page has. `states`: where each panel stands with what the grid shows, and why."""

    sections: Sequence[Section]
    states: dict[int, tuple[str, str]]
    most: int | None
    rest_href: str | None
    rest_label: str

    @property
    def has_headings(self) -> bool:
        return len(self.sections) > 1


def lined(visit: Visit, panels: Sequence[Panel], known: Sequence[Panel], states: dict[int, tuple[str, str]]) -> Lined:
    made = sections(visit, panels, known)
    is_cut = len(made) == 1 and len(panels) > MOST_LINES and (OPEN, OTHERS) not in visit.url.pairs
    href = str(visit.url.without(OPEN).having(**{OPEN: OTHERS})) if is_cut else None
    label = visit.say("Show all %(number)s panels", number=visit.fmt.number(len(panels))) if is_cut else ""
    return Lined(made, states, MOST_LINES if is_cut else None, href, label)


def heading(name: str, one: Section, fill: Fill) -> Row:
    href = listing("/orders", one.pairs)
    return Row(name, "group", one.name, href, one.toggle_href, one.is_open, "", "", "", fill(one.panels, one.pairs))


def line(visit: Visit, name: str, panel: Panel, found: Lined, fill: Fill) -> Row:
    pairs = (("panel", panel.name),)
    state, reason = found.states.get(panel.id, (freshness.ON_TIME, ""))
    tone = TONES.get(state, "")
    label = visit.say(ages.STATES[state]) if tone else ""
    href = listing("/orders", pairs)
    return Row(f"{name}-{panel.name}", "panel", panel.name, href, None, True, tone, label, reason, fill([panel], pairs))


@lru_cache(maxsize=LINKS)
def listing(path: str, pairs: Pairs | None, **filters: str) -> str | None:
    """A list narrowed to some panels; kept, since each of a page's figures has one."""
    return None if pairs is None else str(Address(path, (*pairs, *filters.items())))


def count(visit: Visit, number: int | None, href: str | None) -> Cell:
    """None where nothing was read: that is no zero."""
    if number is None:
        return Cell([UNKNOWN], None, "unknown")
    return Cell([visit.fmt.number(number)], href if number else None, "" if number else "zero")


def matrix(visit: Visit, found: Lined, figures: Figures) -> Grid:
    """Panels by the status of their orders; words that nobody knows stand last."""
    shown = [*STATUSES, *sorted(figures.statuses("orders") - STATUSES.keys())]
    here = visit.url.only(CHOICE, "/orders")
    heads = [
        Head(
            status_label(visit.language, status),
            status_tone(status),
            str(Address("/orders", (*here.pairs, ("status", status)))),
        )
        for status in shown
    ]

    def fill(panels: Sequence[Panel], pairs: Pairs | None) -> list[Cell]:
        is_known = figures.is_known(panels, "orders")
        numbers = [figures.number(panels, "orders", (status,)) if is_known else None for status in shown]
        total = figures.number(panels, "orders") if is_known else None
        cells = [
            count(visit, number, listing("/orders", pairs, status=status))
            for status, number in zip(shown, numbers, strict=True)
        ]
        return [*cells, count(visit, total, listing("/orders", pairs))]

    every = Head(visit.say("All"), "", str(here))
    return grid(visit, "matrix", visit.say("Orders by status"), [*heads, every], found, fill)
