"""What a seed stands for: a small fleet with its habits, what happens to it and when, and what goes wrong meanwhile.

Drawn once and before anything runs, so that a world of the same seed can be lived again without one of its faults.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from hyperpanel.sandbox.fault_kinds import PLACES
from tests.simulation import fleets
from tests.support.habits import HABITS

LASTS = (40.0, 150.0)
"""Virtual seconds of trouble, at least and at most."""

SETS = (
    ("orders",),
    ("orders", "users"),
    ("orders", "payments"),
    ("orders", "tickets", "messages"),
    ("users", "payments"),
    ("payments", "tickets"),
    ("tickets", "messages"),
    ("orders", "services"),
    ("orders", "users", "payments", "tickets", "messages", "services"),
)
WEIGHTS = (20, 8, 8, 8, 8, 6, 8, 4, 1)

LIVES: Mapping[str, tuple[tuple[str, Mapping[str, Any]], ...]] = {
    "orders": (
        ("orders/new", {"count": 3}),
        ("orders/new", {"count": 2, "seconds": 0}),
        ("orders/move", {"count": 4}),
        ("orders/move", {"count": 4, "reopen": True}),
        ("orders/delete", {"count": 1}),
    ),
    "users": (
        ("users/new", {"count": 1}),
        ("users/move", {"count": 2}),
        ("users/rename", {"count": 1}),
        ("users/delete", {"count": 1}),
    ),
    "payments": (
        ("payments/new", {"count": 2}),
        ("payments/move", {"count": 2}),
        ("payments/delete", {"count": 1}),
    ),
    "tickets": (
        ("tickets/new", {"count": 1}),
        ("tickets/reply", {"count": 1}),
        ("tickets/edit-message", {"count": 1, "touch": True}),
        ("tickets/move", {"count": 1}),
        ("tickets/delete", {"count": 1}),
    ),
    "services": (("services/change", {"count": 1}),),
}
BETWEEN: Mapping[str, Mapping[str, Any]] = {
    "orders": {"new": 1, "move": 1, "delete": 1},
    "users": {"users": {"new": 1, "move": 1, "rename": 1, "delete": 1}},
    "payments": {"payments": {"new": 1, "move": 1, "delete": 1}},
    "tickets": {"tickets": {"new": 1, "reply": 1, "move": 1, "delete": 1}},
}
PATHS = {"orders": "orders", "users": "users", "payments": "payments", "tickets": "tickets", "services": "api/v2"}
SHALLOW, DEEP, GONE = range(3)
LIES = PLACES["rows"][PLACES["rows"].index("bad_money") :]
"""What a final record said once in such words is believed until a sweep reads it again."""

CUTS = ("short_page",)
"""Where every answer to the same question lacks the same rows, nobody can know of them until the next sweep."""

DEPTHS = dict.fromkeys((*LIES, *CUTS), DEEP) | {
    "user_renamed": DEEP,
    "message_edited": DEEP,
    "rows_changed": DEEP,
    "id_reused": GONE,
    "rows_deleted": GONE,
}
"""Faults that change the truth where only a sweep looks, or that take something away."""

QUIET: tuple[str, Mapping[str, Any]] = ("orders/new", {"count": 1})
HEAVY = ("bomb", "bomb_gzip", "endless", "deep", "many_keys")
"""Bodies that cost as much to read as a whole world does: they come rarely, and once."""

OF_A_PANEL = tuple(
    kind for place in ("answer", "effect", "list", "rows", "world", "bytes", "line") for kind in PLACES[place]
)
FAULTS = tuple(kind for kind in OF_A_PANEL if kind not in HEAVY)
DISKS = {"busy": "database is locked", "full": "database or disk is full", "io_error": "disk I/O error"}
JUMPS = (48 * 3600.0, -48 * 3600.0, -2 * 3600.0)


@dataclass(frozen=True, order=True)
class Event:
    """`what` at a moment, on a panel (by its place in the fleet) or on the machine (None)."""

    at: float
    what: str
    panel: int | None = None
    kind: str = ""
    lasts: float = 0.0
    details: tuple[tuple[str, Any], ...] = ()

    @property
    def given(self) -> dict[str, Any]:
        return dict(self.details)


@dataclass(frozen=True)
class Plan:
    seed: int
    fleet: int
    streams: tuple[str, ...]
    switches: tuple[Mapping[str, Any], ...]
    lasts: float
    events: tuple[Event, ...]
    pace: float = 1.0
    per_fetch: int = 1000
    sweeps: int = 0
    slowness: float = 0.3
    rate: float = 4.0
    idle: float = 15.0
    """Seconds between two looks at what is due, where nothing has ended meanwhile."""

    def without(self, panel: int) -> "Plan":
        """The same, but that nothing goes wrong with this panel."""
        kept = tuple(event for event in self.events if event.panel != panel or event.what != "fault")
        return replace(self, events=kept)


def plan(seed: int) -> Plan:
    chance = Random(f"simulation/{seed}")
    number = chance.randrange(fleets.MADE)
    panels = 3 if number % 6 == 0 else 2
    streams = chance.choices(SETS, WEIGHTS)[0]
    switches = tuple(habits(chance) for _ in range(panels))
    lasts = chance.uniform(*LASTS)
    depth = chance.choice((SHALLOW, SHALLOW, SHALLOW, DEEP, DEEP, GONE))
    events = sorted(
        [
            *life(chance, panels, streams, lasts, depth),
            *faults(chance, panels, streams, lasts, depth),
            *machine(chance, lasts),
        ]
    )
    for event in events:
        if event.kind == "burst":  # of a page and one more, which is cheap where pages are small
            switches[event.panel or 0].setdefault("page_cap", 35)
    return Plan(
        seed=seed,
        fleet=number,
        streams=streams,
        switches=switches,
        lasts=lasts,
        events=tuple(events),
        pace=chance.choice((0.7, 1.5, 3.0)),
        per_fetch=chance.choice((1000, 1000, 60)),
        sweeps={SHALLOW: 0, DEEP: 1, GONE: 3}[depth],
        slowness=chance.choice((0.05, 0.3, 0.3, 4.0)),
    )


def habits(chance: Random) -> dict[str, Any]:
    """A few of a panel's switches; the small ones among its page sizes, since its lists are."""
    names = chance.sample(sorted(HABITS), chance.randrange(0, 9))
    found = {name: chance.choice(HABITS[name]) for name in names}
    if chance.random() < 0.3:
        found["page_cap"] = chance.choice((35, 50))
    else:
        found.pop("page_cap", None)
    found["retry_after"] = chance.choice(("absent", "seconds", "date"))
    return found


