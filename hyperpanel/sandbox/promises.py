"""The speed that a service's name promises, in the families that are met in the wild, with what it comes to a day."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Promise:
    """A speed as written, and the least it promises a day (None: a boast without a number)."""

    text: str
    a_day: int | None


BOASTS = (
    Promise("SUPER FAST", None),
    Promise("Bullet Speed", None),
    Promise("INSTANT", None),
    Promise("Natural Speed", None),
)


def any_promise(random: Random, speeds: tuple[int, ...]) -> Promise | None:
    """About seven names in ten give a number, some boast, the rest say nothing."""
    luck = random.random()
    if luck < 0.72:
        return _promise(random, random.choice(speeds))
    return random.choice(BOASTS) if luck < 0.86 else None


def _promise(random: Random, a_day: int) -> Promise:
    if a_day >= 24000 and random.random() < 0.15:
        return _hourly(random, a_day // 24 // 500 * 500)
    n, m = short(a_day), short(a_day * random.choice((2, 2, 3, 5)))
    together = n[-1] in "KM" and n[-1] == m[-1]  # 5-10K: the suffix binds both
    span = f"{n[:-1]}-{m}" if together else f"{n}-{m}"
    families = (
        *(f"Speed: {n}/Day", f"Speed:-{n}/Day", f"Speed = {n.lower()}+/Day", f"Speed - {n}+ / DAY", f"Day {n}"),
        *(f"{n}/D", f"{n.lower()}/day", f"{n.lower()}/days", f"{n.lower()}|Per Day", f"Speed: Up To {n}/Day"),
        *(f"Speed {span}/Day", f"{span.lower()} day", f"Daily {span}", f"{span}/D", f"{n} - {m} Daily"),
        *(f"{a_day} Per Day", f"{a_day} P/D", f"Speed {n} PERHARI"),
    )
    return Promise(random.choice(families), a_day)


def _hourly(random: Random, an_hour: int) -> Promise:
    n = short(an_hour)
    families = (f"{n}/Hour", f"Speed: {n.lower()}/h", f"{n} per Hour", f"Speed:-{an_hour}/hr")
    return Promise(random.choice(families), an_hour * 24)


def short(number: int) -> str:
    for size, letter in ((1_000_000, "M"), (1000, "K")):
        if number >= size and number % (size // 10) == 0:
            return f"{number / size:g}{letter}"
    return str(number)
