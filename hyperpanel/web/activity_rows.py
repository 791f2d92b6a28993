"""A row of the activity log as its list shows it. Much of it was typed by somebody: text, made safe to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db.activity import Entry
from hyperpanel.web.activity_details import BRIEF, WHOLE, Pair, pairs
from hyperpanel.web.activity_words import ACTORS, action_label, tone
from hyperpanel.web.devices import device
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

FEW = 4
LONGEST_TARGET = 400


@dataclass(frozen=True)
class EntryRow:
    """`pairs`: the first of its details, shortened; `more`: how many there are beside them. `tone`: of a status, where it is one."""

    id: int
    at: datetime
    actor: str
    is_known: bool
    action: str
    label: str
    tone: str
    panel: str
    target: str
    pairs: Sequence[Pair]
    more: int
    address: str
    device: str
    raw_device: str
    href: str


def entry_row(visit: Visit, names: Mapping[int, str], entry: Entry, here: str) -> EntryRow:
    every, panel = pairs_of(visit, entry, BRIEF), panel_name(visit, names, entry.panel_id)
    return EntryRow(
        id=entry.id,
        at=entry.at,
        actor=visit.say(ACTORS[entry.actor]) if entry.actor in ACTORS else shown(entry.actor) or "",
        is_known=entry.actor not in ACTORS,
        action=shown(entry.action) or "",
        label=action_label(visit.language, entry.action),
        tone=tone(entry.action),
        panel=panel,
        target="" if entry.target in (entry.actor, panel) else shown(entry.target, LONGEST_TARGET) or "",
        pairs=every[:FEW],
        more=max(0, len(every) - FEW),
        address=shown(entry.address) or "",
        device=device(visit, entry.device),
        raw_device=shown(entry.device) or "",
        href=f"{here}/{entry.id}",
    )


def panel_name(visit: Visit, names: Mapping[int, str], panel_id: int | None) -> str:
    return "" if panel_id is None else names.get(panel_id) or visit.say("(removed)")


def pairs_of(visit: Visit, entry: Entry, longest: int = WHOLE) -> list[Pair]:
    return pairs(visit, entry.details, longest)
