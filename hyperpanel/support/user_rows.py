"""The customers that user tracking shows, a page of them: who they are, what of their orders came to nothing, and what they ordered most."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from hyperpanel.db import user_frames
from hyperpanel.db.scope import Scope
from hyperpanel.db.sources import Source
from hyperpanel.support.user_records import Payment, Row, Short, Sum, Used
from reports import user_tracking
from reports.user_tracking import NAME, UNIT, USER, WHO
from reports.windows import Window
from sync.money import Money

Key = tuple[int, str, str]
"""A customer as in WHO."""


@dataclass(frozen=True)
class Drawn:
    """`customers`: rows of the ranking with is_held, found_id, called, email, created_at, lifetime, lifetime_currency; `names`: WHO and by_name,
    a row for each name that was a customer's."""

    customers: pl.DataFrame
    spans: pl.DataFrame
    names: pl.DataFrame


def head(ranked: pl.DataFrame, first: int, most: int | None) -> pl.DataFrame:
    """From the first one up to the last that is shown, and all who have as much as that one: their numbers decide between them."""
    if most is None or ranked.height <= first + most:
        return ranked
    last = ranked.row(first + most - 1, named=True)
    equal = [pl.col(name) == last[name] for name in ("spend_whole", "spend_part", "panel_id")]
    after = ranked[first + most :].select(pl.all_horizontal(equal).cum_prod().sum()).item()
    return ranked[: first + most + int(after)]


def people(source: Source, scope: Scope, head: pl.DataFrame) -> pl.DataFrame:
    """Whoever is known of them: by number where the ranking tells it, by name elsewhere."""
    by_name = user_frames.bearers(source, scope, head.filter(pl.col("user_id") == "").select(NAME))
    by_number = user_frames.known(source, scope, head.filter(pl.col("user_id") != "").select(USER))
    number = pl.lit("").alias("number")
    return pl.concat([by_name.with_columns(number), by_number.with_columns(number=pl.col("user_id"))])


def drawn(head: pl.DataFrame, people: pl.DataFrame, spans: pl.DataFrame, first: int, most: int | None) -> Drawn:
    """A name that is contested is looked up by number alone: what is left of it is nobody's."""
    plain = people.filter(pl.col("number") == "").join(spans, on=NAME, how="anti")
    details = {"email": "email", "created_at": "created_at", "lifetime": "units", "lifetime_currency": "currency"}
    told = [
        plain.select("panel_id", "name", user_id=pl.lit(""), found_id="user_id", called="name", **columns(details)),
        people.filter(pl.col("number") != "").select(
            "panel_id", "user_id", name=pl.lit(""), found_id="user_id", called="name", **columns(details)
        ),
    ]
    known = pl.concat([one.select(*WHO, "found_id", "called", *details) for one in told])
    found = head.join(known, on=WHO, how="left").with_columns(
        pl.col("found_id").is_not_null().alias("is_held"),
        pl.col("found_id").fill_null(pl.col("user_id")),
        pl.col("called").fill_null(pl.col("name")),
        pl.col("email", "lifetime_currency").fill_null(""),
    )
    as_numbered = found.with_columns(key=pl.col("user_id"), user_id=pl.col("found_id"))
    ordered = user_tracking.in_order(as_numbered).with_columns(user_id=pl.col("key")).drop("key")
    customers = ordered[first : None if most is None else first + most]
    return Drawn(customers, spans, called(customers, spans))


def columns(names: Mapping[str, str]) -> dict[str, pl.Expr]:
    return {name: pl.col(column) for name, column in names.items()}


