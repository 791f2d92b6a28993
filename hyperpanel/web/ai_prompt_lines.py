"""The list of AI prompts: for each purpose the built-in text, then those that people wrote; and those that were deleted within a day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hyperpanel.ai import prompts
from hyperpanel.ai.asks import PURPOSES, Prompt
from hyperpanel.ai.prompts import SYSTEMS
from hyperpanel.db import ai_prompts
from hyperpanel.db.ai_prompts import RECALL, Kept, Wording
from hyperpanel.web.ai_prompt_places import BUILT_IN, FOR, asked_of, built_in_href, copy_href, edit_href
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

FIRST_WORDS = 120
NOTHING = Wording("", "", "", "")
MORE = N_("There are %(all)s prompts. Listed are those in use and those that were changed last, %(number)s in all.")


@dataclass(frozen=True)
class Line:
    """`id`: empty for a built-in one; `system`: the first words of the system prompt; `score`: in words, empty where it was never scored."""

    id: str
    purpose: str
    title: str
    label: str
    asked: str
    system: str
    version: str
    in_use: bool
    score: str
    at: datetime | None
    by: str
    href: str
    copy_href: str


@dataclass(frozen=True)
class Gone:
    """`until`: how long it can be brought back."""

    id: int
    title: str
    label: str
    at: datetime
    until: datetime


Scores = Mapping[tuple[str, str], str]
"""By purpose and digest the score of a prompt in words."""


def lines(visit: Visit, kept: Sequence[Kept], scores: Scores) -> Sequence[Line]:
    return [line for purpose in PURPOSES for line in of_purpose(visit, purpose, kept, scores)]


def of_purpose(visit: Visit, purpose: str, kept: Sequence[Kept], scores: Scores) -> Iterator[Line]:
    mine = [one for one in kept if one.purpose == purpose]
    yield built_in(visit, purpose, not any(one.in_use for one in mine), scores)
    yield from (line(visit, one, scores) for one in mine)


def built_in(visit: Visit, purpose: str, in_use: bool, scores: Scores) -> Line:
    return Line(
        id="",
        purpose=purpose,
        title=visit.say(BUILT_IN),
        label=visit.say(FOR[purpose]),
        asked=asked_of(visit, NOTHING),
        system=first_words(SYSTEMS[purpose]),
        version="",
        in_use=in_use,
        score=score(scores, purpose, prompts.built_in(purpose)),
        at=None,
        by="",
        href=built_in_href(purpose),
        copy_href=copy_href(purpose, "built-in"),
    )


def line(visit: Visit, one: Kept, scores: Scores) -> Line:
    return Line(
        id=str(one.id),
        purpose=one.purpose,
        title=shown(one.title) or "",
        label=visit.say(FOR[one.purpose]),
        asked=asked_of(visit, one.wording),
        system=first_words(one.wording.system) or visit.say("Built-in text"),
        version=visit.fmt.number(one.version),
        in_use=one.in_use,
        score=score(scores, one.purpose, prompts.of_kept(one)),
        at=one.at,
        by=shown(one.by) or "",
        href=edit_href(one.id),
        copy_href=copy_href(one.purpose, str(one.id)),
    )


def score(scores: Scores, purpose: str, prompt: Prompt) -> str:
    return scores.get((purpose, prompt.digest), "")


def first_words(text: str) -> str:
    return shown(" ".join(text.split()), FIRST_WORDS) or ""


def more(connection: Connection, visit: Visit, listed: int) -> str:
    """What is said where not all are listed."""
    every, number = ai_prompts.count(connection), visit.fmt.number
    return visit.say(MORE, all=number(every), number=number(listed)) if every > listed else ""


def gone(connection: Connection, visit: Visit) -> Sequence[Gone]:
    return [
        Gone(one.id, shown(one.title) or "", visit.say(FOR[one.purpose]), one.deleted_at, one.deleted_at + RECALL)
        for one in ai_prompts.deleted(connection, visit.now)
        if one.deleted_at
    ]
