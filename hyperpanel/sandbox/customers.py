"""A panel's customers: few whales, many small ones, and those who signed up and order nothing. None is a real person."""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import NamedTuple

from hyperpanel.sandbox.chance import mix, rng
from hyperpanel.sandbox.logins import Login, Logins

NETS = ("203.0.113", "198.51.100", "192.0.2")  # reserved for documentation
WHALES = 12
OLDEST = 9  # histories ago: three years


@dataclass(frozen=True, slots=True)
class Customer:
    number: int  # the customer's own, for all that hangs on chance; the panel's number is given at the sign-up
    username: str  # at the sign-up
    language: str
    api: bool  # a reseller whose own site orders here
    weight: float  # 0: orders nothing
    joined: float  # share of the history that had passed; below 0 before it began
    habits: tuple[int, ...]  # places in the catalogue, the favourite first
    ip_address: str


class Crowd(NamedTuple):
    """How many there are: those who order, some of whom are still to come, and all accounts at the start."""

    buyers: int
    users: int


class Customers:
    """Everyone, in the order they joined, so that those who had joined by then are a prefix."""

    def __init__(self, seed: int, panel: str, crowd: Crowd, services: int) -> None:
        random = rng(seed, panel, "customers")
        self.logins = Logins()
        buyers = min(crowd.buyers, max(1, crowd.users))
        names = self.logins.draw(random, buyers)
        drawn = sorted((_joined(random, rank), rank) for rank in range(buyers))
        first = random.randrange(1000, 9000)
        made = [
            _customer(random, first + place, names[rank], (joined, rank), services)
            for place, (joined, rank) in enumerate(drawn)
        ]
        quiet = max(0, crowd.users - sum(joined < 1 for joined, _ in drawn))
        self.all = sorted(made + self._quiet(rng(seed, panel, "quiet"), quiet), key=lambda one: one.joined)
        self.count = len(self.all)  # later ones are put behind these
        self.reach = list(accumulate(customer.weight for customer in self.all))
        self.joined = [customer.joined for customer in self.all]

    def by(self, share: float) -> int:
        """How many had joined when this share of the history had passed."""
        return max(1, bisect_left(self.joined, share))

    def more(self, random: Random, joined: float) -> int:
        """Somebody signs up of whom nothing was known; returns the place."""
        [login] = self.logins.draw(random, 1)
        self.all.append(_quiet(random, login, joined))
        return len(self.all) - 1

    def _quiet(self, random: Random, count: int) -> list[Customer]:
        return [_quiet(random, login, _since(random.random())) for login in self.logins.draw(random, count)]


def _joined(random: Random, rank: int) -> float:
    """Most were there before; the rest came since, and some are still to come."""
    luck = random.random()
    if rank < WHALES:
        return -OLDEST * (0.4 + luck / 2)
    return _since(luck / 0.95) if luck < 0.95 else random.uniform(1, 1.5)


def _since(luck: float) -> float:
    return (luck / 0.63 - 1) * OLDEST if luck < 0.63 else (luck - 0.63) / 0.37


def _quiet(random: Random, login: Login, joined: float) -> Customer:
    number = random.getrandbits(40)
    return Customer(number, login.name, login.language, False, 0.0, joined, (), _address(mix(number)))


def _customer(random: Random, number: int, login: Login, joining: tuple[float, int], services: int) -> Customer:
    joined, rank = joining
    whale = rank < WHALES
    few = random.randrange(2, 7) * (4 if whale else 1)
    return Customer(
        number=number,
        username=login.name,
        language=login.language,
        api=random.random() < (0.8 if whale else 0.15),
        weight=1 / (rank + 4) ** 0.95,
        joined=joined,
        habits=tuple(int(services * random.random() ** 1.7) for _ in range(few)),
        ip_address=_address(mix(number)),
    )


def _address(bits: int) -> str:
    return f"{NETS[bits % 3]}.{1 + (bits >> 8) % 253}"
