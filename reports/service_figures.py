"""Scores as figures: rounded, but never over the edge of their band. What stands below 40 is critical, and 39.996 must not be read as 40."""

import math

from reports.service_health import CRITICAL_BELOW, HEALTHY_ABOVE, WHOLE


def rounded(score: float, places: int = 1) -> float:
    """To so many decimals, or to one more where these would lift it over an edge; where that one would too, away from the edge."""
    for each in (places, places + 1):
        near = round(score, each)
        if sides(near) == sides(score):
            return near
    size: int = 10 ** (places + 1)
    away = math.floor(score * size) if score < CRITICAL_BELOW else math.ceil(score * size)
    return away / size


def sides(score: float) -> tuple[bool, bool]:
    return score < CRITICAL_BELOW, score > HEALTHY_ABOVE


def slow_term(stuck_term: int, score: float, places: int = 1) -> float:
    """With the decimals of the score, so that what is written adds up."""
    return round(WHOLE - stuck_term - rounded(score, places), places + 1)
