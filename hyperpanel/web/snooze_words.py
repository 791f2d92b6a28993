"""Snoozes in words: who, why, until when or until what; and why one woke."""

from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db import snoozes
from hyperpanel.db.snoozes import RECOVERED, TIME, WORSE, Snooze
from hyperpanel.web.languages import N_
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from reports import service_health

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
    """`until` None: no time is set. `wakes`: what else ends it, in words."""

    by: str
    why: str
    at: datetime
    until: datetime | None
    wakes: str


@dataclass(frozen=True)
class Ended:
    """A snooze that is over, with how it ended, in words."""

    by: str
    why: str
    at: datetime
    ended_at: datetime
    told: str


def snooze_line(visit: Visit, snooze: Snooze) -> SnoozeLine:
    wakes = visit.say(UNTIL[snooze.wakes]) if UNTIL.get(snooze.wakes) else ""
    return SnoozeLine(shown(snooze.by) or "", shown(snooze.why) or "", snooze.at, snooze.until, wakes)


def woke_line(visit: Visit, snooze: Snooze) -> str:
    if snooze.ended_at is None:
        return ""
    return visit.say("woke %(ago)s ago: %(why)s", ago=visit.fmt.ago(snooze.ended_at), why=why_ended(visit, snooze))


def ended(visit: Visit, snooze: Snooze) -> Ended | None:
    """None while it runs."""
    if snooze.ended_at is None:
        return None
    by, why = shown(snooze.by) or "", shown(snooze.why) or ""
    return Ended(by, why, snooze.at, snooze.ended_at, why_ended(visit, snooze))


def why_ended(visit: Visit, snooze: Snooze) -> str:
    told = visit.say(WOKE.get(snooze.ended_why or "", "%(who)s"), who=shown(snooze.ended_by) or "–")
    moved = [part for part in (scores(visit, snooze), stuck(visit, snooze)) if part]
    return f"{told} ({', '.join(moved)})" if moved and snooze.ended_why in (RECOVERED, WORSE) else told


def scores(visit: Visit, snooze: Snooze) -> str:
    if snooze.score is None or snooze.ended_score is None:
        return ""
    was, now = (visit.fmt.number(round(service_health.shown(one))) for one in (snooze.score, snooze.ended_score))
    return visit.say("score %(was)s → %(now)s", was=was, now=now)


def stuck(visit: Visit, snooze: Snooze) -> str:
    if snooze.ended_stuck is None:
        return ""
    was, now = visit.fmt.number(snooze.stuck), visit.fmt.number(snooze.ended_stuck)
    return visit.say("stuck %(was)s → %(now)s", was=was, now=now)
