"""A report of a service as a row, in full, and in few words beside the service itself. What people wrote is text, made safe to look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db.service_reports import Named, Report, Service
from hyperpanel.support import reporting_services
from hyperpanel.web.languages import N_
from hyperpanel.web.reported_places import place_of
from hyperpanel.web.service_rows import catalogue
from hyperpanel.web.texts import LONGEST_LINK, shown
from hyperpanel.web.visits import Visit

STATUSES = {True: (N_("Still open"), "busy"), False: (N_("Resolved"), "ok")}
SHORT = 200
LONGEST_LINE = 1000


@dataclass(frozen=True)
class ReportRow:
    """`name_now` where the service is called otherwise by now, `is_gone` where its panel has it no more. `place`: what acts on it begin with;
    `may_settle`: whether this person may resolve and reopen it. `resolved_at` with who and what was said."""

    element: str
    panel: str
    service_id: str
    name: str
    name_now: str
    is_gone: bool
    service_href: str | None
    reason: str
    by: str
    at: datetime
    is_open: bool
    label: str
    tone: str
    resolved_at: datetime | None
    resolved_by: str
    words: str
    href: str
    place: str
    may_settle: bool


@dataclass(frozen=True)
class Told:
    """In few words, beside its service."""

    reason: str
    by: str
    at: datetime
    href: str


def report_row(visit: Visit, report: Report, panel: str, named: Mapping[Service, Named]) -> ReportRow:
    now = named.get(report.service)
    label, tone = STATUSES[report.is_open]
    place = place_of(panel, report.id)
    return ReportRow(
        element=f"r-{panel}-{report.id}",
        panel=panel,
        service_id=shown(report.service_id) or "",
        name=shown(report.service_name, LONGEST_LINK) or "",
        name_now=shown(now.name, LONGEST_LINK) or "" if now and now.name != report.service_name else "",
        is_gone=now is not None and now.gone_at is not None,
        service_href=catalogue(panel, report.service_id) if now and visit.may("services:read") else None,
        reason=line_of(report.reason),
        by=shown(report.by) or "",
        at=report.at,
        is_open=report.is_open,
        label=visit.say(label),
        tone=tone,
        resolved_at=report.resolved_at,
        resolved_by=shown(report.resolved_by) or "",
        words=line_of(report.resolution or ""),
        href=place,
        place=place,
        may_settle=reporting_services.may_settle(visit.person, report),
    )


def line_of(text: str) -> str:
    """All in one line, as far as that is worth reading in a row."""
    return shown(" ".join(text.split()), SHORT) or ""


def lines_of(text: str) -> list[str]:
    """As it was written."""
    return [shown(line, LONGEST_LINE) or "" for line in text.split("\n")]


def told(report: Report, panel: str) -> Told:
    return Told(line_of(report.reason), shown(report.by) or "", report.at, place_of(panel, report.id))
