"""The four totals, each with its list, its money by currency and a line of thirty days; and the same by panel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from hyperpanel.db.panels import Panel
from hyperpanel.support.currencies import decimals
from hyperpanel.web import ages
from hyperpanel.web.dashboard_figures import STREAMS, Figures, Found
from hyperpanel.web.dashboard_grids import UNKNOWN, Cell, Grid, Head, Lined, Pairs, count, grid, listing
from hyperpanel.web.frame import AsOf
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import CHOICE
from hyperpanel.web.visits import Visit
from reports import freshness
from sync.money import Money, scale

DAYS = 30
WIDTH, HEIGHT = 116, 28
"""Of a line's own drawing space: 29 steps of four, and room for the pen."""

UNANSWERED = ("pending", "open")
"""Tickets whose next word is the staff's."""

COMPLETED = ("completed",)
MONEY = {
    "orders": (N_("Charged"), None, ()),
    "users": (N_("Balances"), None, ()),
    "payments": (N_("Completed"), COMPLETED, (("status", "completed"),)),
}
"""What the amounts of a stream are; the statuses that count, and the list of those."""


@dataclass(frozen=True)
class Line:
    """New records a day: `path` draws those that are over, and `today` goes on from there. `told`: the same in words."""

    path: str
    today: str
    told: str


@dataclass(frozen=True)
class Amount:
    """`round`: to the decimals that the currency is written with. Sums of thousands of charges have more."""

    exact: Money
    round: Money


@dataclass(frozen=True)
class Total:
    """`number` is empty where nothing was read. `as_of` where not every panel is on time: that is what the figures leave out."""

    stream: str
    label: str
    href: str
    number: str
    amounts: Sequence[Amount]
    amounts_label: str
    amounts_href: str | None
    line: Line | None
    today: str
    month: str
    as_of: AsOf | None


def bounds(visit: Visit) -> tuple[datetime, ...]:
    """The beginnings of the last days where the person is, today's the last but one."""
    today = visit.now.astimezone(visit.zone).date()
    dates = [today + timedelta(days=n) for n in range(1 - DAYS, 2)]
    return tuple(datetime.combine(date, time(), visit.zone).astimezone(UTC) for date in dates)


def totals(visit: Visit, found: Found, figures: Figures, streams: Sequence[str]) -> list[Total]:
    return [total(visit, found, figures, stream) for stream in streams]


def total(visit: Visit, found: Found, figures: Figures, stream: str) -> Total:
    label, path, _ = STREAMS[stream]
    panels = [panel for panel in found.some if (panel.id, stream) in figures.states]
    is_known = figures.is_known(panels, stream)
    told, statuses, narrower = MONEY.get(stream, ("", None, ()))
    pairs = visit.url.only(CHOICE).pairs
    numbers = summed([found.days[panel.id, stream] for panel in panels if (panel.id, stream) in found.days])
    mine = [(feed, state) for feed, state in found.stood if feed.stream == stream]
    is_late = any(state != freshness.ON_TIME for _, state in mine)
    number = visit.fmt.number
    return Total(
        stream=stream,
        label=visit.say(label),
        href=listing(path, pairs) or path,
        number=number(figures.number(panels, stream)) if is_known else "",
        amounts=[Amount(one, rounded(one)) for one in figures.money(panels, stream, statuses)] if told else [],
        amounts_label=visit.say(told) if told else "",
        amounts_href=listing(path, (*pairs, *narrower)) if narrower else None,
        line=line(visit, numbers) if is_known and numbers else None,
        today=visit.say("%(number)s today", number=number(numbers[-1])) if is_known and numbers else "",
        month=visit.say("%(number)s in 30 days", number=number(sum(numbers))) if is_known and numbers else "",
        as_of=ages.as_of(visit, panels, [feed for feed, _ in mine]) if is_late else None,
    )


def summed(lines: Sequence[Sequence[int]]) -> list[int]:
    return [sum(numbers) for numbers in zip(*lines, strict=True)]


def line(visit: Visit, numbers: Sequence[int]) -> Line:
    """From the bottom up: half as many must look like half."""
    top, step = max(1, *numbers), (WIDTH - 4) / (len(numbers) - 1)
    points = [(2 + place * step, HEIGHT - 2 - (HEIGHT - 4) * number / top) for place, number in enumerate(numbers)]
    *over, last = [f"{x:.1f} {y:.1f}" for x, y in points]
    written = visit.fmt.number
    told = visit.say(
        "New a day in the last 30 days: from %(least)s to %(most)s, today %(today)s so far.",
        least=written(min(numbers[:-1])),
        most=written(max(numbers)),
        today=written(numbers[-1]),
    )
    return Line(f"M{'L'.join(over)}", f"M{over[-1]}L{last}", told)


def rounded(amount: Money) -> Money:
    """Half up; whole units of the last decimal that the currency is written with."""
    step = int(10 ** (scale(amount.currency) - decimals(amount.currency)))
    return Money((amount.units + step // 2) // step * step, amount.currency)


Figure = Callable[[Sequence[Panel], Pairs | None], Cell]


def by_panel(visit: Visit, lined: Lined, figures: Figures, streams: Sequence[str]) -> Grid:
    """Each stream's number and money side by side, a line a panel."""
    columns = [column for stream in streams for column in of_stream(visit, figures, stream)]

    def fill(panels: Sequence[Panel], pairs: Pairs | None) -> list[Cell]:
        return [figure(panels, pairs) for _, figure in columns]

    return grid(visit, "panels", visit.say("By panel"), [head for head, _ in columns], lined, fill)


def of_stream(visit: Visit, figures: Figures, stream: str) -> list[tuple[Head, Figure]]:
    label, path, _ = STREAMS[stream]
    pairs = visit.url.only(CHOICE).pairs
    made = [(Head(visit.say(label), "", listing(path, pairs)), number_of(visit, figures, stream, None))]
    if stream == "tickets":
        waiting = listing(path, (*pairs, *(("status", status) for status in UNANSWERED)))
        made.append((Head(visit.say("Unanswered"), "", waiting), number_of(visit, figures, stream, UNANSWERED)))
    if stream in MONEY:
        told, statuses, narrower = MONEY[stream]
        head = Head(visit.say(told), "", listing(path, (*pairs, *narrower)) if narrower else None)
        made.append((head, money_of(visit, figures, stream, statuses, narrower)))
    return made


def number_of(visit: Visit, figures: Figures, stream: str, statuses: Sequence[str] | None) -> Figure:
    narrower = tuple(("status", status) for status in statuses or ())

    def figure(panels: Sequence[Panel], pairs: Pairs | None) -> Cell:
        number = figures.number(panels, stream, statuses) if figures.is_known(panels, stream) else None
        return count(visit, number, listing(STREAMS[stream][1], None if pairs is None else (*pairs, *narrower)))

    return figure


def money_of(visit: Visit, figures: Figures, stream: str, statuses: Sequence[str] | None, narrower: Pairs) -> Figure:
    def figure(panels: Sequence[Panel], pairs: Pairs | None) -> Cell:
        amounts = [visit.fmt.money(rounded(amount)) for amount in figures.money(panels, stream, statuses)]
        href = listing(STREAMS[stream][1], (*pairs, *narrower)) if amounts and pairs is not None else None
        return Cell(amounts or [UNKNOWN], href, "" if amounts else "unknown")

    return figure
