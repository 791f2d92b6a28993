"""What a shorter retention lets go of, while it goes: a line for each resource and panel, with how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db.panels import Panel
from hyperpanel.support.retention import Erasure
from hyperpanel.web import ages
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit


@dataclass(frozen=True)
class ErasureLine:
    """`share` in hundredths; `before`: what was created earlier goes."""

    key: str
    panel: str
    stream_label: str
    before: datetime
    told: str
    share: float
    by: str


def erasure_line(visit: Visit, panels: Sequence[Panel], erasure: Erasure) -> ErasureLine:
    name = next((panel.name for panel in panels if panel.id == erasure.panel_id), "")
    number = visit.fmt.number
    done = min(erasure.erased, erasure.rows)
    return ErasureLine(
        key=f"{name}-{erasure.stream}",
        panel=name,
        stream_label=ages.stream_label(visit, erasure.stream),
        before=erasure.before,
        told=visit.say("%(done)s of %(all)s rows erased", done=number(done), all=number(erasure.rows)),
        share=round(100 * done / erasure.rows, 1) if erasure.rows else 0,
        by=shown(erasure.by) or "",
    )
