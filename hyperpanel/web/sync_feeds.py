"""Settings → Sync → one feed: all that is told of it, its pause with why, its past read again from a date, and its last runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import audit, backfills, drift, feeds, gauges, run_lists, set_aside, sync_rules
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.db.run_lists import Filters, Line
from hyperpanel.errors import BadInput
from hyperpanel.support import backfilling, feed_acts
from hyperpanel.support.sync_settings import retention
from hyperpanel.web import ages
from hyperpanel.web.feed_rows import FeedRow, feed_row, runs_href
from hyperpanel.web.forms import fields
from hyperpanel.web.frame import frame
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import CHOICE
from hyperpanel.web.panel_feeds import Found as Standing
from hyperpanel.web.panel_feeds import about
from hyperpanel.web.panel_fields import sentence
from hyperpanel.web.render import render, see_other
from hyperpanel.web.sync import HERE, MAY_SET
from hyperpanel.web.sync_acts import CONTROL, FEED, back, by, find
from hyperpanel.web.sync_gauges import Bar, bar
from hyperpanel.web.sync_run_rows import RunRow, run_row
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of
from sync.store import FeedKey

LAST_RUNS = 12
AGELESS = (*backfilling.AGELESS, "services")
"""Held whatever their age."""


@dataclass(frozen=True)
class Show:
    """`kept_days` is None for what has no age; `pause` and `why`: who paused it, and the reason to correct. `first_day`: from when on it can be
    read again, where that is bounded."""

    feed: FeedRow
    bar: Bar | None
    kept_days: int | None
    can_backfill: bool
    pause: str
    why: str
    can_explain: bool
    first_day: str
    typed: str
    error: str
    runs: Sequence[RunRow]
    runs_href: str
    settings_href: str | None
    sync_href: str


@dataclass(frozen=True)
class Found:
    panel: Panel
    feed: Feed
    standing: Standing
    lines: Sequence[Line] = field(default=())


@get(FEED, name="sync_feeds.show", opt={"permission": "sync:read"})
async def show(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    found = await visit.read(lambda connection: look(connection, visit, panel, stream))
    return page(request, visit, found)


@post(FEED + "/backfill", opt=CONTROL, status_code=303)
async def backfill(request: HTMXRequest, panel: FromPath[str], stream: FromPath[str]) -> Response[str]:
    """From the first moment of that day, where the person lives."""
    visit, given = visit_of(request), await fields(request, "since")
    typed, settings = given.get("since", "").strip(), visit.console.settings.sync
    feed, where = await find(visit, panel, stream)
    try:
        since = day(typed).replace(tzinfo=visit.zone).astimezone(UTC)
        async with visit.write() as transaction:
            await backfilling.ask(transaction, settings, where.id, feed.stream, since, by(visit), visit.now)
            act = visit.act("feed-backfill", f"{where.name}/{stream}", where.id, since=typed)
            await audit.write(transaction, act, visit.now)
    except BadInput as problem:
        found = await visit.read(lambda connection: look(connection, visit, panel, stream))
        return page(request, visit, found, typed, sentence(visit, problem))
    return see_other(back(where, stream))


def day(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time())
    except ValueError:
        raise BadInput(N_("Write a date like 2026-01-31."), "since") from None


def look(connection: Connection, visit: Visit, panel: str, stream: str) -> Found:
    feed, where = feed_acts.find(connection, visit.scope, panel, stream, visit.now)
    scope = visit.scope.narrowed([where.id])
    standing = Standing(
        panels=[where],
        chosen=[where],
        opened=[where],
        feeds=[feed],
        rules=sync_rules.load(connection, ages.paced(visit.console.settings.sync)),
        calls=feeds.calls(connection, scope, visit.now),
        set_aside=set_aside.counts(connection, scope),
        workers=feeds.workers(connection),
        under_way=feeds.last_runs(connection, scope, ended=False),
        ended=feeds.last_runs(connection, scope, ended=True),
        sweeps=drift.last_sweeps(connection, scope),
        proven=drift.last_sweeps(connection, scope, proven=True),
        coverage=drift.coverage(connection, scope) if stream == "messages" else {},
        gauges=gauges.of_panels(connection, scope, visit.now),
        pasts=backfills.progress(connection, scope),
    )
    lines = run_lists.page(connection, scope, Filters(stream=stream), None, visit.now, LAST_RUNS)
    return Found(where, feed, standing, lines)


def page(request: HTMXRequest, visit: Visit, found: Found, typed: str = "", error: str = "") -> Response[str]:
    name = visit.say(
        "%(stream)s of %(panel)s", stream=ages.stream_label(visit, found.feed.stream), panel=found.panel.name
    )
    view = told(visit, found, typed, error)
    return render(
        request, frame(visit, "sync.index", name), "sync_feeds/show.html", view, {"feed"}, 422 if error else 200
    )


def told(visit: Visit, found: Found, typed: str, error: str) -> Show:
    feed, panel, pause = found.feed, found.panel, found.feed.pause
    key = FeedKey(panel.id, feed.stream)
    keeps = retention(visit.console.settings.sync, found.standing.rules, key)
    held = {(feed.panel_id, feed.stream): feed.is_held}
    choice = urlencode({CHOICE[0]: panel.name})
    is_ageless = feed.stream in AGELESS
    return Show(
        feed=feed_row(visit, panel.name, feed, about(visit, feed, found.standing)),
        bar=bar(visit, found.standing.gauges.get(panel.id)),
        kept_days=None if is_ageless else keeps // timedelta(days=1),
        can_backfill="backfill" in feed.due_at and visit.may("sync:control"),
        pause=ages.paused(visit, panel.name, pause) if pause else "",
        why=(shown(pause.why) or "") if pause else "",
        can_explain=pause is None or pause.trouble is None,
        first_day="" if is_ageless else f"{(visit.now - keeps).astimezone(visit.zone):%Y-%m-%d}",
        typed=typed,
        error=error,
        runs=[run_row(visit, panel.name, line, held) for line in found.lines],
        runs_href=runs_href(panel.name, feed.stream),
        settings_href=f"{HERE}/settings?{choice}#s-{feed.stream}" if visit.may(MAY_SET) else None,
        sync_href=f"{HERE}?{urlencode({CHOICE[0]: panel.name})}",
    )
