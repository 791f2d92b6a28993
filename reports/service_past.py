"""Service tracking as of a moment that has passed (M22): what waited and what had finished then, out of what is held now and what changed since.

Known then is what had been read then: a status counts from the read that saw it. What is not kept is taken as it is now: an order's
remains (one that has changed its status since is taken to have had something left), names, speeds, and the last update that a
panel told of an order which ran again later. An order that was first read later counts too.
"""

from datetime import datetime

import polars as pl

from reports.statuses import FINISHED, RUNNING
from reports.windows import Window

ORDER = ["panel_id", "id"]


def first(changes: pl.DataFrame) -> pl.DataFrame:
    """Of each order the first change after the moment: what it changed from is what it was. `changes`: panel_id, id, number, was, …"""
    return changes.sort("number").unique(ORDER, keep="first", maintain_order=True)


def waiting(now: pl.DataFrame, changed: pl.DataFrame, before: datetime) -> pl.DataFrame:
    """`now`: what waits now and was created before; `changed`: as `first` gives it, with the columns of `now`. Returns those of `now`."""
    same = now.join(changed.select(ORDER), on=ORDER, how="anti")
    then = changed.filter(pl.col("was").is_in(RUNNING), pl.col("created_at") < before)
    return pl.concat([same, as_then(then, now)])


def finished(now: pl.DataFrame, changed: pl.DataFrame, finishes: pl.DataFrame, window: Window) -> pl.DataFrame:
    """`now`: what finished in the window by what is known now; `changed`: as `first` gives it, with the columns of `now`.

    `finishes`: panel_id, id, not_before, not_after of each finish that was read by then, of orders that changed later: the last one counts.
    """
    ended = changed.filter(pl.col("was").is_in(sorted(FINISHED)))
    same = now.join(changed.select(ORDER), on=ORDER, how="anti")
    partly = now.join(ended.select(*ORDER, "was"), on=ORDER, how="inner")
    kept = partly.with_columns(status=pl.col("was")).drop("was")
    others = ended.filter(pl.col("finished_at").is_null() | (pl.col("finished_at") >= window.until))
    then = dated(others, finishes).filter(pl.col("finished_at").is_between(window.since, window.until, closed="left"))
    return pl.concat([same, kept, as_then(then, now)])


def dated(ended: pl.DataFrame, finishes: pl.DataFrame) -> pl.DataFrame:
    """When they had finished, as it was known then. What was done at first sight was not observed."""
    last = finishes.sort("number").unique(ORDER, keep="last").select(*ORDER, "not_before", "not_after")
    found = ended.drop("finished_from", "finished_at").join(last, on=ORDER, how="left")
    return found.with_columns(
        finished_from=pl.col("not_before"), finished_at=pl.coalesce("not_after", "created_at")
    ).drop("not_before", "not_after")


def as_then(changed: pl.DataFrame, like: pl.DataFrame) -> pl.DataFrame:
    """With the status of then, in the columns of another frame."""
    return changed.with_columns(status=pl.col("was")).select(like.columns).cast(like.schema)
