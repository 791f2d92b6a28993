"""By whom the orders of each service are delivered, as far as the service report is about them. Made in the reader process."""

import polars as pl

from hyperpanel.db import frames
from hyperpanel.db.sources import Source
from hyperpanel.support.service_tracking import Asked, Service
from reports.service_health import SERVICE


def used(source: Source, asked: Asked) -> dict[Service, list[str]]:
    """Of stuck and finished orders; the provider with the most of them first. A service whose orders name none is left out."""
    waiting = frames.waiting(source, asked.scope, asked.stuck_before, "provider")
    finished = frames.finished(source, asked.scope, asked.window, "provider")
    both = pl.concat([frame.select(*SERVICE, "provider") for frame in (waiting, finished)])
    counted = both.filter(pl.col("provider") != "").group_by(*SERVICE, "provider").agg(orders=pl.len())
    ranked = counted.sort("orders", "provider", descending=[True, False])
    found: dict[Service, list[str]] = {}
    for panel_id, service_id, provider, _ in ranked.iter_rows():
        found.setdefault((panel_id, service_id), []).append(provider)
    return found
