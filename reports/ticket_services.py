"""Ticket tracking by service (SPEC 4, F103-F108, D10): what the tickets of a window are about, by the orders that they name.

A number in a message is an order only where the same panel holds it for the same customer: who that is, the caller says. A ticket about two
services counts in both, and once in the whole. A ticket without such an order is unresolved, with the reason; whose an order is that is another
customer's, nobody is told, nor that there is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from reports import mentions
from reports.plain_text import outside_links

TICKET = ["panel_id", "ticket_id"]
SERVICE = ["panel_id", "service_id"]
SAMPLES = 3
"""Tickets of a service that are named, the latest, each with as many of its orders."""

ALL = 500
"""Of a service that was picked: more than that is no list that somebody reads."""

OTHER = ""
"""The complaint of a subject without a last part."""

UNREAD, NO_NUMBER, NO_ORDER = "unread", "no_number", "no_order"


@dataclass(frozen=True)
class About:
    """`services`: panel_id, service_id, tickets, orders, complaint, complaint_tickets, the most asked about first; `samples`: panel_id,
    service_id, ticket_id, subject, numbers; `unresolved`: panel_id, ticket_id, subject, why, numbers, created_at, the latest first. The
    numbers are of the whole; `read` are tickets whose messages are held, `behind` those where they are not the ticket's as it is now."""

    services: pl.DataFrame
    samples: pl.DataFrame
    unresolved: pl.DataFrame
    tickets: int
    resolved: int
    orders: int
    read: int
    behind: int


def numbers(said: pl.DataFrame, fewest: Mapping[int, int]) -> pl.DataFrame:
    """panel_id, ticket_id, number and `nth`, in the order in which a ticket names them, each once. `said`: panel_id, ticket_id, place, body;
    `fewest`: digits of the shortest order number, by panel."""
    texts = said.select(*TICKET, "place", text=outside_links(said["body"])).sort(*TICKET, "place")
    least = min(fewest.values(), default=mentions.FEWEST)
    worth = texts.filter(pl.col("text").str.contains(rf"\d{{{least}}}"))
    told = [
        (panel, ticket, part.digits)
        for panel, ticket, text in worth.select(*TICKET, "text").iter_rows()
        for part in mentions.parts(text, fewest.get(panel, mentions.FEWEST))
        if part.kind == "number"
    ]
    schema = {"panel_id": pl.Int64, "ticket_id": pl.String, "number": pl.String}
    found = pl.DataFrame(told, schema=schema, orient="row").unique(maintain_order=True)
    return found.with_columns(nth=pl.int_range(pl.len()).over(TICKET))


def about(
    tickets: pl.DataFrame, numbers: pl.DataFrame, own: pl.DataFrame, picked: tuple[int, str] | None = None
) -> About:
    """`tickets`: panel_id, ticket_id, subject, created_at, is_read, is_behind; `own`: panel_id, ticket_id, number, service_id of the orders
    that are the ticket's customer's. Of a `picked` service all tickets and orders are samples."""
    named = orders_named(tickets, numbers, own)
    return About(
        services=services(named),
        samples=samples(named, picked),
        unresolved=unresolved(tickets, numbers, named),
        tickets=tickets.height,
        resolved=named.select(TICKET).n_unique() if named.height else 0,
        orders=named.select("panel_id", "number").n_unique() if named.height else 0,
        read=int(tickets["is_read"].sum()),
        behind=int(tickets["is_behind"].sum()),
    )


def orders_named(tickets: pl.DataFrame, numbers: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """panel_id, ticket_id, number, nth, service_id, subject, created_at: each order that a ticket names and its customer has."""
    named = numbers.join(own, on=[*TICKET, "number"], how="inner").sort(*TICKET, "nth")
    return named.join(tickets.select(*TICKET, "subject", "created_at"), on=TICKET, how="inner")


def services(named: pl.DataFrame) -> pl.DataFrame:
    counted = named.group_by(SERVICE).agg(
        tickets=pl.col("ticket_id").n_unique().cast(pl.Int64), orders=pl.col("number").n_unique().cast(pl.Int64)
    )
    top = complaints(named).group_by(SERVICE, maintain_order=True).agg(pl.col("complaint", "complaint_tickets").first())
    order = [True, True, False, False]
    return counted.join(top, on=SERVICE, how="left").sort("tickets", "orders", *SERVICE, descending=order)


def complaints(named: pl.DataFrame) -> pl.DataFrame:
    """By service and complaint, the most frequent first; as it is written most, since case makes no other complaint."""
    one = named.unique([*SERVICE, "ticket_id"], maintain_order=True).with_columns(complaint=complaint())
    folded = one.with_columns(key=pl.col("complaint").str.to_lowercase())
    written = folded.group_by([*SERVICE, "key", "complaint"]).len().sort("len", "complaint", descending=[True, False])
    told = written.group_by([*SERVICE, "key"], maintain_order=True).agg(
        pl.col("complaint").first(), complaint_tickets=pl.col("len").sum().cast(pl.Int64)
    )
    return told.sort("complaint_tickets", "key", descending=[True, False])


def complaint() -> pl.Expr:
    """Orders - Refill: Refill."""
    parts = pl.col("subject").str.split(" - ")
    last = parts.list.last().str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.when(parts.list.len() > 1).then(last).otherwise(pl.lit(OTHER)).fill_null(OTHER)


def samples(named: pl.DataFrame, picked: tuple[int, str] | None) -> pl.DataFrame:
    """Of a ticket about two services, under each the orders of that one."""
    panel_id, service_id = picked or (0, "")
    is_picked = (pl.col("panel_id") == panel_id) & (pl.col("service_id") == service_id)
    few = named if picked is None else named.filter(is_picked)
    most = SAMPLES if picked is None else ALL
    by_ticket = few.group_by([*SERVICE, "ticket_id"], maintain_order=True).agg(
        pl.col("created_at", "subject").first(), numbers=pl.col("number").head(most)
    )
    latest = by_ticket.sort("created_at", "ticket_id", descending=True, nulls_last=True)
    some = latest.group_by(SERVICE, maintain_order=True).head(most)
    return some.select(*SERVICE, "ticket_id", "subject", "created_at", "numbers")


def unresolved(tickets: pl.DataFrame, numbers: pl.DataFrame, named: pl.DataFrame) -> pl.DataFrame:
    told = numbers.group_by(TICKET, maintain_order=True).agg(numbers=pl.col("number").head(SAMPLES))
    left = tickets.join(named.select(TICKET).unique(), on=TICKET, how="anti").join(told, on=TICKET, how="left")
    why = (
        pl.when(pl.col("numbers").is_not_null()).then(pl.lit(NO_ORDER))
        .when(~pl.col("is_read")).then(pl.lit(UNREAD))
        .otherwise(pl.lit(NO_NUMBER))
    )  # fmt: skip
    rows = left.with_columns(why=why, numbers=pl.col("numbers").fill_null(pl.lit([], dtype=pl.List(pl.String))))
    latest = rows.sort("created_at", "ticket_id", descending=True, nulls_last=True)
    return latest.select(*TICKET, "subject", "why", "numbers", "created_at")
