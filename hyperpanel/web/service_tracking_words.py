"""A service's score in words: what it is made of, what is in none of its terms, what would change it, and which speed counts."""

from collections.abc import Sequence

from hyperpanel.db.service_speeds import Speed
from hyperpanel.support.service_explaining import Explained
from hyperpanel.support.service_tracking import Row
from hyperpanel.web.facts import Fact
from hyperpanel.web.formats import Formats
from hyperpanel.web.languages import NN_
from hyperpanel.web.service_tracking_rows import BANDS, figure
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit
from reports import service_health, service_levers
from reports.service_health import STALLED_FROM
from reports.service_levers import Lever

LEVERS = {
    service_levers.STUCK: NN_("%(number)s stuck order fewer", "%(number)s stuck orders fewer"),
    service_levers.SLOW: NN_("%(number)s slow order fewer", "%(number)s slow orders fewer"),
    service_levers.FINISHED: NN_("%(number)s order that finishes", "%(number)s orders that finish"),
    service_levers.ORDERS: NN_("%(number)s finished or stuck order more", "%(number)s finished or stuck orders more"),
}


def facts(visit: Visit, row: Row, past: Formats | None = None) -> list[Fact]:
    """Each with what it is a part of. `past`: as ages were told at a moment that has passed."""
    say, number = visit.say, visit.fmt.number
    oldest = number(row.stuck)
    if row.oldest:
        ago = (past or visit.fmt).ago(row.oldest)
        oldest = say("%(number)s, the oldest for %(ago)s", number=oldest, ago=ago)
    rated = say("%(slow)s of %(rated)s rated", slow=number(row.slow), rated=number(row.rated))
    seen = say("%(seen)s observed of %(all)s", seen=number(row.finished), all=number(row.finished + row.unobserved))
    return [
        Fact(say("Stuck orders"), oldest),
        Fact(say("Slow orders"), rated),
        Fact(say("Finished in the window"), seen),
    ]


def notes(visit: Visit, explained: Explained) -> list[str]:
    """What a reader of the figures has to know."""
    row, say, number = explained.row, visit.say, visit.fmt.number
    found = []
    if row.band == service_health.FEW:
        found.append(say("It has too few finished or stuck orders to be scored."))
    if row.band == service_health.STALLED:
        least = number(STALLED_FROM)
        found.append(say("Stalled: %(least)s or more are stuck, and none finished in the window.", least=least))
    if explained.unrated:
        found.append(
            visit.count(
                "%(number)s finished order is not rated, since no speed is known for it.",
                "%(number)s finished orders are not rated, since no speed is known for them.",
                explained.unrated,
                number=number(explained.unrated),
            )
        )
    if row.unobserved:
        found.append(
            visit.count(
                "%(number)s more was already finished when it was first seen: nobody knows how long it took.",
                "%(number)s more were already finished when they were first seen: nobody knows how long they took.",
                row.unobserved,
                number=number(row.unobserved),
            )
        )
    return found


def levers(visit: Visit, found: Sequence[Lever]) -> list[str]:
    return [lever(visit, one) for one in found]


def lever(visit: Visit, one: Lever) -> str:
    what = visit.count(*LEVERS[one.what], abs(one.by), number=visit.fmt.number(abs(one.by)))
    score, band = figure(visit, service_health.shown(one.score)), visit.say(BANDS[one.band][0])
    return visit.say("%(what)s → %(score)s, %(band)s", what=what, score=score, band=band)


def speed(visit: Visit, row: Row, held: Speed | None) -> str:
    """What counts."""
    number = visit.fmt.number
    if held is not None:
        told = {"who": shown(held.by) or "–", "ago": visit.fmt.ago(held.at)}
        if held.per_day is None:
            return visit.say("%(who)s set %(ago)s ago that it promises no speed.", **told)
        return visit.say("%(who)s set %(number)s a day %(ago)s ago.", number=number(held.per_day), **told)
    if row.said is None:
        return visit.say("The name tells no speed, so finished orders are not rated.")
    return visit.say("The name promises %(number)s a day at the least.", number=number(row.said))
