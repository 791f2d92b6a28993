"""Scores as figures stay in their band, and what is written adds up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.service_figures import rounded, sides, slow_term


@pytest.mark.parametrize(
    ("score", "places", "figure"),
    [
        (31.923, 1, 31.9),
        (39.96, 1, 39.96),
        (39.996, 1, 39.99),
        (70.004, 1, 70.01),
        (40.0, 1, 40.0),
        (70.0, 1, 70.0),
        (39.6, 0, 39.6),
        (39.96, 0, 39.9),
        (54.5, 0, 54.0),
        (-12.34, 1, -12.3),
    ],
)
def test_a_figure_never_reads_as_of_another_band(score, places, figure):
    assert rounded(score, places) == figure


@given(st.integers(0, 12), st.integers(1, 5_000_000), st.data(), st.sampled_from([0, 1]))
def test_the_sum_of_the_terms_is_the_score_in_its_band(stuck, rated, data, places):
    slow = data.draw(st.integers(0, rated))
    score = 100 - 5 * stuck - 100 * slow / rated
    term = slow_term(5 * stuck, score, places)
    assert sides(rounded(score, places)) == sides(score)
    assert round(100 - 5 * stuck - term, 2) == rounded(score, places)
    assert abs(term - 100 * slow / rated) <= 0.5 / 10**places + 1e-9
