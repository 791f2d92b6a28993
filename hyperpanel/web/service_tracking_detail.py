"""One service of the report, beside it or as a page: the formula with its numbers, the orders behind each term, what would change it, how it
was before, its speed, and its snoozes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from hyperpanel.db import panels, service_scores, service_speeds, snoozes
from hyperpanel.db.panels import Panel
from hyperpanel.db.service_scores import Point
from hyperpanel.db.service_speeds import Speed
from hyperpanel.db.snoozes import Snooze
from hyperpanel.support import service_explaining, snooze_acts
from hyperpanel.support.service_explaining import Explained
from hyperpanel.support.service_tracking import Row
from hyperpanel.web import ages, service_tracking_words
from hyperpanel.web.charts import Lines
from hyperpanel.web.deliveries import Delivered, delivery_of
from hyperpanel.web.facts import Fact
from hyperpanel.web.frame import AsOf
from hyperpanel.web.panel_choice import named
from hyperpanel.web.profile_choice import NAME, Profiled
from hyperpanel.web.report_windows import NAMES, Windowed
from hyperpanel.web.reported_marks import ServiceReports, of_service
from hyperpanel.web.service_rows import catalogue
from hyperpanel.web.service_tracking_found import Found, aged, asked, look, past, profile_of, window_of
from hyperpanel.web.service_tracking_orders import Behind, behind
from hyperpanel.web.service_tracking_rows import HERE, Known, ServiceLine, line
from hyperpanel.web.service_trends import LONG, chart
from hyperpanel.web.snooze_words import Ended, ended
from hyperpanel.web.texts import LONGEST_LINK, shown
from hyperpanel.web.visits import Visit


@dataclass(frozen=True)
class SpeedForm:
    """`name` in three pieces, of which the middle one tells the speed. `told`: what counts, and since when, in words; `value`: as it is typed.
    `update_href` for whoever may set it; `is_set`: by a person."""

    name: tuple[str, str, str]
    told: str
    value: str
    is_set: bool
    update_href: str | None


@dataclass(frozen=True)
class Show:
    """`window` and `profile`: as on the report. `notes`: what a reader of the figures has to know; `levers`: what would change them. `delivery`:
    of now alone. `snooze_href` for whoever may. `said`: what was just done; `error`: what was wrong with what was typed."""

    service: ServiceLine
    window: Windowed
    profile: Profiled
    facts: Sequence[Fact]
    notes: Sequence[str]
    levers: Sequence[str]
    behind: Behind
    delivery: Delivered | None
    chart: Lines | None
    speed: SpeedForm
    snooze_href: str | None
    history: Sequence[Ended]
    reports: ServiceReports | None
    said: str
    error: str
    as_of: AsOf | None
    back_href: str
    catalogue_href: str | None


@dataclass(frozen=True)
class Held:
    """What the database knows beside the report, in one snapshot. `is_listed`: it stands in the panel's catalogue."""

    panel: Panel
    found: Found
    is_listed: bool
    reports: ServiceReports | None = None
    points: Sequence[Point] = ()
    speed: Speed | None = None
    history: Sequence[Snooze] = field(default_factory=list)


async def opened(visit: Visit, panel_name: str, service_id: str, said: str, error: str) -> Show:
    """Raises Missing for a service of which nothing is known, or not for this person."""
    held = await visit.read(lambda connection: find(connection, visit, panel_name, service_id))
    window = window_of(visit, held.found)
    wanted = asked(visit, held.found, window.window)
    reader = visit.console.database.reader
    explained = await reader.ask(service_explaining.one, wanted, held.panel.id, service_id)
    read = next((ages.promise(feed, visit.console.settings.sync).as_of for feed in held.found.feeds), None)
    delivery = None if window.is_past else await delivery_of(visit, (held.panel.id, service_id), read)
    return shown_of(visit, held, window, explained, delivery, said, error)


def find(connection: Connection, visit: Visit, panel_name: str, service_id: str) -> Held:
    panel = named(panels.all_of(connection, visit.scope), panel_name)
    scope, found = visit.scope.narrowed([panel.id]), look(connection, visit, panel)
    is_listed = snooze_acts.known(connection, scope, panel.id, service_id)
    return Held(
        panel=panel,
        found=found,
        is_listed=is_listed,
        reports=of_service(connection, visit, panel, service_id),
        points=service_scores.trend(connection, scope, panel.id, service_id, found.at - LONG, found.at),
        speed=service_speeds.one(connection, scope, panel.id, service_id),
        history=snoozes.history(connection, scope, panel.id, service_id),
    )


def shown_of(
    visit: Visit,
    held: Held,
    window: Windowed,
    explained: Explained,
    delivery: Delivered | None,
    said: str,
    error: str,
) -> Show:
    panel, row, at, then = held.panel, explained.row, held.found.at, past(visit, held.found)
    kept = visit.url.only((*NAMES, NAME))
    beside = Known(
        panels={panel.id: panel.name},
        aged=aged(visit, held.found),
        snoozes={one.service: one for one in held.history if one.ran(at)},
        woke={one.service: one for one in reversed(held.found.woken)},
        setters={row.service: held.speed.by} if held.speed else {},
        kept=kept,
        past=then,
    )
    service = line(visit, row, beside)
    may_snooze = visit.may("snooze:set") and not window.is_past
    return Show(
        service=service,
        window=window,
        profile=profile_of(visit, held.found),
        facts=service_tracking_words.facts(visit, row, then),
        notes=service_tracking_words.notes(visit, explained),
        levers=service_tracking_words.levers(visit, explained.levers),
        behind=behind(visit, panel.name, explained, then),
        delivery=delivery,
        chart=chart(visit, held.points, at),
        speed=speed_form(visit, row, held.speed, service.place),
        snooze_href=f"{service.place}/snooze" if may_snooze else None,
        history=[told for one in held.history if (told := ended(visit, one, at))],
        reports=held.reports,
        said=said,
        error=error,
        as_of=ages.as_of(visit, [panel], held.found.feeds),
        back_href=str(kept.only((*NAMES, NAME), HERE)),
        catalogue_href=catalogue(panel.name, row.service_id) if held.is_listed else None,
    )


def speed_form(visit: Visit, row: Row, held: Speed | None, place: str) -> SpeedForm:
    return SpeedForm(
        name=pieces(row.name, row.part),
        told=service_tracking_words.speed(visit, row, held),
        value="" if held is None else "0" if held.per_day is None else str(held.per_day),
        is_set=held is not None,
        update_href=f"{place}/speed" if visit.may("speeds:set") else None,
    )


def pieces(name: str, part: str) -> tuple[str, str, str]:
    """The name around the part that tells its speed."""
    before, found, after = name.partition(part) if part else (name, "", "")
    return (
        shown(before, LONGEST_LINK) or "",
        shown(found, LONGEST_LINK) or "",
        shown(after, LONGEST_LINK) or "",
    )
