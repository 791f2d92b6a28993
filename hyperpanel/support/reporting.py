"""What the answers of all reports begin with: the panels and the window that are meant, and how old the data is.

Commands and the admin API ask here, so that both give the same figures in the same words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hyperpanel.config import Settings
from hyperpanel.db import panels
from hyperpanel.db.engine import Database
from hyperpanel.db.panels import Panel
from hyperpanel.db.scope import Scope
from hyperpanel.errors import BadInput
from hyperpanel.support import feed_ages
from hyperpanel.support.feed_ages import Standing
from hyperpanel.support.wanted import N_
from reports.windows import LONGEST, USUAL, Window, of_hours


@dataclass(frozen=True)
class Question:
    """What a report is asked: each takes what it has a use for, and leaves the rest. `leave`: of tickets by staff; `by` and `zone`: of volume
    and margin; `currency` and `most`: of users."""

    hours: float | None = None
    at: str | None = None
    profile: str | None = None
    currency: str = ""
    most: int = 100
    leave: tuple[str, ...] = ()
    by: str = "panel"
    zone: str = "UTC"


@dataclass(frozen=True)
class Reporting:
    """The panels that a report is about, and how each of them stands with what it is made of. `scope` names them one by one."""

    database: Database
    settings: Settings
    panels: Sequence[Panel]
    scope: Scope
    standings: Mapping[int, Standing]
    now: datetime

    @property
    def names(self) -> dict[int, str]:
        return {panel.id: panel.name for panel in self.panels}

    def window(self, hours: float | None, at: str | None) -> Window:
        """The last hours, or those before a past moment. Raises BadInput."""
        until = moment(at, self.now, self.settings.sync.retention_days) if at else self.now
        try:
            return of_hours(USUAL if hours is None else hours, until)
        except (ValueError, OverflowError):
            most = LONGEST // timedelta(hours=1)
            raise BadInput(N_("hours must be more than 0 and at most {most}."), "hours", most=most) from None

    def state(self, panel_id: int) -> str:
        return self.standings[panel_id].state if panel_id in self.standings else "never"

    def heading(self, report: str, window: Window, **more: object) -> dict[str, Any]:
        """What every answer begins with. `more`: what stands between the window and the ages."""
        times = {"since": window.since.isoformat(), "until": window.until.isoformat(), "hours": window.hours}
        return {"report": report, **times, **more, **self.ages()}

    def ages(self) -> dict[str, Any]:
        """How old the data is and how far back it goes, as a whole and of each panel. As a whole, what is not known of one is not known."""
        seen = [self.standings.get(panel.id) for panel in self.panels]
        read = [one.as_of for one in seen if one and one.as_of]
        held = [one.reaches_back_to for one in seen if one and one.reaches_back_to]
        return {
            "as_of": stamp(min(read)) if read and len(read) == len(seen) else None,
            "reaches_back_to": stamp(max(held)) if held and len(held) == len(seen) else None,
            "panels_on_time": sum(self.state(panel.id) == "on_time" for panel in self.panels),
            "panels_in_all": len(self.panels),
            "panels": [self.age(panel) for panel in self.panels],
        }

    def age(self, panel: Panel) -> dict[str, Any]:
        standing = self.standings.get(panel.id)
        return {
            "panel": panel.name,
            "state": self.state(panel.id),
            "as_of": stamp(standing.as_of) if standing else None,
            "reaches_back_to": stamp(standing.reaches_back_to) if standing else None,
        }


async def reporting(
    database: Database, settings: Settings, scope: Scope, names: Sequence[str], streams: Sequence[str], now: datetime
) -> Reporting:
    """Of the named panels of a scope, or of all of it, which may be none. Raises Missing."""
    if names:
        some = await database.read(lambda connection: panels.named(connection, scope, dict.fromkeys(names)))
    else:
        some = await database.read(lambda connection: panels.all_of(connection, scope))
    within = scope.narrowed([panel.id for panel in some])
    standings = await database.read(
        lambda connection: feed_ages.standings(connection, within, streams, settings.sync, now)
    )
    return Reporting(database, settings, some, within, standings, now)


def moment(text: str, now: datetime, days_held: int) -> datetime:
    """In UTC unless it says else. Raises BadInput."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(
            N_("at '{text}' is no moment. Write it as 2026-01-31 or 2026-01-31T09:00."), "at", text=text[:40]
        ) from None
    at = found if found.tzinfo else found.replace(tzinfo=UTC)
    if at > now:
        raise BadInput(N_("at {text} is still to come."), "at", text=text)
    if at < now - timedelta(days=days_held):
        raise BadInput(N_("at {text} is before what is held: {days} days."), "at", text=text, days=days_held)
    return at


def stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
