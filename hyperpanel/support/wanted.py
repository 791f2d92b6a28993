"""A panel as it was typed, on a form, in a file or in a command: everything that can be judged without asking anybody.

Commands import it for their --help, so it imports nothing that takes long.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from hyperpanel.errors import BadInput
from sync.addresses import SENTENCES, Address, BadAddress, normalise

CONSOLE = "hyperpanel"
KINDS = ("perfect_panel", CONSOLE)
NAME = re.compile(r"[^\W_][\w .-]{0,39}")
ONE_OF_A_CONSOLE = re.compile(r"(/.*)?/p/[^/]+")
CURRENCY = re.compile(r"[A-Z]{3,5}")
SLOWEST, FASTEST = 0.1, 50.0
FEWEST_DIGITS, MOST_DIGITS = 3, 10
LONGEST_KEY = 500
RESERVED = frozenset({"new", "test", "add-many", "console"})
"""Words that stand where a name stands in the console's addresses."""


def N_(text: str) -> str:
    """Marks a sentence that a screen says in its own language."""
    return text


@dataclass(frozen=True)
class Typed:
    """Text, as it came. Keys are secrets: they stay out of repr, logs and pages."""

    name: str = ""
    url: str = ""
    kind: str = KINDS[0]
    currency: str = "USD"
    time_zone: str = "UTC"
    rate: str = "4"
    group: str = ""
    order_digits: str = ""
    private: bool = False
    admin_key: str = field(default="", repr=False)
    services_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Wanted:
    """A panel that can be stored; `cut` is the API path that was taken off the address, `kept` any other path."""

    name: str
    kind: str
    url: str
    currency: str
    time_zone: str
    rate: float
    private: bool
    group_name: str | None
    order_digits: int | None
    cut: str
    kept: str


@dataclass(frozen=True)
class Judged:
    """`wanted` is None where something is wrong; `errors` by the field that they belong to."""

    wanted: Wanted | None
    keys: Mapping[str, str] = field(repr=False)
    errors: Mapping[str, BadInput]

    def require(self) -> Wanted:
        """Raises BadInput for the first thing that cannot be right."""
        for problem in self.errors.values():
            raise problem
        if self.wanted is None:
            raise BadInput(N_("Something is missing."))
        return self.wanted


def judge(typed: Typed, needs_key: bool = True) -> Judged:
    """All that is wrong at once. Without `needs_key` an empty admin key means the one that is stored."""
    errors: dict[str, BadInput] = {}

    def tried(judged: Callable[[str], object], text: str) -> object:
        try:
            return judged(text)
        except BadInput as problem:
            errors[problem.field] = problem
            return None

    values = {
        "name": tried(named, typed.name),
        "group_name": tried(grouped, typed.group),
        "kind": tried(known_kind, typed.kind),
        "currency": tried(currency_code, typed.currency),
        "time_zone": tried(zone, typed.time_zone),
        "rate": tried(allowed_rate, typed.rate),
        "order_digits": tried(digits, typed.order_digits),
    }
    found = tried(lambda text: address(text, typed.private, typed.kind), typed.url)
    keys = {name: str(tried(judged, text) or "") for name, judged, text in secrets(typed, needs_key)}
    wanted = None
    if not errors and isinstance(found, Address):
        values |= {"url": found.url, "private": typed.private, "cut": found.cut, "kept": urlsplit(found.url).path}
        wanted = Wanted(**values)  # type: ignore[arg-type] # each was judged by the function for its field
    return Judged(wanted, {name: key for name, key in keys.items() if key}, errors)


def secrets(typed: Typed, needs_key: bool) -> list[tuple[str, Callable[[str], str], str]]:
    needed = ("admin_key",) if needs_key else ()
    given = {"admin_key": typed.admin_key, "services_key": typed.services_key}
    return [(name, key_of(name, name in needed), text) for name, text in given.items()]


def named(name: str) -> str:
    shown = " ".join(unicodedata.normalize("NFC", name).split())
    if not NAME.fullmatch(shown):
        raise BadInput(
            N_("A panel's name has 1 to 40 letters, digits, spaces and . _ -, and begins with a letter or digit."),
            "name",
        )
    if shown.casefold() in RESERVED:
        raise BadInput(
            N_("“{text}” is a word of the console's own addresses. Choose another name."), "name", text=shown
        )
    return shown


def grouped(name: str) -> str | None:
    """No group is none, not an empty one."""
    shown = " ".join(unicodedata.normalize("NFC", name).split())
    if shown and not NAME.fullmatch(shown):
        raise BadInput(
            N_("A group's name has 1 to 40 letters, digits, spaces and . _ -, and begins with a letter or digit."),
            "group",
        )
    return shown or None


def address(text: str, private: bool, kind: str = KINDS[0]) -> Address:
    try:
        found = normalise(text, private=private)
    except BadAddress as problem:
        raise BadInput(SENTENCES[problem.code], "url", **problem.details) from None
    if kind == CONSOLE and not ONE_OF_A_CONSOLE.fullmatch(urlsplit(found.url).path):
        raise BadInput(
            N_(
                "This is not the address of one panel of a console, which ends in /p/ and its name. Write it as {url}/p/eu-1."
            ),
            "url",
            url=found.url,
        )
    return found


def known_kind(text: str) -> str:
    if text not in KINDS:
        raise BadInput(
            N_("'{text}' is no kind of panel. Known: {known}."), "kind", text=text[:40], known=", ".join(KINDS)
        )
    return text


def currency_code(text: str) -> str:
    code = text.strip().upper()
    if not CURRENCY.fullmatch(code):
        raise BadInput(N_("'{text}' is no currency. Write its code, such as USD."), "currency", text=text[:40])
    return code


@cache
def zones() -> frozenset[str]:
    """Without two that are names in the system's files and no zones that polars knows."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def zone(text: str) -> str:
    if text.strip() not in zones():
        raise BadInput(N_("'{text}' is no time zone. Write it as UTC or Europe/Berlin."), "time_zone", text=text[:40])
    return text.strip()


def digits(text: str) -> int | None:
    """Of the shortest order number; nothing leaves it at what is usual."""
    told = text.strip()
    if told and (not told.isdecimal() or not FEWEST_DIGITS <= int(told) <= MOST_DIGITS):
        raise BadInput(
            N_("An order number has {fewest} to {most} digits at the least."),
            "order_digits",
            fewest=FEWEST_DIGITS,
            most=MOST_DIGITS,
        )
    return int(told) if told else None


def allowed_rate(text: str) -> float:
    """A comma is taken for the decimal point that it is in many languages."""
    try:
        rate = float(text.strip().replace(",", "."))
    except ValueError:
        rate = math.nan
    if math.isnan(rate) or not SLOWEST <= rate <= FASTEST:
        raise BadInput(
            N_("The rate must be between {slowest} and {fastest} calls a second."),
            "rate",
            slowest=f"{SLOWEST:g}",
            fastest=f"{FASTEST:g}",
        )
    return rate


def key_of(name: str, needed: bool) -> Callable[[str], str]:
    return lambda text: key(name, text, needed)


def key(name: str, text: str, needed: bool = True) -> str:
    """A key goes into a header: anything that does not fit there was pasted wrongly. What was typed is never repeated."""
    typed = text.strip()
    if needed and not typed:
        raise BadInput(N_("A key is needed here."), name)
    if len(typed) > LONGEST_KEY or not typed.isascii() or not typed.isprintable() or " " in typed:
        raise BadInput(N_("The key holds a space or another character that no key has. Paste it again."), name)
    return typed
