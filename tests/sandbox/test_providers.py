from hyperpanel.sandbox.providers import DAYS_BACK, DOWN, PROVIDERS, Moods
from tests.sandbox.conftest import NOW

MOMENT = int(NOW.timestamp())
LAST_NIGHT = DAYS_BACK * 24 - 17


def moods(provider: str = PROVIDERS[2], seed: int = 7) -> Moods:
    return Moods(seed, provider, MOMENT)


def test_one_provider_was_down_last_night_and_works_again():
    found = moods()
    assert {found.mood(LAST_NIGHT + hour) for hour in range(14)} == {DOWN}
    assert found.clear(LAST_NIGHT) == found.clear(LAST_NIGHT + 13) == LAST_NIGHT + 14
    assert found.clear(LAST_NIGHT + 14) == LAST_NIGHT + 14


def test_an_hour_is_the_same_whenever_it_is_asked_for():
    first, second = moods(), moods()
    hours = range(0, first.last, 7)
    told = {hour: first.mood(hour) for hour in hours}
    assert told == {hour: second.mood(hour) for hour in reversed(hours)}
    assert len(set(told.values())) > 3


def test_beyond_the_last_day_all_is_as_usual():
    assert moods().mood(moods().last + 5) == 1.0
