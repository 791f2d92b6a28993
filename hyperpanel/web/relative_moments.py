"""Moments that move on with the clock: `-30m`, `-24h` and `-7d` are so many minutes, hours or days before now."""

import re
from datetime import datetime, timedelta

from hyperpanel.web.languages import N_, Language

AGO = re.compile(r"-(\d{1,4})([mhd])", re.ASCII)
UNITS = {"m": "minutes", "h": "hours", "d": "days"}
TOLD = {"m": N_("%(number)s min ago"), "h": N_("%(number)s h ago"), "d": N_("%(number)s d ago")}


def before(text: str, now: datetime) -> datetime | None:
    """None for what is not written so."""
    found = AGO.fullmatch(text)
    return now - timedelta(**{UNITS[found[2]]: int(found[1])}) if found else None


def told(language: Language, text: str) -> str | None:
    found = AGO.fullmatch(text)
    return language.say(TOLD[found[2]], number=int(found[1])) if found else None
