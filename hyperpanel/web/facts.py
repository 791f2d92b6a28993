"""What is known of one record, told beside its list: each fact with its name."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """`kind`: text (anybody's words), id (figures, dates, numbers), link (out of the console) or page (within it); `href`: where it leads,
    if it may be followed. `copy`: whether it is offered for copying."""

    label: str
    value: str | None
    kind: str = "text"
    href: str | None = None
    copy: bool = False


@dataclass(frozen=True)
class Way:
    """A link to what belongs to a record."""

    label: str
    href: str


def known(facts: Iterable[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.value]
