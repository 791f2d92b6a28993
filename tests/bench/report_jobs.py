"""What the reader process is asked for in the bench beside the reports themselves: their frames alone, grouped, as bare ADBC and polars."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from hyperpanel.db import frames, ticket_frames, user_frames
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.support import ticket_tracking
from reports.service_health import SERVICE
from reports.windows import Window


@dataclass(frozen=True)
class Bare:
    scope: Scope
    window: Window
    stuck_after: timedelta = timedelta(hours=12)


def services(source: Source, asked: Bare) -> pl.DataFrame:
    """Stuck and finished orders by service: no names, no speeds, no score."""
    waiting = frames.waiting(source, asked.scope, asked.window.until - asked.stuck_after)
    finished = frames.finished(source, asked.scope, asked.window)
    stuck = waiting.group_by(SERVICE).agg(stuck=pl.len(), oldest=pl.col("created_at").min())
    done = finished.group_by(SERVICE).agg(
        finished=pl.len(), taken=(pl.col("finished_from") - pl.col("created_at")).mean()
    )
    return stuck.join(done, on=SERVICE, how="full", coalesce=True)


def users(source: Source, asked: Bare) -> pl.DataFrame:
    """The largest spending, and what was paid: nobody is looked up."""
    by = ["panel_id", "name", "currency"]
    ordered = user_frames.ordered(source, asked.scope, asked.window)
    paid = user_frames.paid(source, asked.scope, asked.window)
    spent = ordered.group_by(by).agg(orders=pl.len(), spend=pl.col("units").sum())
    came = paid.group_by(by).agg(payments=pl.len(), paid=pl.col("units").sum())
    return spent.join(came, on=by, how="left").sort("spend", descending=True).head(100)


def staff(source: Source, asked: Bare) -> pl.DataFrame:
    """Replies of each person."""
    spoken = ticket_frames.spoken(source, asked.scope, asked.window)
    bodies = ticket_frames.replies(source, asked.scope, asked.window)
    both = bodies.join(spoken, on=["panel_id", "ticket_id", "id"])
    return both.group_by("sender").agg(replies=pl.len(), length=pl.col("body").str.len_chars().mean())


def ticket_services(source: Source, asked: Bare) -> pl.DataFrame:
    """The numbers in the messages of opened tickets: no order is looked up, and no customer."""
    opened = ticket_frames.opened(source, asked.scope, asked.window)
    said = ticket_frames.said(source, asked.scope, asked.window)
    numbers = said.select("panel_id", "ticket_id", number=pl.col("body").str.extract_all(r"\b\d{6,10}\b"))
    told = opened.join(numbers.explode("number").unique(), on=["panel_id", "ticket_id"], how="left")
    return told.group_by("panel_id").agg(tickets=pl.col("ticket_id").n_unique(), numbers=pl.col("number").n_unique())


def service_tickets(source: Source, asked: ticket_tracking.Asked) -> pl.DataFrame:
    """The report itself, of which the table alone is told."""
    return ticket_tracking.by_service(source, asked).about.services
