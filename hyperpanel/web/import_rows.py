"""Files that were taken in, as rows of the history; and the file that says what became of each line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db.imports import Import
from hyperpanel.support.description_files import BECAME, BLANK, CHANGED, NEW, REMOVED, UNCHANGED, WRONG, Line
from hyperpanel.support.sheet_files import csv_of
from hyperpanel.web.import_looks import LABELS
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

COLUMNS = ("line", "panel", "service_id", "result")
RESULTS = {
    NEW: N_("added"),
    CHANGED: N_("changed"),
    REMOVED: N_("removed"),
    UNCHANGED: N_("unchanged"),
    BLANK: N_("blank, left as it was"),
}


@dataclass(frozen=True)
class Past:
    """`told`: how many lines became what. `href`: the file that says so of each."""

    at: datetime
    file_name: str
    by: str
    told: Sequence[str]
    href: str


def past(visit: Visit, one: Import) -> Past:
    return Past(
        one.at,
        shown(one.file_name) or "",
        shown(one.by) or "",
        told(visit, one),
        f"/descriptions/result?number={one.id}",
    )


def told(visit: Visit, one: Import) -> list[str]:
    labels = {**LABELS, WRONG: N_("Left out")}
    return [
        visit.say("%(label)s: %(number)s", label=visit.say(labels[became]), number=visit.fmt.number(one.counts[became]))
        for became in BECAME
        if one.counts.get(became)
    ]


def told_done(visit: Visit, found: Sequence[Import], number: int) -> str:
    """Of a file that was just taken."""
    mine = next((one for one in found if one.id == number), None)
    return visit.say("The file was taken in. %(counts)s", counts=" · ".join(told(visit, mine))) if mine else ""


def result(visit: Visit, lines: Sequence[Line]) -> bytes:
    """In the language of whoever takes the file."""
    return csv_of(COLUMNS, ([line.number, line.panel, line.service_id, became(visit, line)] for line in lines))


def became(visit: Visit, line: Line) -> str:
    if line.error:
        return visit.say("left out: %(reason)s", reason=sentence(visit, line.error))
    return visit.say(RESULTS[line.became])
