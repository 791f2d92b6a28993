"""Outages: a provider is down when next to nothing that was due from it has come since some moment, whatever the service and the panel.

Due is what its own orders of that service and size usually deliver by that age (`paces`), at those hours of the day and as unevenly as it always
delivers (`pulses`). A slow provider still delivers a fair share; a service that is broken alone leaves the others delivering; a cancellation
delivers nothing; and a panel that is read late shows no other provider's deliveries either, so its orders count only up to the last of those.
A provider of whose orders none was ever seen delivered is not judged. Reported from a confidence of one half on (`silences`).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from reports.paces import UNIT, Paces, learnt, with_risk
from reports.pulses import Pulse, pulse
from reports.silences import Count, Panel, confidence, surprise
from reports.statuses import RUNNING

LEAST = 0.5
LONGEST = 96.0
"""Hours: an outage that began earlier is told as having begun then."""

STARTS = (0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 10, 12, 15, 18, 24, 30, 36, 48, 72, 96)
"""Hours ago at which it may have begun, beside the last deliveries themselves."""

LAST = 16
SUSPECT_AT = (1.0, 3.0, 8.0, 24.0, 72.0)
SUSPECT_SHARE, SUSPECT_DUE = 0.3, 2.0
LATE = 0.001
"""The chance that a panel whose newest orders are read is behind with what became of the older ones."""

MOST = 20.0
NOTHING = 0.02
SETTLING = 0.2
"""Hours by which what a panel shows may lag behind its newest order."""


@dataclass(frozen=True)
class Share:
    """What of an outage is one panel's: as in Outage, of its orders alone."""

    panel_id: int
    services: int = 0
    orders: int = 0
    at_risk: dict[str, int] = field(default_factory=dict)
    came: int = 0
    due: float = 0.0
    others: int = 0


@dataclass(frozen=True)
class Outage:
    """`services`: with orders that wait, on all `panels`; `at_risk`: what those orders cost, in units by currency. `came` and `due`: deliveries
    since it was first seen; `others`: those of other providers on the same panels meanwhile. `shares`: the same of each panel."""

    provider: str
    confidence: float
    first_seen: datetime
    panels: tuple[int, ...]
    services: int
    orders: int
    at_risk: dict[str, int]
    came: int = 0
    due: float = 0.0
    others: int = 0
    shares: tuple[Share, ...] = ()

    def among(self, panel_ids: Collection[int]) -> "Outage":
        """As whoever sees these panels alone may be told of it: how sure it is and since when follow from all of them."""
        mine = tuple(one for one in self.shares if one.panel_id in panel_ids)
        return of_shares(self.provider, self.confidence, self.first_seen, mine)


@dataclass(frozen=True)
class Judgement:
    """`begun`: hours before now. `came` and `due` since then, by panel."""

    confidence: float
    begun: float
    came: dict[int, int]
    due: dict[int, float]


def inferred(orders: pl.DataFrame, now: datetime) -> list[Outage]:
    """The surest first. `orders`: all that wait, and those created or finished in the last weeks, with panel_id, service_id, provider ("" where
    it is unknown), status, created_at, finished_from (null: not observed), finished_at (both null while open), quantity, remains, charge and
    charge_currency.
    """
    paces = learnt(orders, now)
    judged = {name: judgement(paces, name, now) for name in suspects(paces)}
    found = [outage(orders, now, paces, name, one) for name, one in judged.items() if one.confidence >= LEAST]
    return sorted(found, key=lambda one: (-one.confidence, one.provider))


def suspects(paces: Paces) -> list[str]:
    """Providers that some recent hours brought little from: a quick look that spares the others the long one."""
    starts, by = [-hours for hours in SUSPECT_AT], ["provider", "start"]
    parts = [counted(part, starts).group_by(by).agg(pl.col("came", "full").sum()) for part in paces.parted()]
    seen = pl.concat(parts)
    is_silent = (pl.col("came") < SUSPECT_SHARE * pl.col("full")) & (pl.col("full") >= SUSPECT_DUE)
    return sorted(seen.filter(is_silent, pl.col("provider") != "")["provider"].unique())


