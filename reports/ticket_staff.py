"""Ticket tracking by staff (SPEC 4, F96-F102, D7-D9): how staff answer, reply by reply, and what a score makes of it.

score = 100 - 50 x the share of quick fires - 50 x the share of repeated ones, not below 0. A quick fire is a reply that is short, or comes
within seconds of the customer's last message; a repeated one left the customer to write twice or more before the next reply of any staff.
A thread is read in the panel's own order. What is gone from it does not count; an edited reply counts as it stands now, at the time when it was
sent; a reply without a time belongs to no window. What the customer wrote later counts wherever the window ends. A flag that was disputed and
lifted does not count, and is told apart.
"""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from reports.plain_text import plain
from reports.windows import Window

WHOLE = 100.0
TWICE = 2
SOON = timedelta(minutes=1)
"""Of one's own reply before, or of the ticket's end: D9."""

THREAD = ["panel_id", "ticket_id"]
MESSAGE = [*THREAD, "id"]
QUICK, REPEATED = "quick", "repeated"
FLAGS = (QUICK, REPEATED)


@dataclass(frozen=True)
class Measure:
    """A reply of fewer than `quick_characters`, or no more than `quick_seconds` after the customer, is a quick fire. `leaves_second`: unless it
    follows one's own reply within a minute; `leaves_closing`: unless the ticket was closed with it, within a minute (D9)."""

    quick_characters: int = 25
    quick_seconds: int = 30
    quick_weight: float = 50.0
    repeat_weight: float = 50.0
    leaves_second: bool = False
    leaves_closing: bool = False


def folded(name: str) -> str:
    """Names that differ in case, spacing or width of letters are one person's."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def score(replies: int, quick: int, repeated: int, measure: Measure) -> float:
    return max(0.0, WHOLE - term(quick, replies, measure.quick_weight) - term(repeated, replies, measure.repeat_weight))


def term(count: int, replies: int, weight: float) -> float:
    return weight * count / replies if replies else 0.0


def answered(
    spoken: pl.DataFrame, bodies: pl.DataFrame, closed: pl.DataFrame, window: Window, measure: Measure
) -> pl.DataFrame:
    """A row for each reply of staff in the window, oldest first: whose it is (`name`, folded), `length`, `gap` in seconds since the customer's
    last message, `response` (the same, of the first reply to it alone), `follow_ups` of the customer, `left` out by D9, `quick`, `repeated`.

    `spoken`: panel_id, ticket_id, id, place, sender, is_staff, created_at of whole threads; `bodies`: panel_id, ticket_id, id, body of the
    replies; `closed`: panel_id, ticket_id, closed_at.
    """
    replies = followed(spoken).filter(pl.col("created_at").is_between(window.since, window.until, closed="left"))
    lengths = bodies.select(*MESSAGE, plain(bodies["body"]).str.len_chars().cast(pl.Int64).alias("length"))
    told = replies.join(lengths, on=MESSAGE, how="left").join(closed, on=THREAD, how="left")
    return flagged(told, measure).sort("created_at", *MESSAGE)


def followed(spoken: pl.DataFrame) -> pl.DataFrame:
    """Replies of staff with what stands before and after each in its thread."""
    rows = named(spoken).sort(*THREAD, "place", "id").with_row_index("row")
    asks = ~pl.col("is_staff")
    last = pl.when(asks).then(pl.col("row")).forward_fill().over(THREAD)
    around = rows.with_columns(
        asked=asks.cum_sum().over(THREAD).cast(pl.Int64),
        asked_in_all=asks.sum().over(THREAD).cast(pl.Int64),
        asked_at=pl.col("created_at").gather(last),
        is_first=asks.shift(1).over(THREAD).fill_null(value=False),
        is_last=pl.col("row") == pl.col("row").max().over(THREAD),
        before=pl.when(pl.col("is_staff").shift(1).over(THREAD)).then(pl.col("name").shift(1).over(THREAD)),
        before_at=pl.col("created_at").shift(1).over(THREAD),
    )
    replies = around.filter(pl.col("is_staff"))
    until = pl.col("asked").shift(-1).over(THREAD).fill_null(pl.col("asked_in_all"))
    return replies.with_columns(follow_ups=until - pl.col("asked")).drop("row", "asked", "asked_in_all", "is_staff")


def named(spoken: pl.DataFrame) -> pl.DataFrame:
    """There are few names, and what folds them is Python's."""
    names = spoken.select("sender").unique()
    known = names.with_columns(name=pl.Series([folded(one) for one in names["sender"]], dtype=pl.String))
    return spoken.join(known, on="sender", how="left")