def called(customers: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    by_name = customers.filter(pl.col("user_id") == "").select(*WHO, by_name="name")
    numbered = customers.filter(pl.col("user_id") != "").select(WHO)
    theirs = numbered.join(spans.select(*USER, by_name="name").unique(), on=USER)
    return pl.concat([by_name, theirs.select(*WHO, "by_name")])


def rows(source: Source, scope: Scope, window: Window, currency: str, drawn: Drawn, paid: pl.DataFrame) -> list[Row]:
    """`paid`: the payments of that currency."""
    theirs = orders(source, scope, window, currency, drawn)
    shorts = short(source, scope, theirs)
    services, paying = most_used(source, scope, theirs), payments(drawn, paid)
    names = defaultdict(set)
    for panel_id, user_id, name, by_name in drawn.names.iter_rows():
        names[panel_id, user_id, name].add(by_name)
    return [
        row(one, window, sorted(names[key_of(one)]), shorts[key_of(one)], services[key_of(one)], paying[key_of(one)])
        for one in drawn.customers.iter_rows(named=True)
    ]


def orders(source: Source, scope: Scope, window: Window, currency: str, drawn: Drawn) -> pl.DataFrame:
    """Those of the customers, with WHO."""
    names = drawn.names.select("panel_id", name="by_name").unique().sort(NAME)
    found = user_frames.of_names(source, scope, window, names).filter(pl.col("currency") == currency)
    told = user_tracking.attributed(found, drawn.spans)
    return told.join(drawn.customers.select(WHO), on=WHO, how="semi")


def short(source: Source, scope: Scope, theirs: pl.DataFrame) -> Mapping[Key, Sequence[Short]]:
    """The newest first."""
    some = theirs.filter(pl.col("status").is_in(user_frames.SHORT))
    parted = some.filter(pl.col("status") == "partial")
    left = user_frames.parts(source, scope, parted.select("panel_id", "order_id"))
    both = some.join(left, on=["panel_id", "order_id"], how="left").sort("at", "order_id", descending=True)
    found: dict[Key, list[Short]] = defaultdict(list)
    for one in both.iter_rows(named=True):
        found[key_of(one)].append(shortfall(one))
    return found


def shortfall(one: Mapping[str, Any]) -> Short:
    status, charge, quantity, remains = one["status"], one["units"] or 0, one["quantity"], one["remains"]
    lost = user_tracking.lost(status, charge, quantity, remains)
    return Short(one["order_id"], status, one["at"], charge, quantity, remains, lost)


def most_used(source: Source, scope: Scope, theirs: pl.DataFrame) -> Mapping[Key, Sequence[Used]]:
    used = user_tracking.used(theirs)
    ids = used.select("panel_id", "service_id").unique().sort("panel_id", "service_id")
    names = {
        (panel, service): name for panel, service, name in user_frames.service_names(source, scope, ids).iter_rows()
    }
    found: dict[Key, list[Used]] = defaultdict(list)
    for panel_id, user_id, name, service_id, count in used.select(*WHO, "service_id", "n").iter_rows():
        found[panel_id, user_id, name].append(Used(service_id, names.get((panel_id, service_id)) or "", count))
    return found


def payments(drawn: Drawn, paid: pl.DataFrame) -> Mapping[Key, Sequence[Payment]]:
    """The newest first."""
    told = user_tracking.attributed(paid, drawn.spans).join(drawn.customers.select(WHO), on=WHO, how="semi")
    found: dict[Key, list[Payment]] = defaultdict(list)
    for one in told.sort("at", "payment_id", descending=True).iter_rows(named=True):
        found[key_of(one)].append(Payment(one["payment_id"], one["said"], one["kind"], one["at"], one["units"] or 0))
    return found


def key_of(one: Mapping[str, Any]) -> Key:
    return one["panel_id"], one["user_id"], one["name"]


def row(
    one: Mapping[str, Any],
    window: Window,
    names: Sequence[str],
    shorts: Sequence[Short],
    services: Sequence[Used],
    payments: Sequence[Payment],
) -> Row:
    created_at, currency = one["created_at"], one["lifetime_currency"]
    return Row(
        panel_id=one["panel_id"],
        user_id=one["found_id"],
        is_held=one["is_held"],
        name=one["called"],
        email=one["email"],
        created_at=created_at,
        is_new=created_at is not None and window.holds(created_at),
        names=names,
        spend=summed(one, "spend", "orders"),
        canceled=came_to_nothing(shorts, "canceled"),
        refunded=came_to_nothing(shorts, "refunded"),
        partial=came_to_nothing(shorts, "partial"),
        paid=summed(one, "paid", "payments"),
        hand=summed(one, "hand", "hands"),
        bonus=summed(one, "bonus", "bonuses"),
        lifetime=Money(one["lifetime"], currency) if one["lifetime"] is not None and currency else None,
        services=services,
        short=shorts,
        payments=payments,
    )


def summed(one: Mapping[str, Any], prefix: str, count: str) -> Sum:
    return Sum(one[count], one[f"{prefix}_whole"] * UNIT + one[f"{prefix}_part"])


def came_to_nothing(shorts: Sequence[Short], status: str) -> Sum:
    some = [one.lost for one in shorts if one.status == status]
    return Sum(len(some), sum(some))
