"""User tracking (SPEC 4, F84-F93, D11): what each customer ordered and paid in a window, in one currency, the largest spending first.

*Spend* is the sum of the charges of all orders that were made in the window; *net* is without canceled and refunded orders and without the
undelivered part of partial ones. *Payments* are completed ones that customers made in the window; what staff entered by hand, and bonuses, stand
apart. Amounts of two currencies are never added or put in one order. Frames have a row for each record; its customer is a username, or a
number where the name was several customers'. Sums are made whole and fraction apart: frames add 64-bit numbers up, and break
off beyond them without a word.
"""

from dataclasses import dataclass

import polars as pl

NAME = ["panel_id", "name"]
USER = ["panel_id", "user_id"]
WHO = ["panel_id", "user_id", "name"]
"""A customer: by number, and the name is "" then; or by the name alone, of which there is one bearer at most."""

UNIT = 10**9
KINDS = {"paid": "payments", "hand": "hands", "bonus": "bonuses"}
"""Of payments: those that a customer made, that staff entered, and bonuses; each with what it is counted as."""

MOST_USED = 3


@dataclass(frozen=True)
class Least:
    """What a profile asks for at least. `spend` in units of the currency that is looked at."""

    payments: int = 0
    spend: int = 0


def currencies(ordered: pl.DataFrame, paid: pl.DataFrame) -> list[tuple[str, int]]:
    """Each with its number of orders, most first. What was only paid in has none; what has no amount is in none."""
    both = pl.concat([ordered.select("currency", n=1), paid.select("currency", n=0)])
    counted = both.filter(pl.col("currency") != "").group_by("currency").agg(n=pl.col("n").sum())
    return list(counted.sort("n", "currency", descending=[True, False]).iter_rows())


