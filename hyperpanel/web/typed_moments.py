"""Moments as a link writes them into a list's filter: as people type them, so that the filter says a time of the clock they live by.

An hour that a clock shows twice cannot be typed: it is written in UTC. Panels tell times in whole seconds and filters read no finer ones, so a
bound within a second is that of the next one: the same records lie before it.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hyperpanel.web.list_filters import parsed


def typed(at: datetime, zone: ZoneInfo) -> str:
    """What `parsed` reads as this moment again."""
    whole = whole_second(at).astimezone(UTC)
    text = f"{whole.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return text if parsed(text, zone) == whole else f"{whole:%Y-%m-%dT%H:%M:%S}Z"


def whole_second(at: datetime) -> datetime:
    return at if not at.microsecond else at.replace(microsecond=0) + timedelta(seconds=1)
