"""The form of an announcement: as it was typed, what is wrong beside each field, and what it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from hyperpanel.db.announcements import INFO, TONES, Announcement, Text
from hyperpanel.web import announcement_lines
from hyperpanel.web.list_filters import parsed
from hyperpanel.web.markdown_texts import LONGEST, tidy
from hyperpanel.web.typed_moments import typed
from hyperpanel.web.visits import Visit

LONGEST_TITLE = 120


@dataclass(frozen=True)
class Typed:
    title: str = ""
    body: str = ""
    tone: str = INFO
    until: str = ""
    again: str = ""


FIELDS = tuple(Typed.__dataclass_fields__)


@dataclass(frozen=True)
class Form:
    """As templates/parts/form.html and notes.html read it."""

    typed: Mapping[str, str]
    tones: Sequence[tuple[str, str]]
    zone: str
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_wrong(self) -> str | None:
        return next((name for name in FIELDS if name in self.errors), None)

    @property
    def body(self) -> str:
        return self.typed["body"]

    @property
    def error(self) -> str:
        return self.errors.get("body", "")


def form(visit: Visit, given: Typed, errors: Mapping[str, str]) -> Form:
    tones = [(tone, visit.say(announcement_lines.TONES[tone][1])) for tone in TONES]
    return Form(asdict(given), tones, visit.zone.key, errors)


def typed_of(visit: Visit, found: Announcement) -> Typed:
    until = typed(found.until, visit.zone) if found.until else ""
    return Typed(found.title, found.body, found.tone, until)


def judged(visit: Visit, given: Typed) -> tuple[Text, dict[str, str]]:
    """What was typed, and what is wrong with it by field."""
    until = parsed(given.until.strip(), visit.zone) if given.until.strip() else None
    text = Text(" ".join(given.title.split()), tidy(given.body), given.tone, until)
    wrong = {
        "title": title_wrong(visit, text.title),
        "body": too_long(visit, len(text.body), LONGEST),
        "tone": "" if given.tone in TONES else visit.say("Choose one of these."),
        "until": until_wrong(visit, given.until.strip(), until),
    }
    return text, {name: told for name, told in wrong.items() if told}


def title_wrong(visit: Visit, title: str) -> str:
    return too_long(visit, len(title), LONGEST_TITLE) if title else visit.say("Give it a title.")


def too_long(visit: Visit, given: int, most: int) -> str:
    if given <= most:
        return ""
    number = visit.fmt.number
    return visit.say("At most %(most)s characters; these are %(given)s.", most=number(most), given=number(given))


def until_wrong(visit: Visit, text: str, until: datetime | None) -> str:
    if text and until is None:
        return visit.say("Write a time like 2026-01-31 17:00.")
    return visit.say("This time has passed already.") if until and until <= visit.now else ""
