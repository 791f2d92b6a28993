"""How feeds and panels stand, for whoever reads it as data: the state and the sentence that the Sync page tells in each person's language."""

from collections.abc import Sequence
from datetime import datetime

from hyperpanel.config import Sync
from hyperpanel.db.feeds import Feed
from hyperpanel.db.machines import COMMAND_LINE, ENGINE
from hyperpanel.db.panels import Pause
from hyperpanel.support import feed_ages
from hyperpanel.support.feed_acts import REMOVING, is_leaving
from reports import freshness

ORDER = ("orders", "users", "payments", "tickets", "messages", "services")
MACHINES = {COMMAND_LINE: "the command line", ENGINE: "the sync engine"}
Stood = Sequence[tuple[Feed, str]]
"""Feeds with their states."""


def place(feed: Feed) -> int:
    """What is looked at most comes first."""
    return ORDER.index(feed.stream) if feed.stream in ORDER else len(ORDER)


def stood(feeds: Sequence[Feed], settings: Sync, now: datetime) -> list[tuple[Feed, str]]:
    mine = sorted(feeds, key=place)
    return [(feed, freshness.state(feed_ages.promise(feed, settings), now)) for feed in mine]


def state_of(whole: Sequence[Pause], found: Stood) -> str:
    """Of a panel. One paused stream does not make a paused panel: what is still read tells how it stands."""
    if is_leaving(whole):
        return REMOVING
    at_work = [state for feed, state in found if feed.pause is None]
    return freshness.worst(at_work or [state for _, state in found])


def reason_of(panel: str, whole: Sequence[Pause], found: Stood) -> str:
    """The worst that there is to say of a panel; empty where all is well."""
    if is_leaving(whole):
        return f"{panel} is being removed."
    worst_first = sorted(found, key=lambda one: freshness.WORST_FIRST.index(one[1]))
    told = (because(panel, feed, state) for feed, state in worst_first)
    return next((sentence for sentence in told if sentence), "")


def because(panel: str, feed: Feed, state: str) -> str:
    """One sentence; empty for a feed that is on time and holds all it should."""
    name = f"{panel} ({feed.stream})"
    if feed.pause is not None:
        return paused(panel, feed.pause)
    if feed.trouble is not None and state != freshness.ON_TIME:
        return str(feed.trouble.of(name))
    if state == freshness.NEVER:
        return f"{name} has not been read yet."
    if state == freshness.LATE:
        return f"{name} has not been read in time."
    return f"The history of {name} is still being read." if feed.is_filling else ""


def paused(panel: str, pause: Pause) -> str:
    """By the engine because of a trouble, or by somebody."""
    if pause.trouble is not None:
        return str(pause.trouble.of(panel))
    what = panel if pause.stream is None else f"{panel} ({pause.stream})"
    return f"{what} was paused by {who(pause)}. {pause.why}".strip()


def who(pause: Pause) -> str:
    return MACHINES.get(pause.by, pause.by)
