"""Outages: who delivers nothing is told, and nobody who is slow, asleep, half broken or badly read is accused."""

from datetime import timedelta

import polars as pl
import pytest

from reports import outages, paces
from tests.support.deliveries import NOW, SCHEMA, World, frame, moment, order

DOWN = {"prov-1": (6.0, 0.0)}


def accused(world: World) -> list[str]:
    return [one.provider for one in outages.inferred(world.orders(), NOW)]


@pytest.mark.parametrize(
    "world",
    [
        World(),
        World(night=0.05),
        World(batch=1.0),
        World(hourly=0.2),
        World(paces={"prov-1": (8.0, 0.3)}),
        World(broken={(1, "s0"): 12.0}),
        World(late={1: 5.0}),
        World(late={1: 5.0, 2: 5.0}),
        World(panels=1, services=3, providers=1, broken={(1, "s0"): 12.0}),
        World(panels=1, services=3, providers=1, late={1: 8.0}),
    ],
    ids=[
        "calm", "asleep at night", "hourly batches", "seldom asked", "slow", "one service broken", "one panel late", "all panels late",
        "one of a single provider's services broken", "a single provider's panel late",
    ],
)  # fmt: skip
def test_whoever_still_delivers_is_not_accused(world):
    assert accused(world) == []


@pytest.mark.parametrize(
    "world",
    [
        World(paces=DOWN),
        World(paces=DOWN, night=0.05),
        World(paces=DOWN, late={1: 2.0}),
        World(paces=DOWN, gives_up=True),
        World(paces={"prov-1": (30.0, 0.0)}),
    ],
    ids=["for hours", "beside its nights", "while a panel is late", "and cancels", "for more than a day"],
)
def test_whoever_delivers_nothing_is_accused_alone(world):
    assert accused(world) == ["prov-1"]


def test_a_single_provider_of_a_single_panel_can_be_down():
    assert accused(World(panels=1, providers=1, services=4, paces={"prov-0": (8.0, 0.0)})) == ["prov-0"]


def test_an_outage_tells_since_when_what_waits_and_what_it_costs_in_each_currency():
    orders = World(paces=DOWN).orders()
    [found] = outages.inferred(orders, NOW)
    waits = orders.filter(pl.col("provider") == "prov-1", pl.col("status") == "in_progress")
    costs = dict(waits.group_by("charge_currency").agg(pl.col("charge").sum()).iter_rows())
    assert abs(found.first_seen - moment(-6)) < timedelta(hours=2)
    assert (found.orders, found.panels, found.services, found.at_risk) == (waits.height, (1, 2), 4, costs)


@pytest.mark.parametrize("hours", [2, 5, 9])
def test_more_old_orders_that_wait_never_make_it_less_sure(hours):
    orders = World(paces=DOWN).orders()
    more = [order(hours, id=f"more-{n}", service_id="s1", provider="prov-1", panel_id=1 + n % 2) for n in range(30)]
    before, after = (sure(given) for given in (orders, pl.concat([orders, frame(*more)])))
    assert after >= before - 1e-9


def sure(orders: pl.DataFrame) -> float:
    return max((one.confidence for one in outages.inferred(orders, NOW)), default=0.0)


def test_an_unknown_provider_is_never_accused():
    orders = World(paces=DOWN).orders().with_columns(provider=pl.lit(""))
    assert outages.inferred(orders, NOW) == []
    assert outages.inferred(World(paces={"prov-1": (9.0, 0.0)}).orders().with_columns(unnamed()), NOW) == []


def unnamed() -> pl.Expr:
    return pl.when(pl.col("provider") == "prov-1").then(pl.lit("")).otherwise("provider").alias("provider")


def test_a_provider_never_seen_to_deliver_is_not_judged():
    waits = [order(hours, id=str(hours), provider="new") for hours in range(1, 60)]
    assert outages.inferred(frame(*waits), NOW) == []


def test_nothing_accuses_nobody():
    assert outages.inferred(pl.DataFrame(schema=SCHEMA), NOW) == []


def test_what_came_later_is_not_known_yet():
    orders = World(paces=DOWN).orders()
    assert outages.inferred(orders, moment(-24)) == outages.inferred(known(orders, -24), moment(-24)) == []


def known(orders: pl.DataFrame, hours: float) -> pl.DataFrame:
    """As it would have been read then."""
    done = (pl.col("finished_at") <= moment(hours)).fill_null(value=False)
    times = [pl.when(done).then(name).alias(name) for name in ("finished_from", "finished_at")]
    status = pl.when(done).then("status").otherwise(pl.lit("in_progress"))
    return orders.filter(pl.col("created_at") <= moment(hours)).with_columns(*times, status=status)


def test_who_has_begun_to_deliver_again_is_up():
    orders = World(paces=DOWN).orders()
    late = pl.col("id").hash(7) % 3 == 0
    mine = orders.filter(pl.col("provider") == "prov-1", pl.col("status") == "in_progress", late)
    back = mine.with_columns(status=pl.lit("completed"), finished_from=moment(-0.6), finished_at=moment(-0.5))
    again = pl.concat([orders.join(mine, on="id", how="anti"), back])
    assert outages.inferred(again, NOW) == []


def test_each_panel_has_its_share_and_together_they_are_the_whole():
    [found] = outages.inferred(World(paces=DOWN).orders(), NOW)
    assert found.among(found.panels) == found
    first, second = (found.among([panel]) for panel in found.panels)
    assert (first.orders + second.orders, first.services + second.services) == (found.orders, found.services)
    assert (first.at_risk | second.at_risk, first.others + second.others) == (found.at_risk, found.others)
    assert first.first_seen == second.first_seen == found.first_seen


def test_dear_orders_do_not_wrap_around_and_a_charge_without_a_currency_is_none():
    dear = [order(5, id=str(n), charge=5 * 10**18) for n in range(2)]
    found = outages.at_risk(frame(*dear, order(5, id="2", charge_currency=""), order(5, id="3", charge_currency=None)))
    assert found == {1: {"USD": 10**19}}


def test_some_providers_at_a_time_are_judged_as_all_at_once(monkeypatch):
    orders = World(paces=DOWN).orders()
    [whole] = outages.inferred(orders, NOW)
    monkeypatch.setattr(paces, "AT_A_TIME", 300)
    [parted] = outages.inferred(orders, NOW)
    assert parted.confidence == pytest.approx(whole.confidence)
    assert (parted.first_seen, parted.at_risk, parted.came) == (whole.first_seen, whole.at_risk, whole.came)