def counted(paces: Paces, starts: Iterable[float], vouched: pl.DataFrame | None = None) -> pl.DataFrame:
    """For each start and service what came after it, and what was due: `full` up to the newest that its panel has shown, `short` up to the
    last moment vouched for. `vouched`: panel_id, sure. One start after another: all of them at once would hold every order once for each."""
    recent = paces.orders.filter(pl.col("ended").is_null() | (pl.col("ended") > -LONGEST))
    shown = recent.with_columns(sure=pl.col("until")) if vouched is None else recent.join(vouched, on="panel_id")
    ends = shown.with_columns(whole=pl.col("until") - SETTLING, sure=pl.min_horizontal("until", "sure"))
    for name, moment in {"full": "whole", "short": "sure"}.items():
        ends = with_risk(ends, paces.curves, pl.col(moment) - pl.col("begun"), f"{name}_risk")
    known = ends.select(*UNIT, "begun", "ended", "level", "full_risk", "short_risk")
    return pl.concat([since(known, paces.curves, start) for start in starts])


def since(known: pl.DataFrame, curves: pl.DataFrame, start: float) -> pl.DataFrame:
    begin = pl.lit(start, pl.Float64)
    open_then = known.filter(pl.col("ended").is_null() | (pl.col("ended") > begin))
    at_risk = with_risk(open_then, curves, begin - pl.col("begun"), "before_risk")
    came = pl.col("ended").is_not_null().sum().cast(pl.Float64)
    counts = at_risk.group_by(UNIT).agg(came=came, full=due("full"), short=due("short"))
    return counts.with_columns(start=begin)


def due(name: str) -> pl.Expr:
    """The sum of the chances to be done by then, not having been done at the start."""
    passed = (pl.col(f"{name}_risk") - pl.col("before_risk")).clip(lower_bound=0.0)
    return (1 - (-passed).exp()).sum()


def judgement(paces: Paces, provider: str, now: datetime) -> Judgement:
    """How sure it is that the provider is down, and since when."""
    own = paces.of(provider)
    beats = pulse(own, now)
    last = [moment for moment in beats.beats[-LAST:] if moment > -LONGEST]
    starts = sorted({*(-float(hours) for hours in STARTS), *last})
    vouched = vouchers(paces, provider)
    ends = [moment - 0.01 for moment in last]
    is_late = late(paces, provider, vouched)
    counts = by_start(counted(own, [*starts, *ends], vouched))
    is_single = own.orders.select(UNIT).n_unique() == 1
    surprises = {
        start: surprise(clumped(beats, start, counts[start], is_late), is_single) for start in (*starts, *ends)
    }
    begun = max(starts, key=lambda start: surprises[start])
    since_last = [surprises[end] for end in ends if end > begun]
    daily = beats.of_day(begun, 0.0)
    return Judgement(
        confidence=confidence([surprises[start] for start in starts], since_last),
        begun=begun,
        came={panel: round(sum(one.came for one in seen)) for panel, seen in counts[begun].items()},
        due={panel: daily * sum(one.due for one in seen) for panel, seen in counts[begun].items()},
    )


def vouchers(paces: Paces, provider: str) -> pl.DataFrame:
    """panel_id, sure: up to when each panel of a provider has shown deliveries of anybody."""
    mine = paces.orders.filter(pl.col("provider") == provider)["panel_id"].unique()
    panels = paces.orders.filter(pl.col("panel_id").is_in(mine.implode())).group_by("panel_id")
    return panels.agg(sure=pl.col("ended").max().fill_null(-LONGEST))


