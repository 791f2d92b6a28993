"""Announcements as slim lines at the top of the dashboard: those that are current and that this person has not read.

They stand there alone: to know of them on every page would cost each page a statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hyperpanel.db import announcements
from hyperpanel.db.announcements import WARNING
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

HERE = "/announcements"
TONES = {announcements.INFO: ("busy", N_("News")), WARNING: ("warn", N_("Warning"))}
"""By tone the mark and the word for it."""


@dataclass(frozen=True)
class Line:
    id: int
    tone: str
    label: str
    title: str
    by: str
    at: datetime
    href: str


def lines(connection: Connection, visit: Visit) -> Sequence[Line]:
    if visit.person is None:
        return ()
    found = announcements.unread(connection, visit.person.id, visit.now)
    return [
        Line(
            id=one.id,
            tone=TONES[one.tone][0],
            label=visit.say(TONES[one.tone][1]),
            title=shown(one.title) or "",
            by=shown(one.by) or "",
            at=one.at,
            href=f"{HERE}#announcement-{one.id}",
        )
        for one in found
    ]
