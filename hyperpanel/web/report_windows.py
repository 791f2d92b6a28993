"""The window of a report, chosen in the address: some hours up to now, from one moment to another, or as of a moment that has passed.

`hours=24`, `from=…&to=…` or `at=…` (with `hours`), typed in the person's zone. What cannot be used is said beside its field, and the usual
window is shown. A window that reaches back further than what is held says so (SPEC D13).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.web.formats import day
from hyperpanel.web.frame import PLACE
from hyperpanel.web.list_filters import latin, parsed
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from reports.windows import LONGEST, USUAL, Window, of_hours

NAMES = ("hours", "from", "to", "at")
"""What of an address says the window: `here.only((*CHOICE, *NAMES))` keeps it."""

HOURS = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?")


@dataclass(frozen=True)
class Choice:
    label: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Typed:
    """A field of the form for any other window. `label` is said already."""

    name: str
    label: str
    value: str
    error: str


@dataclass(frozen=True)
class Windowed:
    """The window and how it is chosen. `told`: from when to when, in words; `is_past`: it is as of a moment that has passed; `kept`: what
    else the address says, for the form; `notes`: what is not held of it."""

    window: Window
    choices: Sequence[Choice]
    fields: Sequence[Typed]
    told: str
    is_custom: bool
    is_past: bool
    now_href: str
    path: str
    kept: Sequence[tuple[str, str]]
    notes: Sequence[str] = ()

    @property
    def is_wrong(self) -> bool:
        return any(one.error for one in self.fields)


@dataclass
class Reading:
    """What the address says, as it is taken apart. `ends`: the field that says until when."""

    typed: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)
    until: datetime | None = None
    ends: str = ""
    since: datetime | None = None
    hours: float | None = None


def windowed(
    visit: Visit, presets: Sequence[int], usual: float = USUAL, feeds: Sequence[Feed] = (), panels: Sequence[Panel] = ()
) -> Windowed:
    """`feeds`: those that the report is made of, of the chosen `panels`: they say how far back is held."""
    reading = read(visit)
    window = made(visit, reading, usual)
    hours = None if reading.since is not None else window.hours
    here = visit.url.without(*NAMES, *PLACE)
    is_moment = reading.since is None and reading.until is not None and reading.until < visit.now
    past = {"at": reading.typed[reading.ends]} if is_moment else {}
    return Windowed(
        window=window,
        choices=[
            Choice(
                visit.say("%(number)s h", number=visit.fmt.number(one)),
                str(here.having(hours=str(one), **past) if one != usual or past else here),
                hours == one,
            )
            for one in presets
        ],
        fields=fields(visit, reading),
        told=told(visit, window),
        is_custom=hours not in presets,
        is_past=window.until < visit.now,
        now_href=str(visit.url.without("from", "to", "at", *PLACE)),
        path=visit.url.path,
        kept=here.pairs,
        notes=notes(visit, window, feeds, panels),
    )


def read(visit: Visit) -> Reading:
    found = dict.fromkeys(NAMES, "")
    for name, value in visit.url.pairs:
        if name in found and not found[name]:
            found[name] = value.strip()[:64]
    reading = Reading(found)
    reading.hours = hours(visit, reading)
    reading.since = moment(visit, reading, "from")
    for name in ("to", "at"):
        if reading.until is None and (end := moment(visit, reading, name)):
            reading.until, reading.ends = end, name
    return reading


def hours(visit: Visit, reading: Reading) -> float | None:
    text = latin(reading.typed["hours"])
    if not text:
        return None
    most = LONGEST // timedelta(hours=1)
    value = float(text.replace(",", ".")) if HOURS.fullmatch(text) else 0.0
    if not 0 < value <= most:
        wrong = visit.say("Write a number of hours, at most %(most)s.", most=visit.fmt.number(most))
        reading.errors["hours"] = wrong
        return None
    return value


def moment(visit: Visit, reading: Reading, name: str) -> datetime | None:
    text = latin(reading.typed[name])
    if not text:
        return None
    found = parsed(text, visit.zone)
    if found is None:
        reading.errors[name] = visit.say("Write it like 2026-01-31 or 2026-01-31 09:00.")
    elif found > visit.now and name != "to":
        reading.errors[name] = visit.say("This is still to come.")
        return None
    return found if found is None else min(found, visit.now)


def made(visit: Visit, reading: Reading, usual: float) -> Window:
    until = reading.until or visit.now
    if reading.since is not None:
        if reading.since >= until:
            reading.errors["to" if reading.typed["to"] else "from"] = visit.say(
                "This must be later than where it begins."
            )
        elif until - reading.since > LONGEST:
            days = visit.fmt.number(LONGEST.days)
            reading.errors["from"] = visit.say("A report covers %(days)s days at most.", days=days)
        else:
            return Window(reading.since, until)
        reading.since = None
        until = visit.now
        reading.until = None
    return of_hours(reading.hours or usual, until)


def fields(visit: Visit, reading: Reading) -> list[Typed]:
    labels = {
        "hours": visit.say("Hours"),
        "from": visit.say("From"),
        "to": visit.say("Up to"),
        "at": visit.say("As of a past moment"),
    }
    return [
        Typed(name, label, shown(reading.typed[name]) or "", reading.errors.get(name, ""))
        for name, label in labels.items()
    ]


def told(visit: Visit, window: Window) -> str:
    """In the person's zone."""
    return f"{visit.fmt.exact(window.since)} – {visit.fmt.exact(window.until)}"


def notes(visit: Visit, window: Window, feeds: Sequence[Feed], panels: Sequence[Panel]) -> list[str]:
    """Of each panel whose records do not reach back to where the window begins; the same for many at once is said once."""
    names = {panel.id: panel.name for panel in panels}
    found: dict[str, None] = {}
    for feed in feeds:
        if feed.panel_id not in names:
            continue
        name = names[feed.panel_id]
        if feed.reached is not None and feed.reached > window.since:
            date = day(feed.reached.astimezone(visit.zone).date(), visit.language.locale)
            found[visit.say("Of %(panel)s nothing from before %(date)s is held.", panel=name, date=date)] = None
        elif feed.reached is None and feed.is_filling:
            found[visit.say("The history of %(panel)s is still being read.", panel=name)] = None
    return list(found)
