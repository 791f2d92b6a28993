"""The filters of the Orders page: read from the address, checked, and given back as they were typed with what is
wrong."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hyperpanel.db import order_lists
from hyperpanel.web.frame import POSITION
from hyperpanel.web.languages import N_
from hyperpanel.web.order_rows import MODES, SOURCES, STATUSES, mode_label, source_label, status_label
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

MOST_NUMBERS = 100
MOST_STATUSES = 50
LONGEST = {"number": 8000}
LONGEST_ELSE = 256
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
MOMENTS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
TYPED = ("number", "user", "mode", "source", "service", "provider", "created_from", "created_to")
LABELS = {
    "number": N_("Number"),
    "user": N_("User"),
    "status": N_("Status"),
    "mode": N_("Mode"),
    "source": N_("Source"),
    "service": N_("Service"),
    "provider": N_("Provider"),
    "created_from": N_("Created from"),
    "created_to": N_("Created before"),
}


@dataclass(frozen=True)
class Chip:
    """A filter in use; `without` is this page's address without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Filters:
    """The form's fields as they were typed, and what is wrong with them by name."""

    number: str
    user: str
    status: Sequence[Choice]
    mode: Sequence[Choice]
    source: Sequence[Choice]
    service: str
    provider: str
    created_from: str
    created_to: str
    errors: Mapping[str, str]
    service_options: Sequence[Choice]
    provider_options: Sequence[Choice]


@dataclass
class Asked:
    """What the address asks for. `filters` leaves out what could not be understood."""

    typed: dict[str, str]
    statuses: tuple[str, ...]
    errors: dict[str, str] = field(default_factory=dict)
    filters: order_lists.Filters = field(default_factory=order_lists.Filters)

    @property
    def is_narrow(self) -> bool:
        return bool(self.statuses or any(self.typed.values()))


def read(visit: Visit) -> Asked:
    pairs = visit.url.pairs
    typed = {name: next((cut(name, value) for key, value in pairs if key == name), "") for name in TYPED}
    statuses = tuple(dict.fromkeys(cut(key, value) for key, value in pairs if key == "status" and value.strip()))
    asked = Asked(typed, statuses[:MOST_STATUSES])
    if len(statuses) > MOST_STATUSES:
        asked.errors["status"] = visit.say("At most %(most)s at once.", most=visit.fmt.number(MOST_STATUSES))
    since = moment(visit, asked, "created_from")
    until = moment(visit, asked, "created_to")
    if since and until and since >= until:
        asked.errors["created_to"] = visit.say("This must be later than where it begins.")
    asked.filters = order_lists.Filters(
        numbers=numbers(visit, asked),
        user=typed["user"] or None,
        statuses=asked.statuses,
        services=service(visit, asked),
        mode=typed["mode"] or None,
        source=typed["source"] or None,
        provider=typed["provider"] or None,
        created_from=since,
        created_to=until,
    )
    return asked


def cut(name: str, value: str) -> str:
    return value.strip()[: LONGEST.get(name, LONGEST_ELSE)]


def latin(text: str) -> str:
    """Digits of any script as 0 to 9: ۲۲۷۴ and ٢٢٧٤ are numbers too."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def numbers(visit: Visit, asked: Asked) -> tuple[str, ...]:
    """Several may be pasted, with spaces, commas or line ends between."""
    found = tuple(
        dict.fromkeys(part.lstrip("#") for part in re.split(r"[\s,;،]+", latin(asked.typed["number"])) if part)
    )
    if len(found) > MOST_NUMBERS:
        asked.errors["number"] = visit.say("At most %(most)s numbers at once.", most=visit.fmt.number(MOST_NUMBERS))
    elif not all(NUMBER.fullmatch(part) for part in found):
        asked.errors["number"] = visit.say("A number has digits and Latin letters only.")
    return found if "number" not in asked.errors else ()


def service(visit: Visit, asked: Asked) -> tuple[str, ...]:
    """By its number; the list to choose from puts that in."""
    number = latin(asked.typed["service"])
    if number and not NUMBER.fullmatch(number):
        asked.errors["service"] = visit.say("A service is named by its number, such as 170.")
        return ()
    return (number,) if number else ()


def moment(visit: Visit, asked: Asked, name: str) -> datetime | None:
    """A day begins at midnight in the person's zone."""
    text = latin(asked.typed[name])
    for form in MOMENTS if text else ():
        try:
            return datetime.strptime(text, form).replace(tzinfo=visit.zone).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    if text:
        asked.errors[name] = visit.say("Write it like 2026-01-31 or 2026-01-31 09:00.")
    return None


def chips(visit: Visit, asked: Asked) -> list[Chip]:
    here = visit.url.without(*POSITION)
    values = [(name, value) for name, value in asked.typed.items() if value and name not in asked.errors]
    values[1:1] = [("status", status) for status in asked.statuses]
    labels = {"status": status_label, "mode": mode_label, "source": source_label}
    return [
        Chip(
            visit.say(LABELS[name]),
            labels[name](visit.language, value) if name in labels else shown(value) or "",
            str(here.without_pair(name, value) if name == "status" else here.without(name)),
        )
        for name, value in sorted(values, key=lambda pair: list(LABELS).index(pair[0]))
    ]


def form(
    visit: Visit, asked: Asked, statuses: Sequence[str], services: Mapping[str, str], providers: Sequence[str]
) -> Filters:
    """`statuses` are those that orders have now: unknown words among them can be chosen too."""
    known = dict.fromkeys((*STATUSES, *sorted({*statuses, *asked.statuses} - STATUSES.keys())))
    language, typed = visit.language, asked.typed
    return Filters(
        number=typed["number"],
        user=typed["user"],
        status=[Choice(value, status_label(language, value), value in asked.statuses) for value in known],
        mode=[
            Choice(value, mode_label(language, value), value == typed["mode"])
            for value in offered(MODES, typed["mode"])
        ],
        source=[
            Choice(value, source_label(language, value), value == typed["source"])
            for value in offered(SOURCES, typed["source"])
        ],
        service=typed["service"],
        provider=typed["provider"],
        created_from=typed["created_from"],
        created_to=typed["created_to"],
        errors=asked.errors,
        service_options=[Choice(number, shown(name) or number, False) for number, name in services.items()],
        provider_options=[Choice(name, shown(name) or name, False) for name in providers],
    )


def offered(known: Mapping[str, str], chosen: str) -> list[str]:
    return list(dict.fromkeys((*known, *([chosen] if chosen else ()))))