def flagged(told: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """A reply before the message that it stands behind has no time between them."""
    waited = seconds(pl.col("created_at") - pl.col("asked_at"))
    timed = told.with_columns(gap=pl.when(waited >= 0).then(waited))
    is_quick = (pl.col("length") < measure.quick_characters) | (pl.col("gap") <= measure.quick_seconds)
    left = left_out(measure)
    return timed.with_columns(
        response=pl.when(pl.col("is_first")).then(pl.col("gap")),
        left=is_quick.fill_null(value=False) & left,
        quick=is_quick.fill_null(value=False) & ~left,
        repeated=pl.col("follow_ups") >= TWICE,
    ).drop("is_first", "is_last", "before", "before_at", "closed_at")


def left_out(measure: Measure) -> pl.Expr:
    soon = SOON.total_seconds()
    after_own = seconds(pl.col("created_at") - pl.col("before_at")).is_between(0, soon)
    second = (pl.col("before") == pl.col("name")) & after_own
    closing = pl.col("is_last") & seconds(pl.col("closed_at") - pl.col("created_at")).is_between(0, soon)
    wanted = (second & measure.leaves_second).fill_null(value=False)
    return wanted | (closing & measure.leaves_closing).fill_null(value=False)


def seconds(span: pl.Expr) -> pl.Expr:
    return span.dt.total_microseconds() / 1e6


def with_disputes(replies: pl.DataFrame, disputes: pl.DataFrame) -> pl.DataFrame:
    """`disputes`: panel_id, ticket_id, id, flag, decision ("" until there is one). Adds of each flag whether it was lifted, so that it does not
    count, and whether it waits for a decision: quick_lifted, quick_waits, repeated_lifted, repeated_waits."""
    for flag in FLAGS:
        those = disputes.filter(pl.col("flag") == flag).select(*MESSAGE, "decision")
        told = replies.join(those, on=MESSAGE, how="left")
        states = {"lifted": pl.col("decision") == "lifted", "waits": pl.col("decision") == ""}
        replies = told.with_columns(
            (pl.col(flag) & state.fill_null(value=False)).alias(f"{flag}_{name}") for name, state in states.items()
        ).drop("decision")
    return replies


def scored(replies: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    """A row for each person, by name: replies, length, response (means; null where there is none) and how many were timed, quick, repeated
    (counted), each with its lifted ones, the two terms and the score. `replies` as from `with_disputes`."""
    counted = replies.group_by("name").agg(
        panels=pl.col("panel_id").n_unique().cast(pl.Int64),
        tickets=pl.struct(THREAD).n_unique().cast(pl.Int64),
        replies=pl.len().cast(pl.Int64),
        length=pl.col("length").mean(),
        timed=pl.col("response").count().cast(pl.Int64),
        response=pl.col("response").mean(),
        left=pl.col("left").sum().cast(pl.Int64),
        **{flag: (pl.col(flag) & ~pl.col(f"{flag}_lifted")).sum().cast(pl.Int64) for flag in FLAGS},
        **{f"{flag}_lifted": pl.col(f"{flag}_lifted").sum().cast(pl.Int64) for flag in FLAGS},
    )
    weights = {QUICK: measure.quick_weight, REPEATED: measure.repeat_weight}
    termed = counted.with_columns(
        (weight * pl.col(flag) / pl.col("replies")).alias(f"{flag}_term") for flag, weight in weights.items()
    )
    value = WHOLE - pl.col("quick_term") - pl.col("repeated_term")
    return termed.with_columns(score=value.clip(lower_bound=0.0)).join(spelled(replies), on="name").sort("name")


def spelled(replies: pl.DataFrame) -> pl.DataFrame:
    """Each name as it is written most."""
    times = replies.group_by("name", "sender").len().sort("len", "sender", descending=[True, False])
    return times.group_by("name", maintain_order=True).agg(pl.col("sender").first())
