"""The filters of a list: read from the address, checked, and given back as they were typed with what is wrong.

Each list tells its fields once (`Field`); the form, the chips, the checks and the question to the database are made of that.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hyperpanel.web import relative_moments
from hyperpanel.web.frame import POSITION
from hyperpanel.web.languages import Language
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from hyperpanel.web.words import known_or_readable

STAYS = ("sort", "columns", "view")
MOST_NUMBERS = 100
MOST_CHOSEN = 50
LONGEST = {"number": 8000}
LONGEST_ELSE = 256
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
MOMENTS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


@dataclass(frozen=True, eq=False)
class Field:
    """One filter. `kind`: numbers (several may be pasted), id (one number), text, part (of a text), moment, one or some (of `words`, by
    which they are called). `wrong`: what is said of an id that is none. `main`: shown beside the list, the others behind a button."""

    name: str
    label: str
    kind: str
    words: Mapping[str, str] = field(default_factory=dict)
    main: bool = False
    hint: str = ""
    wrong: str = ""
    after: str = ""
    """The field where the span begins that this one ends."""

    def told(self, language: Language, value: str) -> str:
        ago = relative_moments.told(language, latin(value)) if self.kind == "moment" else None
        if ago:
            return ago
        return known_or_readable(language, self.words, value) if self.words else shown(value) or ""


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
class FormField:
    """As it stands in the form. `choices`: all there are, of one or some; `options`: a few to choose from, of what is typed."""

    name: str
    label: str
    kind: str
    main: bool
    hint: str
    value: str
    error: str | None
    choices: Sequence[Choice]
    options: Sequence[Choice]

    @property
    def chosen(self) -> int:
        return sum(choice.chosen for choice in self.choices)


@dataclass(frozen=True)
class Form:
    """`kept`: what else the address says of the list, which stays when filters change."""

    fields: Sequence[FormField]
    chips: Sequence[Chip]
    kept: Sequence[tuple[str, str]]

    @property
    def is_wrong_behind(self) -> bool:
        """Whether what is wrong stands in a field that is not shown at first."""
        return any(one.error for one in self.fields if not one.main)


@dataclass
class Asked:
    """What the address asks for. `filters` leaves out what could not be understood."""

    fields: Sequence[Field]
    typed: dict[str, tuple[str, ...]]
    errors: dict[str, str] = field(default_factory=dict)
    filters: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def is_narrow(self) -> bool:
        return any(self.typed.values())

    def text(self, name: str) -> str:
        return next(iter(self.typed.get(name, ())), "")


def read(visit: Visit, fields: Sequence[Field]) -> Asked:
    asked = Asked(fields, {one.name: typed(visit, one) for one in fields})
    for one in fields:
        values = READ[one.kind](visit, asked, one)
        if values and one.name not in asked.errors:
            asked.filters[one.name] = values
    for one in fields:
        since, until = asked.filters.get(one.after), asked.filters.get(one.name)
        if since and until and since[0] >= until[0]:
            asked.errors[one.name] = visit.say("This must be later than where it begins.")
    return asked


def typed(visit: Visit, one: Field) -> tuple[str, ...]:
    longest = LONGEST.get(one.name, LONGEST_ELSE)
    values = (value.strip()[:longest] for name, value in visit.url.pairs if name == one.name)
    found = tuple(dict.fromkeys(value for value in values if value))
    return found if one.kind == "some" else found[:1]


def latin(text: str) -> str:
    """Digits of any script as 0 to 9: ۲۲۷۴ and ٢٢٧٤ are numbers too."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def numbers(visit: Visit, asked: Asked, one: Field) -> tuple[str, ...]:
    """Several may be pasted, with spaces, commas or line ends between."""
    parts = re.split(r"[\s,;،]+", latin(asked.text(one.name)))
    found = tuple(dict.fromkeys(part.lstrip("#") for part in parts if part))
    if len(found) > MOST_NUMBERS:
        asked.errors[one.name] = visit.say("At most %(most)s numbers at once.", most=visit.fmt.number(MOST_NUMBERS))
    elif not all(NUMBER.fullmatch(part) for part in found):
        asked.errors[one.name] = visit.say("A number has digits and Latin letters only.")
    return found


