"""What is true of a simulated world at a moment, and what is asked of those who infer it.

Written before anything was measured, and before there were detectors; they are never to be fitted to this generator.

An outage is **asked to be found** at a moment when it is total (nothing of the provider is delivered on any panel, or one order in fifty by
hand), has lasted 45 minutes, and has by then held up 10 deliveries that the console would have read by now. Shorter or smaller ones count
neither way. One that is over counts neither way until the console has read a delivery made since, because until then it could not know.
Everything else is **no outage**: slow-downs, some of a provider's services, one service, one panel's connection, nights, bursts, panels
not read, reports by the hour, quiet, closed and new providers, and orders without a provider. To name one of these with a confidence of
one half or more is a false alarm. An outage is found if it is named with that confidence.

Of **delivery ranges** it is asked that they hold the true times of orders that are placed in the two days after `now`, band by band, where
a range rests on 20 orders or more. Orders that are canceled are left out; those stuck for ever lie outside every range.
"""

from dataclasses import dataclass

import polars as pl

from tests.support.simulated_events import TOTAL, Event
from tests.support.simulated_fleets import DAY, HOUR, MINUTE
from tests.support.simulated_orders import Order
from tests.support.simulated_worlds import World

LASTED, HELD_UP, HELD_OUT = 45 * MINUTE, 10, 2 * DAY
ONE_HALF = 0.5
"""From this confidence on an outage is named."""


@dataclass(frozen=True)
class Down:
    """One total outage at one moment, and how many deliveries it has held up that the console would have read."""

    event: Event
    lasted: int
    held_up: int

    @property
    def asked(self) -> bool:
        return self.lasted >= LASTED and self.held_up >= HELD_UP


def down(world: World, now: int) -> dict[str, Down]:
    """By provider, the total outages under way."""
    return {
        event.provider: Down(event, now - event.since, held_up(world, event, now))
        for event in world.events
        if event.kind in TOTAL and event.under_way(now)
    }


def held_up(world: World, event: Event, now: int) -> int:
    return sum(
        order.usual is not None
        and event.since <= order.usual <= now
        and (order.ends is None or order.ends > now)
        and world.reads[order.listing.panel.number].first(max(order.usual, order.created)) <= now
        for order in world.by_provider.get(event.provider, ())
    )


def unread(world: World, now: int) -> set[str]:
    """Providers that are well again after a total outage, when the console has not read any delivery since."""
    over = [event for event in world.events if event.kind in TOTAL and event.until <= now]
    return {event.provider for event in over if not resumed(world, event, now)}


def resumed(world: World, event: Event, now: int) -> bool:
    return any(
        order.delivered
        and order.ends is not None
        and order.ends >= event.until
        and world.reads[order.listing.panel.number].first(order.ends) <= now
        for order in world.by_provider.get(event.provider, ())
    )


def around(world: World, provider: str, now: int) -> list[str]:
    """What may be behind a false alarm: what befalls this provider, and what has lately."""
    own = [event for event in world.events if event.provider == provider and event.kind != "late"]
    kinds = [event.kind for event in own if event.under_way(now)]
    kinds += [f"after {event.kind}" for event in own if event.until <= now < event.until + 12 * HOUR]
    panels = {listing.panel.number for listing in world.fleet.traffic(provider)}
    kinds += [
        "late panel"
        for event in world.events
        if event.kind == "late" and event.panel in panels and event.under_way(now)
    ]
    nature = world.fleet.odd.get(provider)
    kinds += [nature] if nature else []
    kinds += ["hourly"] if provider in world.fleet.hourly else []
    kinds += [] if provider else ["by hand"]
    return kinds or ["nothing"]


def coming(world: World, now: int) -> pl.DataFrame:
    """Held out: the orders of the next two days with their true times, null for those that never end."""
    rows = [
        (order.listing.panel.number, str(order.listing.number), order.quantity, true_time(order))
        for order in world.orders
        if now <= order.created < now + HELD_OUT and order.status != "canceled"
    ]
    schema = {"panel_id": pl.Int64, "service_id": pl.String, "quantity": pl.Int64, "seconds": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def true_time(order: Order) -> int | None:
    return None if order.ends is None else order.ends - order.created
