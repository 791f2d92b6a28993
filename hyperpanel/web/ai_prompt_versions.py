"""The versions of an AI prompt, and what one changed: line by line beside the one before it.

Old versions are never edited: making one current again is a new version with its text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from hyperpanel.ai import prompts
from hyperpanel.db.ai_prompts import Kept, Wording
from hyperpanel.web.ai_prompt_lines import Scores, score
from hyperpanel.web.ai_prompt_places import asked_of, show_href
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

LONGEST_LINE = 8_000
SAME, ADDED, REMOVED = "same", "added", "removed"
PARTS = (("provider", N_("Provider / Model")), ("system", N_("System prompt")), ("body", N_("Body")))


@dataclass(frozen=True)
class Version:
    """In the list of a prompt's versions."""

    version: str
    href: str
    is_latest: bool
    score: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Change:
    """A line of text. `kind`: same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True)
class Part:
    """A part of a prompt. `has_changed`: whether any line of it is not the same."""

    label: str
    lines: Sequence[Change]

    @property
    def has_changed(self) -> bool:
        return any(line.kind != SAME for line in self.lines)


def versions(visit: Visit, history: Sequence[Kept], scores: Scores) -> Sequence[Version]:
    return [
        Version(
            version=visit.fmt.number(one.version),
            href=show_href(one.id, one.version),
            is_latest=one.version == one.latest,
            score=score(scores, one.purpose, prompts.of_kept(one)),
            by=shown(one.by) or "",
            at=one.at,
        )
        for one in history
    ]


def parts(visit: Visit, before: Wording | None, after: Wording) -> Sequence[Part]:
    """Without one before it all lines are the same."""
    old = texts(visit, before or after)
    new = texts(visit, after)
    return [Part(visit.say(label), list(changes(old[name], new[name]))) for name, label in PARTS]


def texts(visit: Visit, wording: Wording) -> dict[str, str]:
    built_in = visit.say("Built-in text")
    return {
        "provider": asked_of(visit, wording),
        "system": wording.system or built_in,
        "body": wording.body or built_in,
    }


def changes(before: str, after: str) -> Iterator[Change]:
    old, new = before.split("\n"), after.split("\n")
    for _, *span in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        first, last, start, end = span
        if old[first:last] == new[start:end]:
            yield from each(SAME, new[start:end])
        else:
            yield from each(REMOVED, old[first:last])
            yield from each(ADDED, new[start:end])


def each(kind: str, lines: Sequence[str]) -> Iterator[Change]:
    yield from (Change(kind, shown(line, LONGEST_LINE) or "") for line in lines)
