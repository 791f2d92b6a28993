"""What waits for a person, and where each panel stands: the first and the last part of the dashboard."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.web import ages
from hyperpanel.web.addresses import Address
from hyperpanel.web.ages import Stood
from hyperpanel.web.dashboard_figures import STREAMS, Found, by_panel
from hyperpanel.web.dashboard_grids import NAMED, TONES
from hyperpanel.web.dashboard_totals import UNANSWERED
from hyperpanel.web.languages import N_
from hyperpanel.web.panel_choice import CHOICE
from hyperpanel.web.visits import Visit
from reports import freshness

FAILED = ("fail", "error")
NAMES_TOLD = 3
STRIP = 40
"""In a larger fleet, panels that are on time are told by their number."""

OPTIONAL = "no_services_key"
"""A catalogue that nobody gave a key for is not read, and nobody waits for it."""

STOPPED = (
    (freshness.KEY, N_("Key refused"), N_("Enter the key")),
    (freshness.NEVER, N_("Never read"), N_("See why")),
    (freshness.LATE, N_("Late"), N_("See why")),
    (freshness.PAUSED, N_("Paused"), N_("See why")),
)


@dataclass(frozen=True)
class Need:
    """One line: what, how many, the oldest of them, whose, and what to do about it."""

    id: str
    tone: str
    label: str
    number: str
    since: datetime | None
    about: str
    action: str
    href: str


@dataclass(frozen=True)
class Needs:
    """`calm`: the sentence where there is none; it is `good` only if all data is on time too."""

    needs: Sequence[Need]
    calm: str
    good: bool


@dataclass(frozen=True)
class Chip:
    """A panel in the strip. `at`: the age of what is counted here; a catalogue may be much older and on time."""

    name: str
    tone: str
    label: str
    at: datetime | None
    reason: str
    href: str


@dataclass(frozen=True)
class Strip:
    """`rest`: how many more are on time."""

    told: str
    chips: Sequence[Chip]
    rest: str


def needs(visit: Visit, found: Found, reported: Iterable[Need] = ()) -> Needs:
    """`reported`: those that reports found, and those that people brought."""
    made = [*reported, *asked(visit, found), *stopped(visit, found)]
    if made:
        return Needs(sorted(made, key=lambda one: URGENT.index(one.tone)), "", False)
    counted = [(feed, state) for feed, state in found.stood if not is_optional(feed)]
    if counted and all(state == freshness.ON_TIME and not feed.is_filling for feed, state in counted):
        return Needs([], visit.say("Nothing needs you now."), True)
    return Needs([], visit.say("Nothing is known to need you, but not all data is on time."), False)


URGENT = ("bad", "warn", "busy", "unknown", "idle")


def asked(visit: Visit, found: Found) -> Iterable[Need]:
    """Of the lists: orders that did not run, tickets without an answer, decisions, records that could not be read."""
    say, number = visit.say, visit.fmt.number
    here = visit.url.only(CHOICE)

    def to(path: str, *pairs: tuple[str, str]) -> str:
        return str(Address(path, (*here.pairs, *pairs)))

    if found.decisions.number:
        n = found.decisions.number
        told = visit.count("%(number)s decision", "%(number)s decisions", n, number=number(n))
        why = say("The sync engine stopped to ask.")
        yield Need(
            "decisions",
            "bad",
            say("To decide"),
            told,
            found.decisions.since,
            why,
            say("Decide"),
            to("/settings/set-aside"),
        )
    if found.failed.number:
        n = found.failed.number
        told = visit.count("%(number)s order", "%(number)s orders", n, number=number(n))
        href = to("/orders", *(("status", status) for status in FAILED), ("sort", "created"))
        yield Need("failed", "bad", say("Failed"), told, found.failed.since, "", say("Show the orders"), href)
    if found.unanswered.number:
        n = found.unanswered.number
        told = visit.count("%(number)s ticket", "%(number)s tickets", n, number=number(n))
        href = to("/tickets", *(("status", status) for status in UNANSWERED))
        why = say("The next word is ours.")
        yield Need(
            "unanswered", "busy", say("Unanswered"), told, found.unanswered.since, why, say("Show the tickets"), href
        )
    if found.set_aside.number:
        n = found.set_aside.number
        told = visit.count("%(number)s record", "%(number)s records", n, number=number(n))
        why = say("They could not be read.")
        yield Need(
            "aside",
            "warn",
            say("Set aside"),
            told,
            found.set_aside.since,
            why,
            say("Show them"),
            to("/settings/set-aside"),
        )


def stopped(visit: Visit, found: Found) -> Iterable[Need]:
    """By the state of their feeds: how many panels, and which."""
    if not visit.may("sync:read"):
        return
    names = {panel.id: panel.name for panel in found.chosen}
    for state, label, action in STOPPED:
        feeds = [feed for feed, stands in found.stood if stands == state and not is_optional(feed)]
        if feeds:
            some = sorted({names[feed.panel_id] for feed in feeds})
            told = visit.count("%(number)s panel", "%(number)s panels", len(some), number=visit.fmt.number(len(some)))
            is_mine = state == freshness.KEY and visit.may("panels:edit")
            yield Need(
                id=state,
                tone=TONES[state],
                label=visit.say(label),
                number=told,
                since=min((since(visit, feed, state) for feed in feeds), default=None),
                about=listed(visit, some),
                action=visit.say(action) if is_mine or state != freshness.KEY else visit.say("See why"),
                href=href_of(visit, some, is_mine),
            )


def since(visit: Visit, feed: Feed, state: str) -> datetime:
    """A pause has begun at some time; a late feed was last right at another; one that was never read is as old as its panel."""
    if feed.pause is not None:
        return feed.pause.at
    return (
        ages.promise(feed, visit.console.settings.sync).as_of or feed.since if state == freshness.LATE else feed.since
    )


def href_of(visit: Visit, names: Sequence[str], is_key: bool) -> str:
    if is_key:
        return f"/settings/panels/{names[0]}" if len(names) == 1 else "/settings/panels"
    pairs = tuple(("panel", name) for name in names) if len(names) <= NAMED else visit.url.only(CHOICE).pairs
    return str(Address("/settings/sync", pairs))


def listed(visit: Visit, names: Sequence[str]) -> str:
    told, more = ", ".join(names[:NAMES_TOLD]), len(names) - NAMES_TOLD
    return visit.say("%(names)s and %(number)s more", names=told, number=visit.fmt.number(more)) if more > 0 else told


def is_optional(feed: Feed) -> bool:
    return feed.pause is not None and feed.pause.trouble is not None and feed.pause.trouble.code == OPTIONAL


def strip(visit: Visit, found: Found) -> Strip:
    """The worst first, then by name."""
    stands = by_panel([one for one in found.stood if not is_optional(one[0])])
    chips = [(worst(stands[panel.id]), panel) for panel in found.chosen if panel.id in stands]
    chips.sort(key=lambda one: freshness.WORST_FIRST.index(one[0]))
    shown = [one for one in chips if one[0] != freshness.ON_TIME] if len(chips) > STRIP else chips
    number = visit.fmt.number
    rest = len(chips) - len(shown)
    every = [one for each in stands.values() for one in each]
    return Strip(
        told=ages.on_time(visit, found.chosen, every) if every else "",
        chips=[chip(visit, panel, state, stands[panel.id]) for state, panel in shown[:STRIP]],
        rest=visit.say("%(number)s more", number=number(rest + len(shown[STRIP:]))) if rest or shown[STRIP:] else "",
    )


def worst(stood: Stood) -> str:
    return freshness.worst(state for _, state in stood)


def chip(visit: Visit, panel: Panel, state: str, stood: Stood) -> Chip:
    settings = visit.console.settings.sync
    return Chip(
        name=panel.name,
        tone=TONES.get(state, "ok"),
        label=visit.say(ages.STATES[state]),
        at=freshness.oldest(ages.promise(feed, settings) for feed, _ in stood if feed.stream in STREAMS),
        reason="" if state == freshness.ON_TIME else ages.together(visit, ages.reasons(visit, [panel], stood)),
        href=str(Address("/settings/sync", (("panel", panel.name),))),
    )
