"""The customers of one panel, made up: what they pay, and the tickets that they open about their orders, with the messages."""

from datetime import timedelta

import polars as pl

from tests.bench.fleets import DAYS, NEVER, UNTIL, Chance, Fleet, N, buyers, currency, lasting, moment, numbered

STAFF = tuple(f"agent{number}" for number in range(1, 11))
SUBJECTS = ("Orders - Refill", "Orders - Speed up", "Orders - Cancel", "Payments - PayPal", "Other", "Orders - Partial")
REPLIES = ("<p>done</p>", *["<p>We have told the provider and will come back to you.</p>"] * 4)
DAY = 86_400


def customers(fleet: Fleet, panel_id: int, chance: Chance) -> pl.DataFrame:
    """In the order of their signing up; most in the beginning."""
    rows = numbered(fleet.customers)
    days = 120 * (1 - N / fleet.customers)
    name = pl.lit("customer") + N.cast(pl.String)
    units = pl.lit(currency(panel_id))
    return rows.select(
        panel_id=pl.lit(panel_id),
        id=(1_000 + N).cast(pl.String),
        username=name,
        email=name + "@mail.example",
        balance=(chance.even("balance") * 1e10).cast(pl.Int64),
        balance_currency=units,
        spent=(1e12 / (N + 1)).cast(pl.Int64),
        spent_currency=units,
        status=pl.lit("active"),
        status_raw=pl.lit("active"),
        discount=pl.lit("0"),
        custom_rates=pl.lit("[]"),
        created_at=moment(UNTIL) - lasting(days * DAY),
        last_auth_at=moment(UNTIL),
    )


def paid(fleet: Fleet, panel_id: int, chance: Chance) -> pl.DataFrame:
    """Three to twenty orders."""
    rows = numbered(fleet.each * 3 // 20)
    rows = rows.with_columns(user=buyers(fleet, rows.select(chance.even("payer")).to_series()))
    units = pl.lit(currency(panel_id))
    return rows.select(
        "user",
        panel_id=pl.lit(panel_id),
        id=(500_000 + N).cast(pl.String),
        user_id=pl.lit(None, pl.String),
        amount=((5 + chance.normal("amount")).exp() * 1e7).cast(pl.Int64),
        amount_currency=units,
        balance=pl.lit(None, pl.Int64),
        balance_currency=units,
        method=chance.one_of("method", ("PayPal", "Card", "Crypto")),
        status=chance.one_of("paid", ("completed",) * 9 + ("failed",)),
        status_raw=pl.lit(""),
        memo=pl.lit(""),
        fraud_risk=pl.lit(None, pl.String),
        mode=pl.lit("auto"),
        created_at=spread(chance, "paid at"),
        updated_at=NEVER,
    )


def spread(chance: Chance, name: str) -> pl.Expr:
    """Over all the days, oldest first."""
    return (moment(UNTIL) - lasting(chance.even(name) * DAYS * DAY)).sort()


def asked(fleet: Fleet, panel_id: int, chance: Chance, orders: pl.DataFrame) -> pl.DataFrame:
    """One to a hundred orders, some hours after one of them. `order` and `second`: what they are about."""
    rows = numbered(max(1, fleet.each // 100))
    places = (N * 100 + (chance.even("about") * 100).cast(pl.Int64)).clip(upper_bound=orders.height - 1)
    later = lasting(chance.even("later") * 2 * DAY)
    about = orders[rows.select(places).to_series()].select("user", "created_at", order="id")
    rows = pl.concat([rows, about], how="horizontal")
    rows = rows.with_columns(created_at=pl.min_horizontal(pl.col("created_at") + later, moment(UNTIL)))
    is_new = pl.col("created_at") >= moment(UNTIL - timedelta(days=2))
    status = pl.when(is_new).then(chance.one_of("state", ("pending", "answered"))).otherwise(pl.lit("closed"))
    return rows.select(
        "n", "user", "order", "created_at",
        second=pl.col("order").shift(1),
        panel_id=pl.lit(panel_id),
        id=(20_000 + N).cast(pl.String),
        user_id=pl.lit(None, pl.String),
        subject=chance.one_of("subject", SUBJECTS),
        status=status,
        status_raw=status,
        assignee=pl.lit(None, pl.String),
        is_read=pl.lit(value=True),
        last_update_at=pl.col("created_at"),
    )  # fmt: skip


def threads(tickets: pl.DataFrame) -> pl.DataFrame:
    """All of them were read for the ticket as it is."""
    return tickets.select(
        "panel_id",
        "digest",
        ticket_id="id",
        read_for="fields",
        observed=pl.lit(1),
        read_at=moment(UNTIL),
        messages=pl.lit(4),
        retry_at=NEVER,
    )


def said(tickets: pl.DataFrame, chance: Chance) -> pl.DataFrame:
    """Four messages, of which staff wrote the second and, but for one ticket in five, the last. Some replies come at once, some are short."""
    lines = tickets.select("panel_id", "user", "order", "second", "created_at", ticket_id="id", ticket="n")
    lines = lines.join(pl.DataFrame({"place": [0, 1, 2, 3]}), how="cross").with_row_index("n")
    place, asks_again = pl.col("place"), pl.col("ticket") % 5 == 0
    is_staff = (place == 1) | ((place == 3) & ~asks_again)
    waits = pl.when(chance.even("quick") < 0.1).then(20).otherwise(1_800 + 3_600 * chance.even("waits"))
    since = pl.when(place == 0).then(0).otherwise(waits).cum_sum().over("ticket")
    agent = ((pl.col("ticket") * 31 + pl.col("panel_id")) % len(STAFF)).cast(pl.Int64)
    staff = agent.replace_strict(list(range(len(STAFF))), list(STAFF), return_dtype=pl.String)
    reply = chance.one_of("reply", REPLIES)
    return lines.select(
        "panel_id", "ticket_id", "place",
        id=place.cast(pl.String),
        sender=pl.when(is_staff).then(staff).otherwise(pl.col("user")),
        is_staff=is_staff,
        is_unread=pl.lit(value=False),
        body=pl.when(is_staff).then(reply).otherwise(complaint(chance)),
        files=pl.lit(None, pl.String),
        created_at=pl.min_horizontal(pl.col("created_at") + lasting(since), moment(UNTIL)),
        missed=pl.lit(0),
    )  # fmt: skip


def complaint(chance: Chance) -> pl.Expr:
    both = pl.format("<p>Hello, orders {} and {} are not finished yet.</p>", "order", "second")
    return (
        pl.when(chance.even("kind") < 0.5).then(pl.format("<p>order {} has not started</p>", "order"))
        .when((chance.even("kind") < 0.7) & pl.col("second").is_not_null()).then(both)
        .otherwise(pl.lit("<p>please help, it is slow again and nobody says why</p>"))
    )  # fmt: skip
