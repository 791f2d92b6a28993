"""The services and orders of one panel, made up. Services and customers follow Zipf, amounts are spread over two powers of ten, a provider
needs a while to begin and then works at its own pace.

Two orders in a hundred are open: most of them new, the rest for weeks. Every other panel tells when an order was last updated; of the
others it is known since they were attached, thirty-one days ago, and what is older is as hyperpanel/db/finishes.py leaves it.
"""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from random import Random

import polars as pl

from hyperpanel.paths import ROOT
from tests.bench.fleets import (
    BEGAN,
    DAYS,
    NEVER,
    UNTIL,
    Chance,
    Fleet,
    N,
    buyers,
    currency,
    lasting,
    moment,
    numbered,
    zipf,
)

ATTACHED = UNTIL - timedelta(days=31)
OLDER = ATTACHED - timedelta(days=31)
DAY = 86_400
PROVIDERS = tuple(f"provider-{letter}.example" for letter in "abcdefghijkl")
LABELS = ROOT / "tests" / "reports" / "speeds"


@cache
def names() -> list[tuple[str, int | None]]:
    """Real patterns of names, each with the units that it promises a day."""
    found = []
    for file in sorted(LABELS.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines()[2:]:
            name, speed = line.split("\t")[:2]
            found.append((name, int(speed) if speed.isdecimal() else None))
    return found


def catalogue(fleet: Fleet, panel_id: int) -> pl.DataFrame:
    """With what a service really does, which no panel tells: `per_day` and `kept`, the share of it that it keeps."""
    random, known = Random(fleet.seed * 1_000 + panel_id), names()
    rows = []
    for place in range(max(1, fleet.services // fleet.panels)):
        name, told = random.choice(known)
        per_day = told if told is not None and told > 0 else random.choice((500, 2_000, 10_000, 50_000))
        provider = None if random.random() < 0.04 else PROVIDERS[min(int(random.expovariate(0.35)), 11)]
        rate = int(10 ** random.uniform(6, 8.5))
        rows.append((panel_id, str(100 + 3 * place), name, rate, per_day, random.lognormvariate(0.6, 0.6), provider))
    found = pl.DataFrame(rows, ["panel_id", "id", "name", "rate", "per_day", "kept", "provider"], orient="row")
    return found.with_columns(
        type=pl.lit("default"), category=pl.col("name").str.head(12), min=10, max=100_000, refill=True, cancel=False
    )


def ordered(fleet: Fleet, panel_id: int, chance: Chance, services: pl.DataFrame) -> pl.DataFrame:
    """Oldest first, with ids that rise."""
    at = moment(BEGAN) + lasting(chance.even("at") * DAYS * DAY)
    rows = numbered(fleet.each).with_columns(created_at=at.sort())
    rows = rows.with_columns(place=zipf(rows.select(chance.even("service")).to_series(), services.height))
    rows = rows.with_columns(user=buyers(fleet, rows.select(chance.even("user")).to_series()))
    of_service = services.select("name", "rate", "per_day", "kept", "provider", service_id="id").with_row_index("place")
    known = rows.join(of_service.cast({"place": pl.Int64}), on="place", how="left", maintain_order="left")
    return with_ends(with_amounts(known, panel_id, chance), panel_id, chance).select(
        *(pl.col(name) for name in ORDERED), **texts(panel_id, chance)
    )


ORDERED = (
    "user", "charge", "charge_currency", "provider_charge", "provider_charge_currency", "quantity", "service_id",
    "provider", "status", "remains", "created_at", "last_update_at", "finished_from", "finished_at",
)  # fmt: skip
"""What is reckoned; `texts` are the rest."""


def with_amounts(rows: pl.DataFrame, panel_id: int, chance: Chance) -> pl.DataFrame:
    """Nobody orders more than two days' work."""
    wanted = 10 ** (1.7 + 2 * chance.even("quantity"))
    rows = rows.with_columns(
        quantity=(pl.min_horizontal(wanted, 2 * pl.col("per_day")) / 10).ceil().cast(pl.Int64) * 10
    )
    rows = rows.with_columns(charge=pl.col("rate") * pl.col("quantity") // 1000)
    return rows.with_columns(
        charge_currency=pl.lit(currency(panel_id)),
        provider_charge=pl.when(pl.col("provider").is_not_null()).then(pl.col("charge") * 3 // 5),
        provider_charge_currency=pl.when(pl.col("provider").is_not_null()).then(pl.lit("USD")),
    )


def with_ends(rows: pl.DataFrame, panel_id: int, chance: Chance) -> pl.DataFrame:
    """When each came to its end, if it has, and what is known of that."""
    begins = (7.5 + chance.normal("delay")).exp()
    works = pl.col("quantity") * DAY / (pl.col("per_day") * pl.col("kept"))
    ends = pl.col("created_at") + lasting(begins + works)
    is_new = pl.col("created_at") >= moment(UNTIL - timedelta(days=3))
    stays = chance.even("stays") < pl.when(is_new).then(0.3).otherwise(0.007)
    is_open = stays | (ends >= moment(UNTIL))
    luck = chance.even("luck")
    over = pl.when(luck < 0.03).then(pl.lit("canceled")).when(luck < 0.07).then(pl.lit("partial"))
    open_now = chance.one_of("open", ("pending", "in_progress", "in_progress", "processing", "awaiting"))
    rows = rows.with_columns(
        ends=ends, status=pl.when(is_open).then(open_now).otherwise(over.otherwise(pl.lit("completed")))
    )
    some = (pl.col("quantity") * chance.even("remains")).cast(pl.Int64) + 1
    left = (
        pl.when(pl.col("status") == "completed").then(0).when(pl.col("status") == "canceled").then(pl.col("quantity"))
    )
    rows = rows.with_columns(remains=left.otherwise(pl.min_horizontal(some, "quantity")))
    return rows.with_columns(**finishes(panel_id, chance))


def finishes(panel_id: int, chance: Chance) -> Mapping[str, pl.Expr]:
    is_done = pl.col("status").is_in(["completed", "partial"])
    ends, created = pl.col("ends"), pl.col("created_at")
    if panel_id % 2 == 0:
        told = pl.when(is_done).then(ends)
        updated = pl.when(pl.col("status").is_in(["completed", "partial", "canceled"])).then(ends).otherwise(created)
        return {"last_update_at": updated, "finished_from": told, "finished_at": told}
    gap = lasting(chance.even("gap") * 600)
    is_seen = is_done & (ends >= moment(ATTACHED))
    is_held = is_done & (created >= moment(OLDER))
    return {
        "last_update_at": NEVER,
        "finished_from": pl.when(is_seen).then(pl.max_horizontal(ends - gap, created)),
        "finished_at": pl.when(is_seen).then(ends).when(is_held).then(created),
    }


def texts(panel_id: int, chance: Chance) -> Mapping[str, pl.Expr]:
    number = 10_000_000 + N
    return {
        "panel_id": pl.lit(panel_id),
        "id": number.cast(pl.String),
        "provider_order_id": (3_000_000_000 + N * 7_919 % 999_999_937).cast(pl.String),
        "creation_type": chance.one_of("creation", ("api", "api", "web")),
        "mode": pl.lit("auto"),
        "link": pl.lit("https://social.example/p/") + N.hash(panel_id).cast(pl.String),
        "start_count": (chance.even("start") * 5_000).cast(pl.Int64),
        "service_type": pl.lit("default"),
        "service_name": pl.col("name"),
        "status_raw": pl.col("status"),
        "is_autocomplete": pl.lit(value=False),
    }
