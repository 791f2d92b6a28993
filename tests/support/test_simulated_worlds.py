"""The generator that inference is judged by: its truth and its rows agree."""

from itertools import pairwise
from random import Random
from typing import Any

import polars as pl
import pytest

from tests.support import simulated_fleets, simulated_paces, simulated_seeds, simulated_truths
from tests.support.simulated_events import TOTAL, Event
from tests.support.simulated_fleets import DAY, HOUR, MINUTE, Panel
from tests.support.simulated_paces import Pace
from tests.support.simulated_reads import Reads
from tests.support.simulated_worlds import SCHEMA

DAWN = 1_700_000_000


@pytest.fixture(scope="module")
def world():
    return simulated_seeds.outages(1)


@pytest.fixture(scope="module")
def later():
    return simulated_seeds.deliveries(4)


def panel(**given) -> Panel:
    usual: dict[str, Any] = {
        "number": 1,
        "weight": 1.0,
        "every": 600,
        "phase": 0,
        "tells": False,
        "counts": True,
        "attached": 0,
    }
    return Panel(**usual | {"currency": "USD", "peak": 12.0, "swing": 0.5} | given)


def test_the_same_seed_makes_the_same_world(world):
    again = simulated_seeds.outages(1)
    assert (again.events, again.moments) == (world.events, world.moments)
    assert again.known(again.moments[0]).equals(world.known(world.moments[0]))
    assert simulated_seeds.outages(2).orders[0] != world.orders[0]


def test_seeds_set_aside_are_no_others():
    measured = [*simulated_seeds.OUTAGE_SEEDS, *simulated_seeds.DELIVERY_SEEDS]
    assert len(set(measured)) == len(measured) == 60
    assert not set(measured) & set(simulated_seeds.DEVELOPMENT)


def test_nothing_of_a_downed_provider_is_delivered_unless_it_leaks(world):
    total = [event for event in world.events if event.kind in TOTAL and not event.leak]
    inside = [
        order
        for event in total
        for order in world.by_provider[event.provider]
        if order.delivered and order.ends and event.under_way(order.ends)
    ]
    assert total
    assert inside == []


def test_reads_hold_the_true_finish_between_them(world):
    rows = world.known(world.moments[-1]).filter(pl.col("finished_at").is_not_null())
    seconds = rows.select("id", pl.col("finished_from", "finished_at").dt.epoch("s")).iter_rows()
    assert rows.height > 1000
    assert all(since <= (world.by_id[key].ends or 0) <= until for key, since, until in seconds)


def test_a_console_knows_nothing_of_what_comes(world):
    now = world.moments[0]
    held = world.known(now)
    assert held.schema == SCHEMA
    assert held["created_at"].dt.epoch("s").max() < now
    assert held["finished_at"].dt.epoch("s").max() <= now
    finished = held.filter(pl.col("status").is_in(["completed", "partial"]))["id"]
    assert all((world.by_id[key].ends or now) <= now for key in finished)


def test_what_remains_is_between_nothing_and_all(world):
    held = world.known(world.moments[0])
    assert held.filter((pl.col("remains") < 0) | (pl.col("remains") > pl.col("quantity"))).is_empty()
    assert held.filter(pl.col("status") == "completed")["remains"].drop_nulls().max() == 0


def test_truth_names_the_outages_under_way(world):
    event = next(event for event in world.events if event.kind in TOTAL)
    middle = (event.since + event.until) // 2
    assert simulated_truths.down(world, middle)[event.provider].lasted == middle - event.since
    assert event.provider not in simulated_truths.down(world, event.until)


def test_a_provider_is_unread_until_a_delivery_since_was_read(world):
    event = max((event for event in world.events if event.kind in TOTAL), key=lambda event: event.since)
    assert event.provider in simulated_truths.unread(world, event.until)
    assert event.provider not in simulated_truths.unread(world, event.until + 30 * DAY)


def test_held_out_orders_were_not_known_and_have_their_true_times(later):
    now = later.moments[0]
    coming, known = simulated_truths.coming(later, now), set(later.known(now)["id"])
    after = [order for order in later.orders if order.created >= now and order.status != "canceled"]
    assert known.isdisjoint({order.id for order in after})
    assert sorted(coming["seconds"].drop_nulls()) == sorted(
        order.ends - order.created for order in after if order.ends is not None
    )


def test_traffic_is_unequal_and_providers_are_shared():
    fleet = simulated_fleets.drawn(Random(5), DAWN, DAWN + DAY)
    sold = sorted((listing.weight for listing in fleet.listings), reverse=True)
    assert sum(sold[: len(sold) // 5]) > 0.5 * sum(sold)
    assert any(len({listing.panel for listing in fleet.traffic(source.provider)}) > 1 for source in fleet.sources)


def test_one_failing_part_never_hides_another():
    events = [event for event in simulated_seeds.outages(2).events if event.kind in ("partial", "service", "link")]
    for name in {event.provider for event in events}:
        spans = sorted((event.since, event.until) for event in events if event.provider == name)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))


def test_work_stands_still_in_an_outage_and_slows_in_a_slow_down():
    pace = simulated_paces.of([Event("stopped", "p", 100, 200), Event("slow-down", "p", 300, 400, factor=0.5)])
    assert [pace.end(0, work) for work in (90, 110, 210, 260)] == [90, 210, 320, 410]
    assert pace.done(0, 410) == 260


def test_an_outage_within_a_slow_down_stops_it():
    pace = simulated_paces.of([Event("slow-down", "p", 0, 300, factor=0.5), Event("stopped", "p", 100, 200)])
    assert pace.stretches == ((0, 100, 0.5), (100, 200, 0.0), (200, 300, 0.5))


def test_a_mute_address_tells_it_at_the_end():
    assert Pace(mutes=((100, 200),)).told(150) == 200
    assert Pace(mutes=((100, 200),)).told(200) == 200


def test_reads_come_at_their_beat_but_not_while_late():
    reads = Reads(panel(late=((HOUR, 2 * HOUR),)))
    assert [reads.first(at) for at in (1, 600, HOUR)] == [600, 600, 2 * HOUR]
    assert [reads.last(at) for at in (599, 600, 90 * MINUTE)] == [0, 600, HOUR - 600]


def test_nothing_is_read_before_a_panel_is_attached():
    reads = Reads(panel(attached=HOUR + 1))
    assert (reads.first(5), reads.last(HOUR)) == (HOUR + 600, None)
