"""The settings of syncing as they were typed, for all panels or for one: judged all at once, and what they are where nothing is typed.

A field left empty inherits: a panel's from those of all panels, these from the settings file. So a bound is judged against the interval
that holds after the change, whoever set it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

from hyperpanel.config import Sync
from hyperpanel.db.sync_rules import Rules
from hyperpanel.errors import BadInput
from hyperpanel.support.wanted import N_
from sync.store import FeedKey

NOBODY = 0
"""The id of no panel: what holds for all of them is asked for with it."""

TIMED = ("head_seconds", "head_shortest", "head_longest", "refresh_seconds", "refresh_shortest", "refresh_longest")
WATCHED = "watch_seconds"
WALKED = (*TIMED, "sweep_hours", "per_fetch", "retention_days", "weight", "paced")
THREADS = tuple(name for name in WALKED if name not in ("per_fetch", "retention_days"))
FIELDS: Mapping[str, tuple[str, ...]] = {
    "orders": (*WALKED, WATCHED),
    "payments": WALKED,
    "users": tuple(name for name in WALKED if name != "retention_days"),
    "tickets": WALKED,
    "messages": THREADS,
    "services": ("head_seconds",),
}
"""What can be set of each stream. Messages come and go with their ticket, a thread whole; users have no age; the catalogue comes as a whole."""

LEAST_SECONDS, MOST_SECONDS = 5, 7 * 86_400
MOST_HOURS = 24 * 31
MOST_DAYS = 3650
MOST_ROWS = 1000
WEIGHTS = ("0.25", "1", "4", "16")
SWITCH = ("1", "0")


@dataclass(frozen=True)
class Field:
    """One field of the form, `orders-head_seconds` in the page."""

    stream: str
    name: str

    def __str__(self) -> str:
        return f"{self.stream}-{self.name}"


@dataclass(frozen=True)
class Judged:
    """`values`: of all fields, None where nothing is set; `errors` by field."""

    values: Mapping[Field, float | None] = field(default_factory=dict)
    errors: Mapping[str, BadInput] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """`panel_id` None: for all panels. `fields`: what each field that changes was set to, and is from now on."""

    panel_id: int | None
    before: Rules
    after: Rules
    fields: Mapping[Field, tuple[float | None, float | None]]

    @property
    def streams(self) -> list[str]:
        return list(dict.fromkeys(one.stream for one in self.fields))

    def of(self, stream: str) -> dict[str, float | None]:
        return {one.name: after for one, (_, after) in self.fields.items() if one.stream == stream}


def every_field() -> Iterator[Field]:
    return (Field(stream, name) for stream, names in FIELDS.items() for name in names)


def own(rules: Rules, panel_id: int | None, one: Field) -> float | None:
    """What is set here, and not further down."""
    mine = rules.defaults if panel_id is None else rules.overrides.get(panel_id, {})
    return mine.get((one.stream, one.name))


def beneath(rules: Rules, panel_id: int | None) -> Rules:
    """What holds where nothing is set here."""
    return Rules(rules.pace, {} if panel_id is None else rules.defaults)


def effective(settings: Sync, rules: Rules, panel_id: int | None, one: Field) -> float:
    """What a field comes to, whoever set it."""
    id = NOBODY if panel_id is None else panel_id
    if one.name in (*TIMED, WATCHED):
        plan, _, what = one.name.partition("_")
        terms = rules.terms(id, one.stream, plan)
        return {"seconds": terms.usual, "shortest": terms.shortest, "longest": terms.longest}[what]
    found = rules.value(id, one.stream, one.name)
    return usual(settings, rules, FeedKey(id, one.stream), one.name) if found is None else found


def usual(settings: Sync, rules: Rules, feed: FeedKey, name: str) -> float:
    if name == "sweep_hours":
        return rules.usual(feed.panel_id, feed.stream, "sweep") / 3600
    kept = {"per_fetch": settings.per_fetch, "retention_days": settings.retention_days, "weight": 1.0}
    return kept.get(name, float(rules.pace.widest > 1))


def judge(rules: Rules, panel_id: int | None, typed: Mapping[str, str]) -> Judged:
    """What was not sent stays as it is."""
    values: dict[Field, float | None] = {}
    errors: dict[str, BadInput] = {}
    for one in every_field():
        text = typed.get(str(one))
        try:
            values[one] = own(rules, panel_id, one) if text is None else read(one, text)
        except BadInput as problem:
            values[one], errors[str(one)] = None, problem
    after = with_values(rules, panel_id, values)
    return Judged(values, {**crossed(after, panel_id), **errors})


def read(one: Field, text: str) -> float | None:
    """None for an empty field."""
    text = "".join(text.split())
    if not text:
        return None
    if one.name in ("weight", "paced"):
        return chosen(one, text)
    least, most, told = LIMITS.get(one.name, (LEAST_SECONDS, MOST_SECONDS, SECONDS_TOLD))
    value = number(text)
    if value is None or not least <= value <= most or (one.name in WHOLE and value != int(value)):
        raise BadInput(told, str(one), least=least, most=most)
    return value


SECONDS_TOLD = N_("Write seconds from {least} to {most}.")
LIMITS = {
    "sweep_hours": (1, MOST_HOURS, N_("Write hours from {least} to {most}.")),
    "per_fetch": (1, MOST_ROWS, N_("Write a whole number from {least} to {most}.")),
    "retention_days": (1, MOST_DAYS, N_("Write whole days from {least} to {most}.")),
}
WHOLE = ("per_fetch", "retention_days")


def chosen(one: Field, text: str) -> float:
    offered = WEIGHTS if one.name == "weight" else SWITCH
    if text not in offered:
        raise BadInput(N_("Choose one of the list."), str(one))
    return float(text)


def number(text: str) -> float | None:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        return None
    return found if isfinite(found) and text.isascii() else None


def with_values(rules: Rules, panel_id: int | None, values: Mapping[Field, float | None]) -> Rules:
    held = dict(rules.defaults if panel_id is None else rules.overrides.get(panel_id, {}))
    for one, value in values.items():
        held.pop((one.stream, one.name), None)
        if value is not None:
            held[one.stream, one.name] = value
    if panel_id is None:
        return replace(rules, defaults=held)
    return replace(rules, overrides={**rules.overrides, panel_id: held})


def crossed(after: Rules, panel_id: int | None) -> dict[str, BadInput]:
    """Bounds on the wrong side of their interval: said at the bound that is set here, else at the interval."""
    errors: dict[str, BadInput] = {}
    id = NOBODY if panel_id is None else panel_id
    for stream, names in FIELDS.items():
        for plan in ("head", "refresh"):
            if f"{plan}_shortest" not in names:
                continue
            here = after.usual(id, stream, plan)
            for side, told, is_wrong in SIDES:
                bound = after.value(id, stream, f"{plan}_{side}")
                if bound is not None and is_wrong(bound, here):
                    is_own = own(after, panel_id, Field(stream, f"{plan}_{side}")) is not None
                    where = str(Field(stream, f"{plan}_{side if is_own else 'seconds'}"))
                    errors[where] = BadInput(told, where, interval=f"{here:g}", bound=f"{bound:g}")
    return errors


SIDES: tuple[tuple[str, str, Callable[[float, float], bool]], ...] = (
    (
        "shortest",
        N_("The shortest, {bound} s, is longer than the interval, {interval} s."),
        lambda bound, interval: bound > interval,
    ),
    (
        "longest",
        N_("The longest, {bound} s, is shorter than the interval, {interval} s."),
        lambda bound, interval: bound < interval,
    ),
)


def change(rules: Rules, panel_id: int | None, judged: Judged) -> Change:
    """Of what was judged to be right."""
    moved = {one: (was, value) for one, value in judged.values.items() if (was := own(rules, panel_id, one)) != value}
    return Change(panel_id, rules, with_values(rules, panel_id, judged.values), moved)
