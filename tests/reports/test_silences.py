"""Silences: what makes an outage likelier, and what speaks against one."""

import pytest

from reports.silences import Count, Panel, confidence, surprise


def counts(*pairs: tuple[float, float], late: float = 0.001) -> list[Panel]:
    return [Panel(late, [Count(came, due, 0.0) for came, due in pairs])]


def test_the_more_was_due_the_more_a_silence_surprises():
    surprises = [surprise(counts((0, due), (0, due)), False) for due in (0, 1, 3, 10, 30)]
    assert surprises == sorted(surprises)
    assert surprises[0] == pytest.approx(0)


def test_what_came_speaks_against_an_outage():
    assert surprise(counts((20, 20), (18, 20)), False) < -20


def test_a_fair_share_is_slow_and_not_down():
    assert surprise(counts((4, 20), (5, 20)), False) < 0


def test_one_silent_service_beside_one_that_delivers_is_broken_by_itself():
    assert surprise(counts((0, 50), (20, 20)), False) < 0


def test_a_single_service_counts_where_it_is_all_there_is():
    assert surprise(counts((0, 50)), False) < surprise(counts((0, 50)), True)


def test_a_panel_that_is_surely_late_tells_nothing():
    assert surprise(counts((0, 50), (0, 50), late=0.999), False) < 0.01


def test_confidence_falls_with_a_delivery_that_may_have_ended_it():
    assert confidence([12.0], []) > 0.9 > confidence([12.0], [-2.0])
    assert confidence([], []) == 0.0
