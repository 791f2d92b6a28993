"""One run as a row: what it was to do, how it ended, and what it found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db.run_lists import Line
from hyperpanel.web import ages
from hyperpanel.web.feed_rows import href_of
from hyperpanel.web.languages import N_
from hyperpanel.web.sync_timings import PLANS
from hyperpanel.web.visits import Visit

ENDINGS = {
    "fault": ("warn", N_("Fault")),
    "done": ("ok", N_("Done")),
    "part": ("quiet", N_("In part")),
    "proven": ("ok", N_("Proven")),
    "unproven": ("warn", N_("Not proven")),
    "running": ("busy", N_("Running")),
    "broken": ("idle", N_("Broken off")),
}
"""In part: it read what a run may read at once, and the next goes on from there."""


@dataclass(frozen=True)
class RunRow:
    """`took` in seconds, None until it has ended; `reason`: what went wrong, in a sentence."""

    key: str
    panel: str
    stream_label: str
    feed_href: str
    plan_label: str
    ending: str
    tone: str
    ending_label: str
    reason: str
    started_at: datetime
    took: float | None
    calls: int
    read: int
    new: int
    changed: int
    set_aside: int
    missing: int


Held = Mapping[tuple[int, str], bool]
"""Whether somebody is reading this feed at this moment."""


def run_row(visit: Visit, panel: str, line: Line, held: Held) -> RunRow:
    ending = ended(line, held.get((line.panel_id, line.stream), False))
    tone, label = ENDINGS[ending]
    return RunRow(
        key=f"{panel}-{line.number}",
        panel=panel,
        stream_label=ages.stream_label(visit, line.stream),
        feed_href=href_of(panel, line.stream),
        plan_label=visit.say(PLANS[line.plan]) if line.plan in PLANS else line.plan,
        ending=ending,
        tone=tone,
        ending_label=visit.say(label),
        reason=ages.trouble(visit, line.trouble.of(panel)) if line.trouble else "",
        started_at=line.started_at,
        took=max((line.ended_at - line.started_at).total_seconds(), 0) if line.ended_at else None,
        calls=line.calls,
        read=line.read,
        new=line.new,
        changed=line.changed,
        set_aside=line.set_aside,
        missing=line.missing,
    )


def ended(line: Line, is_held: bool) -> str:
    if line.ended_at is None:
        return "running" if is_held else "broken"
    if line.trouble is not None:
        return "fault"
    if not line.done:
        return "part"
    if line.plan == "sweep":
        return "proven" if line.proven else "unproven"
    return "done"
