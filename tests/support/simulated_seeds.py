"""The seeds, and the worlds that grow of them: twenty to try things out with, and those set aside to measure with.

Those set aside were fixed with the generator, before there were detectors; nobody looks at their worlds but to measure.
A world of outages is looked at within its outages, within what resembles them, soon after them, and whenever.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random

from tests.support import simulated_events, simulated_fleets, simulated_orders
from tests.support.simulated_events import TOTAL, Event
from tests.support.simulated_fleets import DAY, HOUR, MINUTE, SLOW, USUAL, Fleet
from tests.support.simulated_truths import HELD_OUT
from tests.support.simulated_worlds import World

DEVELOPMENT = range(1, 21)
OUTAGE_SEEDS = (
    7103, 7219, 7331, 7459, 7577, 7691, 7823, 7937, 8053, 8171, 8287, 8419, 8527, 8647, 8761, 8887, 9001, 9127, 9241, 9371,
    9479, 9601, 9719, 9833, 9967, 10079, 10193, 10321, 10433, 10559, 10667, 10789, 10903, 11027, 11149, 11261, 11383, 11497, 11617, 11731,
)  # fmt: skip
DELIVERY_SEEDS = (
    20008, 20129, 20250, 20363, 20476, 20593, 20718, 20851, 20964, 21089,
    21194, 21323, 21432, 21557, 21674, 21791, 21908, 22029, 22146, 22275,
)  # fmt: skip
DAYS = 12
DELIVERIES = ("calm", "slow", "drifting", "eventful")
FIRST_DAY = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())


def outages(seed: int) -> World:
    chance = Random(seed)
    since = FIRST_DAY + chance.randrange(180) * DAY
    fleet = simulated_fleets.drawn(chance, since, since + DAYS * DAY)
    fleet, events = simulated_events.drawn(chance, fleet)
    orders = list(simulated_orders.placed(chance, fleet, events))
    return World(seed, "outages", fleet, events, orders, sorted(moments(chance, fleet, events)))


def moments(chance: Random, fleet: Fleet, events: Sequence[Event]) -> Iterator[int]:
    """Within outages, within what looks like them, soon after outages, and whenever; none in the first days."""
    settled = fleet.since + 5 * DAY
    totals = [event for event in events if event.kind in TOTAL]
    others = [event for event in events if event.kind not in TOTAL]
    chosen = [within(chance, event) for event in chance.sample(totals, min(7, len(totals)))]
    chosen += [within(chance, event) for event in chance.sample(others, min(3, len(others)))]
    chosen += [
        event.until + chance.randrange(5 * MINUTE, 3 * HOUR) for event in chance.sample(totals, min(2, len(totals)))
    ]
    chosen += [chance.randrange(settled, fleet.until) for _ in range(2)]
    yield from (moment for moment in chosen if settled <= moment <= fleet.until)


def within(chance: Random, event: Event) -> int:
    return event.since + round(chance.uniform(0.3, 1) * (event.until - event.since - 1))


def deliveries(seed: int) -> World:
    """One moment, two days before the end."""
    chance = Random(seed)
    kind = DELIVERIES[seed % len(DELIVERIES)]
    since = FIRST_DAY + chance.randrange(180) * DAY
    until = since + DAYS * DAY + HELD_OUT
    natures, drift = SLOW if kind == "slow" else USUAL, 0.35 if kind == "drifting" else 0.1
    fleet = simulated_fleets.drawn(chance, since, until, natures, drift)
    events: list[Event] = []
    if kind == "eventful":
        fleet, events = simulated_events.drawn(chance, fleet, amount=0.5)
    orders = list(simulated_orders.placed(chance, fleet, events))
    return World(seed, kind, fleet, events, orders, [until - HELD_OUT])
