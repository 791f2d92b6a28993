"""A schedule as it was typed into its form: all that can be judged without asking anybody, and all that is wrong at once."""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from hyperpanel.errors import BadInput
from hyperpanel.support.due_times import EVERY, WEEK, Rhythm
from hyperpanel.support.margins import BY
from hyperpanel.support.report_files import FORMATS
from hyperpanel.support.reports import REPORTS
from hyperpanel.support.schedules import Settings
from hyperpanel.support.wanted import N_
from hyperpanel.support.wanted import zone as wanted_zone
from reports.windows import LONGEST

LONGEST_NAME = 60
LEAST_HOURS = 0.1
MOST_HOURS = LONGEST // timedelta(hours=1)
TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


T = TypeVar("T")


@dataclass(frozen=True)
class Typed:
    """Every field as text. `profile`: its id; empty for none."""

    name: str = ""
    report: str = "service-health"
    hours: str = "24"
    profile: str = ""
    by: str = "panel"
    every: str = "day"
    weekday: str = "0"
    time: str = "08:00"
    time_zone: str = "UTC"
    format: str = "csv"


@dataclass(frozen=True)
class Judged:
    """`rhythm` is None where something is wrong; `errors` by field."""

    name: str
    settings: Settings
    rhythm: Rhythm | None
    errors: Mapping[str, BadInput]


def judge(given: Typed, profiles: Mapping[str, str]) -> Judged:
    """`profiles`: the kind of each, by its id."""
    errors: dict[str, BadInput] = {}

    def judged(judge: Callable[[], T], otherwise: T) -> T:
        try:
            return judge()
        except BadInput as problem:
            errors[problem.field] = problem
            return otherwise

    name = judged(lambda: named(given.name), given.name)
    report = judged(lambda: one_of(given.report, REPORTS, "report"), "")
    hours = judged(lambda: hours_of(given.hours), 24.0)
    profile = judged(lambda: profile_of(given.profile, report, profiles), "")
    by = judged(lambda: one_of(given.by, BY, "by"), "panel")
    every = judged(lambda: one_of(given.every, EVERY, "every"), WEEK)
    weekday = judged(lambda: int(one_of(given.weekday, tuple("0123456"), "weekday")), 0)
    minute = judged(lambda: minute_of(given.time), 0)
    zone = judged(lambda: wanted_zone(given.time_zone), "UTC")
    judged(lambda: one_of(given.format, FORMATS, "format"), "csv")
    rhythm = None if errors else Rhythm(every, minute, weekday, ZoneInfo(zone))
    return Judged(name, Settings(hours, profile, by), rhythm, errors)


def named(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadInput(N_("A schedule's name has 1 to {most} characters."), "name", most=LONGEST_NAME)
    return name


def one_of(text: str, among: Collection[str], field: str) -> str:
    if text not in among:
        raise BadInput(N_("Choose one of the list."), field)
    return text


def hours_of(text: str) -> float:
    try:
        hours = float(text.strip().replace(",", "."))
    except ValueError:
        hours = 0.0
    if not LEAST_HOURS <= hours <= MOST_HOURS:
        raise BadInput(N_("Write a number of hours from 0.1 to {most}."), "hours", most=MOST_HOURS)
    return hours


def profile_of(text: str, report: str, profiles: Mapping[str, str]) -> str:
    if not text or not report:
        return ""
    if text not in profiles or profiles[text] != REPORTS[report].profile:
        raise BadInput(N_("This profile is of another report. Choose one of this report, or none."), "profile")
    return text


def minute_of(text: str) -> int:
    found = TIME.fullmatch(text.strip())
    if found is None:
        raise BadInput(N_("Write a time of day like 08:00."), "time")
    return int(found[1]) * 60 + int(found[2])
