"""What stands around the rows of service tracking: the red bar, what woke lately, how much there is, and why there may be nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hyperpanel.db import service_scores, service_speeds
from hyperpanel.db.service_scores import SPARKLINE
from hyperpanel.errors import BadInput
from hyperpanel.support.service_tracking import Row, Service
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.panel_choice import CHOICE
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.profile_choice import NAME
from hyperpanel.web.report_windows import NAMES, Windowed
from hyperpanel.web.reported_marks import marks
from hyperpanel.web.service_tracking_found import Found, aged, past
from hyperpanel.web.service_tracking_lists import Arranged, Part
from hyperpanel.web.service_tracking_rows import HERE, Known, ServiceLine, place_of
from hyperpanel.web.snooze_words import woke_line
from hyperpanel.web.texts import LONGEST_LINK, shown
from hyperpanel.web.visits import Visit
from reports.service_health import CRITICAL, STALLED, URGENT


@dataclass(frozen=True)
class Urgent:
    """What the red bar says. `ids`: of these services, to be copied. `snooze_href`: where all of them are snoozed, by whoever may."""

    critical: str
    stalled: str
    ids: str
    snooze_href: str | None


@dataclass(frozen=True)
class Section:
    """A part of the table with its lines."""

    part: Part
    lines: Sequence[ServiceLine]


@dataclass(frozen=True)
class Woke:
    """A snooze that ended by itself within a week."""

    name: str
    panel: str
    href: str
    by: str
    told: str


def beside(
    connection: Connection,
    visit: Visit,
    found: Found,
    rows: Sequence[Row],
    providers: Mapping[Service, Sequence[str]],
) -> Known:
    """What else is known of the rows on the page, and of no others."""
    ids = [panel.id for panel in found.chosen]
    scope = visit.scope.narrowed(ids)
    set_ones = [row.service for row in rows if row.origin == "set"]
    speeds = service_speeds.some(connection, scope, set_ones)
    services = [row.service for row in rows]
    return Known(
        panels={panel.id: panel.name for panel in found.chosen},
        aged=aged(visit, found),
        snoozes={snooze.service: snooze for snooze in found.running},
        woke={snooze.service: snooze for snooze in reversed(found.woken)},
        setters={service: speed.by for service, speed in speeds.items()},
        providers=providers,
        trends=service_scores.trends(connection, scope, services, found.at - SPARKLINE, found.at),
        kept=visit.url.only((*NAMES, NAME)),
        at=found.at,
        past=past(visit, found),
        reported={} if past(visit, found) else marks(connection, visit, ids),
    )


def urgent(visit: Visit, found: Found, rows: Sequence[Row], window: Windowed) -> Urgent | None:
    """Of the whole report, whatever part of it is looked at; None where nothing is critical that is not snoozed."""
    those = [row for row in rows if row.band in URGENT and row.service not in found.snoozed]
    if not those:
        return None
    critical, stalled = (sum(row.band == band for row in those) for band in (CRITICAL, STALLED))
    number = visit.fmt.number
    may_snooze = visit.may("snooze:set") and not window.is_past
    return Urgent(
        critical=visit.say("%(number)s critical", number=number(critical)) if critical else "",
        stalled=visit.say("%(number)s stalled", number=number(stalled)) if stalled else "",
        ids=", ".join(dict.fromkeys(row.service_id for row in those)),
        snooze_href=str(visit.url.only((*CHOICE, *NAMES, NAME), f"{HERE}/snooze")) if may_snooze else None,
    )


def woken(visit: Visit, found: Found, rows: Sequence[Row], known: Known) -> list[Woke]:
    """The last first, as far as their services are in the report."""
    names = {row.service: row.name for row in rows}
    return [
        Woke(
            name=shown(names[snooze.service], LONGEST_LINK) or "",
            panel=known.panels[snooze.panel_id],
            href=place_of(known.panels[snooze.panel_id], snooze.service_id),
            by=shown(snooze.by) or "",
            told=woke_line(visit, snooze, known.past),
        )
        for snooze in found.woken
        if snooze.service in names
    ]


def foot(visit: Visit, arranged: Arranged) -> str:
    number = visit.fmt.number
    if arranged.first:
        return visit.say(
            "%(first)s–%(last)s of %(total)s",
            first=number(arranged.first),
            last=number(arranged.last),
            total=number(arranged.total),
        )
    return visit.count("%(total)s service", "%(total)s services", arranged.total, total=number(arranged.total))


def empty(visit: Visit, found: Found, rows: Sequence[Row], arranged: Arranged, problem: BadInput | None) -> Empty:
    say = visit.say
    if not found.panels:
        return no_panels(visit)
    if problem is not None:
        return Empty(sentence(visit, problem), say("Back to now"), str(visit.url.without("at", "from", "to")))
    if arranged.newer_href:
        return Empty(say("There is nothing further on."), say("Go to the start"), str(visit.url.without("page")))
    if rows:
        everything = str(visit.url.without("q", "band", "page"))
        return Empty(say("No service matches these filters."), say("Clear the filters"), everything)
    if found.settings.picked:
        return Empty(say("None of the picked services has a stuck or a finished order here."), None, None)
    return Empty(say("No service has a stuck order, and none finished one in this window."), None, None)