def number(visit: Visit, asked: Asked, one: Field) -> tuple[str, ...]:
    """One; the list to choose from puts it in."""
    found = latin(asked.text(one.name))
    if found and not NUMBER.fullmatch(found):
        asked.errors[one.name] = visit.say(one.wrong)
    return (found,) if found else ()


def moment(visit: Visit, asked: Asked, one: Field) -> tuple[datetime, ...]:
    """A day begins at midnight in the person's zone. `-24h` moves on with the clock, so that a saved view does not age."""
    text = latin(asked.text(one.name))
    found = parsed(text, visit.zone) or relative_moments.before(text, visit.now) if text else None
    if text and found is None:
        asked.errors[one.name] = visit.say("Write it like 2026-01-31, 2026-01-31 09:00, or -24h for 24 hours ago.")
    return () if found is None else (found,)


def parsed(text: str, zone: ZoneInfo) -> datetime | None:
    """A moment as people write it, in their zone; with a Z behind it, as in 2026-01-31T09:00:00Z, in UTC."""
    clock, of = (text[:-1], UTC) if text.endswith("Z") and "T" in text else (text, zone)
    for form in MOMENTS:
        try:
            return datetime.strptime(clock, form).replace(tzinfo=of).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def some(visit: Visit, asked: Asked, one: Field) -> tuple[str, ...]:
    found = asked.typed[one.name]
    if len(found) > MOST_CHOSEN:
        asked.errors[one.name] = visit.say("At most %(most)s at once.", most=visit.fmt.number(MOST_CHOSEN))
    return found[:MOST_CHOSEN]


def text(_: Visit, asked: Asked, one: Field) -> tuple[str, ...]:
    return asked.typed[one.name]


READ: Mapping[str, Callable[[Visit, Asked, Field], tuple[Any, ...]]] = {
    "numbers": numbers,
    "id": number,
    "moment": moment,
    "some": some,
    "one": text,
    "text": text,
    "part": text,
}


def chips(visit: Visit, asked: Asked) -> list[Chip]:
    here = visit.url.without(*POSITION)
    return [
        Chip(
            visit.say(one.label),
            one.told(visit.language, value),
            str(here.without_pair(one.name, value) if one.kind == "some" else here.without(one.name)),
        )
        for one in asked.fields
        if one.name not in asked.errors
        for value in asked.typed[one.name]
    ]


def form(
    visit: Visit,
    asked: Asked,
    seen: Mapping[str, Iterable[str]] | None = None,
    options: Mapping[str, Mapping[str, str]] | None = None,
    hidden: frozenset[str] = frozenset(),
) -> Form:
    """`seen`: words that rows have now, by field: unknown ones among them can be chosen too. `options`: a few values to choose from with
    their names. `hidden`: fields that this person does not get."""
    fields = [
        form_field(visit, asked, one, (seen or {}).get(one.name, ()), (options or {}).get(one.name, {}))
        for one in asked.fields
        if one.name not in hidden
    ]
    return Form(fields, chips(visit, asked), visit.url.only(STAYS).pairs)


def form_field(visit: Visit, asked: Asked, one: Field, seen: Iterable[str], options: Mapping[str, str]) -> FormField:
    chosen = asked.typed[one.name]
    known = (
        dict.fromkeys((*one.words, *sorted({*seen, *chosen} - one.words.keys()))) if one.kind in ("one", "some") else ()
    )
    return FormField(
        name=one.name,
        label=visit.say(one.label),
        kind=one.kind,
        main=one.main,
        hint=one.hint,
        value=asked.text(one.name),
        error=asked.errors.get(one.name),
        choices=[Choice(value, one.told(visit.language, value), value in chosen) for value in known],
        options=tuple(Choice(value, shown(name) or value, False) for value, name in options.items()),
    )
