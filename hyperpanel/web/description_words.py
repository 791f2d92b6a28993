"""A description on a page: plain text with its line ends, whatever it says. Signs that nobody sees are shown as marks."""

from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db.descriptions import Description
from hyperpanel.support.description_texts import LONGEST
from hyperpanel.web.texts import shown

FIRST_WORDS = 160


@dataclass(frozen=True)
class Told:
    body: str
    by: str
    at: datetime


def told(description: Description | None) -> Told | None:
    if description is None:
        return None
    return Told(lines(description.body), shown(description.updated_by) or "", description.updated_at)


def lines(text: str) -> str:
    """Line ends stay, a tab is a blank."""
    return "\n".join(shown(line, LONGEST) or "" for line in text.replace("\t", " ").split("\n"))


def first_words(text: str | None) -> str:
    """In one line; "" for none."""
    return shown(" ".join((text or "").split()), FIRST_WORDS) or ""
