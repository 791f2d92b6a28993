"""What would change a score: the least that is enough, and never more than there is."""

import random

import pytest

from reports import service_health as health
from reports import service_levers
from reports.service_levers import RANK, Lever, Standing, levers, named


def standing(stuck=0, slow=0, rated=100, min_orders=0):
    band = health.band(health.score(stuck, slow, rated), stuck, rated)
    return Standing(stuck, slow, rated, rated, rated, "few" if rated + stuck < min_orders else band, min_orders)


def test_the_fewest_orders_for_each_better_band():
    assert levers(standing(stuck=9, slow=24)) == [
        Lever("stuck", -2, 41, "warning"),
        Lever("stuck", -8, 71, "healthy"),
        Lever("slow", -9, 40, "warning"),
    ]


def test_beyond_twelve_no_stuck_order_costs_more_so_all_of_those_have_to_go():
    assert levers(standing(stuck=500, slow=10))[0] == Lever("stuck", -490, 40, "warning")


def test_a_stalled_one_needs_a_single_finish():
    assert levers(standing(stuck=12, rated=0)) == [
        Lever("finished", 1, 40, "warning"),
        Lever("stuck", -1, 45, "warning"),
        Lever("stuck", -7, 75, "healthy"),
    ]


def test_one_that_is_set_apart_lacks_orders():
    assert levers(standing(stuck=1, rated=2, min_orders=5)) == [Lever("orders", 2, 95, "healthy")]


def test_a_healthy_one_lacks_nothing():
    assert levers(standing(stuck=2, slow=3)) == []


@pytest.mark.parametrize("seed", range(50))
def test_one_order_less_would_not_be_enough(seed):
    chance = random.Random(seed)
    now = standing(chance.randrange(40), chance.randrange(60), 60)
    for lever in levers(now):
        moved = {"stuck": (now.stuck + lever.by, now.slow), "slow": (now.stuck, now.slow + lever.by)}[lever.what]
        short = (moved[0] + (lever.what == "stuck"), moved[1] + (lever.what == "slow"))
        reached, before = (standing(*one, 60).band for one in (moved, short))
        assert lever.band == reached
        assert RANK[before] < RANK[reached]


@pytest.mark.parametrize("seed", range(50))
def test_none_that_walking_order_by_order_finds_is_missed(seed):
    chance = random.Random(seed)
    now = standing(chance.randrange(40), chance.randrange(60), 60)
    ways = {"slow": [(now.stuck, left) for left in range(now.slow)]}
    ways["stuck"] = [(left, now.slow) for left in range(now.stuck)]
    for what, fewer in ways.items():
        best, found = RANK[now.band], []
        for way in reversed(fewer):
            if RANK[band := standing(way[0], way[1], 60).band] > best:
                best = RANK[band]
                found.append((way, band))
        told = [one for one in levers(now) if one.what == what]
        assert [one.band for one in told] == [band for _, band in found]
        assert [one.score for one in told] == [health.score(way[0], way[1], 60) for way, _ in found]


def test_a_service_with_millions_of_slow_orders_is_opened_by_a_few_looks(monkeypatch):
    looks = []

    def looked(*of):
        looks.append(of)
        return named(*of)

    monkeypatch.setattr(service_levers, "named", looked)
    assert [one.band for one in levers(standing(3, 5_000_000, 6_000_000))] == ["warning", "healthy"]
    assert len(looks) < 200
