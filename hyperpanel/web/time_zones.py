"""Time zones as people write them: `istanbul` is Europe/Istanbul, and what is not known is None.

The system's list has old names and offsets whose signs are turned around (Etc/GMT-3 is UTC+03:00): they are taken, and not offered.
"""

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global

from hyperpanel.db.folding import fold
from hyperpanel.support.wanted import zones

NOT_OFFERED = ("Etc/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "SystemV/")


@cache
def offered() -> list[str]:
    return ["UTC", *sorted(name for name in zones() if "/" in name and not name.startswith(NOT_OFFERED))]


def named(typed: str) -> str | None:
    """By its whole name or its city's, in any case."""
    wanted = fold(typed.strip()).replace(" ", "_")
    found = [name for name in sorted(zones()) if wanted == fold(name)] or [
        name for name in offered() if wanted == fold(name.rpartition("/")[2])
    ]
    aliases = get_global("zone_aliases")
    first = {aliases.get(name, name) for name in found}
    return found[0] if len(found) == 1 else first.pop() if len(first) == 1 else None


def offset(zone: ZoneInfo, at: datetime) -> str:
    """`UTC+05:30`."""
    sign = at.astimezone(zone).strftime("%z")
    return f"UTC{sign[:3]}:{sign[3:5]}"