def life(chance: Random, panels: int, streams: tuple[str, ...], lasts: float, depth: int) -> list[Event]:
    """What people do there, and what comes between two pages."""
    found = []
    levers = [lever for stream in streams for lever in LIVES.get(stream, ()) if depth_of(*lever) <= depth] or [QUIET]
    for _ in range(chance.randrange(3, 12)):
        name, given = chance.choice(levers)
        found.append(Event(chance.uniform(0, lasts), "lever", chance.randrange(panels), name, 0, tuple(given.items())))
    for _ in range(chance.choice((0, 1, 2))):
        stream = chance.choice([name for name in streams if name in BETWEEN] or ["orders"])
        given = only(depth, BETWEEN[stream])
        begins = chance.choice((0.0, chance.uniform(0, lasts)))
        found.append(
            Event(begins, "between", chance.randrange(panels), stream, chance.uniform(5, 60), tuple(given.items()))
        )
    return found


def depth_of(lever: str, given: Mapping[str, Any]) -> int:
    """What it takes to see what a lever does: the plans of every hour, a sweep, or several on end."""
    if "delete" in lever:
        return GONE
    return DEEP if lever in ("users/move", "users/rename") or "reopen" in given else SHALLOW


def only(depth: int, given: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: only(depth, value) if isinstance(value, Mapping) else value for name, value in given.items()}
    deep = ("rename", "move") if "users" not in given else ()
    left_out = {"delete": GONE, **dict.fromkeys(deep if "rename" in given else (), DEEP)}
    return {name: value for name, value in found.items() if left_out.get(name, SHALLOW) <= depth}


def faults(chance: Random, panels: int, streams: tuple[str, ...], lasts: float, depth: int) -> list[Event]:
    """One panel is the sick one, so that the others show whether they feel it."""
    found, sick = [], chance.randrange(panels)
    kinds = [kind for kind in FAULTS if DEPTHS.get(kind, SHALLOW) <= depth]
    for _ in range(chance.choice((1, 2, 3, 4, 6))):
        panel = sick if chance.random() < 0.8 else chance.randrange(panels)
        kind = chance.choice(HEAVY if chance.random() < 0.01 else kinds)
        given: dict[str, Any] = {"every": chance.choice((1, 1, 2, 3)), "seconds": chance.choice((2.0, 20.0, 70.0))}
        if kind not in PLACES["line"] and chance.random() < 0.5:
            given["path"] = PATHS.get(chance.choice(streams), "")
        if kind in HEAVY or kind == "burst" or chance.random() < 0.3:
            given["times"] = chance.randrange(1, 4) if kind not in (*HEAVY, "burst") else 1
        if kind == "429":
            given["retry_after"] = chance.choice(("absent", "seconds", "date", "absurd"))
        length = chance.choice((2.0, 20.0, 60.0, lasts))
        found.append(Event(chance.uniform(0, lasts * 0.9), "fault", panel, kind, length, tuple(given.items())))
    return found


def machine(chance: Random, lasts: float) -> list[Event]:
    found = []
    for _ in range(chance.choice((0, 0, 1, 2))):
        kind, at = chance.choice(PLACES["process"]), chance.uniform(1, lasts)
        length = chance.choice((5.0, 40.0)) if kind in DISKS else chance.uniform(20, lasts)
        details = (("steps", chance.randrange(1, 40)), ("jump", chance.choice(JUMPS)))
        found.append(Event(at, "machine", None, kind, length, details))
    return found
