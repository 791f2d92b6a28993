"""A panel's services: what it sells, at which price, through whom, and how quickly it really comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from hyperpanel.sandbox.chance import rng
from hyperpanel.sandbox.money import Currency
from hyperpanel.sandbox.names import title
from hyperpanel.sandbox.subjects import SUBJECTS, Subject

DAY = 86400


@dataclass(frozen=True)
class Service:
    id: int
    name: str
    type: str
    category: str
    platform: str
    place: str
    rate: int  # millionths of the panel's currency a thousand
    cost: int  # millionths of a dollar a thousand, what the provider takes
    provider: str | None  # None: fulfilled by hand
    minimum: int
    maximum: int
    amounts: tuple[int, ...]
    refill: bool
    cancel: bool
    promised: int | None  # a day, as the name says
    pace: float  # seconds one unit takes on a usual day
    delay: int  # seconds until it usually begins


def catalogue(
    seed: int, panel: str, currency: Currency, providers: Sequence[str], count: int | None = None
) -> tuple[Service, ...]:
    """So many services, or as many as such a panel has."""
    random = rng(seed, panel, "services")
    number, made = random.randrange(100, 400), []
    usual = random.randrange(220, 340)
    for _ in range(usual if count is None else count):
        number += random.choice((1, 1, 1, 2, 3, 9))
        made.append(another(random, number, currency, providers))
    return tuple(made)


def another(random: Random, number: int, currency: Currency, providers: Sequence[str]) -> Service:
    subject = random.choice(SUBJECTS)
    largest = max(subject.amounts)
    maximum = random.choice((largest, largest * 2, largest * 5, largest * 10, largest * 50))
    name = title(random, subject, maximum)
    dollars = int(random.uniform(*subject.price) * 1_000_000)
    by_hand = random.random() < 0.04
    promised = name.promise.a_day if name.promise else None
    a_day = promised or random.choice(subject.speeds)
    amounts = tuple(amount for amount in subject.amounts if amount <= 2 * a_day) or (min(subject.amounts),)
    pace = DAY / (a_day * _kept(random) * (0.3 if by_hand else 1))
    return Service(
        id=number,
        name=name.name,
        type=subject.type,
        category=_category(random, subject),
        platform=subject.platform.lower(),
        place=subject.place,
        rate=dollars * currency.per_usd // 100,
        cost=int(dollars * random.uniform(0.45, 0.85)),
        provider=None if by_hand else random.choice(providers),
        minimum=min(subject.amounts),
        maximum=maximum,
        amounts=amounts,
        refill=name.refill,
        cancel=random.random() < 0.6,
        promised=promised,
        pace=pace,
        delay=int(min(random.lognormvariate(7.6, 1.2), 0.12 * pace * amounts[len(amounts) // 2]))
        + (7200 if by_hand else 20),
    )


def _kept(random: Random) -> float:
    """How much of its word a service keeps: most keep it or better, one in ten never does."""
    luck = random.random()
    return (
        random.uniform(0.2, 0.6) if luck < 0.1 else random.uniform(0.8, 1.3) if luck < 0.5 else random.uniform(1.2, 3)
    )


def _category(random: Random, subject: Subject) -> str:
    family = random.choice(("", "", " [Cheapest]", " [Guaranteed]", " ⚡", " - NEW", " | Best Sellers"))
    return f"{subject.platform} {subject.noun}{family}"


def kind(service: Service) -> str:
    """The type as the user API writes it: `custom_comments` is `Custom Comments` there."""
    return service.type.replace("_", " ").title()
