"""The rows of a fleet, made once, panel by panel, and kept as Parquet with the columns of the schema, for every database to be filled from."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from tests.bench import made_customers, made_orders
from tests.bench.fleets import UNTIL, Chance, Fleet, moment

TABLES = ("services", "orders", "users", "payments", "tickets", "threads", "messages")


def kept(fleet: Fleet, folder: Path) -> Path:
    """The folder with the rows of this fleet, made anew unless they are there."""
    place = folder / f"rows-{fleet.name}"
    if not (place / "whole").exists():
        place.mkdir(parents=True, exist_ok=True)
        for panel_id in range(1, fleet.panels + 1):
            for table, frame in made(fleet, panel_id):
                frame.write_parquet(place / f"{table}-{panel_id:03}.parquet")
        (place / "whole").touch()
    return place


def made(fleet: Fleet, panel_id: int) -> Iterator[tuple[str, pl.DataFrame]]:
    """All that one panel has, table by table."""
    chance = Chance(fleet.seed + panel_id)
    services = made_orders.catalogue(fleet, panel_id)
    yield "services", observed(services.drop("per_day", "kept", "provider"), chance)
    orders = made_orders.ordered(fleet, panel_id, chance, services)
    yield "orders", observed(orders, chance)
    yield "users", observed(made_customers.customers(fleet, panel_id, chance), chance)
    yield "payments", observed(made_customers.paid(fleet, panel_id, chance), chance)
    tickets = made_customers.asked(fleet, panel_id, chance, orders)
    seen = observed(tickets.drop("order", "second", "n"), chance)
    yield "tickets", seen
    yield "threads", made_customers.threads(seen)
    yield "messages", observed(made_customers.said(tickets, chance), chance)


def observed(rows: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """As a store would have seen them: one in a thousand is gone."""
    seen = rows.with_row_index("n").with_columns(
        observed=pl.lit(1),
        digest=chance.number("digest"),
        fields=chance.number("fields"),
        first_seen_at=moment(UNTIL),
        seen_at=moment(UNTIL),
        gone_at=pl.when(chance.even("gone") < 0.001).then(moment(UNTIL)),
    )
    return seen.with_columns(gone_why=pl.when(pl.col("gone_at").is_not_null()).then(pl.lit("absent"))).drop("n")


def read(rows: Path) -> Iterator[tuple[str, pl.DataFrame]]:
    """Table by table, in the order of the key."""
    for table in TABLES:
        for file in sorted(rows.glob(f"{table}-*.parquet")):
            yield table, pl.read_parquet(file)
