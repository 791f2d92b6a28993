"""What an audit row tells beside its target, made readable: each figure with its name, and what it was before where that is known.

The details are JSON as each act wrote it: a flat object, with "before" and "after" as objects of their own or below each name that changed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hyperpanel.web.activity_words import DETAILS, WORDS
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from hyperpanel.web.words import known_or_readable

BRIEF, WHOLE = 60, 4000
CHANGE = frozenset({"before", "after"})


@dataclass(frozen=True)
class Pair:
    """`before` is None where there is nothing to compare with. `name` is empty for what is no figure of a name."""

    name: str
    before: str | None
    after: str


def pairs(visit: Visit, details: str, longest: int) -> list[Pair]:
    try:
        found = json.loads(details)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        return [Pair("", None, shown(details, longest) or "")]
    return [
        Pair(
            known_or_readable(visit.language, DETAILS, name),
            None if before is UNSAID else written(visit, before, longest),
            written(visit, after, longest),
        )
        for name, before, after in told(found)
        if before is not UNSAID or after not in NOTHING
    ]


UNSAID = object()
NOTHING: tuple[Any, ...] = (None, "", [], {})


def told(found: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Each name with what it was, if that is said, and what it is."""
    before, after = found.get("before"), found.get("after")
    if isinstance(before, dict) or isinstance(after, dict):
        one, other = before or {}, after or {}
        yield from ((name, one.get(name), other.get(name)) for name in dict.fromkeys((*one, *other)))
    elif CHANGE & found.keys():
        yield "", before, after
    for name, value in found.items():
        if name in CHANGE:
            continue
        if (
            isinstance(value, dict)
            and value
            and all(isinstance(one, dict) and one.keys() <= CHANGE for one in value.values())
        ):
            yield from ((each, one.get("before"), one.get("after")) for each, one in value.items())
        elif isinstance(value, dict) and value and value.keys() <= CHANGE:
            yield name, value.get("before"), value.get("after")
        else:
            yield name, UNSAID, value


def written(visit: Visit, value: Any, longest: int) -> str:
    if value in NOTHING:
        return visit.say("nothing")
    if isinstance(value, bool):
        return visit.say("yes") if value else visit.say("no")
    if isinstance(value, int | float):
        return visit.fmt.number(value)
    if isinstance(value, list):
        return cut(", ".join(written(visit, one, longest) for one in value), longest)
    if isinstance(value, dict):
        parts = (
            f"{known_or_readable(visit.language, DETAILS, name)} {written(visit, one, longest)}"
            for name, one in value.items()
        )
        return cut(", ".join(parts), longest)
    text = str(value)
    return visit.say(WORDS[text]) if text in WORDS else shown(text, longest) or ""


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
