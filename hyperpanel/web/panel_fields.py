"""The fields of a panel's form: as they were typed, with what is wrong beside each. Keys are read and never given back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from litestar_htmx import HTMXRequest

from hyperpanel.db.panels import Panel
from hyperpanel.errors import BadInput
from hyperpanel.support.wanted import CONSOLE, KINDS, Typed, zones
from hyperpanel.web.forms import fields
from hyperpanel.web.panel_choice import grouped
from hyperpanel.web.panel_rows import KIND_NAMES
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

KEYS = ("admin_key", "services_key")
SENT = ("name", "url", "kind", "currency", "time_zone", "rate", "group", "order_digits", "private", *KEYS, "forget")
CURRENCIES = ("USD", "EUR", "TRY", "GBP", "RUB", "INR", "BRL", "IDR", "VND", "IRR", "IRT")
"""Offered, not all that is accepted."""


@dataclass(frozen=True)
class Form:
    """`retype`: keys that were typed and must be typed again; `held`: keys that are stored, with when they were entered if that is known."""

    typed: Typed
    errors: Mapping[str, str] = field(default_factory=dict)
    retype: Sequence[str] = ()
    held: Mapping[str, datetime | None] = field(default_factory=dict)
    forget: bool = False
    groups: Sequence[str] = ()
    currencies: Sequence[str] = CURRENCIES
    zones: Sequence[str] = ()

    @property
    def kinds(self) -> Sequence[tuple[str, str]]:
        """The panels of a console are added on a page of their own."""
        return [(kind, KIND_NAMES[kind]) for kind in KINDS if kind != CONSOLE or self.typed.kind == CONSOLE]

    @property
    def first_wrong(self) -> str | None:
        """Where a person goes on typing."""
        return next((name for name in SENT if name in self.errors), None)


@dataclass(frozen=True)
class Sent:
    """A form that was sent. `is_empty` where a button was pressed that stands outside of it."""

    typed: Typed
    forget: bool
    is_empty: bool


async def sent(request: HTMXRequest) -> Sent:
    given = dict(await fields(request, *SENT))
    boxes = {name: given.pop(name, "") != "" for name in ("private", "forget")}
    return Sent(Typed(**given, private=boxes["private"]), boxes["forget"], not given)


def empty_form(panels: Sequence[Panel]) -> Form:
    return Form(Typed(), groups=grouped(panels), zones=sorted(zones()))


def form_of(panel: Panel, panels: Sequence[Panel], held: Mapping[str, datetime | None]) -> Form:
    typed = Typed(
        name=panel.name,
        url=panel.url,
        kind=panel.kind,
        currency=panel.currency,
        time_zone=panel.time_zone,
        rate=f"{panel.rate:g}",
        group=panel.group_name or "",
        order_digits=str(panel.order_digits or ""),
        private=panel.private,
    )
    return Form(typed, groups=grouped(panels), zones=sorted(zones()), held=held)


def typed_form(
    visit: Visit,
    given: Sent,
    errors: Mapping[str, BadInput],
    panels: Sequence[Panel],
    held: Mapping[str, datetime | None] | None = None,
) -> Form:
    """Everything stays but the keys: they would lie in the page, and in what the browser keeps of it."""
    return Form(
        typed=given.typed,
        errors=worded(visit, errors),
        retype=[name for name in KEYS if getattr(given.typed, name) and name not in errors],
        held=held or {},
        forget=given.forget,
        groups=grouped(panels),
        zones=sorted(zones()),
    )


def worded(visit: Visit, errors: Mapping[str, BadInput]) -> dict[str, str]:
    return {name: sentence(visit, problem) for name, problem in errors.items()}


def sentence(visit: Visit, problem: BadInput) -> str:
    """In the person's language, around what they typed."""
    values = {name: shown(value) if isinstance(value, str) else value for name, value in problem.values.items()}
    text = visit.language.texts.gettext(problem.text)
    return text.format(**values) if values else text
