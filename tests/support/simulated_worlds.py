"""A simulated world, and what a console knows of it at one moment: what its reads have brought by then, and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from tests.support.simulated_events import Event
from tests.support.simulated_fleets import Fleet
from tests.support.simulated_orders import Order
from tests.support.simulated_reads import Reads

NEVER = 1 << 50

SCHEMA = {
    "panel_id": pl.Int64,
    "id": pl.String,
    "service_id": pl.String,
    "provider": pl.String,
    "status": pl.String,
    "created_at": pl.Datetime("us", "UTC"),
    "finished_from": pl.Datetime("us", "UTC"),
    "finished_at": pl.Datetime("us", "UTC"),
    "quantity": pl.Int64,
    "remains": pl.Int64,
    "charge": pl.Int64,
    "charge_currency": pl.String,
}


@dataclass(frozen=True)
class World:
    seed: int
    kind: str
    fleet: Fleet
    events: Sequence[Event]
    orders: Sequence[Order]
    moments: Sequence[int]

    @cached_property
    def reads(self) -> Mapping[int, Reads]:
        return {panel.number: Reads(panel) for panel in self.fleet.panels}

    @cached_property
    def history(self) -> pl.DataFrame:
        """Every order with the reads at which the console learns each thing about it, in seconds."""
        return pl.DataFrame([self.learned(order) for order in self.orders], infer_schema_length=None)

    def learned(self, order: Order) -> dict[str, object]:
        panel, reads = order.listing.panel, self.reads[order.listing.panel.number]
        seen = reads.first(order.created)
        ended = NEVER if order.ends is None else reads.first(order.ends)
        since, until = self.bounds(order, seen, ended)
        failing = order.failing or (NEVER, NEVER)
        return {
            "panel_id": panel.number,
            "id": order.id,
            "service_id": str(order.listing.number),
            "provider": order.listing.source.provider,
            "last": order.status,
            "created": order.created,
            "since": since,
            "until": until,
            "quantity": order.quantity,
            "left": order.remains if panel.counts else None,
            "charge": order.quantity * order.listing.source.price,
            "charge_currency": panel.currency,
            "seen": seen,
            "ended": ended,
            "accepted": reads.first(order.accepted),
            "started": reads.first(order.started),
            "failed": NEVER if failing[0] == NEVER else reads.first(failing[0]),
            "resent": NEVER if failing[1] >= 1 << 40 else reads.first(failing[1]),
        }

    def bounds(self, order: Order, seen: int, ended: int) -> tuple[int | None, int | None]:
        """Exact where the panel tells its updates; else between two reads, and unknown if it was over when first seen."""
        if not order.delivered or order.ends is None:
            return None, None
        if order.listing.panel.tells:
            return order.ends, order.ends
        return (None, None) if ended == seen else (self.reads[order.listing.panel.number].last(order.ends - 1), ended)

    def known(self, now: int) -> pl.DataFrame:
        """The orders as the console holds them at this second."""
        over = pl.col("ended") <= now
        held = self.history.filter(pl.col("created") < now, pl.col("seen") <= now)
        remains = pl.when(over).then("left").otherwise(self.remaining(held, now))
        return held.select(
            "panel_id",
            "id",
            "service_id",
            "provider",
            status(over, now).alias("status"),
            moment("created").alias("created_at"),
            pl.when(over).then(moment("since")).alias("finished_from"),
            pl.when(over).then(moment("until")).alias("finished_at"),
            "quantity",
            remains.alias("remains"),
            "charge",
            "charge_currency",
        ).cast(SCHEMA)  # type: ignore[arg-type]

    def remaining(self, held: pl.DataFrame, now: int) -> pl.Series:
        last = {number: reads.last(now) or now for number, reads in self.reads.items()}
        rows = held.select("id", "panel_id", "ended").iter_rows()
        left = (
            self.by_id[key].remaining(last[panel]) if ended > now and self.by_id[key].listing.panel.counts else None
            for key, panel, ended in rows
        )
        return pl.Series("remains", list(left), pl.Int64)

    @cached_property
    def by_id(self) -> Mapping[str, Order]:
        return {order.id: order for order in self.orders}

    @cached_property
    def by_provider(self) -> Mapping[str, list[Order]]:
        found: dict[str, list[Order]] = {}
        for order in self.orders:
            found.setdefault(order.listing.source.provider, []).append(order)
        return found


def moment(name: str) -> pl.Expr:
    return (pl.col(name) * 1_000_000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def status(over: pl.Expr, now: int) -> pl.Expr:
    return (
        pl.when(over)
        .then("last")
        .when((pl.col("failed") <= now) & (pl.col("resent") > now))
        .then(pl.lit("fail"))
        .when(pl.col("started") <= now)
        .then(pl.lit("in_progress"))
        .when(pl.col("accepted") <= now)
        .then(pl.lit("processing"))
        .otherwise(pl.lit("pending"))
    )
