"""User tracking put together: what page, command, schedule and API show is made here, once, in the reader process.

In two steps: all customers are put in order from the frames of the window, then those that are shown are looked up. A name that turns out to
be two customers' then is told apart by time and all are put in order once more; a customer's place can only sink by that.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from hyperpanel.db import user_frames, user_spans
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.support import user_rows
from hyperpanel.support.payment_kinds import BONUS, BY_HAND, PAID, kind
from hyperpanel.support.user_records import Row, Sum
from hyperpanel.support.user_rows import Drawn
from reports import user_tracking
from reports.user_tracking import NAME, USER, WHO, Least
from reports.windows import Window
from sync.money import Money

PAGE = 100
KINDS = {PAID: "paid", BY_HAND: "hand", BONUS: "bonus"}


@dataclass(frozen=True)
class Asked:
    """`scope` names its panels one by one. `currency`: see `opened`, if none is asked for. `min_spend` holds for its own
    currency alone. `picked`: (panel id, number) of the customers that are wanted, who are told of even if they did nothing; None means all.
    `most` rows from the `first` one on, counted from 0; None means all."""

    scope: Scope
    window: Window
    currency: str = ""
    min_payments: int = 0
    min_spend: Money | None = None
    picked: frozenset[tuple[int, str]] | None = None
    first: int = 0
    most: int | None = PAGE

    def least(self, currency: str) -> Least:
        is_meant = self.min_spend is not None and self.min_spend.currency == currency
        return Least(self.min_payments, self.min_spend.units if self.min_spend and is_meant else 0)


@dataclass(frozen=True)
class Report:
    """`currencies`: each with its number of orders, most first. `count` customers, and what all of them come to, shown or not."""

    currencies: Sequence[tuple[str, int]]
    currency: str
    count: int
    spend: Sum
    paid: Sum
    hand: Sum
    bonus: Sum
    rows: Sequence[Row]


@dataclass(frozen=True)
class Told:
    """What happened in the window, in one currency."""

    ordered: pl.DataFrame
    paid: pl.DataFrame
    picked: pl.DataFrame | None

    @property
    def names(self) -> pl.DataFrame:
        every = [self.ordered, self.paid] + ([] if self.picked is None else [self.picked])
        return pl.concat([one.select(NAME) for one in every]).unique()


def made(source: Source, asked: Asked) -> Report:
    ordered = user_frames.ordered(source, asked.scope, asked.window)
    paid = named(source, asked, user_frames.paid(source, asked.scope, asked.window))
    currencies = user_tracking.currencies(ordered, paid)
    currency = asked.currency or opened(asked, [code for code, _ in currencies])
    is_meant = pl.col("currency") == currency
    told = Told(ordered.filter(is_meant), paid.filter(is_meant), wanted(source, asked))
    ranked, drawn = settled(source, asked, told, asked.least(currency))
    rows = user_rows.rows(source, asked.scope, asked.window, currency, drawn, told.paid)
    sums = {
        prefix: Sum(int(ranked[count].sum()), user_tracking.whole(ranked, prefix))
        for prefix, count in (("spend", "orders"), *user_tracking.KINDS.items())
    }
    return Report(currencies, currency, ranked.height, **sums, rows=rows)


def opened(asked: Asked, currencies: Sequence[str]) -> str:
    """The one that a spend is asked for in, where there is any of it; else the one with most orders."""
    wanted = asked.min_spend.currency if asked.min_spend else ""
    return wanted if wanted in currencies else next(iter(currencies), "")


def one(source: Source, asked: Asked, panel_id: int, user_id: str) -> Report:
    """What is told of one customer, as `made` tells it; without a row where no such customer is held."""
    alone = asked.scope.narrowed([panel_id])
    return made(source, Asked(alone, asked.window, asked.currency, picked=frozenset({(panel_id, user_id)})))


def named(source: Source, asked: Asked, paid: pl.DataFrame) -> pl.DataFrame:
    """With the kind of each payment. `name` is that of the customer whose number it tells, `said` as the record has it."""
    kinds = [kind(method, mode) for method, mode in paid.select("method", "mode").iter_rows()]
    told = paid.with_columns(kind=pl.Series([KINDS[one] for one in kinds], dtype=pl.String)).drop("method", "mode")
    payers = user_frames.payers(source, asked.scope, asked.window)
    both = told.join(payers, on=["panel_id", "payment_id"], how="left").with_columns(said="name")
    return both.with_columns(name=pl.col("called").fill_null(pl.col("name"))).drop("called")


def wanted(source: Source, asked: Asked) -> pl.DataFrame | None:
    """panel_id, user_id, name of those who are picked, on the panels of the scope."""
    if asked.picked is None:
        return None
    some = sorted(pick for pick in asked.picked if asked.scope.holds(pick[0]))
    ids = pl.DataFrame(some, schema={"panel_id": pl.Int64, "user_id": pl.String}, orient="row")
    return user_frames.known(source, asked.scope, ids).select(WHO)


def settled(source: Source, asked: Asked, told: Told, least: Least) -> tuple[pl.DataFrame, Drawn]:
    """All customers in order, and those who are shown with who they are."""
    shared = pl.DataFrame(schema={"panel_id": pl.Int64, "name": pl.String})
    while True:
        spans = user_spans.contested(source, asked.scope, told.names, shared)
        ranked = ranking(told, spans, least)
        head = user_rows.head(ranked, asked.first, asked.most)
        people = user_rows.people(source, asked.scope, head)
        two = people.filter(pl.col("user_id") != "").group_by(NAME).len().filter(pl.col("len") > 1)
        doubted = two.select(NAME).join(spans, on=NAME, how="anti")
        if doubted.is_empty():
            return ranked, user_rows.drawn(head, people, spans, asked.first, asked.most)
        shared = pl.concat([shared, doubted])


def ranking(told: Told, spans: pl.DataFrame, least: Least) -> pl.DataFrame:
    none = pl.DataFrame(schema={"panel_id": pl.Int64, "user_id": pl.String, "name": pl.String})
    if told.picked is None:
        return user_tracking.ranked(told.ordered, told.paid, spans, least, none)
    numbered = told.picked.join(spans, on=USER, how="semi").with_columns(name=pl.lit(""))
    by_name = told.picked.join(spans, on=USER, how="anti").with_columns(user_id=pl.lit(""))
    picked = pl.concat([numbered, by_name])
    ranked = user_tracking.ranked(told.ordered, told.paid, spans, least, picked)
    return ranked.join(picked, on=WHO, how="semi", maintain_order="left")
