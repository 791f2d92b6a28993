"""Tickets of a window by the service that they are about, whole: what a report on complaints begins with, beside the complaint by rule.

A ticket about two services is in both. Tickets in which no order of their customer was found are a group of their own on each panel.
"""

import polars as pl

from reports import ticket_services
from reports.ticket_services import SERVICE, TICKET

GROUP = {
    "panel_id": pl.Int64,
    "service_id": pl.String,
    "tickets": pl.Int64,
    "complaint": pl.String,
    "complaint_tickets": pl.Int64,
    "ticket_ids": pl.List(pl.String),
}


def groups(tickets: pl.DataFrame, numbers: pl.DataFrame, own: pl.DataFrame, least: int) -> pl.DataFrame:
    """As GROUP, those with at least so many tickets, the most asked about first. `service_id` None is where no order was found; it comes
    last. `ticket_ids`: the latest first. Arguments as those of ticket_services.about."""
    named = ticket_services.orders_named(tickets, numbers, own)
    left = tickets.join(named.select(TICKET).unique(), on=TICKET, how="anti")
    none = left.with_columns(service_id=pl.lit("", pl.String))
    known = grouped(named.unique([*SERVICE, "ticket_id"], maintain_order=True))
    unknown = grouped(none).with_columns(service_id=pl.lit(None, pl.String))
    return pl.concat([known, unknown]).filter(pl.col("tickets") >= least)


def grouped(one_each: pl.DataFrame) -> pl.DataFrame:
    latest = one_each.sort("created_at", "ticket_id", descending=True, nulls_last=True)
    counted = latest.group_by(SERVICE, maintain_order=True).agg(
        tickets=pl.len().cast(pl.Int64), ticket_ids=pl.col("ticket_id")
    )
    top = ticket_services.complaints(one_each).group_by(SERVICE, maintain_order=True)
    both = counted.join(top.agg(pl.col("complaint", "complaint_tickets").first()), on=SERVICE, how="left")
    return both.select(list(GROUP)).sort("tickets", *SERVICE, descending=[True, False, False])
