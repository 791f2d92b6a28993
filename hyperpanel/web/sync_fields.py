"""The form of syncing's settings: a row for each resource, a column for each setting, as it was typed and with what is inherited where nothing
is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hyperpanel.db.sync_rules import Rules
from hyperpanel.errors import BadInput
from hyperpanel.support.sync_forms import FIELDS, Field, beneath, effective, own
from hyperpanel.web import ages
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_fields import worded
from hyperpanel.web.visits import Visit

GROUPS: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (
    (
        N_("Newest, seconds"),
        (
            ("head_seconds", N_("Every")),
            ("head_shortest", N_("At the shortest")),
            ("head_longest", N_("At the longest")),
        ),
    ),
    (
        N_("Refresh, seconds"),
        (
            ("refresh_seconds", N_("Every")),
            ("refresh_shortest", N_("At the shortest")),
            ("refresh_longest", N_("At the longest")),
        ),
    ),
    (N_("Watch"), (("watch_seconds", N_("Seconds")),)),
    (N_("Sweep"), (("sweep_hours", N_("Hours")),)),
    (N_("Fetch"), (("per_fetch", N_("Records")),)),
    (N_("Keep"), (("retention_days", N_("Days")),)),
    (N_("Pacing"), (("weight", N_("Priority")), ("paced", N_("Follow news")))),
)
WEIGHT_WORDS = {"0.25": N_("Low"), "1": N_("Normal"), "4": N_("High"), "16": N_("Highest")}
SWITCH_WORDS = {"1": N_("Yes"), "0": N_("No")}


@dataclass(frozen=True)
class Cell:
    """One field. `inherited`: what holds where it is empty; `options`: where it is chosen from a list; `error`: beside it."""

    key: str
    label: str
    value: str
    inherited: str
    options: Sequence[tuple[str, str]]
    error: str
    is_first_wrong: bool


@dataclass(frozen=True)
class FieldGroup:
    label: str
    cells: Sequence[Cell | None]


@dataclass(frozen=True)
class StreamRow:
    """`is_set`: whether anything is set here."""

    stream: str
    label: str
    is_set: bool
    groups: Sequence[FieldGroup]


@dataclass(frozen=True)
class Grid:
    """`heads`: of each group of columns its label, and those of its columns."""

    heads: Sequence[tuple[str, Sequence[str]]]
    rows: Sequence[StreamRow]


def grid(
    visit: Visit,
    rules: Rules,
    panel_id: int | None,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, BadInput] | None = None,
) -> Grid:
    told, settings = worded(visit, errors or {}), visit.console.settings.sync
    first = next((str(one) for one in in_order() if str(one) in told), None)
    under = beneath(rules, panel_id)

    def cell(stream: str, name: str, label: str) -> Cell | None:
        if name not in FIELDS[stream]:
            return None
        one = Field(stream, name)
        value = written(own(rules, panel_id, one)) if typed is None else typed.get(str(one), "")
        inherited = effective(settings, under, None, one)
        return Cell(
            key=str(one),
            label=label,
            value=value,
            inherited=said(visit, name, inherited),
            options=options(visit, name, value),
            error=told.get(str(one), ""),
            is_first_wrong=str(one) == first,
        )

    return Grid(
        heads=[(visit.say(label), [visit.say(word) for _, word in columns]) for label, columns in GROUPS],
        rows=[
            StreamRow(
                stream=stream,
                label=ages.stream_label(visit, stream),
                is_set=any(own(rules, panel_id, Field(stream, name)) is not None for name in names),
                groups=[
                    FieldGroup(visit.say(label), [cell(stream, name, visit.say(word)) for name, word in columns])
                    for label, columns in GROUPS
                ],
            )
            for stream, names in FIELDS.items()
        ],
    )


def in_order() -> Iterator[Field]:
    """As they are read on the page."""
    return (
        Field(stream, name)
        for stream, names in FIELDS.items()
        for _, columns in GROUPS
        for name, _ in columns
        if name in names
    )


def written(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def said(visit: Visit, name: str, value: float) -> str:
    words = {"weight": WEIGHT_WORDS, "paced": SWITCH_WORDS}.get(name)
    if words is None:
        return f"{round(value, 2):g}"
    return visit.say(words[written(value)]) if written(value) in words else written(value)


def options(visit: Visit, name: str, value: str) -> list[tuple[str, str]]:
    """What was set by a command and is none of them stays among them."""
    words = {"weight": WEIGHT_WORDS, "paced": SWITCH_WORDS}.get(name)
    if words is None:
        return []
    other = [(value, value)] if value and value not in words else []
    return [*((each, visit.say(word)) for each, word in words.items()), *other]
