"""A profile as it was typed into its form: everything that can be judged without asking anybody, all of it at once."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import msgspec

from hyperpanel.errors import BadInput
from hyperpanel.support.profiles import SERVICES, USERS, Pick, Profile, Services, Users
from hyperpanel.support.wanted import N_, currency_code
from reports.service_health import USUAL
from reports.windows import LONGEST
from reports.windows import USUAL as USUAL_HOURS
from sync import money

LONGEST_NAME = 60
MOST_PICKED = 2_000
MOST_HOURS = LONGEST / timedelta(hours=1)
MOST_ORDERS = 1_000
LEAST_HOURS = 0.1
LEAST_MULTIPLIER, MOST_MULTIPLIER = 0.1, 100.0

EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")

MADE: Mapping[str, type[Services] | type[Users]] = {SERVICES: Services, USERS: Users}


@dataclass(frozen=True)
class Typed:
    """A form as it came: every field as text, of either kind."""

    name: str = ""
    hours: str = f"{USUAL_HOURS:g}"
    stuck_after: str = f"{USUAL.stuck_after / timedelta(hours=1):g}"
    multiplier: str = f"{USUAL.multiplier:g}"
    min_orders: str = f"{USUAL.min_orders:g}"
    min_payments: str = "0"
    min_spend: str = "0"
    currency: str = "USD"


def typed(profile: Profile) -> Typed:
    services, users = profile.services, profile.users
    return Typed(
        name=profile.name,
        hours=f"{profile.settings.hours:g}",
        stuck_after=f"{services.stuck_after:g}",
        multiplier=f"{services.multiplier:g}",
        min_orders=str(services.min_orders),
        min_payments=str(users.min_payments),
        min_spend=f"{users.least.amount.normalize() + Decimal(0):f}",
        currency=users.currency,
    )


@dataclass(frozen=True)
class Judged:
    """`settings` is None where something is wrong; `errors` by field."""

    name: str
    settings: Services | Users | None
    errors: Mapping[str, BadInput]


def judge(kind: str, given: Typed, picked: Iterable[Pick]) -> Judged:
    """All that is wrong at once."""
    errors: dict[str, BadInput] = {}
    values: dict[str, object] = {}
    every: Fields = (("name", lambda: named(given.name)), ("picked", lambda: few(picked)), *FIELDS[kind](given))
    for name, judged in every:
        try:
            values[name] = judged()
        except BadInput as problem:
            errors[problem.field] = problem
    name = str(values.pop("name", given.name))
    return Judged(name, None if errors else MADE[kind](**values), errors)  # type: ignore[arg-type] # each was judged


def picking(settings: Services | Users, picked: tuple[Pick, ...]) -> Services | Users:
    return msgspec.structs.replace(settings, picked=picked)


Fields = tuple[tuple[str, Callable[[], object]], ...]


def of_services(given: Typed) -> Fields:
    return (
        ("hours", lambda: window(given.hours)),
        ("stuck_after", lambda: hours("stuck_after", given.stuck_after)),
        ("multiplier", lambda: times(given.multiplier)),
        ("min_orders", lambda: count("min_orders", given.min_orders)),
    )


def of_users(given: Typed) -> Fields:
    return (
        ("hours", lambda: window(given.hours)),
        ("min_payments", lambda: count("min_payments", given.min_payments)),
        ("min_spend", lambda: spend(given.min_spend, given.currency)),
        ("currency", lambda: currency_code(given.currency)),
    )


FIELDS: Mapping[str, Callable[[Typed], Fields]] = {SERVICES: of_services, USERS: of_users}


def named(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", text).split()).strip(JOINERS + " ")
    if not name or len(name) > LONGEST_NAME or not name.translate(dict.fromkeys(map(ord, JOINERS))).isprintable():
        raise BadInput(N_("A profile's name has 1 to {most} characters."), "name", most=LONGEST_NAME)
    return name


JOINERS = "\u200c\u200d"
"""Unseen, and yet a part of Persian words and of emoji."""


def few(picked: Iterable[Pick]) -> tuple[Pick, ...]:
    found = tuple(sorted(set(picked)))
    if len(found) > MOST_PICKED:
        raise BadInput(N_("At most {most} can be picked; picking none means all."), "picked", most=MOST_PICKED)
    return found


def number(text: str) -> float:
    """Not a number where it is none. A comma is taken for the decimal point that it is in many languages."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return math.nan


def hours(name: str, text: str) -> float:
    found = number(text)
    if not 0 < found <= MOST_HOURS:
        raise BadInput(N_("Write a number of hours, {most} at most."), name, most=f"{MOST_HOURS:g}")
    return found


def window(text: str) -> float:
    """A part of a minute would hold nothing, and in the end not even a moment."""
    found = hours("hours", text)
    if found < LEAST_HOURS:
        least, most = f"{LEAST_HOURS:g}", f"{MOST_HOURS:g}"
        raise BadInput(N_("Write a number from {least} to {most}."), "hours", least=least, most=most)
    return found


def times(text: str) -> float:
    found = number(text)
    if not LEAST_MULTIPLIER <= found <= MOST_MULTIPLIER:
        least, most = f"{LEAST_MULTIPLIER:g}", f"{MOST_MULTIPLIER:g}"
        raise BadInput(N_("Write a number from {least} to {most}."), "multiplier", least=least, most=most)
    return found


def count(name: str, text: str) -> int:
    plain = text.strip()
    found = int(plain) if plain.isdecimal() and len(plain) <= len(str(MOST_ORDERS)) else -1
    if not 0 <= found <= MOST_ORDERS:
        raise BadInput(N_("Write a whole number from 0 to {most}."), name, most=MOST_ORDERS)
    return found


def spend(text: str, currency: str) -> int:
    """What may be a thousand or one is neither."""
    plain = text.strip()
    try:
        found = -1 if EITHER.fullmatch(plain) else money.units(plain.replace(",", ".") or "0", currency.strip().upper())
    except money.UnreadableAmount:
        found = -1
    if found < 0:
        raise BadInput(N_("Write an amount such as 250 or 12.50."), "min_spend")
    return found