def late(paces: Paces, provider: str, vouched: pl.DataFrame) -> dict[int, float]:
    """The chance that each panel is late: the more the others should have delivered since its last delivery, the likelier."""
    others = paces.orders.filter(pl.col("provider") != provider).join(vouched, on="panel_id")
    silent = others.filter(pl.col("ended").is_null(), pl.col("begun") > -LONGEST)
    for name, moment in {"before": "sure", "full": "until"}.items():
        silent = with_risk(silent, paces.curves, pl.col(moment) - pl.col("begun"), f"{name}_risk")
    missing = dict(silent.group_by("panel_id").agg(due("full")).iter_rows())
    odds = {panel: LATE / (1 - LATE) * math.exp(min(missing.get(panel, 0.0), MOST)) for panel in vouched["panel_id"]}
    return {panel: one / (1 + one) for panel, one in odds.items()}


def by_start(counts: pl.DataFrame) -> dict[float, dict[int, list[Count]]]:
    """By start and panel. Where nothing came and nothing was due there is nothing to tell."""
    said = counts.filter((pl.col("came") > 0) | (pl.col("full") > NOTHING))
    found: dict[float, dict[int, list[Count]]] = defaultdict(lambda: defaultdict(list))
    for start, panel, *seen in said.select("start", "panel_id", "came", "full", "short").iter_rows():
        found[start][panel].append(Count(*seen))
    return found


def clumped(beats: Pulse, start: float, seen: dict[int, list[Count]], late: dict[int, float]) -> list[Panel]:
    """As at these hours of the day, and as if deliveries came one by one."""
    daily = beats.of_day(start, 0.0)
    divisor = beats.clump(start, daily * sum(one.due for counts in seen.values() for one in counts))
    each = daily / divisor
    return [
        Panel(late[panel], [Count(one.came / divisor, one.due * each, one.vouched * each) for one in counts])
        for panel, counts in seen.items()
    ]


def outage(orders: pl.DataFrame, now: datetime, paces: Paces, provider: str, judged: Judgement) -> Outage:
    is_left = pl.coalesce("remains", "quantity", 1) > 0
    is_open = pl.col("status").is_in(RUNNING) & is_left & (pl.col("created_at") <= now)
    waits = orders.filter(is_open, pl.col("provider") == provider)
    counts = waits.group_by("panel_id").agg(services=pl.col("service_id").n_unique(), orders=pl.len())
    waiting = {panel: (services, number) for panel, services, number in counts.iter_rows()}
    others = paces.orders.filter(pl.col("provider") != provider, pl.col("ended") > judged.begun)
    meanwhile = dict(others.group_by("panel_id").len().iter_rows())
    costs = at_risk(waits)
    shares = [
        Share(
            panel,
            *waiting.get(panel, (0, 0)),
            at_risk=costs.get(panel, {}),
            came=judged.came.get(panel, 0),
            due=judged.due.get(panel, 0.0),
            others=meanwhile.get(panel, 0) if panel in waiting else 0,
        )
        for panel in sorted({*waiting, *judged.due})
    ]
    return of_shares(provider, judged.confidence, now + timedelta(hours=judged.begun), tuple(shares))


def at_risk(waits: pl.DataFrame) -> dict[int, dict[str, int]]:
    """What orders cost by panel and currency, summed wider than they are kept: many dear ones are more than 64 bits hold."""
    told = waits.filter(pl.col("charge").is_not_null(), pl.col("charge_currency") != "")
    sums = told.group_by("panel_id", "charge_currency").agg(pl.col("charge").cast(pl.Int128).sum())
    found: dict[int, dict[str, int]] = {}
    for panel, currency, units in sums.sort("panel_id", "charge_currency").iter_rows():
        found.setdefault(panel, {})[currency] = units
    return found


def of_shares(provider: str, confidence: float, first_seen: datetime, shares: tuple[Share, ...]) -> Outage:
    costs: Counter[str] = Counter()
    for one in shares:
        costs.update(one.at_risk)
    return Outage(
        provider=provider,
        confidence=confidence,
        first_seen=first_seen,
        panels=tuple(one.panel_id for one in shares if one.orders),
        services=sum(one.services for one in shares),
        orders=sum(one.orders for one in shares),
        at_risk=dict(sorted(costs.items())),
        came=sum(one.came for one in shares),
        due=sum(one.due for one in shares),
        others=sum(one.others for one in shares),
        shares=shares,
    )
