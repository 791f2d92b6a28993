"""Ids, amounts and times of records as a panel writes them. A page has thousands of each, so what repeats is made once."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import floor
from zoneinfo import ZoneInfo

from hyperpanel.client.records import Money
from hyperpanel.support.currencies import exact, formatted

LONGEST_NUMBER = 15
"""Digits that every reader of JSON keeps exactly."""

QUARTER = 900
"""Seconds: hardly any time zone changes its offset within one, but several have a minute after midnight."""

SECONDS = tuple(f":{second:02}" for second in range(60))
MINUTES = tuple(f" {minute // 60:02}:{minute % 60:02}" for minute in range(1440))


def number(text: str) -> int | str:
    """What is a number without doubt is one."""
    plain = text.isdecimal() and text.isascii() and len(text) <= LONGEST_NUMBER and (text[0] != "0" or text == "0")
    return int(text) if plain else text


number_again = lru_cache(maxsize=20_000)(number)
"""Of services, which many orders have."""


@lru_cache(maxsize=50_000)
def money(units: int | None, currency: str | None) -> Money | None:
    if units is None or currency is None:
        return None
    text = exact(units, currency)
    return Money(text, currency, formatted(text, currency))


def local(moment: datetime | None, zone: ZoneInfo) -> tuple[str | None, int | None]:
    """As a panel's clock shows it, and in seconds since 1970."""
    if moment is None:
        return None, None
    stamp = floor(moment.timestamp())
    offset = of_quarter(zone, stamp // QUARTER)
    shown = stamp + (ahead(zone, stamp) if offset is None else offset)
    day, second = divmod(shown, 86_400)
    return f"{date_of(day)}{MINUTES[second // 60]}{SECONDS[second % 60]}", stamp


@lru_cache(maxsize=100_000)
def of_quarter(zone: ZoneInfo, quarter: int) -> int | None:
    """None where clocks change within it."""
    first = ahead(zone, quarter * QUARTER)
    return first if first == ahead(zone, quarter * QUARTER + QUARTER - 1) else None


def ahead(zone: ZoneInfo, stamp: int) -> int:
    """Seconds that this zone's clocks are ahead of UTC."""
    return int(at(stamp).astimezone(zone).utcoffset() // timedelta(seconds=1))  # type: ignore[operator]


@lru_cache(maxsize=20_000)
def date_of(day: int) -> str:
    return at(day * 86_400).date().isoformat()


def at(stamp: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=stamp)
