"""Settings → Sync: where each panel and feed stands, live, and how much is held of each resource. What is done there is in sync_acts."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import backfills, drift, feeds, gauges, holds, panels, set_aside, sync_rules
from hyperpanel.db.feeds import Feed, Worker
from hyperpanel.support import retention
from hyperpanel.web import ages
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.frame import frame
from hyperpanel.web.panel_choice import CHOICE, chosen
from hyperpanel.web.panel_feeds import Found, PanelFeeds, of_panel, open_of, stood
from hyperpanel.web.render import render
from hyperpanel.web.sync_erasures import ErasureLine, erasure_line
from hyperpanel.web.visits import Visit, visit_of

HERE = "/settings/sync"
MAY_SET = "sync:settings"


@dataclass(frozen=True)
class Held:
    """How many records of a resource are held, over the chosen panels."""

    label: str
    number: int


@dataclass(frozen=True)
class Index:
    """`told`: how many panels are on time; `held` by resource."""

    engine: str
    engine_label: str
    told: str
    decisions: str
    decisions_href: str | None
    held: Sequence[Held]
    erasures: Sequence[ErasureLine]
    runs_href: str
    settings_href: str | None
    panels: Sequence[PanelFeeds]
    empty: Empty | None


@get(HERE, name="sync.index", opt={"permission": "sync:read"})
async def index(request: HTMXRequest) -> Response[str]:
    return await standing(request)


async def standing(request: HTMXRequest) -> Response[str]:
    """The page, or the table alone where htmx asks for it."""
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit))
    around = frame(visit, "sync.index", visit.say("Sync"), found.panels, found.chosen)
    return render(request, around, "sync/index.html", told(visit, found), {"feeds"})


def look(connection: Connection, visit: Visit) -> Found:
    """What is told of a single feed is only asked for where its panel is open."""
    known = panels.all_of(connection, visit.scope)
    some = chosen(visit, known)
    opened = open_of(visit, some)
    scope = visit.scope.narrowed(panel.id for panel in some)
    near = visit.scope.narrowed(panel.id for panel in opened)
    return Found(
        panels=known,
        chosen=some,
        opened=opened,
        feeds=feeds.all_of(connection, scope, visit.now),
        calls=feeds.calls(connection, scope, visit.now),
        set_aside=set_aside.counts(connection, scope),
        decisions=len(holds.waiting(connection, scope)),
        workers=feeds.workers(connection),
        rules=sync_rules.load(connection, ages.paced(visit.console.settings.sync)),
        gauges=gauges.of_panels(connection, scope, visit.now),
        erasures=retention.progress(connection, scope),
        under_way=feeds.last_runs(connection, near, ended=False),
        ended=feeds.last_runs(connection, near, ended=True),
        sweeps=drift.last_sweeps(connection, near),
        proven=drift.last_sweeps(connection, near, proven=True),
        coverage=drift.coverage(connection, near),
        pasts=backfills.progress(connection, near),
    )


def told(visit: Visit, found: Found) -> Index:
    engine, label = working(visit, found.workers)
    waiting = found.decisions
    return Index(
        engine=engine,
        engine_label=label,
        told=ages.on_time(visit, found.chosen, stood(visit, found.feeds)) if found.chosen else "",
        decisions=decisions(visit, waiting) if waiting else "",
        decisions_href=str(visit.url.only(CHOICE, "/settings/set-aside")) if visit.may("set_aside:read") else None,
        held=held(visit, found.feeds),
        erasures=[erasure_line(visit, found.panels, one) for one in found.erasures],
        runs_href=str(visit.url.only(CHOICE, f"{HERE}/runs")),
        settings_href=str(visit.url.only(CHOICE, f"{HERE}/settings")) if visit.may(MAY_SET) else None,
        panels=[of_panel(visit, panel, found) for panel in found.chosen],
        empty=None if found.chosen else no_panels(visit),
    )


def held(visit: Visit, found: Sequence[Feed]) -> list[Held]:
    """Those that any of these panels has, in their usual order."""
    kept: dict[str, int] = {}
    for feed in found:
        kept[feed.stream] = kept.get(feed.stream, 0) + feed.cached
    return [Held(ages.stream_label(visit, stream), kept[stream]) for stream in ages.STREAMS if stream in kept]


def decisions(visit: Visit, waiting: int) -> str:
    number = visit.fmt.number(waiting)
    return visit.count("%(number)s decision waits", "%(number)s decisions wait", waiting, number=number)


def working(visit: Visit, workers: Sequence[Worker]) -> tuple[str, str]:
    alive = [worker for worker in workers if worker.expires_at > visit.now]
    if alive:
        ago, number = visit.fmt.ago(alive[0].seen_at), visit.fmt.number(len(alive))
        return "running", visit.count(
            "%(number)s worker, last seen %(ago)s ago",
            "%(number)s workers, the last seen %(ago)s ago",
            len(alive),
            number=number,
            ago=ago,
        )
    if workers:
        ago = visit.fmt.ago(workers[0].seen_at)
        return "stopped", visit.say("No worker is running; the last was seen %(ago)s ago.", ago=ago)
    return "stopped", visit.say("No worker is running. Start one with the command: hyperpanel work")