def attributed(told: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Rows of orders or payments with their customer as in WHO.

    `told` has panel_id, name, at, and may have user_id where the record tells it. `spans`: panel_id, name, user_id, since, until of the names
    that were not one customer's alone: a record is theirs to whom the name belonged at its time. Where that was nobody, or two
    of them, it is nobody's: a row with the name and without a number. A record that tells a number is that customer's, whatever the name.
    """
    rows = told if "user_id" in told.columns else told.with_columns(user_id=pl.lit(""))
    if spans.is_empty():
        return rows.with_columns(user_id=pl.when(pl.col("name") == "").then("user_id").otherwise(pl.lit("")))
    numbers = spans.select(USER).unique().with_columns(has_number=pl.lit(value=True))
    names = spans.select(NAME).unique().with_columns(has_name=pl.lit(value=True))
    marked = rows.with_row_index("row").join(numbers, on=USER, how="left").join(names, on=NAME, how="left")
    found = marked.join(borne(marked, spans), on="row", how="left")
    is_contested = (pl.col("has_number").is_not_null() | pl.col("has_name").is_not_null()) & (pl.col("user_id") != "")
    is_told = is_contested | (pl.col("name") == "")
    who = pl.when(is_told).then("user_id").otherwise(pl.col("bearer").fill_null(""))
    whose = found.with_columns(user_id=who).with_columns(
        name=pl.when(pl.col("user_id") == "").then("name").otherwise(pl.lit(""))
    )
    return whose.sort("row").drop("row", "has_number", "has_name", "bearer")


def borne(rows: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """row, bearer: of the rows whose name was one customer's at their time."""
    pairs = rows.select("row", *NAME, "at").join(spans.rename({"user_id": "bearer"}), on=NAME)
    begun = pl.col("since").is_null() | (pl.col("since") <= pl.col("at"))
    lasts = pl.col("until").is_null() | (pl.col("at") < pl.col("until"))
    whose = (
        pairs.filter(begun & lasts).group_by("row").agg(n=pl.col("bearer").n_unique(), bearer=pl.col("bearer").min())
    )
    return whose.filter(pl.col("n") == 1).select("row", "bearer")


def totalled(told: pl.DataFrame, spans: pl.DataFrame, prefix: str, count: str) -> pl.DataFrame:
    """As `added`, of rows whose customer is still to be told. Only rows of contested names are looked at one by one."""
    if "user_id" in told.columns:
        return added(attributed(told, spans), prefix, count)
    if spans.is_empty():
        return added(told, prefix, count)
    names = spans.select(NAME).unique()
    some = attributed(told.join(names, on=NAME, how="semi"), spans)
    return pl.concat([added(told.join(names, on=NAME, how="anti"), prefix, count), added(some, prefix, count)])


def added(rows: pl.DataFrame, prefix: str, count: str) -> pl.DataFrame:
    """The amounts of each customer: their number as `count`, and the sum as PREFIX_whole x UNIT + PREFIX_part."""
    units = pl.col("units").fill_null(0)
    whole, part = units // UNIT, units - units // UNIT * UNIT
    by = WHO if "user_id" in rows.columns else NAME
    summed = rows.group_by(by).agg(pl.len().cast(pl.Int64).alias(count), whole=whole.sum(), part=part.sum())
    carried = {f"{prefix}_whole": pl.col("whole") + pl.col("part") // UNIT, f"{prefix}_part": pl.col("part") % UNIT}
    named = summed if by == WHO else summed.with_columns(user_id=pl.lit(""))
    return named.select(*WHO, count, **carried)


def ranked(
    ordered: pl.DataFrame, paid: pl.DataFrame, spans: pl.DataFrame, least: Least, anyway: pl.DataFrame
) -> pl.DataFrame:
    """A row for each customer who ordered or paid, the largest spending first, and equal ones by panel.

    `ordered` and `paid` are of one currency, `paid` with its `kind`; `anyway`: customers (WHO) who are there though they did neither.
    Returns WHO, orders, payments, hands, bonuses, and spend, paid, hand, bonus in two parts each (see `added`).
    """
    found = anyway.select(WHO).join(totalled(ordered, spans, "spend", "orders"), on=WHO, how="full", coalesce=True)
    for kind, count in KINDS.items():
        some = totalled(paid.filter(pl.col("kind") == kind), spans, kind, count)
        found = found.join(some, on=WHO, how="full", coalesce=True)
    filled = found.with_columns(pl.exclude(WHO).fill_null(0))
    enough = filled.filter(reaches("spend", least.spend)) if least.spend > 0 else filled
    return in_order(enough.filter(pl.col("payments") >= least.payments))


def reaches(prefix: str, least: int) -> pl.Expr:
    whole, part = pl.col(f"{prefix}_whole"), pl.col(f"{prefix}_part")
    return (whole > least // UNIT) | ((whole == least // UNIT) & (part >= least % UNIT))


def in_order(ranked: pl.DataFrame) -> pl.DataFrame:
    """By spending, panel and number; a number by its length first, so that 10 follows 9. Who has none comes last, by name."""
    number = pl.col("user_id")
    by = [
        pl.col("spend_whole"),
        pl.col("spend_part"),
        pl.col("panel_id"),
        number == "",
        number.str.len_chars(),
        number,
        pl.col("name"),
    ]
    return ranked.sort(by, descending=[True, True, *[False] * 5], maintain_order=True)


def whole(ranked: pl.DataFrame, prefix: str) -> int:
    """The sum over all customers, however large."""
    return int(ranked[f"{prefix}_whole"].sum()) * UNIT + int(ranked[f"{prefix}_part"].sum())


def lost(status: str, charge: int | None, quantity: int | None, remains: int | None) -> int:
    """What of a charge paid for nothing: all of a canceled or refunded order's, and of a partial one's charge x remains / quantity, rounded down
    to the smallest unit that is kept. What a panel does not tell counts as delivered."""
    if status in ("canceled", "refunded"):
        return charge or 0
    if status != "partial" or not quantity or quantity < 0:
        return 0
    return (charge or 0) * min(max(remains or 0, 0), quantity) // quantity


def used(orders: pl.DataFrame) -> pl.DataFrame:
    """The services that each customer ordered most: WHO, service_id, n, the most frequent first; of equal ones the lower number.

    `orders` as `attributed` leaves them, with service_id ("": not told, and not counted)."""
    counted = orders.filter(pl.col("service_id") != "").group_by(*WHO, "service_id").agg(n=pl.len().cast(pl.Int64))
    number = pl.col("service_id")
    ordered = counted.sort(*WHO, -pl.col("n"), number.str.len_chars(), number)
    return ordered.group_by(WHO, maintain_order=True).head(MOST_USED)
