"""The answer of report service-health, for commands and the admin API: each service with every term of its score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from hyperpanel.db import snoozes
from hyperpanel.db.snoozes import Snooze
from hyperpanel.support import profiles, service_tracking
from hyperpanel.support.reporting import Question, Reporting, stamp
from hyperpanel.support.service_tracking import STREAMS, Asked, Row
from reports.service_health import shown

BANDS = ("critical", "stalled", "warning", "healthy", "few")
__all__ = ["BANDS", "STREAMS", "answer"]


@dataclass(frozen=True)
class Made:
    here: Reporting
    asked: Asked
    rows: Sequence[Row]
    snoozed: Mapping[tuple[int, str], Snooze]


async def answer(here: Reporting, question: Question) -> dict[str, Any]:
    """Raises BadInput, and Missing for a profile that is not there."""
    chosen, name = profiles.Services(), question.profile
    if name is not None:
        wanted = partial(profiles.named, kind=profiles.SERVICES, name=name)
        named = await here.database.read(wanted)
        chosen, name = named.services, named.name
    window = here.window(chosen.hours if question.hours is None else question.hours, question.at)
    asked = Asked(here.scope, window, chosen.measure, chosen.wanted)
    frame = await here.database.reader.ask(service_tracking.made, asked)
    known = snoozes.past if asked.at < here.now else snoozes.running
    running = await here.database.read(lambda connection: known(connection, here.scope, asked.at))
    rows, nameless = service_tracking.services(frame)
    return facts(Made(here, asked, rows, {one.service: one for one in running}), nameless, name)


def facts(made: Made, nameless: int, profile: str | None) -> dict[str, Any]:
    """`nameless`: how many orders name no service."""
    measure = made.asked.measure
    limits = {
        "stuck_after_hours": measure.stuck_after / timedelta(hours=1),
        "slow_multiplier": measure.multiplier,
        "min_orders": measure.min_orders,
    }
    return {
        **made.here.heading("service-health", made.asked.window, profile=profile, measure=limits),
        "totals": totals(made),
        "orders_without_service": nameless,
        "rows": [row_facts(made, row) for row in made.rows],
    }


def totals(made: Made) -> dict[str, int]:
    """Services by band; `snoozed` ones are among them."""
    bands = [row.band for row in made.rows]
    counts = {band: bands.count(band) for band in BANDS}
    return {**counts, "snoozed": sum(row.service in made.snoozed for row in made.rows)}


def row_facts(made: Made, row: Row) -> dict[str, Any]:
    return {
        "panel": made.here.names[row.panel_id],
        "panel_state": made.here.state(row.panel_id),
        "service": row.service_id,
        "name": row.name,
        "band": row.band,
        "score": None if row.score is None else shown(row.score),
        "raw_score": row.score,
        "terms": {"whole": 100, "stuck": -row.stuck_term, "slow": -row.slow_term},
        "stuck": row.stuck,
        "oldest_stuck": stamp(row.oldest),
        "slow": row.slow,
        "rated": row.rated,
        "finished": row.finished,
        "unobserved": row.unobserved,
        "speed_per_day": row.per_day,
        "speed_from": row.origin,
        "speed_in_name": row.part or None,
        "snoozed": snoozed(made.snoozed.get(row.service)),
    }


def snoozed(snooze: Snooze | None) -> dict[str, Any] | None:
    if snooze is None:
        return None
    return {"by": snooze.by, "why": snooze.why, "wakes": snooze.wakes, "until": stamp(snooze.until)}
