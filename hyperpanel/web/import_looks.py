"""What a file would do, as it is shown before it is taken: how many of each kind, every wrong line, and the first that change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from hyperpanel.db import descriptions, panels
from hyperpanel.db.descriptions import Description, Key
from hyperpanel.db.types import from_micros, micros
from hyperpanel.support import description_files
from hyperpanel.support.description_files import (
    BECAME,
    BLANK,
    CHANGED,
    CHANGING,
    NEW,
    REMOVED,
    UNCHANGED,
    WRONG,
    Line,
    counts,
)
from hyperpanel.support.sheets import LONGEST_TOLD, Sheet
from hyperpanel.web.description_words import first_words
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.texts import shown
from hyperpanel.web.uploads import seal
from hyperpanel.web.visits import Visit

KIND = "descriptions"
MOST_WRONG = 1000
MOST_SHOWN = 50
MOST_NAMES = 10
LABELS = {
    NEW: N_("New"),
    CHANGED: N_("Changed"),
    REMOVED: N_("Removed"),
    UNCHANGED: N_("Unchanged"),
    BLANK: N_("Blank, left as it is"),
    WRONG: N_("Wrong"),
}
TONES = {NEW: "ok", CHANGED: "ok", REMOVED: "warn", WRONG: "bad"}


@dataclass(frozen=True)
class State:
    """A file judged against what is held. `panel_ids`: those that it names and that its sender sees. `digest`: of what each line would do, and
    to which text."""

    lines: Sequence[Line]
    panel_ids: Sequence[int]
    digest: bytes
    held: Mapping[Key, Description] = field(repr=False)

    @property
    def versions(self) -> dict[Key, datetime]:
        return {key: one.updated_at for key, one in self.held.items()}


@dataclass(frozen=True)
class Count:
    label: str
    tone: str
    number: int


@dataclass(frozen=True)
class Change:
    """A line as it is shown: the text before and after, its first words."""

    number: int
    panel: str
    service_id: str
    label: str
    tone: str
    was: str
    body: str


@dataclass(frozen=True)
class Looked:
    """`wrong`: how many lines; `faults`: what is wrong with the first of them, each beginning with its line. `seen` stands for the file and
    for what it would do, and says nothing about what is in it."""

    counts: Sequence[Count]
    changing: int
    wrong: int
    faults: Sequence[str]
    more_faults: int
    changes: Sequence[Change]
    notes: Sequence[str]
    seen: str


@dataclass(frozen=True)
class Seen:
    at: int
    file: str
    state: str

    @classmethod
    def of(cls, text: str) -> "Seen":
        """Whatever was sent."""
        parts = [*text.split("-"), "", ""][:3]
        at = parts[0]
        return cls(int(at) if at.isascii() and at.isdecimal() and len(at) < 17 else 0, parts[1], parts[2])


def read(connection: Connection, visit: Visit, sheet: Sheet) -> State:
    known = panels.all_of(connection, visit.scope)
    some = description_files.named(sheet, known)
    scope = visit.scope.narrowed(panel.id for panel in some)
    held = descriptions.all_of(connection, scope)
    against = description_files.held(some, descriptions.known(connection, scope), held)
    lines = description_files.judge(sheet, against)
    return State(lines, [panel.id for panel in some], digest(lines), held)


def file_seal(visit: Visit, body: bytes, at: int) -> str:
    return seal(visit, f"{at}:".encode() + body)


def digest(lines: Sequence[Line]) -> bytes:
    made = sha256()
    for line in lines:
        made.update(f"{line.number}\x00{line.key}\x00{line.became}\x00{len(line.was)}\x00{line.was}".encode())
    return made.digest()


def state_seal(visit: Visit, state: State) -> str:
    return seal(visit, state.digest)


def looked(visit: Visit, body: bytes, sheet: Sheet, state: State) -> Looked:
    found, at = counts(state.lines), micros(visit.now)
    wrong = [line for line in state.lines if line.became == WRONG]
    changing = [line for line in state.lines if line.became in CHANGING]
    return Looked(
        counts=[Count(visit.say(LABELS[one]), TONES.get(one, "idle"), found[one]) for one in BECAME if found[one]],
        changing=len(changing),
        wrong=len(wrong),
        faults=[fault(visit, line) for line in wrong[:MOST_WRONG]],
        more_faults=max(0, len(wrong) - MOST_WRONG),
        changes=[change(visit, line) for line in changing[:MOST_SHOWN]],
        notes=notes(visit, sheet),
        seen=f"{at}-{file_seal(visit, body, at)}-{state_seal(visit, state)}",
    )


def fault(visit: Visit, line: Line) -> str:
    reason = sentence(visit, line.error) if line.error else ""
    return visit.say("Line %(number)s: %(reason)s", number=line.number, reason=shown(reason) or "")


def change(visit: Visit, line: Line) -> Change:
    return Change(
        number=line.number,
        panel=line.panel,
        service_id=shown(line.service_id) or "",
        label=visit.say(LABELS[line.became]),
        tone=TONES.get(line.became, "idle"),
        was=first_words(line.was),
        body=first_words(line.body),
    )


def notes(visit: Visit, sheet: Sheet) -> list[str]:
    found = []
    if sheet.beyond:
        names = ", ".join(shown(name, LONGEST_TOLD) or "" for name in sheet.beyond[:MOST_NAMES])
        found.append(visit.say("Columns that are not known and not read: %(names)s", names=names))
    if sheet.other_sheets:
        found.append(visit.say("Only the first sheet of the workbook is read."))
    return found


def changed_meanwhile(visit: Visit, state: State, at: int) -> str:
    """Who changed which lines since the file was looked at, as far as that can be told: of a text that was removed nothing is left."""
    since = from_micros(at)
    found = [(line, state.held.get(line.key)) for line in state.lines]
    late = [(line, one.updated_by) for line, one in found if one is not None and one.updated_at > since]
    told = ", ".join(
        visit.say("line %(number)s by %(who)s", number=line.number, who=who) for line, who in late[:MOST_NAMES]
    )
    if told:
        return visit.say(
            "Nothing was changed by the file: since you looked at it, others changed %(lines)s. Look at it again, below.",
            lines=told,
        )
    return visit.say(
        "Nothing was changed by the file: since you looked at it, some of its services have changed. Look at it again, below."
    )
