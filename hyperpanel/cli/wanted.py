"""A panel as it was typed: everything that can be judged without asking anybody."""

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hyperpanel.errors import BadInput

if TYPE_CHECKING:
    from hyperpanel.db.panels import Panel

KINDS = ("perfect_panel",)
NAME = re.compile(r"[^\W_][\w .-]{0,39}")
CURRENCY = re.compile(r"[A-Z]{3,5}")
SLOWEST, FASTEST = 0.1, 50.0


@dataclass(frozen=True)
class Wanted:
    """A panel that is not stored yet; `cut` is the API path that was taken off the address, `kept` any other path."""

    panel: "Panel"
    cut: str
    kept: str


def wanted(name: str, kind: str, url: str, currency: str, timezone: str, rate: float, private: bool) -> Wanted:
    """Raises BadInput for the first thing that cannot be right."""
    from urllib.parse import urlsplit

    from hyperpanel.db.panels import Panel
    from sync.addresses import BadAddress, normalise

    try:
        address = normalise(url, private=private)
    except BadAddress as problem:
        raise BadInput(str(problem), "url") from None
    panel = Panel(
        id=0,
        name=named(name),
        kind=kind,
        url=address.url,
        currency=currency_code(currency),
        time_zone=zone(timezone),
        rate=allowed_rate(rate),
        private=private,
    )
    return Wanted(panel, address.cut, urlsplit(address.url).path)


def named(name: str) -> str:
    shown = " ".join(name.split())
    if not NAME.fullmatch(shown):
        raise BadInput(
            "A panel's name has 1 to 40 letters, digits, spaces and . _ -, and begins with a letter or digit.", "name"
        )
    return shown


def currency_code(text: str) -> str:
    code = text.strip().upper()
    if not CURRENCY.fullmatch(code):
        raise BadInput(f"{text!r} is no currency. Write its code, such as USD.", "currency")
    return code


def zone(text: str) -> str:
    from zoneinfo import available_timezones

    if text not in available_timezones():
        raise BadInput(f"{text!r} is no time zone. Write it as UTC or Europe/Berlin.", "timezone")
    return text


def allowed_rate(rate: float) -> float:
    if math.isnan(rate) or not SLOWEST <= rate <= FASTEST:
        raise BadInput(f"The rate must be between {SLOWEST:g} and {FASTEST:g} calls a second.", "rate")
    return rate
