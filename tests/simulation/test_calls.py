"""What is a breach of a panel's budget, and what is none."""

from types import SimpleNamespace

import pytest

from tests.simulation import calls
from tests.simulation.line import Call, Way


def way(*made: Call) -> Way:
    found = Way(SimpleNamespace(name="eu-1"), None, None)  # type: ignore[arg-type]
    found.calls = list(made)
    return found


def quick(left: float) -> Call:
    return Call(left, "/orders", left + 0.01, 200)


def told(*made: Call, jumps: tuple[float, ...] = ()) -> list[str]:
    return list(calls.wrong(way(*made), 4, jumps))


def test_five_calls_in_a_second_are_one_too_many():
    assert told(*map(quick, (0, 0.2, 0.4, 0.6, 0.99))) == ["eu-1: 5 calls within 0.990 s at 1.0"]
    assert told(*map(quick, (0, 0.25, 0.5, 0.75, 1.0))) == []
    assert told(*map(quick, (0, 0.2, 0.4, 0.6, 0.99)), jumps=(0.5,)) == []


def test_three_at_once_are_one_too_many_but_one_may_leave_as_another_comes_back():
    assert told(*(Call(left, "/orders", 9.0, 200) for left in (0, 0.5, 1.0))) == ["eu-1: 3 calls in flight"]
    assert told(Call(0, "/a", 2.0, 200), Call(1, "/b", 9.0, 200), Call(2.0, "/c", 9.0, 200)) == []
    assert told(Call(0, "/a", None), Call(3, "/b", 9.0, 200), Call(4.0, "/c", 9.0, 200), jumps=(2.0,)) == []


@pytest.mark.parametrize(
    ("asked", "left", "early"), [(40, 20.1, 19.0), (40, 41, 0), (10**9, 800, 99.1), (10**9, 905, 0)]
)
def test_a_call_before_the_wait_is_over_is_one_too_early(asked, left, early):
    found = told(Call(0, "/orders", 0.1, 429, asked), quick(left))
    assert bool(found) == bool(early)
    assert not early or f"called {early:.1f} s before" in found[0]
