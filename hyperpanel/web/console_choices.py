"""What the page for another console's panels shows: the form as it was typed, and the panels to choose among."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput
from hyperpanel.support import consoles, wanted
from hyperpanel.support.wanted import Typed
from sync.connectors.consoles import Console

SENT = ("name", "url", "private", "group", "admin_key")


@dataclass(frozen=True)
class ConsoleForm:
    """`retype`: the key was typed and must be typed again; `held`, which the form's parts read, is empty: no key is stored yet."""

    typed: Typed = field(default_factory=Typed)
    errors: Mapping[str, str] = field(default_factory=dict)
    retype: Sequence[str] = ()
    held: Mapping[str, None] = field(default_factory=dict)
    groups: Sequence[str] = ()

    @property
    def first_wrong(self) -> str | None:
        return next((name for name in SENT if name in self.errors), None)


@dataclass(frozen=True)
class Given:
    """The form as it was sent; `only`: the panels that are ticked."""

    typed: Typed
    only: Sequence[str]

    @property
    def url(self) -> str:
        """Raises BadInput."""
        return wanted.address(self.typed.url, self.typed.private).url


@dataclass(frozen=True)
class Choice:
    """A panel of the console; `ours`: what it would be called here."""

    name: str
    ours: str
    currency: str
    time_zone: str
    is_here: bool
    is_chosen: bool


@dataclass(frozen=True)
class Choices:
    """`rate`: calls a second of each, were all of them added that are not here; None where the key allows too few for that."""

    lines: Sequence[Choice]
    rate: float | None
    per_minute: int
    left: int


def choices(given: Given, console: Console, others: Sequence[Panel]) -> Choices:
    lines = [
        Choice(
            name=one.line.name,
            ours=one.ours,
            currency=one.line.currency,
            time_zone=one.line.time_zone,
            is_here=one.is_here,
            is_chosen=not one.is_here and (not given.only or one.line.name in given.only),
        )
        for one in consoles.found(console, given.typed.name, given.url, others)
    ]
    left = sum(not line.is_here for line in lines)
    try:
        rate = consoles.rate(console.own.per_minute, given.url, left, others)
    except BadInput:
        rate = None
    return Choices(lines, rate, console.own.per_minute, left)


def wanted_panels(given: Given, console: Console, others: Sequence[Panel]) -> list[Panel]:
    """Those that are ticked. Raises BadInput."""
    some = consoles.chosen(consoles.found(console, given.typed.name, given.url, others), given.only)
    if not given.only or not some:
        raise BadInput(consoles.NONE_CHOSEN, "only")
    rate = consoles.rate(console.own.per_minute, given.url, len(some), others)
    return consoles.panels(some, rate, given.typed.private, wanted.grouped(given.typed.group), others)


def judged(given: Given) -> dict[str, BadInput]:
    """What is wrong without asking anybody, by field."""
    typed = given.typed
    errors: dict[str, BadInput] = {}
    judges: tuple[Callable[[], object], ...] = (
        lambda: wanted.named(typed.name),
        lambda: given.url,
        lambda: wanted.grouped(typed.group),
        lambda: wanted.key("admin_key", typed.admin_key),
    )
    for judge in judges:
        try:
            judge()
        except BadInput as problem:
            errors[problem.field] = problem
    return errors
