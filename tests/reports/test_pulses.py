"""Pulses: a silence is long by a provider's own measure."""

import polars as pl
import pytest

from reports import paces, pulses
from reports.pulses import rarity
from tests.support.deliveries import NOW, World


def pulse(world: World) -> pulses.Pulse:
    return pulses.pulse(paces.learnt(world.orders(), NOW).of("prov-1"), NOW)


def test_without_a_history_deliveries_are_taken_to_come_one_by_one():
    assert rarity([], 4.0) == 4.0


def test_the_longer_a_silence_the_rarer():
    found = [rarity([0.5, 1.0, 1.0, 2.0, 3.0], due) for due in (0.1, 1.0, 2.5, 3.0, 4.0, 9.0)]
    assert found == sorted(found)


def test_what_was_due_is_about_what_came():
    beats = pulse(World())
    came = World().orders().filter(pl.col("provider") == "prov-1", pl.col("status") == "completed").height
    assert beats.due[-1] == pytest.approx(came, rel=0.1)


def test_batches_make_silences_less_surprising():
    assert pulse(World(batch=3.0)).clump(0.0, 30.0) > 2 * pulse(World()).clump(0.0, 30.0)


def test_less_is_due_at_night_from_who_sleeps():
    beats = pulse(World(night=0.05, days=7))
    assert beats.of_day(-34.0, -30.0) < 0.6 < beats.of_day(-24.0, -20.0) * 1.2
