"""What the commands of reports share: the panels and the window that are meant, and how old the data is, first of all that is printed."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import rich_click as click

from hyperpanel.cli.frame import Place, as_json, installation
from hyperpanel.cli.output import say
from hyperpanel.cli.probing import NONE_YET, chosen
from hyperpanel.errors import BadInput, Missing

if TYPE_CHECKING:
    from hyperpanel.db.opening import Installation
    from hyperpanel.db.panels import Panel
    from hyperpanel.db.scope import Scope
    from hyperpanel.support.feed_ages import Standing
    from reports.windows import Window

STATES = {
    "on_time": "on time",
    "late": "late",
    "paused": "paused",
    "key": "key refused",
    "never": "never read",
}


def windowed(command: Callable[..., None]) -> Callable[..., None]:
    """--hours, --at, --panel and --json: `hours`, `at`, `names` and `as_json` of the function."""
    for option in (
        as_json,
        click.option("--panel", "names", multiple=True, metavar="NAME", help="This panel alone; may be repeated."),
        click.option("--at", help="As of a past moment, such as 2026-01-31 or 2026-01-31T09:00 (UTC)."),
        click.option("--hours", type=float, help="How many hours the window is long; 24 unless a profile says else."),
    ):
        command = option(command)
    return command


@dataclass(frozen=True)
class Reporting:
    """An installation with the panels that a report is about, and how each of them stands."""

    found: "Installation"
    panels: "Sequence[Panel]"
    standings: "Mapping[int, Standing]"
    now: datetime

    @property
    def scope(self) -> "Scope":
        from hyperpanel.db.scope import EVERYTHING

        return EVERYTHING.narrowed([panel.id for panel in self.panels])

    @property
    def names(self) -> dict[int, str]:
        return {panel.id: panel.name for panel in self.panels}

    def window(self, hours: float | None, at: str | None) -> "Window":
        """The last hours, or those before a past moment. Raises BadInput."""
        from reports.windows import LONGEST, USUAL, of_hours

        until = moment(at, self.now, self.found.settings.sync.retention_days) if at else self.now
        try:
            return of_hours(USUAL if hours is None else hours, until)
        except (ValueError, OverflowError):
            most = LONGEST // timedelta(hours=1)
            raise BadInput(f"--hours must be more than 0 and at most {most}.", "hours") from None

    def state(self, panel_id: int) -> str:
        return self.standings[panel_id].state if panel_id in self.standings else "never"

    def ages(self) -> dict[str, Any]:
        """For scripts: how old the data is, as a whole and of each panel."""
        seen = [one.as_of for one in self.standings.values() if one.as_of is not None]
        return {
            "as_of": min(seen).isoformat() if seen else None,
            "panels_on_time": sum(self.state(panel.id) == "on_time" for panel in self.panels),
            "panels_in_all": len(self.panels),
            "panels": [self.age(panel) for panel in self.panels],
        }

    def age(self, panel: "Panel") -> dict[str, Any]:
        standing = self.standings.get(panel.id)
        as_of = standing.as_of if standing else None
        return {"panel": panel.name, "state": self.state(panel.id), "as_of": as_of.isoformat() if as_of else None}

    def say_ages(self) -> None:
        """The same for people; each panel that is not on time is named."""
        told = self.ages()
        number = f"{told['panels_on_time']} of {told['panels_in_all']} panels on time"
        late = [f"{one['panel']} {late_by(one)}" for one in told["panels"] if one["state"] != "on_time"]
        say(f"{sentence(as_of(told['as_of']))}; {number}{': ' if late else ''}{', '.join(late)}.")


def late_by(one: Mapping[str, Any]) -> str:
    return f"{STATES[one['state']]} ({as_of(one['as_of'])})" if one["as_of"] else STATES[one["state"]]


def sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def as_of(stamp: str | None) -> str:
    return f"data as of {datetime.fromisoformat(stamp):%Y-%m-%d %H:%M:%S} UTC" if stamp else "no data yet"


@asynccontextmanager
async def reporting(place: Place, names: Sequence[str], streams: Sequence[str]) -> "AsyncIterator[Reporting]":
    """Of the named panels, or of all. `streams`: those that the report is made of. Raises Missing."""
    from hyperpanel.clock import SystemClock
    from hyperpanel.db.scope import EVERYTHING
    from hyperpanel.support import feed_ages

    now = SystemClock().now()
    async with installation(place) as found:
        panels = await chosen(found, names)
        if not panels:
            raise Missing(NONE_YET)
        scope = EVERYTHING.narrowed([panel.id for panel in panels])
        standings = await found.database.read(
            lambda connection: feed_ages.standings(connection, scope, streams, found.settings.sync, now)
        )
        yield Reporting(found, panels, standings, now)


def moment(text: str, now: datetime, days_held: int) -> datetime:
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"--at {text!r} is no moment. Write it as 2026-01-31 or 2026-01-31T09:00.", "at") from None
    at = found if found.tzinfo else found.replace(tzinfo=UTC)
    if at > now:
        raise BadInput(f"--at {text} is still to come.", "at")
    if at < now - timedelta(days=days_held):
        raise BadInput(f"--at {text} is before what is held: {days_held} days.", "at")
    return at


def spoken(window: "Window") -> str:
    since, until = (f"{one.astimezone(UTC):%Y-%m-%d %H:%M}" for one in (window.since, window.until))
    return f"{since} – {until} UTC ({window.hours:g} hours)"
