"""What the pages of service tracking ask for: the panels, how old their orders are, the profile and the window, and the report itself.

A page and what is done on it ask the same way, so that "snooze all" means the services that the page calls critical.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from hyperpanel.db import feeds, panels, snoozes
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import Scope
from hyperpanel.db.snoozes import Snooze
from hyperpanel.support import profiles, service_providers, service_tracking
from hyperpanel.support.profiles import SERVICES, Profile
from hyperpanel.support.profiles import Services as Settings
from hyperpanel.support.service_tracking import STREAMS, Asked, Row, Service
from hyperpanel.support.snoozing import LATELY
from hyperpanel.web import ages, profile_choice
from hyperpanel.web.formats import Formats
from hyperpanel.web.panel_choice import chosen
from hyperpanel.web.profile_choice import Profiled, profiled
from hyperpanel.web.report_windows import Windowed, windowed
from hyperpanel.web.visits import Visit
from reports import freshness, windows


@dataclass(frozen=True)
class Found:
    """In one snapshot. `feeds`: those of the orders. `running` and `woken`: snoozes, as of the moment `at`."""

    panels: Sequence[Panel]
    chosen: Sequence[Panel]
    feeds: Sequence[Feed]
    profiles: Sequence[Profile]
    profile: Profile | None
    at: datetime
    running: Sequence[Snooze]
    woken: Sequence[Snooze]

    @property
    def settings(self) -> Settings:
        return settings_of(self.profile)

    @property
    def snoozed(self) -> frozenset[Service]:
        return frozenset(snooze.service for snooze in self.running)


def settings_of(profile: Profile | None) -> Settings:
    return profile.services if profile else Settings()


def look(connection: Connection, visit: Visit, alone: Panel | None = None, at: datetime | None = None) -> Found:
    """`alone`: the one panel that a page is about, whatever its address says of panels. `at`: the moment whose snoozes are meant, instead of
    the end of the window."""
    known = panels.all_of(connection, visit.scope)
    some = [alone] if alone else chosen(visit, known)
    scope = visit.scope.narrowed(panel.id for panel in some)
    every = profiles.all_of(connection, SERVICES)
    profile = profile_choice.chosen(visit, every)
    then = at or windowed(visit, windows.SERVICES, settings_of(profile).hours).window.until
    return Found(
        panels=known,
        chosen=some,
        feeds=feeds.all_of(connection, scope, visit.now, *STREAMS),
        profiles=every,
        profile=profile,
        at=then,
        running=running(connection, scope, visit.now, then),
        woken=[one for one in snoozes.woken(connection, scope, then - LATELY) if one.ended_at and one.ended_at <= then],
    )


def running(connection: Connection, scope: Scope, now: datetime, at: datetime) -> list[Snooze]:
    return snoozes.running(connection, scope, now) if at >= now else snoozes.past(connection, scope, at)


def past(visit: Visit, found: Found) -> Formats | None:
    """As ages were told at the moment that the report is of; None where that is now."""
    return Formats(visit.fmt.signs, visit.zone, found.at) if found.at < visit.now else None


def window_of(visit: Visit, found: Found) -> Windowed:
    return windowed(visit, windows.SERVICES, found.settings.hours, found.feeds, found.chosen)


def profile_of(visit: Visit, found: Found) -> Profiled:
    return profiled(visit, SERVICES, found.profiles, found.profile)


def asked(visit: Visit, found: Found, window: windows.Window) -> Asked:
    scope = visit.scope.narrowed(panel.id for panel in found.chosen)
    return Asked(scope, window, found.settings.measure, found.settings.wanted)


def now(visit: Visit, found: Found) -> Asked:
    """Over as many hours as the page shows, up to this moment: what is done is done about now."""
    hours = window_of(visit, found).window.hours
    return asked(visit, found, windows.of_hours(hours, visit.now))


async def reported(visit: Visit, wanted: Asked) -> tuple[list[Row], int]:
    """And how many orders name no service. Raises BadInput for a moment before anything was read."""
    frame = await visit.console.database.reader.ask(service_tracking.made, wanted)
    return service_tracking.services(frame)


async def providers(visit: Visit, wanted: Asked) -> dict[Service, list[str]]:
    """None for those who may not see them."""
    if not visit.may("provider:see"):
        return {}
    return await visit.console.database.reader.ask(service_providers.used, wanted)


def aged(visit: Visit, found: Found) -> dict[int, datetime | None]:
    """The panels whose orders are not on time, each with the moment that they are as of."""
    promises = [(feed.panel_id, ages.promise(feed, visit.console.settings.sync)) for feed in found.feeds]
    read = {panel_id for panel_id, _ in promises}
    late = {panel_id: one.as_of for panel_id, one in promises if freshness.state(one, visit.now) != freshness.ON_TIME}
    return late | {panel.id: None for panel in found.chosen if panel.id not in read}
