"""Volume and margin put together: what page, command, schedule and API show is made here, once, in the reader process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from hyperpanel.db import frames, trade_frames
from hyperpanel.db.schema import panels
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.support.report_files import Cell, Table
from reports import margins
from reports.windows import Window
from sync.money import Money

BY = ("panel", "service", "user", "provider", "day")
AMOUNTS = ("revenue", "returned", "net", "cost", "margin")


@dataclass(frozen=True)
class Asked:
    """`scope` names its panels one by one. `by`: one of BY. `zone`: whose days they are. `currency`: rows of this one alone, and of the one
    that most orders are in if there are none; None means all. `most`: so many rows."""

    scope: Scope
    window: Window
    by: str
    zone: ZoneInfo
    currency: str | None = None
    most: int | None = None


@dataclass(frozen=True)
class Made:
    """`totals` and `days` as reports.margins.margins says; `rows` by what was asked, the most revenue first, services with their `name`;
    `count`: how many rows there are for each currency, the one that most orders are in first; `currency`: that of the rows. `others` and
    `failures`: what no margin was made of."""

    totals: pl.DataFrame
    days: pl.DataFrame
    rows: pl.DataFrame
    count: dict[str, int]
    currency: str
    others: pl.DataFrame
    failures: pl.DataFrame


def made(source: Source, asked: Asked) -> Made:
    keys = trade_frames.KEYS.get(asked.by, ())
    traded, ended = (
        margins.by_day(read(source, asked.scope, asked.window, keys), asked.zone)
        for read in (trade_frames.traded, trade_frames.ended)
    )
    days = margins.margins(traded, ended, ["day"])
    rows = days if asked.by == "day" else margins.margins(traded, ended, keys)
    totals = margins.margins(traded, ended)
    counted = counts(totals, rows)
    currency = asked.currency if asked.currency and asked.currency in counted else next(iter(counted), "")
    wanted = rows if asked.currency is None else rows.filter(pl.col("currency") == currency)
    some = wanted.head(asked.most) if asked.most else wanted
    return Made(
        totals=totals,
        days=days,
        rows=named(source, asked, some) if asked.by == "service" else some,
        count=counted,
        currency=currency,
        others=margins.others(traded, ended),
        failures=margins.failures(ended),
    )


def counts(totals: pl.DataFrame, rows: pl.DataFrame) -> dict[str, int]:
    """Orders without a charge have no currency: they come last."""
    often = totals.sort(pl.col("currency") == "", "orders", "currency", descending=[False, True, False])
    found = dict(rows.group_by("currency").len().iter_rows())
    return {currency: found[currency] for currency in often["currency"]}


def named(source: Source, asked: Asked, rows: pl.DataFrame) -> pl.DataFrame:
    found = frames.names(source, asked.scope, rows)
    return rows.join(found, on=["panel_id", "service_id"], how="left", maintain_order="left")


def table(source: Source, asked: Asked) -> Table:
    """All rows as a file has them: what they are put together by, currency, orders, amounts, hundredths of margin, orders that it is of."""
    found, names = made(source, asked).rows, panel_names(source, asked.scope)
    rows = found.sort("currency", "day") if asked.by == "day" else found
    keys = [key for key in (*trade_frames.KEYS.get(asked.by, ("day",)), "name") if key in rows.columns]
    heads = ["panel" if key == "panel_id" else key for key in keys]
    columns = (*heads, "currency", "orders", *AMOUNTS, "margin_percent", "orders_of_margin")
    return Table(columns, [line(row, keys, names) for row in rows.iter_rows(named=True)])


def line(row: Mapping[str, Any], keys: Sequence[str], names: Mapping[int, str]) -> list[Cell]:
    said = [names[row[key]] if key == "panel_id" else row[key] for key in keys]
    currency, is_known = row["currency"], row["known"] > 0
    amounts = [
        Money(row[name], currency).amount if currency and (is_known or name not in ("cost", "margin")) else None
        for name in AMOUNTS
    ]
    share = None if row["share"] is None else round(row["share"], 2)
    return [*said, currency, row["orders"], *amounts, share, row["known"]]


def panel_names(source: Source, scope: Scope) -> dict[int, str]:
    found = source.frame(scope.select(panels.c.id, panels.c.name))
    return dict(found.iter_rows())
