"""How numbers, amounts and times are written, for one language and zone: `fmt` in the templates.

Babel's own formatting of a value costs 20 to 60 µs, and a page of orders holds a thousand values: so the locale's
signs are asked for once and put in by hand, and what is asked of Babel is remembered by value.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from hyperpanel.support.currencies import decimals
from hyperpanel.web.languages import N_, Language
from sync.money import Money, scale

SPANS = (
    (60, 1, N_("{n} s")),
    (3600, 60, N_("{n} min")),
    (172_800, 3600, N_("{n} h")),
)
DAYS = N_("{n} d")
DATED_AFTER = timedelta(days=90)


class Signs:
    """One language's way of writing figures; shared by all its visits."""

    def __init__(self, language: Language) -> None:
        self.locale = language.locale
        self.group = get_group_symbol(language.locale)
        self.point = get_decimal_symbol(language.locale)
        self.spans = [(limit, size, language.say(text)) for limit, size, text in SPANS]
        self.days = language.say(DAYS)
        self.remembered = lru_cache(maxsize=20_000)(self.money)

    def number(self, value: float) -> str:
        whole, _, fraction = (f"{value:,}" if isinstance(value, int) else f"{value:,.2f}").partition(".")
        fraction = fraction.rstrip("0")
        return whole.replace(",", self.group) + (self.point + fraction if fraction else "")

    def money(self, units: int, currency: str) -> str:
        """All digits that are kept, and at least those that the currency is written with."""
        places = scale(currency)
        whole, fraction = divmod(abs(units), int(10**places))
        digits = f"{fraction:0{places}}".rstrip("0").ljust(decimals(currency), "0")
        sign = "-" if units < 0 else ""
        return f"{sign}{self.number(whole)}{self.point if digits else ''}{digits}\u00a0{currency}"

    def span(self, seconds: float) -> str:
        for limit, size, text in self.spans:
            if seconds < limit:
                return text.replace("{n}", str(int(seconds // size)))
        return self.days.replace("{n}", self.number(int(seconds // 86_400)))


class Formats:
    """`fmt`: the same for one person at one moment."""

    def __init__(self, signs: Signs, zone: ZoneInfo, now: datetime) -> None:
        self.signs = signs
        self.zone = zone
        self.now = now
        self.number = signs.number

    def money(self, amount: Money) -> str:
        return self.signs.remembered(amount.units, amount.currency)

    def ago(self, at: datetime) -> str:
        """The age, or for a time to come how far off it is; a date when it is long ago."""
        away = abs(self.now - at)
        return day(at.astimezone(self.zone).date(), self.signs.locale) if away > DATED_AFTER else self.seconds(away)

    def until(self, at: datetime) -> str:
        """How far off a time is; nothing once it has passed."""
        return self.seconds(max(at - self.now, timedelta(0)))

    def exact(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{day(local.date(), self.signs.locale)} {local.hour:02}:{local.minute:02}:{local.second:02}"

    def iso(self, at: datetime) -> str:
        return at.astimezone(UTC).isoformat(timespec="seconds")

    def seconds(self, span: timedelta | float) -> str:
        return self.signs.span(span.total_seconds() if isinstance(span, timedelta) else span)


@lru_cache(maxsize=4096)
def day(value: date, locale: Locale) -> str:
    return str(format_date(value, "medium", locale=locale))
