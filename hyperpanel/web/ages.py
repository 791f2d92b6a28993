"""How old the data on a page is and, where it is not on time, why: the same words beside every title."""

from collections.abc import Sequence

from hyperpanel.db.feeds import Feed
from hyperpanel.db.machines import COMMAND_LINE, ENGINE
from hyperpanel.db.panels import Panel, Pause
from hyperpanel.support import feed_ages
from hyperpanel.web.formats import day
from hyperpanel.web.frame import AsOf
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from reports import freshness
from sync.verdicts import TROUBLES, Trouble

promise, paced = feed_ages.promise, feed_ages.paced
TOLD_AT_ONCE = 3
STREAMS = {
    "orders": N_("Orders"),
    "users": N_("Users"),
    "payments": N_("Payments"),
    "tickets": N_("Tickets"),
    "messages": N_("Messages"),
    "services": N_("Services"),
}
MACHINES = {COMMAND_LINE: N_("the command line"), ENGINE: N_("the sync engine")}
STATES = {
    freshness.KEY: N_("Key refused"),
    freshness.ON_TIME: N_("On time"),
    freshness.LATE: N_("Late"),
    freshness.PAUSED: N_("Paused"),
    freshness.NEVER: N_("Never read"),
    "running": N_("Running"),
}


Stood = Sequence[tuple[Feed, str]]
"""Feeds with their states."""


def as_of(visit: Visit, panels: Sequence[Panel], feeds: Sequence[Feed]) -> AsOf | None:
    """Of all that a page shows: the feeds of one stream or of several, of these panels. None where there is nothing."""
    if not panels or not feeds:
        return None
    promises = [promise(feed, visit.console.settings.sync) for feed in feeds]
    states = [freshness.state(one, visit.now) for one in promises]
    stood = list(zip(feeds, states, strict=True))
    return AsOf(
        state=freshness.worst(states),
        at=freshness.oldest(promises),
        reason=together(visit, reasons(visit, panels, stood)),
        told=on_time(visit, panels, stood),
    )


def on_time(visit: Visit, panels: Sequence[Panel], stood: Stood) -> str:
    """A panel is on time when all that is shown of it is."""
    read = {feed.panel_id for feed, _ in stood}
    behind = {feed.panel_id for feed, state in stood if state != freshness.ON_TIME}
    number = visit.fmt.number
    return visit.count(
        "%(on_time)s of %(all)s panel on time",
        "%(on_time)s of %(all)s panels on time",
        len(panels),
        on_time=number(sum(panel.id in read - behind for panel in panels)),
        all=number(len(panels)),
    )


def reasons(visit: Visit, panels: Sequence[Panel], stood: Stood) -> list[str]:
    """The worst first, and each once: one pause can stop all streams of a panel."""
    names = {panel.id: panel.name for panel in panels}
    is_one = len({feed.stream for feed, _ in stood}) == 1
    found: dict[str, None] = {}
    for feed, state in sorted(stood, key=lambda one: freshness.WORST_FIRST.index(one[1])):
        panel = names[feed.panel_id]
        found.setdefault(because(visit, panel, feed, state, "" if is_one else whole_name(visit, panel, feed)))
    return [reason for reason in found if reason]


def whole_name(visit: Visit, panel: str, feed: Feed) -> str:
    return visit.say("%(panel)s (%(stream)s)", panel=panel, stream=stream_label(visit, feed.stream))


def stream_label(visit: Visit, stream: str) -> str:
    return visit.say(STREAMS[stream]) if stream in STREAMS else stream


def together(visit: Visit, reasons: Sequence[str]) -> str:
    more = len(reasons) - TOLD_AT_ONCE
    rest = [visit.say("And %(number)s more.", number=visit.fmt.number(more))] if more > 0 else []
    return " ".join([*reasons[:TOLD_AT_ONCE], *rest])


def because(visit: Visit, panel: str, feed: Feed, state: str, name: str = "") -> str:
    """One sentence; empty for a feed that is on time and holds all it should. `name` where the panel's alone does not say which feed."""
    if feed.pause is not None:
        return paused(visit, panel, feed.pause)
    if feed.trouble is not None and state != freshness.ON_TIME:
        return trouble(visit, feed.trouble.of(name or panel))
    if state == freshness.NEVER:
        return visit.say("%(panel)s has not been read yet.", panel=name or panel)
    if state == freshness.LATE:
        return visit.say("%(panel)s has not been read in time.", panel=name or panel)
    return history(visit, name or panel, feed)


def history(visit: Visit, name: str, feed: Feed) -> str:
    """How far back a feed is held, until that is as far as it is to be."""
    if not feed.is_filling:
        return ""
    if feed.reached is None:
        return visit.say("The history of %(panel)s is still being read.", panel=name)
    date = day(feed.reached.astimezone(visit.zone).date(), visit.language.locale)
    return visit.say(
        "The history of %(panel)s is still being read; it reaches back to %(date)s.", panel=name, date=date
    )


def paused(visit: Visit, panel: str, pause: Pause) -> str:
    """By the engine because of a trouble, or by a person."""
    if pause.trouble is not None:
        return trouble(visit, pause.trouble.of(panel))
    told = {"panel": panel, "who": who(visit, pause), "ago": visit.fmt.ago(pause.at)}
    if pause.stream is None:
        sentence = visit.say("%(panel)s was paused by %(who)s %(ago)s ago.", **told)
    else:
        stream = stream_label(visit, pause.stream)
        sentence = visit.say("“%(stream)s” of %(panel)s was paused by %(who)s %(ago)s ago.", stream=stream, **told)
    return f"{sentence} {shown(pause.why)}".strip()


def who(visit: Visit, pause: Pause) -> str:
    """A person's name is a name in every language; the command line and the engine are words."""
    return visit.say(MACHINES[pause.by]) if pause.by in MACHINES else shown(pause.by) or ""


def trouble(visit: Visit, found: Trouble) -> str:
    """Its sentence in the person's language; the details come from an upstream."""
    details = {name: shown(value) if isinstance(value, str) else value for name, value in found.details.items()}
    return visit.language.texts.gettext(TROUBLES[found.code][1]).format(**details)
