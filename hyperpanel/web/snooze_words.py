"""Snoozes in words: who, why, until when or until what; and why one woke."""

from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db import snoozes
from hyperpanel.db.snoozes import RECOVERED, TIME, WORSE, Snooze
from hyperpanel.web.formats import Formats
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from reports import service_health
from reports.service_figures import rounded

UNTIL = {
    TIME: "",
    RECOVERED: N_("until it has recovered"),
    WORSE: N_("until it gets worse"),
}
WOKE = {
    TIME: N_("its time had passed"),
    RECOVERED: N_("it had recovered"),
    WORSE: N_("it got worse"),
    snoozes.UNDONE: N_("ended by %(who)s"),
    snoozes.REPLACED: N_("snoozed anew by %(who)s"),
}


@dataclass(frozen=True)
class SnoozeLine:
    """`until` None: no time is set. `left`: how long it had to go at a past moment, empty for now. `wakes`: what else ends it, in words."""

    by: str
    why: str
    at: datetime
    until: datetime | None
    left: str
    wakes: str


@dataclass(frozen=True)
class Ended:
    """A snooze that is over, with how it ended, in words."""

    by: str
    why: str
    at: datetime
    ended_at: datetime
    told: str


def snooze_line(visit: Visit, snooze: Snooze, past: Formats | None = None) -> SnoozeLine:
    """`past`: as ages were told at a moment that has passed."""
    wakes = visit.say(UNTIL[snooze.wakes]) if UNTIL.get(snooze.wakes) else ""
    left = past.until(snooze.until) if past and snooze.until else ""
    return SnoozeLine(shown(snooze.by) or "", shown(snooze.why) or "", snooze.at, snooze.until, left, wakes)


def woke_line(visit: Visit, snooze: Snooze, past: Formats | None = None) -> str:
    if snooze.ended_at is None:
        return ""
    ago = (past or visit.fmt).ago(snooze.ended_at)
    return visit.say("woke %(ago)s ago: %(why)s", ago=ago, why=why_ended(visit, snooze))


def ended(visit: Visit, snooze: Snooze, at: datetime) -> Ended | None:
    """None while it runs, or where it had not begun by then. One whose time has passed is over, whether or not that is written down yet."""
    if snooze.ran(at) or snooze.at > at:
        return None
    by, why = shown(snooze.by) or "", shown(snooze.why) or ""
    if snooze.ended_at is None:
        return Ended(by, why, snooze.at, snooze.until or at, visit.say(WOKE[TIME]))
    return Ended(by, why, snooze.at, snooze.ended_at, why_ended(visit, snooze))


def why_ended(visit: Visit, snooze: Snooze) -> str:
    told = visit.say(WOKE.get(snooze.ended_why or "", "%(who)s"), who=shown(snooze.ended_by) or "–")
    moved = [part for part in (scores(visit, snooze), stuck(visit, snooze)) if part]
    return f"{told} ({', '.join(moved)})" if moved and snooze.ended_why in (RECOVERED, WORSE) else told


def scores(visit: Visit, snooze: Snooze) -> str:
    if snooze.score is None or snooze.ended_score is None:
        return ""
    was, now = (rounded(service_health.shown(one), 0) for one in (snooze.score, snooze.ended_score))
    return visit.say("score %(was)s → %(now)s", was=visit.fmt.number(was), now=visit.fmt.number(now))


def stuck(visit: Visit, snooze: Snooze) -> str:
    if snooze.ended_stuck is None:
        return ""
    was, now = visit.fmt.number(snooze.stuck), visit.fmt.number(snooze.ended_stuck)
    return visit.say("stuck %(was)s → %(now)s", was=was, now=now)
