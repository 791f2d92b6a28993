"""Volume and margin over time: a line each for what was left of the charges, for cost and for margin, by the days of whoever looks."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import polars as pl

from hyperpanel.db.feeds import Feed
from hyperpanel.web import charts
from hyperpanel.web.dashboard_totals import rounded
from hyperpanel.web.formats import day as day_word
from hyperpanel.web.margin_rows import bounds
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from reports.windows import Window
from sync.money import Money


def chart(
    visit: Visit, window: Window, days: pl.DataFrame, currency: str, feeds: Iterable[Feed], csv_href: str
) -> charts.Lines | None:
    """Charged less what was given back, cost and margin of each day. Days from before anything is held are not known."""
    first, last = (at.astimezone(visit.zone).date() for at in (window.since, window.until - timedelta(microseconds=1)))
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    if len(dates) < 2:
        return None
    held = held_from(feeds)
    found = {row["day"]: row for row in days.filter(pl.col("currency") == currency).to_dicts()}
    names = {"net": visit.say("Net"), "cost": visit.say("Cost"), "margin": visit.say("Margin")}

    def value(date: date, name: str) -> float | None:
        if held is not None and bounds(visit, date)[1] <= held:
            return None
        if date not in found:
            return 0
        is_known = name == "net" or found[date]["known"] > 0
        return int(found[date][name]) if is_known else None

    series = [(label, [value(date, name) for date in dates]) for name, label in names.items()]

    def written(units: float) -> str:
        return visit.fmt.money(rounded(Money(int(units), currency)))

    return charts.lines(
        "margin",
        visit.say("Net, cost and margin per day, %(currency)s", currency=shown(currency) or ""),
        told(visit, window),
        [day_word(date, visit.language.locale) for date in dates],
        [one for one in series if any(value is not None for value in one[1])],
        written,
        visit.say("Day"),
        csv_href=csv_href and str(with_day(csv_href)),
    )


def told(visit: Visit, window: Window) -> str:
    return visit.say("By the days of %(zone)s; the first and the last may be parts of days.", zone=visit.zone.key)


def with_day(href: str) -> str:
    path, _, query = href.partition("?")
    return f"{path}?{'&'.join([*(part for part in query.split('&') if part and not part.startswith('by=')), 'by=day'])}"


def held_from(feeds: Iterable[Feed]) -> datetime | None:
    """From when on orders of any panel are held."""
    reached = [feed.reached for feed in feeds]
    return None if not reached or None in reached else min(at for at in reached if at is not None)
