"""The lines of volume and margin as they are shown: words, rounded amounts with the exact ones behind them, and where each of them leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import polars as pl

from hyperpanel.support.margins import Made
from hyperpanel.web.addresses import Address
from hyperpanel.web.dashboard_totals import Amount, rounded
from hyperpanel.web.formats import day as day_word
from hyperpanel.web.texts import shown
from hyperpanel.web.typed_moments import typed
from hyperpanel.web.visits import Visit
from reports.windows import Window
from sync.money import Money

UNKNOWN = "–"
AMOUNTS = ("revenue", "returned", "net", "cost", "margin")


@dataclass(frozen=True)
class Sums:
    """`label` and what stands `beside` it; `href` opens the orders. `amounts`: charged, given back, what is left of it, cost and margin; the
    last two are None where of no order both are known. `known`: how many orders the margin is of, where it is not of all."""

    label: str
    beside: str
    href: str | None
    orders: str
    amounts: Sequence[Amount | None]
    share: str
    known: str
    is_loss: bool


@dataclass(frozen=True)
class Lines:
    """What all lines of a page need. `here`: the chosen panels, as an address says them."""

    visit: Visit
    window: Window
    names: Mapping[int, str]
    here: Address

    def to(
        self, *pairs: tuple[str, str], panel: int | None = None, window: tuple[datetime, datetime] | None = None
    ) -> str:
        """The orders of this window, of all currencies: the list has no filter for one."""
        begin, end = window or (self.window.since, self.window.until)
        since, until = (typed(at, self.visit.zone) for at in (begin, end))
        some = self.here.pairs if panel is None else (("panel", self.names[panel]),)
        return str(Address("/orders", (*some, *pairs, ("created_from", since), ("created_to", until))))


def totals(lines: Lines, made: Made) -> list[Sums]:
    """A line for each currency, the one that most orders are in first; of several, each says whose orders its link opens."""
    found = sorted(made.totals.to_dicts(), key=lambda row: (not row["currency"], -row["orders"], row["currency"]))
    nothing = lines.visit.say("no charge told")
    beside = lines.visit.say("opens all currencies") if len(found) > 1 else ""
    return [sums(lines, row, shown(row["currency"]) or nothing, beside, lines.to()) for row in found]


def rows(lines: Lines, frame: pl.DataFrame, by: str) -> list[Sums]:
    named = {"panel": of_panel, "service": of_service, "user": of_user, "provider": of_provider, "day": of_day}[by]
    found = frame.sort("day", descending=True) if by == "day" else frame
    return [sums(lines, row, *named(lines, row)) for row in found.to_dicts()]


def sums(lines: Lines, row: Mapping[str, Any], label: str, beside: str, href: str | None) -> Sums:
    visit, is_known = lines.visit, row["known"] > 0
    amounts = [amount(row, name) if is_known or name not in ("cost", "margin") else None for name in AMOUNTS]
    number = visit.fmt.number
    known = visit.say("%(known)s of %(orders)s", known=number(row["known"]), orders=number(row["orders"]))
    return Sums(
        label=label,
        beside=beside,
        href=href,
        orders=number(row["orders"]),
        amounts=amounts,
        share=percent(visit, row["share"]) if is_known else UNKNOWN,
        known=known if row["known"] < row["orders"] else "",
        is_loss=is_known and row["margin"] < 0,
    )


def amount(row: Mapping[str, Any], name: str) -> Amount | None:
    if not row["currency"]:
        return None
    exact = Money(row[name], row["currency"])
    return Amount(exact, rounded(exact))


def percent(visit: Visit, share: float | None) -> str:
    return UNKNOWN if share is None else f"{visit.fmt.number(round(share, 1))}\u00a0%"


def of_panel(lines: Lines, row: Mapping[str, Any]) -> tuple[str, str, str | None]:
    return lines.names[row["panel_id"]], "", lines.to(panel=row["panel_id"])


def of_service(lines: Lines, row: Mapping[str, Any]) -> tuple[str, str, str | None]:
    panel, service = row["panel_id"], row["service_id"]
    name = shown(f"{service} {row['name'] or ''}".strip()) or lines.visit.say("without a service")
    return name, panel_word(lines, panel), lines.to(("service", service), panel=panel) if service else None


def of_user(lines: Lines, row: Mapping[str, Any]) -> tuple[str, str, str | None]:
    panel, user = row["panel_id"], row["user"]
    name = shown(user) or lines.visit.say("without a customer")
    return name, panel_word(lines, panel), lines.to(("user", user), panel=panel) if user else None


def of_provider(lines: Lines, row: Mapping[str, Any]) -> tuple[str, str, str | None]:
    provider = row["provider"]
    name = shown(provider) or lines.visit.say("without a provider")
    return name, "", lines.to(("provider", provider)) if provider else None


def of_day(lines: Lines, row: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Of the first and the last day only what lies within the window."""
    visit, date = lines.visit, row["day"]
    since, until = (max(min(one, lines.window.until), lines.window.since) for one in bounds(visit, date))
    return day_word(date, visit.language.locale), "", lines.to(window=(since, until))


def bounds(visit: Visit, date: date) -> tuple[datetime, datetime]:
    since, until = (
        datetime.combine(one, time(), visit.zone).astimezone(UTC) for one in (date, date + timedelta(days=1))
    )
    return since, until


def panel_word(lines: Lines, panel: int) -> str:
    return lines.names[panel] if len(lines.names) > 1 else ""


def apart(visit: Visit, made: Made) -> list[str]:
    """What no margin was made of."""
    found = [
        visit.count(
            "%(number)s order in %(currency)s cost %(cost)s: another currency, so no margin is made of it.",
            "%(number)s orders in %(currency)s cost %(cost)s: another currency, so no margin is made of them.",
            row["orders"],
            number=visit.fmt.number(row["orders"]),
            currency=shown(row["currency"]) or UNKNOWN,
            cost=visit.fmt.money(rounded(Money(row["cost"], row["cost_currency"]))),
        )
        for row in made.others.to_dicts()
    ]
    return found + [
        visit.count(
            "For %(number)s failed order the provider charged %(cost)s. It did not run: ask for it back.",
            "For %(number)s failed orders the providers charged %(cost)s. They did not run: ask for it back.",
            row["orders"],
            number=visit.fmt.number(row["orders"]),
            cost=visit.fmt.money(rounded(Money(row["cost"], row["cost_currency"]))),
        )
        for row in made.failures.to_dicts()
    ]
