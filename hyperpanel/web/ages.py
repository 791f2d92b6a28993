"""How old the data on a page is and, where it is not on time, why: the same words beside every title."""

from collections.abc import Sequence
from datetime import timedelta

from hyperpanel.config import Sync
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel, Pause
from hyperpanel.web.frame import AsOf
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from reports import freshness
from sync.verdicts import TROUBLES, Trouble

TOLD_AT_ONCE = 3
STREAMS = {"orders": N_("Orders"), "services": N_("Services")}
MACHINES = {"command line": N_("the command line"), "engine": N_("the sync engine")}
STATES = {
    freshness.ON_TIME: N_("On time"),
    freshness.LATE: N_("Late"),
    freshness.PAUSED: N_("Paused"),
    freshness.NEVER: N_("Never read"),
    "running": N_("Running"),
}


def promise(feed: Feed, settings: Sync) -> freshness.Feed:
    """What the report knows of a feed: its two promises, and how often they are to be renewed."""
    every = {"head": settings.services_seconds if feed.stream == "services" else settings.head_seconds}
    if "refresh" in feed.as_of:
        every["refresh"] = settings.refresh_seconds
    return freshness.Feed(
        read_at=feed.as_of.get("head"),
        refreshed_at=feed.as_of.get("refresh"),
        every=timedelta(seconds=max(every.values())),
        is_paused=feed.pause is not None,
    )


def as_of(visit: Visit, panels: Sequence[Panel], feeds: Sequence[Feed]) -> AsOf | None:
    """One feed of each of these panels; None where there is no panel."""
    if not panels or not feeds:
        return None
    promises = {feed.panel_id: promise(feed, visit.console.settings.sync) for feed in feeds}
    states = {panel_id: freshness.state(one, visit.now) for panel_id, one in promises.items()}
    on_time = sum(state == freshness.ON_TIME for state in states.values())
    number = visit.fmt.number
    told = visit.count(
        "%(on_time)s of %(all)s panel on time",
        "%(on_time)s of %(all)s panels on time",
        len(panels),
        on_time=number(on_time),
        all=number(len(panels)),
    )
    names = {panel.id: panel.name for panel in panels}
    reasons = [because(visit, names[feed.panel_id], feed, states[feed.panel_id]) for feed in feeds]
    return AsOf(
        state=freshness.worst(states.values()),
        at=freshness.oldest(promises.values()),
        reason=together(visit, [reason for reason in reasons if reason]),
        told=told,
    )


def together(visit: Visit, reasons: Sequence[str]) -> str:
    more = len(reasons) - TOLD_AT_ONCE
    rest = [visit.say("And %(number)s more.", number=visit.fmt.number(more))] if more > 0 else []
    return " ".join([*reasons[:TOLD_AT_ONCE], *rest])


def because(visit: Visit, panel: str, feed: Feed, state: str) -> str:
    """One sentence; empty for a feed that is on time and holds all it should."""
    if feed.pause is not None:
        return paused(visit, panel, feed)
    if feed.trouble is not None and state != freshness.ON_TIME:
        return trouble(visit, feed.trouble.of(panel))
    if state == freshness.NEVER:
        return visit.say("%(panel)s has not been read yet.", panel=panel)
    if state == freshness.LATE:
        return visit.say("%(panel)s has not been read in time.", panel=panel)
    return visit.say("The history of %(panel)s is still being read.", panel=panel) if feed.is_filling else ""


def paused(visit: Visit, panel: str, feed: Feed) -> str:
    """By the engine because of a trouble, or by a person."""
    pause = feed.pause
    if pause is None:
        return ""
    if pause.trouble is not None:
        return trouble(visit, pause.trouble.of(panel))
    told = {"panel": panel, "who": who(visit, pause), "ago": visit.fmt.ago(pause.at)}
    if pause.stream is None:
        sentence = visit.say("%(panel)s was paused by %(who)s %(ago)s ago.", **told)
    else:
        stream = visit.say(STREAMS[pause.stream]) if pause.stream in STREAMS else pause.stream
        sentence = visit.say("“%(stream)s” of %(panel)s was paused by %(who)s %(ago)s ago.", stream=stream, **told)
    return f"{sentence} {shown(pause.why)}".strip()


def who(visit: Visit, pause: Pause) -> str:
    """A person's name is a name in every language; the command line and the engine are words."""
    return visit.say(MACHINES[pause.by]) if pause.by in MACHINES else shown(pause.by) or ""


def trouble(visit: Visit, found: Trouble) -> str:
    """Its sentence in the person's language; the details come from an upstream."""
    details = {name: shown(value) if isinstance(value, str) else value for name, value in found.details.items()}
    return visit.language.texts.gettext(TROUBLES[found.code][1]).format(**details)
